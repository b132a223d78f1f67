"""Seeds ten thousand and a million reports, measures, and prints one JSON table: python3 bin/bench [--size 10k|1m|both] [--out FILE]."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aset_safeguarding.settings")

import django  # noqa: E402

SIZES = {"10k": 10_000, "1m": 1_000_000}
PENDING = {"10k": 10_000, "1m": 1_000_000}
FIVE_YEARS, HOURS_OPEN = 5 * 365 * 86_400, 16 * 3600
AT_ONCE = 250


def main() -> None:
    """One database: first ten thousand reports, then as many more as make a million."""
    options = _options()
    django.setup()
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.urls"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    sizes = ["10k", "1m"] if options.size == "both" else [options.size]
    table: dict[str, Any] = {"machine": _machine(), "measured": {}}
    seeding = Seeding()
    for size in sizes:
        started = time.perf_counter()
        rows = seeding.up_to(SIZES[size])
        seeded = round(time.perf_counter() - started, 1)
        _say(f"{size}: {rows:,} rows seeded in {seeded} s")
        table["measured"][size] = {"seeding_s": seeded, "rows_written": rows, **_measure(size, options.times)}
        _write(table, options.out)
    print(json.dumps(table, indent=1, ensure_ascii=False))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["10k", "1m", "both"], default="both")
    parser.add_argument("--times", type=int, default=40, help="requests a page, after a dozen to warm up")
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    return parser.parse_args()


class Seeding:
    """The originals by the real road, then copies of them; one in a hundred is open."""

    def __init__(self) -> None:
        from django.utils import timezone

        from bench import multiply, originals

        self._connection = multiply.connect(_superuser_url())
        self._copied = 0
        now = timezone.now()
        _say("originals: some two hundred reports by the real road")
        users = originals.make_organisation(now)
        start = multiply.last_keys(self._connection)
        originals.make_closed(users, now=now)
        middle = multiply.last_keys(self._connection)
        originals.make_open(users, now=now)
        end = multiply.last_keys(self._connection)
        stride = max(end.values()) + 1
        self._closed = multiply.Originals({name: (start[name], middle[name]) for name in start}, stride)
        self._open = multiply.Originals({name: (middle[name], end[name]) for name in start}, stride)
        self._each = originals.CLOSED + originals.OPEN

    def up_to(self, reports: int) -> int:
        """Copies until there are so many reports; gives how many rows that wrote."""
        from bench.multiply import multiply, set_sequences, without_indexes

        wanted, most = reports // self._each - 1, SIZES["1m"] // self._each
        written, first = 0, self._copied == 0
        with without_indexes(self._connection):
            while self._copied < wanted:
                numbers = range(self._copied + 1, min(self._copied + AT_ONCE, wanted) + 1)
                written += multiply(self._connection, self._closed, numbers, seconds_apart=FIVE_YEARS / most)
                written += multiply(self._connection, self._open, numbers, seconds_apart=HOURS_OPEN / most)
                self._copied = numbers[-1]
                _say(f"  {(self._copied + 1) * self._each:,} reports")
        if first:
            set_sequences(self._connection, beyond=self._closed.stride * (most + 2))
        self._analyze()
        return written

    def _analyze(self) -> None:
        self._connection.rollback()
        self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")
        self._connection.autocommit = False


def _measure(size: str, times: int) -> dict[str, Any]:
    from bench import pages, sweeps
    from deadlines.sweeping import sweep

    sweep("bench")
    found: dict[str, Any] = {"counts": _counts()}
    port = pages.free_port()
    with pages.server(port):
        found["pages"] = pages.measure(port, times)
    _say(json.dumps(found["pages"], indent=1))
    found["pdf"] = _reporting_audit()
    sweeps.make_pending(PENDING[size])
    episode = 1 if size == "10k" else 11
    found["sweeps"] = [sweeps.nothing_due(), sweeps.ten_thousand_due(episode), sweeps.eight_at_once(episode + 1)]
    _say(json.dumps([found["pdf"], found["sweeps"]], indent=1))
    return found


def _reporting_audit() -> dict[str, Any]:
    """The 24-hour reporting audit over three years: the figures, and the whole document."""
    from common import pdf
    from oversight import presentation
    from oversight.reporting_audit import figures_for

    until = date.today()  # noqa: DTZ011
    start = time.perf_counter()
    figures = figures_for(until - timedelta(days=3 * 365), until)
    counted = time.perf_counter() - start
    context = presentation.of_figures(figures) | {"made_at": None, "chain": "0" * 64, "code": "-", "document": "-"}
    size = len(pdf.render("pdf/reporting_audit.html", context, language="sq"))
    whole = time.perf_counter() - start
    return {
        "document": "reporting audit, 3 years",
        "reports": figures.total.number,
        "figures_s": round(counted, 2),
        "whole_s": round(whole, 2),
        "bytes": size,
    }


def _counts() -> dict[str, int]:
    from audit.models import Event
    from cases.models import Report
    from cases.workflow import OPEN_REPORT
    from deadlines.models import Deadline, Notice

    return {
        "reports": Report.objects.count(),
        "open": Report.objects.filter(status__in=OPEN_REPORT).count(),
        "deadlines": Deadline.objects.count(),
        "notices": Notice.objects.count(),
        "events": Event.objects.count(),
    }


def _superuser_url() -> str:
    """The cluster's superuser on the database that is measured."""
    from django.db import connection

    parts = os.environ["ASET_TEST_SUPERUSER_URL"].split("/postgres?", 1)
    return f"{parts[0]}/{connection.settings_dict['NAME']}?{parts[1]}"


def _machine() -> dict[str, Any]:
    from bench.sweeps import local_now

    return {"at": local_now(), "processors": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


def _write(table: dict[str, Any], out: Path | None) -> None:
    if out:
        out.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
