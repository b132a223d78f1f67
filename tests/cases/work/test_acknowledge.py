"""Confirming a report, and making a child in danger safe (R-40)."""

from django.utils import timezone

from cases.actions.response import acknowledge_report
from cases.models import Report, SafetyTask
from deadlines.models import Deadline, Notice
from tests.cases.work.conftest import Browser
from tests.factories.cases import a_report
from tests.factories.people import Organisation


def open_kinds(report: Report) -> set[str]:
    rows = Deadline.objects.filter(row_type="cases.report", row_pk=report.pk, satisfied_at=None, voided_at=None)
    return set(rows.values_list("kind", flat=True))


def test_one_click_confirms_and_stops_the_clock_that_calls_for_someone(cast: Organisation, browser_of: Browser, report: Report) -> None:
    assert "cases.acknowledge" in open_kinds(report)

    browser_of(cast.officer).post(f"/reports/{report.reference}/acknowledge/")

    report.refresh_from_db()
    assert (report.status, report.acknowledged_by) == ("acknowledged", cast.officer)
    assert open_kinds(report) == {"cases.triage"}


def test_the_reporter_hears_that_the_report_was_read(cast: Organisation, browser_of: Browser, report: Report) -> None:
    browser_of(cast.officer).post(f"/reports/{report.reference}/acknowledge/")

    assert Notice.objects.filter(user=cast.volunteer, kind="cases.update", duty="taken_up", channel="inapp").count() == 1


def test_the_second_click_is_told_calmly_and_changes_nothing(cast: Organisation, browser_of: Browser, acknowledged: Report) -> None:
    answer = browser_of(cast.officer).post(f"/reports/{acknowledged.reference}/acknowledge/", follow=True)

    assert "Someone has already confirmed this report." in answer.content.decode()
    assert Report.objects.get(pk=acknowledged.pk).acknowledged_at == acknowledged.acknowledged_at


def test_a_danger_asks_what_the_person_is_doing_now(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), danger="yes")
    browser = browser_of(cast.officer)

    silent = browser.post(f"/reports/{report.reference}/acknowledge/")

    assert "Say what you are doing now." in silent.content.decode()
    assert Report.objects.get(pk=report.pk).status == "received"

    browser.post(f"/reports/{report.reference}/acknowledge/", {"doing": "calling_police"})

    report.refresh_from_db()
    assert (report.status, report.acknowledged_doing) == ("acknowledged", "calling_police")
    assert open_kinds(report) == {"cases.triage", "cases.safety"}


def test_only_a_named_action_closes_the_safety_task(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), danger="unsure")
    acknowledge_report(report, by=cast.officer, now=timezone.now(), doing="going_there")
    browser = browser_of(cast.officer)

    browser.post(f"/reports/{report.reference}/safety/", {"note": "All well."})
    assert SafetyTask.objects.get(report=report).closed_at is None

    browser.post(f"/reports/{report.reference}/safety/", {"action": "safe_adult", "note": "With the grandmother."})

    task = SafetyTask.objects.get(report=report)
    assert (task.action, task.closed_by, task.note) == ("safe_adult", cast.officer, "With the grandmother.")
    assert "cases.safety" not in open_kinds(report)


def test_the_safety_task_cannot_be_closed_before_somebody_has_confirmed(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), danger="yes")

    browser_of(cast.officer).post(f"/reports/{report.reference}/safety/", {"action": "safe_adult"})

    assert SafetyTask.objects.get(report=report).closed_at is None


def test_a_board_member_who_sees_a_report_may_not_confirm_it_and_is_told_why(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), danger="yes")

    answer = browser_of(cast.board_member).post(f"/reports/{report.reference}/acknowledge/", {"doing": "going_there"})

    assert answer.status_code == 403
    assert "the Board lead and the alternate do this" in answer.content.decode()
