"""The page that shows the caught mails, newest first: plain HTML, no scripts, this machine only."""

import asyncio
import contextlib
import html
import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from launcher.mail_sink import Mail

Answerer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEADERS = (
    "Connection: close",
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Content-Security-Policy: default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
STYLE = """
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; color: #1d2a2f; background: #fbfaf7; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.125rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
article { background: #fff; border: 1px solid #c9c5ba; border-radius: 4px; padding: 1rem; margin: 0 0 1rem; }
dl { margin: 0 0 .75rem; color: #4b565a; }
dt, dd { display: inline; margin: 0; overflow-wrap: anywhere; }
dd::after { content: "\\a"; white-space: pre; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
a { color: #14545c; } a:focus { outline: 3px solid #f2b705; }
"""
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)]")
ALBANIAN = re.compile(r"[ëç]|\b(dhe|për|një|ju|është|nuk)\b", re.IGNORECASE)


def language_of(mail: "Mail") -> str:
    """What the mail says of itself, else a guess from its words: a screen reader must know how to pronounce it."""
    said = str(mail.message.get("Content-Language", "")).split("-")[0].strip().lower()
    if said in {"sq", "en"}:
        return said
    return "sq" if ALBANIAN.search(f"{mail.subject} {mail.text}") else "en"


def local(mail: "Mail") -> str:
    """The time it came, as read in Tirana (UTC on a machine without time zones)."""
    with contextlib.suppress(ZoneInfoNotFoundError):
        return mail.received_at.astimezone(ZoneInfo("Europe/Tirane")).strftime("%d.%m.%Y %H:%M:%S")
    return mail.received_at.strftime("%d.%m.%Y %H:%M:%S UTC")


def linked(text: str) -> str:
    """Escaped text in which addresses can be followed."""
    parts, last = [], 0
    for found in LINK.finditer(text):
        address = html.escape(found.group())
        parts += [html.escape(text[last : found.start()]), f'<a href="{address}">{address}</a>']
        last = found.end()
    return "".join([*parts, html.escape(text[last:])])


def article(mail: "Mail") -> str:
    """One mail."""
    language = language_of(mail)
    recipients = html.escape(", ".join(mail.recipients))
    return (
        f'<article id="{html.escape(mail.name)}"><h2 lang="{language}">{html.escape(mail.subject) or "(no subject)"}</h2>'
        f"<dl><dt>To:</dt> <dd>{recipients}</dd><dt>From:</dt> <dd>{html.escape(mail.sender)}</dd>"
        f"<dt>Received:</dt> <dd>{local(mail)}</dd></dl>"
        f'<pre lang="{language}">{linked(mail.text.strip())}</pre></article>'
    )


def page(mails: "list[Mail]") -> str:
    """All mails, newest first."""
    articles = "\n".join(article(mail) for mail in reversed(mails))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mails of the demonstration</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css"></head><body>'
        f"<header><h1>Mails of the demonstration ({len(mails)})</h1>"
        '<p>None of these has left this machine. <a href="/">Look again</a></p></header>'
        f"<main>{articles or '<p>No mail yet.</p>'}</main></body></html>"
    )


def as_json(mails: "list[Mail]") -> str:
    """The same for programs."""
    rows = [
        {
            "to": list(m.recipients),
            "from": m.sender,
            "subject": m.subject,
            "text": m.text,
            "message_id": m.message_id,
            "at": m.received_at.isoformat(),
        }
        for m in reversed(mails)
    ]
    return json.dumps(rows, ensure_ascii=False)


def route(path: str, mails: "Callable[[], list[Mail]]") -> tuple[str, str, str]:
    """Status, content type and body for an address."""
    if path == "/":
        return "200 OK", "text/html; charset=utf-8", page(mails())
    if path == "/style.css":
        return "200 OK", "text/css; charset=utf-8", STYLE
    if path == "/mails.json":
        return "200 OK", "application/json", as_json(mails())
    return "404 Not Found", "text/plain; charset=utf-8", "There is no such page here."


def is_local(host: str) -> bool:
    """False for a foreign name that was made to point at this machine, so that no website can read the mails."""
    return host.rsplit(":", 1)[0] in {"localhost", "127.0.0.1"}


def answerer(mails: "Callable[[], list[Mail]]") -> Answerer:
    """A handler for asyncio.start_server."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
                head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode("latin-1")
                writer.write(response(head, mails))
                await writer.drain()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    return answer


def response(head: str, mails: "Callable[[], list[Mail]]") -> bytes:
    """The whole answer to a request's head."""
    first, *rest = head.split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    method, path = [*first.split(" "), "", ""][:2]
    status, kind, body = route(path.partition("?")[0], mails)
    if method not in {"GET", "HEAD"} or not is_local(fields.get("host", "")):
        status, kind, body = "403 Forbidden", "text/plain; charset=utf-8", "Not for you."
    content = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}", *HEADERS, "", ""]
    return "\r\n".join(lines).encode() + (b"" if method == "HEAD" else content)
