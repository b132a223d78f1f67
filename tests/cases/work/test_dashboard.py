"""What needs me now, in order of harm; the handover for the night; the Board's page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions.access import confirm_cover, end_lapsed_grants, grant_access, hand_over_tonight
from cases.actions.intake import NamedChild
from cases.actions.response import acknowledge_report, add_step
from cases.actions.triage import open_case, open_referral
from cases.models import Case, CaseUserObjectPermission, Cover, Report
from cases.permissions import cases_visible_to, reports_visible_to
from cases.queries import dashboard_sections
from deadlines.models import Notice
from deadlines.sweeping import sweep
from tests.cases.work.conftest import Browser
from tests.factories.cases import a_report
from tests.factories.people import Organisation


def sections(user: Any) -> dict[str, list[Any]]:
    return {section.code: section.rows for section in dashboard_sections(user, timezone.now())}


def a_case(cast: Organisation, **parts: Any) -> Case:
    now = timezone.now()
    report = a_report(by=cast.staff, now=now, **parts)
    acknowledge_report(report, by=cast.officer, now=now, doing="going_there")
    Report.objects.filter(pk=report.pk).update(triaged_at=now, triaged_by=cast.officer)
    report.refresh_from_db()
    return open_case(report, risk_level="medium", safety="safe", by=cast.officer, now=now)


def hours_ago(hours: float) -> Any:
    return timezone.now() - timedelta(hours=hours)


def test_each_report_stands_once_under_the_heading_of_its_greatest_harm(cast: Organisation) -> None:
    danger = a_report(by=cast.staff, now=hours_ago(8), danger="yes")
    escalated = a_report(by=cast.staff, now=hours_ago(7))
    fresh = a_report(by=cast.staff, now=hours_ago(1))
    running_out = a_report(by=cast.staff, now=hours_ago(20))
    acknowledge_report(running_out, by=cast.officer, now=hours_ago(19))
    sweep("test", now=timezone.now())

    found = sections(cast.officer)

    assert found["danger"] == [danger]
    assert found["escalated"] == [escalated]
    assert found["running_out"] == [running_out]
    assert found["new"] == [fresh]


def test_a_danger_stays_on_top_until_the_safety_task_is_closed_even_when_a_case_is_open(cast: Organisation) -> None:
    case = a_case(cast, danger="yes")

    assert sections(cast.officer)["danger"] == list(case.reports.all())


def test_the_order_on_the_page_is_the_order_of_harm(cast: Organisation, browser_of: Browser) -> None:
    a_report(by=cast.staff, now=hours_ago(1))
    a_report(by=cast.staff, now=hours_ago(2), danger="unsure")
    case = a_case(cast)
    add_step(case.reports.get(), what="Ring the school.", owner=cast.officer, due_at=hours_ago(-5), by=cast.officer, now=timezone.now())

    page = browser_of(cast.officer).get("/dashboard/").content.decode()

    places = [page.index(f'id="section-{code}"') for code in ("danger", "new", "actions")]
    assert places == sorted(places)
    assert "Ring the school." in page


def test_a_page_shows_ten_rows_and_counts_no_further_than_a_thousand(cast: Organisation, browser_of: Browser, monkeypatch: Any) -> None:
    monkeypatch.setattr("cases.queries.CAP", 11)
    for _ in range(13):
        a_report(by=cast.staff, now=hours_ago(1))

    section = next(each for each in dashboard_sections(cast.officer, timezone.now()) if each.code == "new")

    assert len(section.rows) == 10
    assert str(section.count) == "11+"


def queries_of(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    # Savepoints exist only because a test runs inside one transaction.
    return len([query for query in caught.captured_queries if "SAVEPOINT" not in query["sql"]])


def much_of_everything(cast: Organisation) -> None:
    for number in range(3):
        a_report(by=cast.staff, now=hours_ago(8), danger="yes")
        a_report(by=cast.staff, now=hours_ago(7), children=[NamedChild(name=f"Era {number}")])
        case = a_case(cast)
        report = case.reports.get()
        add_step(report, what="Visit.", owner=cast.officer, due_at=hours_ago(-5), by=cast.officer, now=timezone.now())
        open_referral(report, authority="police", due_at=timezone.now(), by=cast.officer)
    sweep("test", now=timezone.now())


@pytest.mark.parametrize("address", ["/dashboard/", "/reports/", "/cases/", "/board/"])
def test_a_page_asks_no_more_of_the_database_when_there_is_more(cast: Organisation, browser_of: Browser, address: str) -> None:
    much_of_everything(cast)
    browser = browser_of(cast.board_lead if address == "/board/" else cast.officer)
    few = queries_of(browser, address)

    much_of_everything(cast)

    assert queries_of(browser, address) == few
    assert few <= 12


def test_a_report_and_a_case_are_twelve_queries_at_most(cast: Organisation, browser_of: Browser) -> None:
    much_of_everything(cast)
    browser = browser_of(cast.officer)
    waiting = Report.objects.filter(status="received").first()
    case = Case.objects.first()
    assert waiting is not None
    assert case is not None

    counts = {address: queries_of(browser, address) for address in (waiting.get_absolute_url(), case.get_absolute_url())}
    counts["linked"] = queries_of(browser, case.reports.get().get_absolute_url())

    assert max(counts.values()) <= 12, counts


def test_staff_without_a_post_are_told_that_this_page_is_not_theirs(cast: Organisation, browser_of: Browser) -> None:
    assert browser_of(cast.staff).get("/dashboard/").status_code == 403


# --- Handover for tonight ---------------------------------------------------------------------------------------------------


def test_nothing_moves_before_the_deputy_confirms(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.staff, now=timezone.now())

    browser_of(cast.officer).post("/handover/")

    assert not reports_visible_to(cast.deputy).filter(pk=report.pk).exists()
    assert Notice.objects.filter(user=cast.deputy, duty="take_over", channel="inapp").count() == 1

    browser_of(cast.deputy).post("/handover/confirm/")

    assert reports_visible_to(cast.deputy).filter(pk=report.pk).exists()
    assert Notice.objects.filter(user=cast.officer, duty="taken_over", channel="inapp").count() == 1


def test_two_taps_ask_once(cast: Organisation, browser_of: Browser) -> None:
    browser = browser_of(cast.officer)

    browser.post("/handover/")
    browser.post("/handover/")

    assert Cover.objects.count() == 1


def test_a_cover_never_opens_a_report_to_a_deputy_it_is_about(cast: Organisation) -> None:
    now = timezone.now()
    hidden = a_report(by=cast.staff, now=now, about=[cast.deputy], readers="some")
    cover = hand_over_tonight(until_at=now + timedelta(hours=10), by=cast.officer, now=now)

    confirm_cover(cover, by=cast.deputy, now=now)

    assert not reports_visible_to(cast.deputy).filter(pk=hidden.pk).exists()


def test_a_report_of_the_night_is_the_deputys_at_once(cast: Organisation) -> None:
    now = timezone.now()
    confirm_cover(hand_over_tonight(until_at=now + timedelta(hours=10), by=cast.officer, now=now), by=cast.deputy, now=now)
    report = a_report(by=cast.staff, now=now + timedelta(hours=1))

    assert reports_visible_to(cast.deputy).filter(pk=report.pk).exists()
    assert Notice.objects.filter(user=cast.deputy, row_type="cases.report", row_pk=report.pk, channel="inapp").count() == 1


def test_only_the_child_protection_officer_hands_over(cast: Organisation, browser_of: Browser) -> None:
    assert browser_of(cast.board_lead).post("/handover/").status_code == 403
    assert browser_of(cast.staff).post("/handover/confirm/").status_code == 404


def test_the_card_names_whom_to_call_and_nothing_of_any_report(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.staff, now=timezone.now())

    page = browser_of(cast.deputy).get("/on-call-card/").content.decode()

    assert "129" in page
    assert "+355690000" in page
    assert report.reference not in page


# --- Grants -----------------------------------------------------------------------------------------------------------------


def test_a_grant_lets_one_person_in_to_one_case_until_it_ends(cast: Organisation, browser_of: Browser) -> None:
    case, other = a_case(cast), a_case(cast)
    posted = {
        "holder": cast.investigator.reference,
        "why": "Fact-finding.",
        "until_on_day": "1",
        "until_on_month": "1",
        "until_on_year": "2030",
    }

    browser_of(cast.officer).post(f"/cases/{case.reference}/grants/", posted)

    assert set(cases_visible_to(cast.investigator)) == {case}
    assert other not in cases_visible_to(cast.investigator)
    assert set(reports_visible_to(cast.investigator)) == set(case.reports.all())
    assert browser_of(cast.investigator).get(case.get_absolute_url()).status_code == 200

    browser_of(cast.officer).post(f"/cases/{case.reference}/grants/", {"end": cast.investigator.reference})

    assert not cases_visible_to(cast.investigator).exists()
    assert not CaseUserObjectPermission.objects.exists()


def test_a_lapsed_grant_opens_nothing_and_its_guardian_row_goes_at_the_next_tick(cast: Organisation) -> None:
    case = a_case(cast)
    start = hours_ago(5)
    grant_access(case, cast.investigator, why="Fact-finding.", until_at=hours_ago(1), by=cast.officer, now=start)

    assert not cases_visible_to(cast.investigator).exists()
    assert end_lapsed_grants(timezone.now()) == 1
    assert end_lapsed_grants(timezone.now()) == 0
    assert not CaseUserObjectPermission.objects.exists()


def test_an_investigator_with_a_grant_may_not_let_others_in_and_is_told_why(cast: Organisation, browser_of: Browser) -> None:
    case = a_case(cast)
    grant_access(case, cast.investigator, why="x", until_at=hours_ago(-5), by=cast.officer, now=timezone.now())

    answer = browser_of(cast.investigator).get(f"/cases/{case.reference}/grants/")

    assert answer.status_code == 403
    assert "Only the child protection officer and the Board lead" in answer.content.decode()


# --- The Board's page -------------------------------------------------------------------------------------------------------


def test_the_board_sees_who_was_told_when_by_which_way_and_whether_they_read_it(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.staff, now=hours_ago(13))
    sweep("test", now=timezone.now())
    Notice.objects.filter(user=cast.deputy, channel="inapp").update(seen_at=timezone.now())

    page = browser_of(cast.board_lead).get("/board/").content.decode()

    assert report.reference in page
    ladder = page.split(f">{report.reference}<")[1]
    assert "Besa Leka, in the application, read" in ladder
    assert "Agim Hoxha, by e-mail" in ladder
    assert "Nobody has confirmed it" in page


def test_a_report_nobody_passed_on_is_not_on_the_boards_page(cast: Organisation, browser_of: Browser) -> None:
    report = a_report(by=cast.staff, now=timezone.now(), danger="yes")

    assert report.reference not in browser_of(cast.board_lead).get("/board/").content.decode()
    assert browser_of(cast.officer).get("/board/").status_code == 403
