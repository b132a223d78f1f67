"""Scenarios 1, 2, 3 and 4 of the requirements, with their own dates and hours."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.actions.access import GrantRefused, grant_access
from cases.actions.conflict import held_users
from cases.actions.intake import Account, NamedChild, NamedPerson, receive_report
from cases.actions.response import acknowledge_report
from cases.actions.triage import Judgement, NextAction, triage_report
from cases.models import Report
from cases.permissions import can_see_lateness, reports_visible_to
from cases.searching import find_by_name
from common.localtime import TIRANE
from deadlines.models import Deadline, Notice
from deadlines.sweeping import sweep
from people.models import User
from tests.factories.people import Organisation, the_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Organisation:
    return the_organisation()


def tirana(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of December 2026 as people there read it."""
    return datetime(2026, 12, day, hour, minute, tzinfo=TIRANE)


def filed(by: User, *, aware: datetime, at: datetime, **parts: Any) -> Report:
    account = Account(**{"account": "…", "aware_from": aware, "aware_to": aware, **parts})
    return receive_report(account, token=uuid.uuid4(), by=by, reporter_kind="staff", channel="staff_form", language="sq", now=at)


def told(report: Report) -> set[str]:
    notices = Notice.objects.filter(row_type="cases.report", row_pk=report.pk, channel="inapp")
    return set(notices.values_list("user__login_name", flat=True))


def logins(*people: User) -> set[str]:
    return {person.login_name for person in people}


def test_scenario_1_a_disclosure_with_a_possible_crime_up_to_triage(cast: Organisation) -> None:
    report = filed(
        cast.trainer,
        aware=tirana(1, 10),
        at=tirana(1, 11, 20),
        situations=["4"],
        exact_words="Ai më preku.",
        children=[NamedChild(name="Era")],
    )
    last = Deadline.objects.filter(row_type="cases.report", row_pk=report.pk, kind="cases.acknowledge").latest("due_at")
    assert (report.timeliness, last.due_at) == ("on_time", tirana(2, 10))
    assert told(report) == logins(cast.officer)

    acknowledge_report(report, by=cast.officer, now=tirana(1, 11, 40))
    judgement = Judgement(
        way_out="new_case",
        safety="action_taken",
        categories=["sexual"],
        risk_level="high",
        possible_crime="yes",
        best_interests="She is with her mother; the neighbour cannot reach her.",
        wishes="She wants it to stop.",
        concerned="family",
        authority="police",
        next_action=NextAction(what="Call the unit.", owner=cast.officer, due_at=tirana(1, 13)),
    )
    triage_report(Report.objects.get(pk=report.pk), judgement, by=cast.officer, now=tirana(1, 12))

    report.refresh_from_db()
    assert report.status == "linked"
    assert report.referrals.get().due_at == tirana(2, 12)
    assert report.case is not None
    assert report.case.contact_due_at == tirana(2, 12)


def test_scenario_2_a_concern_about_the_director(cast: Organisation) -> None:
    report = filed(
        cast.volunteer,
        aware=tirana(1, 10),
        at=tirana(1, 10, 30),
        readers="some",
        about=[cast.officer],
        children=[NamedChild(name="Ben", born_on="2017-05-05")],
    )

    assert told(report) == logins(cast.board_lead)
    assert not find_by_name(reports_visible_to(cast.officer), "Ben").exists()
    assert not reports_visible_to(cast.deputy).exists()
    assert find_by_name(reports_visible_to(cast.board_lead), "ben").get() == report
    sweep("test", now=tirana(2, 12))
    assert told(report) == logins(cast.board_lead, cast.alternate, cast.board_member, cast.board_member2)


def test_scenario_2_the_director_gets_no_grant_even_from_others(cast: Organisation) -> None:
    report = filed(cast.volunteer, aware=tirana(1, 10), at=tirana(1, 10, 30), readers="some", about=[cast.officer])
    acknowledge_report(report, by=cast.board_lead, now=tirana(1, 11))
    judgement = Judgement(
        way_out="new_case",
        safety="safe",
        categories=["physical"],
        risk_level="low",
        possible_crime="no",
        best_interests="Handled by the Board alone for now.",
        wishes="Not asked yet.",
    )
    triage_report(Report.objects.get(pk=report.pk), judgement, by=cast.board_lead, now=tirana(1, 12))
    case = Report.objects.get(pk=report.pk).case
    assert case is not None

    with pytest.raises(GrantRefused):
        grant_access(case, cast.officer, why="Wants to.", until_at=tirana(9, 12), by=cast.board_lead, now=tirana(1, 13))


def test_scenario_2_variant_not_sure_and_a_name_like_the_directors(cast: Organisation) -> None:
    report = filed(cast.volunteer, aware=tirana(1, 10), at=tirana(1, 10, 30), readers="unsure", alleged=[NamedPerson(name="Agim Hoxhë")])

    assert logins(*held_users(report)) == logins(cast.officer, cast.deputy)
    assert told(report) == logins(cast.board_lead)


def test_scenario_3_a_concern_about_the_board_lead(cast: Organisation) -> None:
    report = filed(cast.staff, aware=tirana(1, 10), at=tirana(1, 10, 30), readers="some", about=[cast.board_lead])

    assert told(report) == logins(cast.officer, cast.alternate)
    sweep("test", now=tirana(2, 12))
    assert cast.board_lead.login_name not in told(report)


def test_scenario_4_a_late_report_at_hour_30(cast: Organisation) -> None:
    report = filed(cast.staff, aware=tirana(2, 9), at=tirana(3, 15))

    assert report.timeliness == "late"
    assert told(report) == logins(cast.officer)
    triage = Deadline.objects.get(row_type="cases.report", row_pk=report.pk, kind="cases.triage")
    assert triage.due_at - tirana(3, 15) == timedelta(hours=24)
    assert Notice.objects.filter(user=cast.staff, duty="why_late", channel="inapp").count() == 1
    assert [can_see_lateness(person) for person in (cast.officer, cast.board_lead, cast.deputy, cast.technical_admin)] == [
        True,
        True,
        False,
        False,
    ]
