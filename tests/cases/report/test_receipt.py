"""After sending: the receipt, three states, additions, why it was late, and one's own list."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.response import acknowledge_report
from cases.models import Report
from cases.queries_drafts import state_for_reporter
from cases.workflow import ReportStatus
from deadlines.sweeping import sweep
from tests.cases.report.conftest import Browser
from tests.factories.cases import a_report
from tests.factories.people import Organisation, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast: Organisation) -> Report:
    return a_report(by=cast.volunteer, now=timezone.now())


@pytest.fixture
def volunteer(cast: Organisation, browser_of: Browser) -> Client:
    return browser_of(cast.volunteer)


def text_of(client: Client, report: Report) -> str:
    return client.get(reverse("cases:receipt", args=[report.reference])).content.decode()


def test_the_receipt_says_what_it_must(volunteer: Client, report: Report) -> None:
    page = text_of(volunteer, report)

    for words in (
        "You did the right thing",
        report.reference,
        "at the latest",
        "Do not investigate and do not confront anyone",
        "Do not promise the child to keep it secret",
        "exact words",
        "If this weighs on you",
    ):
        assert words in page, words


def test_later_it_says_when_it_was_read(volunteer: Client, report: Report, cast: Organisation) -> None:
    acknowledge_report(report, by=cast.officer, now=timezone.now())

    page = text_of(volunteer, report)

    assert "Read:" in page
    assert "Being looked at" in page
    assert cast.officer.get_full_name() not in page


def test_a_receipt_is_the_reporters_alone(report: Report, cast: Organisation, browser_of: Browser) -> None:
    for name in ("receipt", "receipt_add", "told"):
        assert browser_of(cast.staff).get(reverse(f"cases:{name}", args=[report.reference])).status_code == 404
    assert browser_of(cast.staff).post(reverse("cases:receipt_why_late", args=[report.reference])).status_code == 404
    assert browser_of(cast.staff).get(reverse("cases:receipt", args=["R-0000-0000"])).status_code == 404


def test_an_unconfirmed_danger_tells_the_reporter_to_call(volunteer: Client, cast: Organisation) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), danger="yes")
    words = "Nobody at ASET has confirmed yet. Call 129 or 112 yourself now; you do not need our permission."
    assert words not in text_of(volunteer, report)

    sweep("test", now=timezone.now() + timedelta(minutes=46))

    assert words in text_of(volunteer, report)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (ReportStatus.RECEIVED, "received"),
        (ReportStatus.ACKNOWLEDGED, "looked_at"),
        (ReportStatus.TRIAGED, "looked_at"),
        (ReportStatus.LOW_LEVEL, "finished"),
        (ReportStatus.NOT_A_CONCERN, "finished"),
    ],
)
def test_the_reporter_sees_exactly_three_states(status: str, state: str) -> None:
    assert state_for_reporter(Report(status=status)) == state


def test_a_late_reporter_is_asked_why_after_the_receipt_and_once(volunteer: Client, cast: Organisation) -> None:
    now = timezone.now()
    report = a_report(by=cast.volunteer, now=now, aware_from=now - timedelta(hours=30))
    assert "What made it later than 24 hours?" in text_of(volunteer, report)

    wrong = volunteer.post(reverse("cases:receipt_why_late", args=[report.reference]), {"reason": "nonsense"})
    answer = volunteer.post(reverse("cases:receipt_why_late", args=[report.reference]), {"reason": "afraid", "reason_text": "E\x00 re"})
    again = volunteer.post(reverse("cases:receipt_why_late", args=[report.reference]), {"reason": "other"})

    report.refresh_from_db()
    assert wrong.status_code == 200
    assert answer.status_code == again.status_code == 302
    assert (report.late_reason, report.late_reason_text) == ("afraid", "E re")
    assert "What made it later" not in text_of(volunteer, report)


def test_scenario_4_a_report_of_hour_30_is_taken_and_late_by_six_hours(cast: Organisation) -> None:
    now = timezone.now()

    report = a_report(by=cast.volunteer, now=now, aware_from=now - timedelta(hours=30))

    assert report.timeliness == "late"
    assert report.triaged_at is None


def test_an_on_time_reporter_is_not_asked(volunteer: Client, report: Report) -> None:
    assert "What made it later" not in text_of(volunteer, report)
    volunteer.post(reverse("cases:receipt_why_late", args=[report.reference]), {"reason": "afraid"})

    report.refresh_from_db()
    assert report.late_reason == ""


def test_adding_twice_with_one_token_adds_once_and_the_account_stays(volunteer: Client, report: Report) -> None:
    account, token = report.account, str(uuid.uuid4())
    for _ in range(2):
        volunteer.post(reverse("cases:receipt_add", args=[report.reference]), {"token": token, "text": "Edhe kjo\x00."})

    report.refresh_from_db()
    assert [addition.text for addition in report.additions.all()] == ["Edhe kjo."]
    assert report.account == account


@pytest.mark.parametrize("data", [{}, {"text": "  "}, {"token": "x", "text": ""}])
def test_an_empty_addition_is_asked_again(volunteer: Client, report: Report, data: dict[str, Any]) -> None:
    assert volunteer.post(reverse("cases:receipt_add", args=[report.reference]), data).status_code == 200


def test_my_reports_shows_only_my_own(volunteer: Client, report: Report) -> None:
    other = a_report(now=timezone.now())

    page = volunteer.get(reverse("cases:my_reports")).content.decode()

    assert report.reference in page
    assert other.reference not in page
    assert report.account not in page


def test_my_reports_costs_the_same_with_many(volunteer: Client, cast: Organisation, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        a_report(by=cast.volunteer, now=timezone.now())
    volunteer.get(reverse("cases:my_reports"))

    with django_assert_max_num_queries(14):
        volunteer.get(reverse("cases:my_reports"))


def test_a_receipt_costs_few_queries(volunteer: Client, report: Report, django_assert_max_num_queries: Any) -> None:
    text_of(volunteer, report)

    with django_assert_max_num_queries(14):
        text_of(volunteer, report)


def test_a_minor_is_told_no_time(browser_of: Browser, cast: Organisation) -> None:
    young = a_user(name="Era Gashi", born_on=(timezone.now() - timedelta(days=15 * 365)).date())
    report = a_report(by=young, now=timezone.now())

    page = text_of(browser_of(young), report)

    assert "as soon as possible" in page
    assert "at the latest" not in page


def test_the_card_is_there_for_everyone(volunteer: Client) -> None:
    page = volunteer.get(reverse("cases:when_a_child_tells")).content.decode()

    assert "Do not ask leading questions" in page
