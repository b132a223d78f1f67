"""A mail server that delivers nothing: it keeps every mail in a folder and can misbehave on request.

For the demonstration a program (`python3 mail_sink.py --smtp-port N --http-port N --dir DIR [--mode-file FILE]`);
for tests also a class: `with MailSink(folder) as sink: sink.mode = "550"; …; sink.mails()`.

Modes, the way a real server fails:
    ok                 takes everything
    refuse             is not there: connections are refused
    421                greets with "not available" and hangs up
    451                takes the mail, then answers "try later"
    550                refuses every recipient for good
    delay SECONDS      waits before every answer
    never-answer       takes the mail and never says so
    close-after-data   takes the mail, keeps it, and hangs up without an answer: delivered or not, the sender cannot know
"""

import argparse
import asyncio
import contextlib
import email
import email.policy
import itertools
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Self

MODES = ("ok", "refuse", "421", "451", "550", "delay", "never-answer", "close-after-data")
BIN = str(Path(__file__).resolve().parent.parent)
"""Where this file's neighbours are found when it runs as a program or is loaded by its path."""
LONGEST_MAIL = 25 * 1024 * 1024
LOOK_AGAIN = 0.05
"""Seconds between two looks at the mode; closing and opening the port follows within that time."""


@dataclass(frozen=True)
class Mail:
    """One mail as it came in."""

    name: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    confirmed: bool
    """False when the mode made us hang up instead of confirming."""
    message: EmailMessage

    @property
    def message_id(self) -> str:
        """The sender's own number for it."""
        return str(self.message.get("Message-ID", ""))

    @property
    def subject(self) -> str:
        """One line."""
        return str(self.message.get("Subject", ""))

    @property
    def text(self) -> str:
        """The plain text; empty when there is none."""
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()) if body is not None else ""


