"""A ladder fires step by step, each step once, to whoever holds the post at that moment (R-31, R-40)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from audit.models import Event
from deadlines.actions import bar, fill_post, leave_post, notify, satisfy, start_clock, void
from deadlines.clocks import Step
from deadlines.models import Alarm, Channel, Deadline, Escalation, Heartbeat, Notice, NoticeState, PostReach
from deadlines.queries import unread_count
from deadlines.sweeping import sweep
from people import roles
from tests.deadlines.conftest import DUTY, FOR_REPORTERS, HOUR, NOW, Cast, told
from tests.factories.people import a_user

pytestmark = pytest.mark.django_db

OFFICER_THEN_LEAD = [Step(NOW, (roles.CPO,), duty="act"), Step(NOW + 6 * HOUR, (roles.BOARD_LEAD,), duty="act")]


def test_a_step_due_at_birth_is_told_in_the_same_transaction(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert told(Channel.INAPP) == [(0, cast.officer.pk)]
    assert told(Channel.MAIL) == [(0, cast.officer.pk)]
    assert Escalation.objects.get().source == "start"


def test_a_later_step_is_silent_until_it_is_due(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert sweep("test", now=NOW + 6 * HOUR - timedelta(seconds=1)).fired == 0
    assert sweep("test", now=NOW + 6 * HOUR).fired == 1
    assert told() == [(0, cast.officer.pk), (1, cast.board_lead.pk)]


def test_a_step_fires_once_however_often_it_is_swept(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    fired = [sweep(source, now=NOW + 7 * HOUR).fired for source in ("celery", "escalator", "celery")]

    assert fired == [1, 0, 0]
    assert len(told()) == 2


def test_whoever_holds_the_post_when_the_step_fires_is_told(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)
    leave_post(roles.BOARD_LEAD, cast.board_lead, at=NOW + HOUR)
    successor = a_user()
    fill_post(roles.BOARD_LEAD, successor, from_at=NOW + HOUR)

    sweep("test", now=NOW + 6 * HOUR)

    assert told()[-1] == (1, successor.pk)
    assert (1, cast.board_lead.pk) not in told()


def test_every_member_of_a_shared_post_is_told_and_a_person_in_two_posts_once(row: Model, cast: Cast) -> None:
    second = a_user(roles.BOARD_MEMBER)
    fill_post(roles.BOARD_MEMBER, cast.board_lead, from_at=NOW)

    start_clock(row, DUTY, [Step(NOW, (roles.BOARD_LEAD, roles.BOARD_MEMBER))], now=NOW)

    assert {user for _, user in told()} == {cast.board_lead.pk, cast.board_member.pk, second.pk}
    assert len(told()) == 3


def test_after_an_outage_every_step_fires_lowest_first_and_says_it_is_late(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, [Step(NOW + HOUR, (roles.CPO,)), Step(NOW + 2 * HOUR, (roles.BOARD_LEAD,))], now=NOW)

    sweep("test", now=NOW + timedelta(days=3))

    assert told() == [(0, cast.officer.pk), (1, cast.board_lead.pk)]
    delayed = Notice.objects.filter(channel=Channel.INAPP).order_by("step").values_list("delayed_since", flat=True)
    assert list(delayed) == [NOW + HOUR, NOW + 2 * HOUR]


def test_a_step_late_at_birth_is_not_called_the_systems_delay(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, [Step(NOW - 30 * HOUR, (roles.CPO,))], now=NOW)

    assert Notice.objects.filter(delayed_since__isnull=False).count() == 0


def test_a_barred_person_is_told_nothing_and_the_next_step_comes_at_once(row: Model, cast: Cast) -> None:
    bar(row, cast.officer, reason_code="named", now=NOW)

    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert told() == [(1, cast.board_lead.pk)]
    assert not Notice.objects.filter(user=cast.officer).exists()


def test_nobody_but_barred_people_opens_no_alarm_that_would_betray_it(row: Model, cast: Cast) -> None:
    bar(row, cast.officer, reason_code="named", now=NOW)
    bar(row, cast.board_lead, reason_code="relative", now=NOW)

    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert told() == []
    assert not Alarm.objects.exists()


def test_a_post_that_is_vacant_by_decision_is_passed_over_without_an_alarm(row: Model, cast: Cast) -> None:
    leave_post(roles.DEPUTY, cast.deputy, at=NOW - HOUR)
    fill_post(roles.DEPUTY, None, from_at=NOW - HOUR)
    steps = [Step(NOW + HOUR, (roles.DEPUTY,)), Step(NOW + 6 * HOUR, (roles.BOARD_LEAD,))]
    start_clock(row, DUTY, steps, now=NOW)

    sweep("test", now=NOW + HOUR)

    assert told() == [(1, cast.board_lead.pk)]
    assert not Alarm.objects.exists()


def test_an_unfilled_post_alarms_the_technical_admin_once_and_the_next_step_comes_at_once(row: Model, cast: Cast) -> None:
    leave_post(roles.DEPUTY, cast.deputy, at=NOW - HOUR)
    steps = [Step(NOW + HOUR, (roles.DEPUTY,)), Step(NOW + 6 * HOUR, (roles.BOARD_LEAD,))]
    start_clock(row, DUTY, steps, now=NOW)
    start_clock(cast.reporter, DUTY, steps, now=NOW)

    sweep("test", now=NOW + HOUR)

    assert Alarm.objects.get().kind == "post_unfilled.DEPUTY"
    assert [user for _, user in told()].count(cast.technical_admin.pk) == 1
    assert told().count((1, cast.board_lead.pk)) == 2


def test_the_alarm_of_an_unfilled_post_closes_when_somebody_holds_it(row: Model, cast: Cast) -> None:
    leave_post(roles.DEPUTY, cast.deputy, at=NOW - HOUR)
    start_clock(row, DUTY, [Step(NOW, (roles.DEPUTY,))], now=NOW)
    fill_post(roles.DEPUTY, a_user(), from_at=NOW + HOUR)

    sweep("test", now=NOW)
    assert Alarm.objects.filter(closed_at=None).count() == 1

    sweep("test", now=NOW + HOUR)
    assert Alarm.objects.filter(closed_at=None).count() == 0


def test_an_inactive_holder_is_no_recipient_and_opens_an_alarm(row: Model, cast: Cast) -> None:
    cast.officer.is_active = False
    cast.officer.save()

    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert (1, cast.board_lead.pk) in told()
    assert Alarm.objects.get().kind == f"holder_inactive.{roles.CPO}"


def test_a_whole_ladder_without_recipients_runs_out_in_one_sweep(row: Model, cast: Cast) -> None:
    leave_post(roles.DEPUTY, cast.deputy, at=NOW - HOUR)
    start_clock(row, DUTY, [Step(NOW + number * HOUR, (roles.DEPUTY,)) for number in range(1, 6)], now=NOW)

    result = sweep("test", now=NOW + HOUR)

    assert (result.fired, result.brought_forward) == (5, 4)
    assert Alarm.objects.count() == 1


def test_someone_without_an_address_is_told_in_the_application(row: Model, cast: Cast) -> None:
    cast.officer.email = ""
    cast.officer.save()

    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert told(Channel.INAPP) == [(0, cast.officer.pk)]
    assert told(Channel.MAIL) == []


@pytest.mark.parametrize("kind", [DUTY, FOR_REPORTERS])
def test_the_step_that_points_outward_tells_the_reporter_and_mails_only_on_request(row: Model, cast: Cast, kind: str) -> None:
    asks_for_mail = a_user(mail_reports=True)
    for person in (cast.reporter, asks_for_mail):
        start_clock(person.person, kind, [Step(NOW, (), user_id=person.pk, outward=kind == DUTY)], now=NOW)

    assert told(Channel.INAPP) == [(0, cast.reporter.pk), (0, asks_for_mail.pk)]
    assert told(Channel.MAIL) == [(0, asks_for_mail.pk)]


def test_a_named_owner_of_a_duty_is_mailed(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, [Step(NOW, (), user_id=cast.reporter.pk)], now=NOW)

    assert told(Channel.MAIL) == [(0, cast.reporter.pk)]


def test_a_fired_step_opens_the_row_to_its_posts_and_a_waiting_one_does_not(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    reach = PostReach.objects.get()

    assert (reach.post, reach.row_type, reach.row_pk, reach.since) == (roles.CPO, "people.person", row.pk, NOW)


def test_a_fired_step_leaves_one_audit_event_of_codes(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    event = Event.objects.get(kind="deadline.fired")

    assert (event.row_type, event.row_pk, event.actor_id) == ("people.person", row.pk, None)
    assert event.data == {"deadline": DUTY, "episode": 1, "step": 0, "told": 1, "source": "start"}


def test_a_duty_done_meets_the_waiting_steps_and_takes_back_unsent_mails(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert satisfy(row, DUTY, now=NOW + HOUR) == 1

    assert sweep("test", now=NOW + 9 * HOUR).fired == 0
    assert list(Deadline.objects.order_by("step").values_list("state", "satisfied_at")) == [("fired", NOW + HOUR), ("met", NOW + HOUR)]
    assert Notice.objects.get(channel=Channel.MAIL).state == NoticeState.VOID
    assert unread_count(cast.officer) == 1


def test_a_mail_already_sent_stays_sent_when_the_duty_is_done(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)
    Notice.objects.filter(channel=Channel.MAIL).update(state=NoticeState.SENT)

    satisfy(row, DUTY, now=NOW)

    assert Notice.objects.get(channel=Channel.MAIL).state == NoticeState.SENT


def test_meeting_one_duty_leaves_the_others_of_the_row_alone(row: Model, cast: Cast) -> None:
    later = [Step(NOW + HOUR, (roles.CPO,))]
    start_clock(row, DUTY, later, now=NOW)
    start_clock(row, FOR_REPORTERS, later, now=NOW)

    satisfy(row, DUTY, now=NOW)

    assert sweep("test", now=NOW + HOUR).fired == 1


def test_a_voided_ladder_never_fires_and_does_not_count_as_met(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    assert void(row, DUTY, now=NOW) == 1

    assert sweep("test", now=NOW + 9 * HOUR).fired == 0
    assert list(Deadline.objects.order_by("step").values_list("state", "satisfied_at", "voided_at")) == [
        ("fired", None, NOW),
        ("void", None, NOW),
    ]


def test_a_new_episode_has_its_own_ladder_and_the_old_rows_stay(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)
    void(row, DUTY, now=NOW)

    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW, episode=2)
    sweep("test", now=NOW + 6 * HOUR)

    assert list(Deadline.objects.order_by("episode", "step").values_list("episode", "state")) == [
        (1, "fired"),
        (1, "void"),
        (2, "fired"),
        (2, "fired"),
    ]


def test_the_same_ladder_twice_is_refused(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    with pytest.raises(IntegrityError, match="deadline_one_per_step"), transaction.atomic():
        start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)


def test_the_database_keeps_a_waiting_step_and_its_fire_at_together(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, OFFICER_THEN_LEAD, now=NOW)

    with pytest.raises(IntegrityError, match="deadline_pending_has_fire_at"), transaction.atomic():
        Deadline.objects.filter(step=1).update(fire_at=None)


def test_the_same_news_is_told_to_a_person_once(row: Model, cast: Cast) -> None:
    people = {"users": [cast.reporter], "posts": [roles.CPO], "now": NOW}

    assert notify(row, DUTY, **people) == 4
    assert notify(row, DUTY, **people) == 0
    assert notify(row, DUTY, **people, step=1) == 4


def test_every_sweep_leaves_its_heartbeat(row: Model, cast: Cast) -> None:
    sweep("escalator", now=NOW)
    sweep("celery", now=NOW + HOUR)
    sweep("escalator", now=NOW + 2 * HOUR)

    assert dict(Heartbeat.objects.values_list("source", "last_ok_at")) == {"escalator": NOW + 2 * HOUR, "celery": NOW + HOUR}
