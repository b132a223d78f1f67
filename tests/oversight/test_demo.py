"""The demonstration organisation: every point of the clock, safe to load twice, refused in production."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from cases.models import Report, SafetyTask
from cases.permissions import reports_visible_to
from cases.workflow import ReportStatus
from deadlines.models import Barred, Deadline, Escalation, Notice
from oversight.demo.cast import CAST
from people.models import User


@pytest.fixture
def loaded(db: None, settings: Any) -> str:
    settings.DEMO_PASSWORD = "a calm river in spring"
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def user(code: str) -> User:
    return User.objects.get(login_name=f"{code}@demo.example")


def of(story: str) -> Report:
    from oversight.demo.stories import STORIES
    from oversight.demo.telling import token_of

    return Report.objects.get(client_token=token_of(next(each for each in STORIES if each.code == story)))


def fired(report: Report) -> set[str]:
    return set(Deadline.objects.filter(row_type="cases.report", row_pk=report.pk, state="fired").values_list("duty", flat=True))


def test_it_holds_a_report_at_every_point_of_the_clock(loaded: str) -> None:
    assert of("just-in").status == ReportStatus.RECEIVED
    assert of("acknowledged").status == ReportStatus.ACKNOWLEDGED
    assert of("late-at-birth").timeliness == "late"
    assert Deadline.objects.filter(row_pk=of("escalated-to-deputy").pk, audience=["DEPUTY"], state="fired").exists()
    assert not Deadline.objects.filter(
        row_pk=of("escalated-to-deputy").pk, audience=["BOARD_LEAD"], duty="not_acknowledged", state="fired"
    ).exists()
    assert Deadline.objects.filter(
        row_pk=of("escalated-to-board").pk, audience=["BOARD_LEAD"], duty="not_acknowledged", state="fired"
    ).exists()
    assert SafetyTask.objects.filter(report=of("danger-now"), closed_at=None).exists()
    assert Barred.objects.filter(row_pk=of("conflict-hold").pk, row_type="cases.report", reason_code="held", lifted_at=None).count() == 2
    assert of("case-opened").case == of("same-case").case is not None
    assert of("waits-for-second-person").status == ReportStatus.TRIAGED
    assert of("low-level").status == ReportStatus.LOW_LEVEL
    assert of("not-a-concern").status == ReportStatus.NOT_A_CONCERN


def test_the_director_finds_no_trace_of_the_report_about_her(loaded: str) -> None:
    hidden = of("about-the-director")

    assert not reports_visible_to(user("director")).filter(pk=hidden.pk).exists()
    assert not Notice.objects.filter(user__in=[user("director"), user("deputy")], row_type="cases.report", row_pk=hidden.pk).exists()
    assert reports_visible_to(user("lead")).filter(pk=hidden.pk).exists()


def test_steps_fired_at_their_own_time(loaded: str) -> None:
    assert {step.fired_at - step.due_at for step in Escalation.objects.all() if step.fired_at >= step.due_at} == {timedelta(0)}
    assert "not_acknowledged" in fired(of("escalated-to-deputy"))


def test_loading_again_changes_nothing(loaded: str) -> None:
    before = (User.objects.count(), Report.objects.count(), Deadline.objects.count(), Notice.objects.count())

    call_command("load_demo", stdout=StringIO())

    assert (User.objects.count(), Report.objects.count(), Deadline.objects.count(), Notice.objects.count()) == before


def test_nobody_is_told_twice(loaded: str) -> None:
    keys = ("row_type", "row_pk", "kind", "episode", "step", "user", "channel")

    assert not Notice.objects.values(*keys).annotate(times=Count("pk")).filter(times__gt=1).exists()


def test_it_prints_every_account_and_the_password(loaded: str) -> None:
    assert all(f"{code}@demo.example" in loaded for code in CAST)
    assert "a calm river in spring" in loaded


def test_print_accounts_loads_nothing(db: None) -> None:
    out = StringIO()

    call_command("load_demo", "--print-accounts", stdout=out)

    assert "director@demo.example" in out.getvalue()
    assert not User.objects.exists()


def test_it_refuses_where_it_is_neither_a_demonstration_nor_a_test(db: None, settings: Any) -> None:
    settings.DEMO, settings.MODE = False, "production"

    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_everyone_can_sign_in_with_the_one_password(loaded: str) -> None:
    assert all(each.check_password("a calm river in spring") for each in [user("director"), user("volunteer")])
    assert User.objects.count() == len(CAST)
