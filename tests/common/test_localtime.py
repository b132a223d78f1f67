"""People read Tirana's clock; the two odd nights of the year included."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.localtime import ImpossibleHour, day_bounds, local_day, show, to_utc


def test_winter_is_one_hour_ahead_and_summer_two() -> None:
    assert to_utc(date(2026, 1, 10), time(10)) == datetime(2026, 1, 10, 9, tzinfo=UTC)
    assert to_utc(date(2026, 7, 10), time(10)) == datetime(2026, 7, 10, 8, tzinfo=UTC)


def test_the_hour_that_spring_leaves_out_is_refused() -> None:
    with pytest.raises(ImpossibleHour):
        to_utc(date(2026, 3, 29), time(2, 30))


def test_the_hour_that_autumn_repeats_is_taken_at_its_first_coming() -> None:
    assert to_utc(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_without_a_time_the_day_begins() -> None:
    assert to_utc(date(2026, 7, 10)) == datetime(2026, 7, 9, 22, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)])
def test_days_have_23_24_or_25_hours(day: date, hours: int) -> None:
    start, end = day_bounds(day)

    assert end - start == timedelta(hours=hours)


def test_people_see_the_local_time() -> None:
    assert show(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) == "29.03.2026 03:30"


def test_the_local_day_turns_at_local_midnight() -> None:
    assert local_day(datetime(2026, 7, 9, 22, 30, tzinfo=UTC)) == date(2026, 7, 10)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_what_was_shown_leads_back_within_the_hour_that_repeats(instant: datetime) -> None:
    day, month, year, hour, minute = map(int, re.findall(r"\d+", show(instant)))

    back = to_utc(date(year, month, day), time(hour, minute))

    assert instant.replace(second=0, microsecond=0) - back in (timedelta(0), timedelta(hours=1))
