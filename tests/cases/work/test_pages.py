"""The list and the page of a report: codes instead of names, filters, search, bad input."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Event
from cases.actions.intake import NamedChild, NamedPerson
from cases.models import Report, ResponseStep
from tests.cases.work.conftest import Browser
from tests.factories.cases import a_report
from tests.factories.people import Organisation


def listed(page: str, *reports: Report) -> list[bool]:
    return [report.reference in page for report in reports]


def test_a_page_shows_codes_until_somebody_says_why_they_need_the_names(cast: Organisation, browser_of: Browser) -> None:
    children, alleged = [NamedChild(name="Era Lika")], [NamedPerson(name="Gent Hysa", is_child="yes")]
    report = a_report(by=cast.volunteer, now=timezone.now(), children=children, alleged=alleged)
    browser = browser_of(cast.officer)

    page = browser.get(report.get_absolute_url()).content.decode()
    silent = browser.post(f"/reports/{report.reference}/names/", {"which": "people", "why": ""}).content.decode()
    names = browser.post(f"/reports/{report.reference}/names/", {"which": "people", "why": "To call the school."}).content.decode()

    assert "Child 1" in page
    assert "child alleged to have harmed" in page
    assert "Write why you need the names." in silent
    for hidden in ("Era Lika", "Gent Hysa", "Jonida Rama"):
        assert hidden not in page
        assert hidden not in silent
    assert "Era Lika" in names
    assert "Gent Hysa" in names
    assert "Jonida Rama" not in names
    assert Event.objects.get(kind="report.names_shown").text.reason == "To call the school."


def test_the_reporters_name_has_a_lock_of_its_own(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), children=[NamedChild(name="Era Lika")])

    page = (
        browser_of(cast.officer).post(f"/reports/{report.reference}/names/", {"which": "reporter", "why": "To ask back."}).content.decode()
    )

    assert "Jonida Rama" in page
    assert "Era Lika" not in page
    assert Event.objects.get(kind="report.names_shown").data["which"] == "reporter"


def test_each_page_of_a_report_writes_one_access_event(cast: Organisation, browser_of: Browser, report: Report) -> None:
    browser = browser_of(cast.officer)

    browser.get(report.get_absolute_url())

    seen = Event.objects.filter(kind="page.viewed", actor=cast.officer)
    assert [(event.row_type, event.row_pk) for event in seen] == [("cases.report", report.pk)]


def test_search_finds_a_name_in_any_spelling_and_only_among_what_one_sees(cast: Organisation, browser_of: Browser) -> None:
    found = a_report(by=cast.staff, now=timezone.now(), children=[NamedChild(name="Gëzim Çela")])
    other = a_report(by=cast.staff, now=timezone.now(), children=[NamedChild(name="Era Lika")])
    hidden = a_report(by=cast.volunteer, now=timezone.now(), children=[NamedChild(name="Gezim Cela")], about=[cast.officer])

    page = browser_of(cast.officer).get("/reports/?q=gezim+cela").content.decode()

    assert listed(page, found, other, hidden) == [True, False, False]


def test_search_takes_a_number_as_it_was_read_out(cast: Organisation, browser_of: Browser) -> None:
    found, other = a_report(by=cast.staff, now=timezone.now()), a_report(by=cast.staff, now=timezone.now())

    page = browser_of(cast.officer).get("/reports/", {"q": found.reference.lower().replace("-", " ")}).content.decode()

    assert listed(page, found, other) == [True, False]


def test_filters_narrow_and_nonsense_in_one_loses_neither_page_nor_the_others(cast: Organisation, browser_of: Browser) -> None:
    danger = a_report(by=cast.staff, now=timezone.now(), danger="yes")
    calm = a_report(by=cast.staff, now=timezone.now(), situations=["4"])
    old = a_report(by=cast.staff, now=timezone.now() - timedelta(days=40))
    browser = browser_of(cast.officer)

    def ask(**filters: Any) -> list[bool]:
        return listed(browser.get("/reports/", filters).content.decode(), danger, calm, old)

    assert ask() == [True, True, True]
    assert ask(danger="yes") == [True, False, False]
    assert ask(situation="4") == [False, True, False]
    assert ask(since=(timezone.now() - timedelta(days=2)).date().isoformat()) == [True, True, False]
    assert ask(until=(timezone.now() - timedelta(days=2)).date().isoformat()) == [False, False, True]
    assert ask(danger="yes", since="31.31.2026", status="nonsense", municipality="Atlantis") == [True, False, False]


def test_lateness_by_name_is_for_director_and_board_lead_only(cast: Organisation, browser_of: Browser) -> None:
    late = a_report(by=cast.staff, now=timezone.now(), danger="yes", aware_from=timezone.now() - timedelta(hours=30))

    assert "Within 24 hours" in browser_of(cast.officer).get(late.get_absolute_url()).content.decode()
    assert "Within 24 hours" in browser_of(cast.board_lead).get("/reports/").content.decode()
    assert "Within 24 hours" not in browser_of(cast.board_member).get(late.get_absolute_url()).content.decode()
    assert "Within 24 hours" not in browser_of(cast.board_member).get("/reports/").content.decode()


@pytest.mark.parametrize("text", ["\x00", "👧🏽 <script>alert(1)</script>", "a" * 100_000])
def test_hostile_and_huge_texts_are_refused_or_kept_as_they_are(
    cast: Organisation, browser_of: Browser, acknowledged: Report, text: str
) -> None:
    answers = {"what": text, "owner": cast.officer.reference, "due_on_day": "1", "due_on_month": "1", "due_on_year": "2030"}

    answer = browser_of(cast.officer).post(f"/reports/{acknowledged.reference}/steps/add/", answers, follow=True)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert [step.what for step in ResponseStep.objects.all()] == ([text] if len(text) in range(2, 100) else [])


def test_a_step_is_given_only_to_somebody_who_may_know_and_then_opens_for_them(
    cast: Organisation, browser_of: Browser, acknowledged: Report
) -> None:
    address = f"/reports/{acknowledged.reference}/steps/add/"
    answers = {"what": "Go there.", "owner": cast.deputy.reference, "due_on_day": "1", "due_on_month": "1", "due_on_year": "2030"}
    assert browser_of(cast.deputy).get(acknowledged.get_absolute_url()).status_code == 404

    browser_of(cast.officer).post(address, answers)

    step = ResponseStep.objects.get()
    assert browser_of(cast.deputy).get(acknowledged.get_absolute_url()).status_code == 200
    browser_of(cast.deputy).post(f"/steps/{step.reference}/done/")
    step.refresh_from_db()
    assert step.done_by == cast.deputy


def test_the_history_tells_who_was_told_and_what_was_done(cast: Organisation, browser_of: Browser, acknowledged: Report) -> None:
    page = browser_of(cast.officer).get(f"/reports/{acknowledged.reference}/history/").content.decode()

    assert "A new report: please confirm that you have it" in page
    assert "Agim Hoxha, in the application" in page
    assert "Confirmed" in page
