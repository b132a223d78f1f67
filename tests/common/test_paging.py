"""Pages by key: every row once, forwards and back, and no key to be read in the address."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from audit.recording import record
from common.paging import CappedCount, KeysetPage, capped_count

pytestmark = pytest.mark.django_db
ORDER = ("-kind", "at", "-pk")


@pytest.fixture
def events() -> Any:
    """Twelve rows in three kinds, several at the same instant."""
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    Event.objects.bulk_create(
        Event(kind=f"test.{number % 3}", at=start + timedelta(hours=number % 2, microseconds=number % 4)) for number in range(12)
    )
    return Event.objects.filter(kind__startswith="test.")


def walk(events: Any, size: int) -> list[KeysetPage[Event]]:
    pages = [KeysetPage(events, order=ORDER, size=size)]
    while pages[-1].has_next:
        pages.append(KeysetPage(events, order=ORDER, cursor=pages[-1].next_cursor, size=size))
    return pages


@pytest.mark.parametrize("size", [1, 4, 5, 12, 50])
def test_pages_show_every_row_once_in_order(events: Any, size: int) -> None:
    shown = [row.pk for page in walk(events, size) for row in page.rows]

    assert shown == list(events.order_by(*ORDER).values_list("pk", flat=True))


def test_going_back_shows_the_same_pages(events: Any) -> None:
    pages = walk(events, 5)

    back = KeysetPage(events, order=ORDER, cursor=pages[2].previous_cursor, size=5)
    first = KeysetPage(events, order=ORDER, cursor=back.previous_cursor, size=5)

    assert [row.pk for row in back.rows] == [row.pk for row in pages[1].rows]
    assert [row.pk for row in first.rows] == [row.pk for row in pages[0].rows]
    assert (first.has_previous, first.has_next, pages[2].has_next) == (False, True, False)


def test_a_row_that_arrives_meanwhile_moves_nobody(events: Any) -> None:
    first = KeysetPage(events, order=("-pk",), size=5)
    record("test.later", by=None)

    second = KeysetPage(events, order=("-pk",), cursor=first.next_cursor, size=5)

    assert second.rows[0].pk < first.rows[-1].pk
    assert len(second.rows) == 5


def test_a_cursor_does_not_show_its_key(events: Any) -> None:
    page = KeysetPage(events, order=("-pk",), size=5)

    opened = base64.urlsafe_b64decode(page.next_cursor + "==")

    assert json.dumps([False, [page.rows[-1].pk]]).encode() not in opened
    assert page.next_cursor != KeysetPage(events, order=("-pk",), size=5).next_cursor


@pytest.mark.parametrize("cursor", ["x", "AAAA", "ë", "!!!!", "QUJD" * 30, "\0"])
def test_a_cursor_that_was_tampered_with_gives_the_first_page(events: Any, cursor: str) -> None:
    page = KeysetPage(events, order=ORDER, cursor=cursor, size=5)

    assert [row.pk for row in page.rows] == [row.pk for row in walk(events, 5)[0].rows]


def test_a_cursor_of_another_list_gives_the_first_page(events: Any) -> None:
    other = KeysetPage(events, order=("-pk",), size=5).next_cursor

    assert not KeysetPage(events, order=ORDER, cursor=other, size=5).has_previous


def test_an_empty_list_is_one_empty_page(events: Any) -> None:
    page = KeysetPage(events.none(), order=ORDER)

    assert (page.rows, page.next_cursor, page.previous_cursor) == ([], "", "")


def test_a_page_is_one_query(events: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = KeysetPage(events, order=ORDER, size=5)
        assert page.next_cursor

    assert len(queries) == 1


def test_a_count_stops_at_its_cap_and_says_so(events: Any) -> None:
    assert str(capped_count(events, cap=10)) == "10+"
    assert capped_count(events, cap=10).is_capped
    assert str(capped_count(events, cap=12)) == "12"


def test_a_count_reads_no_further_than_its_cap(events: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        capped_count(events, cap=10)

    assert "LIMIT 11" in queries[0]["sql"]


def test_a_count_compares_as_a_number() -> None:
    assert CappedCount(3, False) == 3
    assert CappedCount(3, False) > 2
    assert not CappedCount(0, False)
