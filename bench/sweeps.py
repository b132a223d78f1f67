"""The sweep with nothing due and with ten thousand due, alone and eight at once: how long, and how many exactly."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.utils import timezone

from deadlines.models import Deadline, Escalation
from deadlines.sweeping import sweep

ROOT = Path(__file__).resolve().parent.parent
DUE = 10_000
EIGHT = 8

PENDING = """
INSERT INTO deadlines_deadline (row_type, row_pk, kind, episode, step, from_at, due_at, fire_at, state, audience, duty, outward,
    policy_version, attempts, last_error)
SELECT 'bench.row', n, 'bench.pending', 1, 0, now(), d, d, 'pending', ARRAY['CHILD_PROTECTION_OFFICER'], 'bench', false, '', 0, ''
FROM (SELECT n, now() + interval '1 day' + n * interval '7 seconds' AS d FROM generate_series(1, %s) AS n) AS rows
ON CONFLICT DO NOTHING
"""
OVERDUE = """
INSERT INTO deadlines_deadline (row_type, row_pk, kind, episode, step, from_at, due_at, fire_at, state, audience, duty, outward,
    policy_version, attempts, last_error)
SELECT 'bench.row', n, 'bench.overdue', %s, 0, now(), now() - interval '1 minute', now() - interval '1 minute', 'pending',
    ARRAY['CHILD_PROTECTION_OFFICER', 'BOARD_LEAD'], 'bench', false, '', 0, ''
FROM generate_series(1, %s) AS n
"""

ONE_SWEEPER = """
import sys, time
import django
django.setup()
from django.db import connection
from deadlines.sweeping import sweep
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
start = time.perf_counter()
done = sweep("bench")
print(done.fired, time.perf_counter() - start, flush=True)
"""


def make_pending(number: int) -> None:
    """Deadlines that wait for tomorrow and later."""
    with connection.cursor() as cursor:
        cursor.execute(PENDING, [number])
        cursor.execute("ANALYZE deadlines_deadline")


def nothing_due(times: int = 300) -> dict[str, Any]:
    """The tick of every fifteen seconds on a quiet day."""
    sweep("bench")
    taken = []
    for _each in range(times):
        start = time.perf_counter()
        done = sweep("bench")
        if not done.fired:  # of the open reports a step may come due meanwhile
            taken.append(1000 * (time.perf_counter() - start))
    cuts = quantiles(taken, n=100)
    pending = Deadline.objects.filter(fire_at__isnull=False).count()
    return {"sweep": "0 due", "pending": pending, "median_ms": round(median(taken), 2), "p99_ms": round(cuts[98], 2)}


def ten_thousand_due(episode: int) -> dict[str, Any]:
    """After an outage, one sweeper."""
    _make_overdue(episode)
    start = time.perf_counter()
    done = sweep("bench")
    seconds = time.perf_counter() - start
    return {"sweep": f"{DUE:,} due, 1 sweeper", "fired": done.fired, "notices": done.notices, "seconds": round(seconds, 2)}


def eight_at_once(episode: int) -> dict[str, Any]:
    """After an outage, eight processes begin at the same moment: exactly ten thousand, none twice."""
    _make_overdue(episode)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    argv = [sys.executable, "-c", ONE_SWEEPER]
    started = [
        subprocess.Popen(argv, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _each in range(EIGHT)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
    start = time.perf_counter()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate()
    seconds = time.perf_counter() - start
    ours = Escalation.objects.filter(deadline__kind="bench.overdue", deadline__episode=episode)
    return {
        "sweep": f"{DUE:,} due, {EIGHT} sweepers",
        "escalations": ours.count(),
        "deadlines_escalated": ours.values("deadline").distinct().count(),
        "notices_per_deadline": _notices_per_deadline(episode),
        "seconds": round(seconds, 2),
    }


def _make_overdue(episode: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE, [episode, DUE])
        cursor.execute("ANALYZE deadlines_deadline")


def _notices_per_deadline(episode: int) -> list[int]:
    """Every distinct number of notices that one of these deadlines has: two people by two ways is four, for all of them."""
    statement = """SELECT DISTINCT count(*) FROM deadlines_notice
        WHERE row_type = 'bench.row' AND kind = 'bench.overdue' AND episode = %s GROUP BY row_pk ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [episode])
        return [number for (number,) in cursor.fetchall()]


def local_now() -> str:
    """When this was measured."""
    return timezone.now().isoformat(timespec="seconds")
