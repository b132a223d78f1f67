"""Events hold ids, kinds and codes; words are sealed beside them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import PAGE_VIEWED, Event, EventText, UnsealedEvent
from audit.permissions import events_visible_to
from audit.queries import timeline_of, views_of
from audit.recording import ROWS_NAMED, NotACode, record, record_view

pytestmark = pytest.mark.django_db
Account = Callable[[str], Any]


def test_an_event_says_who_did_what_to_which_row_by_the_databases_clock(account: Account) -> None:
    officer, child = account("director"), account("volunteer")

    event = record("user.deactivated", child, by=officer, step=2)

    event.refresh_from_db()
    assert (event.kind, event.row_type, event.row_pk, event.actor_id) == ("user.deactivated", "people.user", child.pk, officer.pk)
    assert event.data == {"step": 2}
    with connection.cursor() as cursor:
        cursor.execute("SELECT abs(extract(epoch FROM statement_timestamp() - %s))", [event.at])
        assert cursor.fetchone()[0] < 5


def test_the_system_acts_without_a_name(account: Account) -> None:
    assert record("sweep.ran", by=None).actor_id is None


def test_the_reason_is_sealed_and_the_event_holds_its_digest_alone(account: Account) -> None:
    event = record("report.withheld", by=account("director"), reason="Nëna e fëmijës kërcënon")

    text = EventText.objects.get(event=event)
    assert text.reason == "Nëna e fëmijës kërcënon"
    assert text.is_genuine()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason, salt FROM audit_eventtext")
        sealed, salt = (bytes(part) for part in cursor.fetchone())
    assert "Nëna".encode() not in sealed
    assert len(salt) == 16


def test_two_equal_reasons_have_two_digests(account: Account) -> None:
    one, other = (record("a.b", by=None, reason="po") for _ in range(2))

    assert one.reason_digest != other.reason_digest


def test_other_words_are_not_the_words_that_were_digested(account: Account) -> None:
    event = record("a.b", by=None, reason="true")
    text = event.text
    text.reason = "false"

    assert not text.is_genuine()


@pytest.mark.parametrize(
    "value",
    ["x" * 81, "two words", "Gëzim", "a\nb", "o@demo.example", 1.5, b"bytes", object(), ["fine", "not fine"], {"not fine": 1}],
)
def test_words_do_not_enter_an_event_as_codes(value: Any) -> None:
    with pytest.raises(NotACode):
        record("a.b", by=None, value=value)
    assert not Event.objects.exists()


@pytest.mark.parametrize("kind", ["", "single", "Report.Read", "report. read", "a.b" * 30])
def test_a_kind_is_a_noun_and_a_verb(kind: str) -> None:
    with pytest.raises(NotACode):
        record(kind, by=None)
    assert not Event.objects.exists()


def test_codes_of_every_kind_come_back_as_json_says_them() -> None:
    event = record(
        "a.b", by=None, n=3, ok=True, none=None, day=date(2026, 11, 23), at=datetime(2026, 11, 23, tzinfo=UTC), some={"b", "a"}, kind="late"
    )

    event.refresh_from_db()
    assert event.data == {
        "n": 3,
        "ok": True,
        "none": None,
        "day": "2026-11-23",
        "at": "2026-11-23T00:00:00+00:00",
        "some": ["a", "b"],
        "kind": "late",
    }


def test_a_row_that_is_not_saved_cannot_be_pointed_at() -> None:
    from django.contrib.auth import get_user_model

    with pytest.raises(ValueError, match="not saved"):
        record("user.made", get_user_model()(), by=None)


def test_the_database_refuses_half_a_link() -> None:
    with pytest.raises(IntegrityError, match="audit_event_row_whole"), transaction.atomic():
        Event.objects.create(kind="a.b", row_type="people.user")


def test_a_rolled_back_write_leaves_no_event(account: Account) -> None:
    with transaction.atomic():
        record("a.b", by=None, reason="x")
        transaction.set_rollback(True)

    assert not Event.objects.exists()
    assert not UnsealedEvent.objects.exists()


def test_an_event_whose_reason_cannot_be_kept_is_not_kept_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_fields: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(EventText.objects, "create", refuse)

    with pytest.raises(IntegrityError):
        record("a.b", by=None, reason="x")

    assert not Event.objects.exists()


def test_a_page_writes_one_access_event_whatever_it_shows(account: Account) -> None:
    reader, rows = account("director"), [account(f"v{number}") for number in range(3)]

    with CaptureQueriesContext(connection) as queries:
        event = record_view(reader, "people.list", rows)

    assert Event.objects.filter(kind=PAGE_VIEWED).count() == 1
    assert event.data == {"page": "people.list", "rows": [["people.user", row.pk] for row in rows], "shown": 3}
    assert len([query for query in queries if "INSERT" in query["sql"]]) == 1


def test_a_page_of_thousands_names_the_first_and_counts_all(account: Account) -> None:
    reader = account("director")

    event = record_view(reader, "people.list", [reader] * (ROWS_NAMED + 50))

    assert len(event.data["rows"]) == ROWS_NAMED
    assert event.data["shown"] == ROWS_NAMED + 50


def test_who_saw_a_row_is_known_for_lists_too(account: Account) -> None:
    reader, row, other = account("director"), account("volunteer"), account("trainer")
    alone = record_view(reader, "people.detail", [row])
    among = record_view(reader, "people.list", [other, row])
    record_view(reader, "people.list", [other])

    assert list(views_of(row)) == [alone, among]


def test_a_timeline_is_what_was_done_in_order_without_the_looking(account: Account) -> None:
    officer, row = account("director"), account("volunteer")
    first = record("user.invited", row, by=officer)
    record_view(officer, "people.detail", [row])
    record("user.invited", officer, by=officer)
    last = record("user.left", row, by=officer, reason="x")

    assert list(timeline_of(row)) == [first, last]


def test_a_timeline_costs_one_query_however_long(account: Account) -> None:
    officer, row = account("director"), account("volunteer")
    for _ in range(5):
        record("user.left", row, by=officer, reason="x")

    with CaptureQueriesContext(connection) as queries:
        assert [(event.actor.pk, event.text.reason) for event in timeline_of(row)] == [(officer.pk, "x")] * 5

    assert len(queries) == 1


def test_events_show_to_whoever_may_see_their_row_and_to_nobody_else(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth import get_user_model

    from audit import hooks

    officer, seen, hidden = account("director"), account("volunteer"), account("trainer")
    monkeypatch.setattr(hooks, "_answers", {})
    shown = record("user.left", seen, by=officer)
    record("user.left", hidden, by=officer)
    record("sweep.ran", by=None)
    record_view(officer, "people.detail", [seen])
    assert not events_visible_to(officer).exists()

    hooks.show_events_of(get_user_model(), lambda _user: get_user_model().objects.filter(pk=seen.pk))

    assert list(events_visible_to(officer)) == [shown]


def test_every_event_waits_for_its_seal_also_when_many_come_at_once() -> None:
    Event.objects.bulk_create(Event(kind="a.b") for _ in range(50))

    assert set(UnsealedEvent.objects.values_list("event_id", flat=True)) == set(Event.objects.values_list("pk", flat=True))
