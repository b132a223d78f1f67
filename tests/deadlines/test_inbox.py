"""The inbox: own notices only, a page at a time, opened through the row's own access rule (R-75, R-80)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from deadlines import kinds
from deadlines.actions import bar, mark_all_read, notify
from deadlines.models import Channel, Notice
from deadlines.queries import UNREAD_CAP, unread_count
from deadlines.views import PAGE_SIZE
from people.models import Person
from tests.deadlines.conftest import DUTY, HOUR, NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_second_step(settings: Any) -> None:
    settings.MFA_REQUIRED = False


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def notice_of(user: Any) -> Notice:
    return Notice.objects.get(user=user, channel=Channel.INAPP)


def post(client: Client, name: str, notice: Notice) -> Any:
    return client.post(reverse(f"deadlines:{name}", args=[notice.reference]))


def test_a_stranger_is_sent_to_sign_in() -> None:
    assert Client().get(reverse("deadlines:inbox")).status_code == 302


def test_an_empty_inbox_says_what_will_appear_there(cast: Cast) -> None:
    page = signed_in(cast.officer).get(reverse("deadlines:inbox"))

    assert "You have no messages" in page.content.decode()


def test_a_notice_shows_its_duty_and_nothing_of_its_row(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], duty="act", now=NOW)

    shown = signed_in(cast.officer).get(reverse("deadlines:inbox")).content.decode()

    assert "Please act" in shown
    assert "2.11.2026, 10:00" in shown
    assert "Somebody" not in shown
    assert f"/{row.pk}/" not in shown


def test_nobody_sees_or_opens_another_persons_notice(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], duty="act", now=NOW)
    deputy = signed_in(cast.deputy)

    assert "Please act" not in deputy.get(reverse("deadlines:inbox")).content.decode()
    assert post(deputy, "open_notice", notice_of(cast.officer)).status_code == 404
    assert post(deputy, "mark_read", notice_of(cast.officer)).status_code == 404


def test_opening_a_notice_marks_it_read_and_leads_to_its_row(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], now=NOW)

    answer = post(signed_in(cast.officer), "open_notice", notice_of(cast.officer))

    assert answer["Location"] == f"/rows/{row.pk}/"
    assert notice_of(cast.officer).seen_at is not None
    assert unread_count(cast.officer) == 0


def test_the_first_opening_is_the_one_that_counts(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], now=NOW)
    client = signed_in(cast.officer)
    post(client, "open_notice", notice_of(cast.officer))
    first = notice_of(cast.officer).seen_at

    post(client, "open_notice", notice_of(cast.officer))

    assert notice_of(cast.officer).seen_at == first


def test_a_notice_is_opened_by_post_alone(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], now=NOW)

    answer = signed_in(cast.officer).get(reverse("deadlines:open_notice", args=[notice_of(cast.officer).reference]))

    assert answer.status_code == 405
    assert notice_of(cast.officer).seen_at is None


@pytest.mark.parametrize("hidden_by", ["a bar", "its own rule", "its kind gone", "its row gone"])
def test_a_row_the_reader_cannot_see_does_not_exist(row: Model, cast: Cast, monkeypatch: pytest.MonkeyPatch, hidden_by: str) -> None:
    about = Person(pk=999_999_999) if hidden_by == "its row gone" else row
    notify(about, DUTY, users=[cast.officer], now=NOW)
    notice = notice_of(cast.officer)
    if hidden_by == "a bar":
        bar(row, cast.officer, reason_code="named", now=NOW)
    elif hidden_by == "its own rule":
        monkeypatch.setitem(kinds._kinds, DUTY, kinds.Kind(DUTY, "A duty", "", lambda _user, _row: None))
    elif hidden_by == "its kind gone":
        monkeypatch.delitem(kinds._kinds, DUTY)

    assert post(signed_in(cast.officer), "open_notice", notice).status_code == 404


def test_marking_all_read_leaves_what_arrives_later(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], now=NOW)
    notify(row, DUTY, users=[cast.officer], now=NOW + HOUR, step=1)

    mark_all_read(cast.officer, now=NOW)

    assert unread_count(cast.officer) == 1


def test_a_delayed_notice_says_since_when(row: Model, cast: Cast) -> None:
    from deadlines.actions import start_clock
    from deadlines.clocks import Step
    from deadlines.sweeping import sweep

    start_clock(row, DUTY, [Step(NOW, user_id=cast.officer.pk)], now=NOW - HOUR)
    sweep("test", now=NOW + 5 * HOUR)

    shown = " ".join(signed_in(cast.officer).get(reverse("deadlines:inbox")).content.decode().split())

    assert "Delayed by the system: this should have reached you at 02.11.2026 10:00." in shown


def many(row: Model, user: Any, count: int) -> None:
    for number in range(count):
        notify(row, DUTY, users=[user], duty="act", now=NOW + timedelta(minutes=number), step=number)


def test_pages_hold_twenty_notices_newest_first_and_show_each_once(row: Model, cast: Cast) -> None:
    many(row, cast.officer, PAGE_SIZE * 2 + 3)
    client = signed_in(cast.officer)

    seen, address = [], reverse("deadlines:inbox")
    while address:
        page = client.get(address)
        seen += [entry.created_at for entry in page.context["entries"]]
        address = page.context["next_url"] and reverse("deadlines:inbox") + page.context["next_url"]

    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == PAGE_SIZE * 2 + 3


def test_the_unread_count_stops_at_a_hundred(row: Model, cast: Cast) -> None:
    many(row, cast.officer, UNREAD_CAP + 5)

    assert unread_count(cast.officer) == UNREAD_CAP


def test_more_notices_cost_no_more_queries(row: Model, cast: Cast, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(cast.officer)
    many(row, cast.officer, 1)
    client.get(reverse("deadlines:inbox"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("deadlines:inbox"))
    many(cast.reporter.person, cast.officer, PAGE_SIZE)

    with django_assert_num_queries(len(few)):
        client.get(reverse("deadlines:inbox"))


def test_the_inbox_speaks_albanian(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], now=NOW)
    client = signed_in(cast.officer)
    client.cookies["language"] = "sq"

    shown = client.get(reverse("deadlines:inbox"), headers={"accept-language": "sq"}).content.decode()

    assert "Mesazhet" in shown
    assert "Shëno të gjitha si të lexuara" in shown
