"""The pages from which documents are taken out: a purpose, a fresh sign-in, and nothing for whom it is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Report
from jobs import actions as jobs
from jobs.models import Job
from people.models import User
from tests.factories.cases import a_report
from tests.factories.people import Organisation

Browser = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("quiet_jobs")

PERIOD = {
    "since_day": "1",
    "since_month": "7",
    "since_year": "2026",
    "until_day": "30",
    "until_month": "9",
    "until_year": "2026",
    "purpose": "Quarterly meeting of the Board",
    "language": "sq",
}
PURPOSE = {"purpose": "Quarterly meeting of the Board", "language": "en"}


def _url(report: Report) -> str:
    return reverse("oversight:export_report", args=[report.reference])


@pytest.mark.parametrize("page", ["export_reporting_audit", "export_report", "export_case"])
def test_without_a_fresh_sign_in_the_password_is_asked_for_first(cast: Organisation, browser: Browser, page: str) -> None:
    address = reverse(f"oversight:{page}", args=[] if page == "export_reporting_audit" else ["R-0000-0000"])

    answer = browser(cast.officer).get(address)

    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


@pytest.mark.usefixtures("fresh")
def test_asking_for_the_audit_starts_a_job_of_that_period(cast: Organisation, browser: Browser) -> None:
    answer = browser(cast.technical_admin).post(reverse("oversight:export_reporting_audit"), PERIOD)

    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert job.params == {"since": "2026-07-01", "until": "2026-09-30"}
    assert (job.language, job.purpose) == ("sq", "Quarterly meeting of the Board")


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": ""},
        {"purpose": "x"},
        {"until_year": "2999"},
        {"since_year": "2027"},
        {"since_month": "13"},
        {"since_day": "31", "since_month": "2"},
        {"since_year": "1"},
        {"since_year": "2001"},
        {"language": "xx"},
        {"purpose": "a\x00 meeting"},
    ],
)
def test_a_period_or_purpose_that_makes_no_sense_is_said_and_nothing_is_made(
    cast: Organisation, browser: Browser, wrong: dict[str, str]
) -> None:
    answer = browser(cast.officer).post(reverse("oversight:export_reporting_audit"), PERIOD | wrong)

    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("part", ["volunteer", "deputy", "investigator", "people_officer", "data_protection"])
def test_the_audit_is_for_officer_board_and_admin_only(cast: Organisation, browser: Browser, part: str) -> None:
    assert browser(getattr(cast, part)).post(reverse("oversight:export_reporting_audit"), PERIOD).status_code == 403


@pytest.mark.usefixtures("fresh")
def test_only_the_board_reads_how_many_reports_are_not_in_the_figures(cast: Organisation, browser: Browser) -> None:
    a_report(by=cast.staff, now=timezone.now(), readers="some", about=[cast.officer])
    address = reverse("oversight:export_reporting_audit")

    assert "Not in the figures: 1 report" in browser(cast.board_lead).get(address).content.decode()
    assert "Not in the figures" not in browser(cast.officer).get(address).content.decode()
    assert "Not in the figures" not in browser(cast.technical_admin).get(address).content.decode()


@pytest.mark.usefixtures("fresh")
def test_a_report_is_taken_out_by_whoever_may(cast: Organisation, browser: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now())

    answer = browser(cast.officer).post(_url(report), PURPOSE)

    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert job.params == {"report": report.reference}


@pytest.mark.usefixtures("fresh")
def test_a_case_is_taken_out_by_whoever_may(cast: Organisation, browser: Browser) -> None:
    now = timezone.now()
    case = Case.objects.create(risk_level="low", opened_at=now, opened_by=cast.officer)
    report = a_report(by=cast.volunteer, now=now)
    Report.objects.filter(pk=report.pk).update(
        status="linked", case=case, acknowledged_at=now, acknowledged_by=cast.officer, triaged_at=now, triaged_by=cast.officer
    )
    address = reverse("oversight:export_case", args=[case.reference])

    assert browser(cast.board_lead).post(address, PURPOSE).status_code == 302
    assert browser(cast.board_member).post(address, PURPOSE).status_code == 403
    assert browser(cast.technical_admin).post(address, PURPOSE).status_code == 404


@pytest.mark.usefixtures("fresh")
def test_a_hidden_report_answers_as_one_that_never_was(cast: Organisation, browser: Browser) -> None:
    hidden = a_report(by=cast.staff, now=timezone.now(), readers="some", about=[cast.officer])
    client = browser(cast.officer)

    found, nowhere = client.get(_url(hidden)), client.get(reverse("oversight:export_report", args=["R-0000-0000"]))

    assert found.status_code == nowhere.status_code == 404
    assert found.content == nowhere.content
    assert found.headers == nowhere.headers


@pytest.mark.usefixtures("fresh")
def test_the_deputy_reads_a_report_that_came_to_them_but_does_not_take_it_out(cast: Organisation, browser: Browser) -> None:
    from deadlines.sweeping import sweep

    report = a_report(by=cast.volunteer, now=timezone.now() - timedelta(hours=7))
    sweep("escalator", now=timezone.now())

    assert browser(cast.deputy).get(_url(report)).status_code == 403


@pytest.mark.usefixtures("fresh")
def test_the_list_shows_own_documents_only_and_its_price_does_not_grow(cast: Organisation, browser: Browser) -> None:
    officer = browser(cast.officer)
    officer.post(reverse("oversight:export_reporting_audit"), PERIOD)
    officer.get(reverse("oversight:exports"))
    with CaptureQueriesContext(connection) as one:
        page = officer.get(reverse("oversight:exports")).content.decode()
    for _each in range(5):
        officer.post(reverse("oversight:export_reporting_audit"), PERIOD)

    with CaptureQueriesContext(connection) as six:
        officer.get(reverse("oversight:exports"))

    reference = Job.objects.earliest("pk").reference
    assert reference in page
    assert reference not in browser(cast.board_lead).get(reverse("oversight:exports")).content.decode()
    assert len(six) == len(one) <= 12


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("address", ["audit", "report"])
def test_the_document_is_made_by_the_job_and_fetched_by_its_owner_alone(cast: Organisation, browser: Browser, address: str) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now())
    officer = browser(cast.officer)
    if address == "audit":
        officer.post(reverse("oversight:export_reporting_audit"), PERIOD)
    else:
        officer.post(_url(report), PURPOSE)
    job = Job.objects.get()

    jobs.run(job.pk)

    fetched = officer.get(reverse("jobs:download", args=[job.reference]))
    assert b"".join(fetched.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert report.reference not in fetched["Content-Disposition"]
    assert browser(cast.board_lead).get(reverse("jobs:download", args=[job.reference])).status_code == 404
