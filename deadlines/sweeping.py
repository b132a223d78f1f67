"""Fires what is due: one SQL statement a batch, any number of sweepers side by side (deadlines.md, flows 2 and 6)."""

import logging
import socket
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from common.rows import row_key
from deadlines import alarms, sql
from deadlines.running import prepared, run

logger = logging.getLogger(__name__)

BATCH = 500
PASSING = {"40P01", "40001", "55P03"}
"""SQLSTATE of deadlock, serialization failure and lock not available: the next try may well succeed."""


@dataclass(frozen=True)
class SweepResult:
    """What one sweep did; `notices` counts both channels, `mails` those waiting in the outbox."""

    fired: int = 0
    notices: int = 0
    mails: int = 0
    brought_forward: int = 0
    poisoned: int = 0

    def __add__(self, other: "SweepResult") -> "SweepResult":
        return SweepResult(
            self.fired + other.fired,
            self.notices + other.notices,
            self.mails + other.mails,
            self.brought_forward + other.brought_forward,
            self.poisoned + other.poisoned,
        )


def sweep(source: str, *, now: datetime | None = None, batch: int = BATCH) -> SweepResult:
    """Fire every due step once, lowest first, and leave a heartbeat for `source` (R-31).

    Decides by the database's clock; tests may give `now`. Safe to run twice, at once, and to be killed anywhere:
    a batch is one transaction. Raises OperationalError if the database is gone.
    """
    total = SweepResult()
    while True:
        oldest_due, open_alarm = run(prepared(sql.LOOK), now=now) or (None, None)
        if oldest_due is None:
            break
        done = _fire_batch(source, now=now, batch=batch)
        total += done
        if not (done.fired or done.poisoned):
            break
    run(prepared(sql.BEAT), now=now, source=source, host=socket.gethostname()[:120])
    if open_alarm is not None:
        alarms.close_cured(now=now)
    return total


def fire_ladder(row: Model, kind: str, *, now: datetime) -> SweepResult:
    """Fire the steps of a ladder that are due at its birth, inside the caller's transaction (deadlines.md, decided (d))."""
    row_type, row_pk = row_key(row)
    narrowed = prepared(sql.FIRE, narrowed=sql.NARROWED_TO_LADDER)
    total = SweepResult()
    while True:
        done = _fire(narrowed, "start", now=now, limit=BATCH, row_type=row_type, row_pk=row_pk, kind=kind)
        total += done
        if not done.brought_forward:
            return total


def _fire(statement: str, source: str, *, now: datetime | None, limit: int, **values: object) -> SweepResult:
    with transaction.atomic():
        row = run(statement, now=now, source=source, limit=limit, **values)
        if row is None:
            raise AssertionError("the statement ends in SELECT")
        fired, notices, mails, brought_forward, alarm_ids = row
        alarms.tell(alarm_ids, now=now)
    return SweepResult(fired, notices, mails, brought_forward)


def _fire_batch(source: str, *, now: datetime | None, batch: int) -> SweepResult:
    try:
        return _fire(prepared(sql.FIRE, narrowed=""), source, now=now, limit=batch)
    except DatabaseError as error:
        if not connection.is_usable():
            raise
        logger.warning("a batch of deadlines failed and is halved: %s", type(error).__name__)
    with connection.cursor() as cursor:
        cursor.execute(prepared(sql.DUE_IDS), {"now": now, "limit": batch})
        ids = [pk for (pk,) in cursor.fetchall()]
    return _fire_ids(source, ids, now=now)


def _fire_ids(source: str, ids: list[int], *, now: datetime | None) -> SweepResult:
    """Halve down to the row that cannot be fired, so that the others are not held up by it."""
    if not ids:
        return SweepResult()
    try:
        return _fire(prepared(sql.FIRE, narrowed=sql.NARROWED_TO_IDS), source, now=now, limit=len(ids), ids=ids)
    except DatabaseError as error:
        if not connection.is_usable():
            raise
        if len(ids) == 1:
            return _back_off(ids[0], error, now=now)
    middle = len(ids) // 2
    return _fire_ids(source, ids[:middle], now=now) + _fire_ids(source, ids[middle:], now=now)


def _back_off(deadline_id: int, error: DatabaseError, *, now: datetime | None) -> SweepResult:
    """Try this row again in 1 to 10 minutes, for ever; a lock in the way is not the row's fault."""
    code = getattr(error.__cause__, "pgcode", None)
    with transaction.atomic():
        run(prepared(sql.BACK_OFF), now=now, id=deadline_id, error=f"{type(error).__name__} {code or ''}".strip())
        if code not in PASSING:
            alarms.open_alarm("deadline_cannot_fire", now=now)
    return SweepResult(poisoned=1)
