"""How long pages take on a real server, one request after the other, and what they cost in queries and bytes."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Report
from common.localtime import TIRANE
from people.models import User

ROOT = Path(__file__).resolve().parent.parent
TIMES = 40
WARM = 12


@dataclass(frozen=True)
class Page:
    """One page as one person asks for it; `post` gives the form of each request anew."""

    name: str
    who: str
    address: Callable[[], str]
    post: Callable[[str], Mapping[str, str]] | None = None


def pages() -> list[Page]:
    """The pages of the issue's table, and the null page in the same run."""
    waiting = Report.objects.filter(status="acknowledged").order_by("-received_at").values_list("reference", flat=True)[0]
    done = Report.objects.filter(status="low_level").order_by("-received_at").values_list("reference", flat=True)[0]
    return [
        Page("null page", "director", lambda: "/bench-null/"),
        Page("dashboard", "director", lambda: reverse("cases:dashboard")),
        Page("list", "director", lambda: reverse("cases:reports")),
        Page("search by name", "director", lambda: reverse("cases:reports") + "?q=Era+Lushi"),
        Page("search by reference", "director", lambda: reverse("cases:reports") + f"?q={done}"),
        Page("detail, open", "director", lambda: reverse("cases:report", args=[waiting])),
        Page("detail, finished", "director", lambda: reverse("cases:report", args=[done])),
        Page("Board page", "lead", lambda: reverse("cases:board")),
        Page("home", "director", lambda: reverse("home")),
        Page("submit", "volunteer", lambda: reverse("cases:report_send", args=[a_draft()]), post=lambda _address: {}),
    ]


def a_draft() -> uuid.UUID:
    """A report written to its end by the form's own pages, in this process; sending it is what is measured."""
    client, token = signed_in("volunteer"), uuid.uuid4()
    at = (timezone.now() - timedelta(hours=2)).astimezone(TIRANE)
    aware = {"aware_on_day": at.day, "aware_on_month": at.month, "aware_on_year": at.year, "aware_time": f"{at:%H:%M}"}
    steps: dict[str, dict[str, Any]] = {
        "readers": {"readers": "nobody"},
        "what-happened": {"account": "Fëmija nuk donte të kthehej në dhomë. " * 12},
        "aware": aware,
    }
    client.post(reverse("cases:report_start"), {"token": str(token), "danger": "no"})
    for slug, answers in steps.items():
        client.post(reverse("cases:report_step", args=[token, slug]), answers)
    return token


_clients: dict[str, Client] = {}


def signed_in(who: str) -> Client:
    """A browser in this process in which this person has signed in."""
    if who not in _clients:
        _clients[who] = Client(HTTP_HOST="localhost")
        _clients[who].force_login(User.objects.get(login_name=f"{who}@demo.example"), backend=settings.AUTHENTICATION_BACKENDS[0])
    return _clients[who]


def measure(port: int, times: int = TIMES) -> list[dict[str, Any]]:
    """One row a page: median and 95th percentile on the server, queries and bytes in this process."""
    return [_measure(page, port, times) for page in pages()]


def _measure(page: Page, port: int, times: int) -> dict[str, Any]:
    addresses = [page.address() for _each in range(WARM + times)]
    cookies = signed_in(page.who).cookies
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items() if name != "csrftoken")
    taken, status, size = [], 0, 0
    line = http.client.HTTPConnection("localhost", port)
    for number, address in enumerate(addresses):
        start = time.perf_counter()
        status, size = _ask(line, address, cookie, page.post(address) if page.post else None)
        if number >= WARM:
            taken.append(1000 * (time.perf_counter() - start))
    line.close()
    if status != (302 if page.post else 200):
        raise SystemExit(f"{page.name}: the server answered {status}")
    return {
        "page": page.name,
        "median_ms": round(median(taken), 1),
        "p95_ms": round(quantiles(taken, n=20)[18], 1),
        "queries": _queries(page),
        "bytes": size,
        "status": status,
    }


def _ask(line: http.client.HTTPConnection, address: str, cookie: str, form: Mapping[str, str] | None) -> tuple[int, int]:
    headers = {"Cookie": cookie, "Host": "localhost", "Accept-Encoding": "identity"}
    if form is None:
        line.request("GET", address, headers=headers)
    else:
        token = secrets.token_hex(16)
        headers |= {"Cookie": f"{cookie}; csrftoken={token}", "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", address, body=urllib.parse.urlencode(dict(form)), headers=headers)
    answer = line.getresponse()
    return answer.status, len(answer.read())


def _queries(page: Page) -> int:
    """How many statements one request makes, savepoints and all, once caches of the process are warm."""
    client = signed_in(page.who)
    for _warm in range(2):
        address = page.address()
        with CaptureQueriesContext(connection) as captured:
            client.post(address, {}) if page.post else client.get(address)
    statements = [query["sql"] for query in captured.captured_queries]
    return len([sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])


@contextmanager
def server(port: int) -> Iterator[None]:
    """The web server of bin/run, on a port of its own."""
    argv = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_conf.py", "--bind", f"127.0.0.1:{port}", "bench.wsgi:application"]
    process = subprocess.Popen(
        argv, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _each in range(200):
        if process.poll() is not None:
            raise SystemExit("gunicorn did not start")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not answer in 20 seconds")


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