class MailFolder:
    """Mails as files, the newest last; envelope in `X-Sink-` headers. Old ones go when there are more than `keep`."""

    def __init__(self, folder: Path, keep: int = 500) -> None:
        """Make the folder, readable by its owner alone."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._keep, self._count = folder, keep, itertools.count()

    def add(self, sender: str, recipients: list[str], content: bytes, *, confirmed: bool) -> None:
        """Keep a mail, whole or not at all."""
        now = datetime.now(UTC)
        head = (
            f"X-Sink-At: {now.isoformat()}\nX-Sink-From: {sender}\nX-Sink-To: {','.join(recipients)}\nX-Sink-Confirmed: {int(confirmed)}\n"
        )
        name = f"{time.time_ns():020d}-{next(self._count):06d}"
        draft = self._folder / f".{name}.part"
        draft.write_bytes(head.encode() + content)
        draft.replace(self._folder / f"{name}.eml")
        for old in self._files()[: -self._keep]:
            old.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.eml"))

    def mails(self) -> list[Mail]:
        """All kept mails, in the order they came."""
        return [self._read(path) for path in self._files()]

    def clear(self) -> None:
        """Forget all."""
        for path in self._files():
            path.unlink(missing_ok=True)

    @staticmethod
    def _read(path: Path) -> Mail:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        recipients = tuple(address for address in str(message["X-Sink-To"]).split(",") if address)
        at = datetime.fromisoformat(str(message["X-Sink-At"]))
        return Mail(path.stem, at, str(message["X-Sink-From"]), recipients, str(message["X-Sink-Confirmed"]) == "1", message)


class HangUp(Exception):
    """End the conversation now."""


class Conversation:
    """One SMTP session (RFC 5321, as much as a sender needs)."""

    def __init__(self, sink: "MailSink", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """`sink` gives the mode and takes the mails."""
        self._sink, self._reader, self._writer = sink, reader, writer
        self._sender, self._recipients = "", list[str]()

    async def run(self) -> None:
        """Answer commands until one side hangs up."""
        try:
            with contextlib.suppress(HangUp, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._greet()
                while True:
                    await self._command((await self._reader.readuntil(b"\n")).decode("utf-8", "replace").strip())
        finally:
            await close(self._writer)

    async def _greet(self) -> None:
        if self._sink.kind == "421":
            await self._answer("421 4.3.2 Service not available, closing transmission channel")
            raise HangUp
        await self._answer("220 mail sink ready")

    async def _answer(self, *lines: str) -> None:
        if self._sink.kind == "delay":
            await asyncio.sleep(self._sink.delay)
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self._writer.drain()

    async def _command(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            await self._answer("250-mail-sink", f"250-SIZE {LONGEST_MAIL}", "250-8BITMIME", "250 SMTPUTF8")
        elif verb == "MAIL":
            self._sender, self._recipients = address_in(line), []
            await self._answer("250 2.1.0 OK")
        elif verb == "RCPT":
            await self._recipient(address_in(line))
        elif verb == "DATA":
            await self._data()
        elif verb == "QUIT":
            await self._answer("221 2.0.0 Bye")
            raise HangUp
        elif verb in {"HELO", "RSET", "NOOP"}:
            self._recipients = [] if verb == "RSET" else self._recipients
            await self._answer("250 2.0.0 OK")
        else:
            await self._answer("502 5.5.1 Not known here")

    async def _recipient(self, address: str) -> None:
        if self._sink.kind == "550":
            await self._answer("550 5.1.1 No such mailbox here")
            return
        self._recipients.append(address)
        await self._answer("250 2.1.5 OK")

    async def _data(self) -> None:
        if not self._recipients:
            await self._answer("503 5.5.1 Whom for?")
            return
        await self._answer("354 End with a dot on a line of its own")
        content = await self._content()
        if self._sink.kind == "451":
            await self._answer("451 4.3.0 Try again later")
            return
        confirmed = self._sink.kind not in {"never-answer", "close-after-data"}
        self._sink.folder.add(self._sender, self._recipients, content, confirmed=confirmed)
        if self._sink.kind == "close-after-data":
            raise HangUp
        if self._sink.kind == "never-answer":
            await self._reader.read()
            raise HangUp
        self._sender, self._recipients = "", []
        await self._answer("250 2.0.0 Kept")

    async def _content(self) -> bytes:
        lines, size = list[bytes](), 0
        while (line := await self._reader.readuntil(b"\n")).rstrip(b"\r\n") != b".":
            size += len(line)
            if size > LONGEST_MAIL:
                await self._answer("552 5.3.4 Too long")
                raise HangUp
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


async def close(writer: asyncio.StreamWriter) -> None:
    """Close a connection and wait until it is gone."""
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def address_in(line: str) -> str:
    """The address between the angle brackets of MAIL FROM and RCPT TO."""
    return line.partition("<")[2].partition(">")[0]


class MailSink:
    """The server, in a thread of its own when used as a context manager."""

    def __init__(
        self, folder: Path, *, smtp_port: int = 0, http_port: int | None = None, mode_file: Path | None = None, keep: int = 500
    ) -> None:
        """Port 0 means any free one, known once started. With `http_port` a page shows the mails."""
        self.folder = MailFolder(folder, keep)
        self.smtp_port, self.http_port = smtp_port, http_port
        self._mode, self._mode_file = "ok", mode_file
        self._server: asyncio.Server | None = None
        self._started, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    @property
    def mode(self) -> str:
        """The present mode; a mode file, when there is one, decides."""
        if self._mode_file is not None:
            with contextlib.suppress(OSError):
                return self._mode_file.read_text(encoding="utf-8").strip() or "ok"
        return self._mode

    @mode.setter
    def mode(self, value: str) -> None:
        if value.split()[0] not in MODES:
            raise ValueError(f"no such mode: {value}")
        self._mode = value
        self._wait_for_port()

    def _wait_for_port(self) -> None:
        """Return when the port is open or closed as the mode says."""
        while self._thread is not None and self._thread.is_alive() and (self._server is None) != (self.kind == "refuse"):
            time.sleep(LOOK_AGAIN / 5)

    @property
    def kind(self) -> str:
        """The mode's first word."""
        return self.mode.split()[0]

    @property
    def delay(self) -> float:
        """Seconds of `delay SECONDS`."""
        return float(self.mode.split()[1]) if " " in self.mode else 1.0

    def mails(self) -> list[Mail]:
        """All kept mails, in the order they came."""
        return self.folder.mails()

    async def serve(self) -> None:
        """Listen until told to stop; the SMTP port is closed while the mode is `refuse`."""
        pages = await self._open_pages()
        try:
            while not self._stop.is_set():
                await self._follow_mode()
                self._started.set()
                await asyncio.sleep(LOOK_AGAIN)
        finally:
            for server in (self._server, pages):
                if server is not None:
                    server.close()

    async def _follow_mode(self) -> None:
        if self.kind == "refuse" and self._server is not None:
            self._server.close()
            self._server = None
        elif self.kind != "refuse" and self._server is None:
            self._server = await asyncio.start_server(self._converse, "127.0.0.1", self.smtp_port, limit=2**20)
            self.smtp_port = self._server.sockets[0].getsockname()[1]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # the sink stops: nothing to report
            await Conversation(self, reader, writer).run()

    async def _open_pages(self) -> asyncio.Server | None:
        if self.http_port is None:
            return None
        if BIN not in sys.path:
            sys.path.append(BIN)
        from launcher import mail_page

        server = await asyncio.start_server(mail_page.answerer(self.mails), "127.0.0.1", self.http_port)
        self.http_port = server.sockets[0].getsockname()[1]
        return server

    def __enter__(self) -> Self:
        """Start in a thread; return when the ports are known."""

        def run() -> None:
            try:
                asyncio.run(self.serve())
            except BaseException as failure:
                self._failure = failure
                self._started.set()

        self._thread = threading.Thread(target=run, name="mail-sink", daemon=True)
        self._thread.start()
        self._started.wait(10)
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop and wait for the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)


def main(arguments: list[str]) -> None:
    """Run until stopped."""
    parser = argparse.ArgumentParser(description="A mail server that delivers nothing and shows what it got.")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--mode-file", type=Path)
    parser.add_argument("--keep", type=int, default=500)
    chosen = parser.parse_args(arguments)
    sink = MailSink(chosen.dir, smtp_port=chosen.smtp_port, http_port=chosen.http_port, mode_file=chosen.mode_file, keep=chosen.keep)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(sink.serve())


if __name__ == "__main__":
    main(sys.argv[1:])
