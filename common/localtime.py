"""Between what people see (Europe/Tirane) and what is stored (UTC)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TIRANE = ZoneInfo("Europe/Tirane")


class ImpossibleHour(ValueError):
    """This hour did not exist: the clocks went forward over it."""


def to_utc(day: date, hour: time | None = None) -> datetime:
    """The instant of a local date and time; without a time, the start of that day.

    Raises ImpossibleHour in the hour that spring leaves out. In the hour that autumn
    repeats, the earlier instant: a clock started too early is the safer mistake (R-23).
    """
    local = datetime.combine(day, hour or time.min, tzinfo=TIRANE)
    instant = local.astimezone(UTC)
    if instant.astimezone(TIRANE).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ImpossibleHour(f"{local:%d.%m.%Y %H:%M} does not exist in Tirana")
    return instant


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and the next one begins (23, 24 or 25 hours)."""
    return to_utc(day), to_utc(day + timedelta(days=1))


def local_day(instant: datetime) -> date:
    """The date on the wall in Tirana at that instant."""
    return instant.astimezone(TIRANE).date()


def show(instant: datetime) -> str:
    """The instant as people read it: "24.11.2026 10:05"."""
    return f"{instant.astimezone(TIRANE):%d.%m.%Y %H:%M}"
