"""Whoever is barred from a row learns of it by no notice, no mail, no count and no list (R-75)."""

import pytest
from django.db.models import Model

from deadlines.actions import bar, cover, hold, lift, notify, start_clock
from deadlines.clocks import Step
from deadlines.models import Barred, Channel, Notice, NoticeState, PostReach
from deadlines.queries import inbox_of, is_barred, not_barred, unread_count
from deadlines.sweeping import sweep
from people import roles
from people.models import Person
from tests.deadlines.conftest import DUTY, HOUR, NOW, Cast, told

pytestmark = pytest.mark.django_db

LADDER = [Step(NOW + HOUR, (roles.CPO,)), Step(NOW + 2 * HOUR, (roles.CPO, roles.BOARD_LEAD))]


def test_rows_a_person_is_barred_from_are_not_in_any_list(row: Model, cast: Cast) -> None:
    bar(row, cast.officer, reason_code="named", now=NOW)

    assert not not_barred(Person.objects.filter(pk=row.pk), cast.officer).exists()
    assert not_barred(Person.objects.filter(pk=row.pk), cast.deputy).exists()
    assert is_barred(row, cast.officer)


def test_a_notice_already_written_vanishes_with_the_bar(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer], now=NOW)
    assert unread_count(cast.officer) == 1

    bar(row, cast.officer, reason_code="declared", now=NOW)

    assert unread_count(cast.officer) == 0
    assert not inbox_of(cast.officer).exists()


def test_a_bar_takes_back_that_persons_unsent_mails_and_no_others(row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer, cast.deputy], now=NOW)

    bar(row, cast.officer, reason_code="named", now=NOW)

    states = dict(Notice.objects.filter(channel=Channel.MAIL).values_list("user_id", "state"))
    assert states == {cast.officer.pk: NoticeState.VOID, cast.deputy.pk: NoticeState.QUEUED}


def test_a_bar_on_one_row_says_nothing_about_another(row: Model, cast: Cast) -> None:
    bar(row, cast.officer, reason_code="named", now=NOW)

    notify(cast.reporter.person, DUTY, users=[cast.officer], now=NOW)

    assert unread_count(cast.officer) == 1


def test_barring_twice_changes_nothing(row: Model, cast: Cast) -> None:
    bar(row, cast.officer, reason_code="named", now=NOW)
    bar(row, cast.officer, reason_code="relative", now=NOW + HOUR)

    assert Barred.objects.get().reason_code == "named"


def test_a_hold_becomes_the_bar_it_was_decided_to_be(row: Model, cast: Cast) -> None:
    hold(row, cast.officer, now=NOW)
    bar(row, cast.officer, reason_code="declared", now=NOW + HOUR)

    assert Barred.objects.get(lifted_at=None).reason_code == "declared"
    assert told() == []


def test_a_cleared_hold_tells_what_was_missed_meanwhile(row: Model, cast: Cast) -> None:
    hold(row, cast.officer, now=NOW)
    start_clock(row, DUTY, LADDER, now=NOW)
    sweep("test", now=NOW + 2 * HOUR)
    assert told() == [(1, cast.board_lead.pk)]

    lift(row, cast.officer, now=NOW + 3 * HOUR)

    assert told()[1:] == [(0, cast.officer.pk), (1, cast.officer.pk)]
    assert told(Channel.MAIL).count((0, cast.officer.pk)) == 1


def test_a_hold_decided_wrongly_and_lifted_tells_from_the_hold_on(row: Model, cast: Cast) -> None:
    hold(row, cast.officer, now=NOW)
    start_clock(row, DUTY, LADDER, now=NOW)
    sweep("test", now=NOW + HOUR)
    bar(row, cast.officer, reason_code="declared", now=NOW + 90 * HOUR / 60)

    lift(row, cast.officer, now=NOW + 3 * HOUR)

    assert (0, cast.officer.pk) in told()


def test_lifting_tells_a_person_nothing_that_was_not_meant_for_them(row: Model, cast: Cast) -> None:
    hold(row, cast.deputy, now=NOW)
    start_clock(row, DUTY, LADDER, now=NOW)
    sweep("test", now=NOW + 2 * HOUR)

    lift(row, cast.deputy, now=NOW + 3 * HOUR)

    assert cast.deputy.pk not in {user for _, user in told()}


def test_lifting_what_was_never_barred_does_nothing(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, LADDER, now=NOW)

    lift(row, cast.officer, now=NOW)

    assert told() == []


def test_cover_opens_a_row_to_a_post_once(row: Model, cast: Cast) -> None:
    cover(row, roles.DEPUTY, now=NOW)
    cover(row, roles.DEPUTY, now=NOW + HOUR, reason="night")

    assert PostReach.objects.get().since == NOW
