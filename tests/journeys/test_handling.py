"""A report is handled in a real browser: the Director on a small phone without scripts, the Board when nobody acts."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from cases.actions.intake import NamedChild
from cases.actions.response import acknowledge_report
from cases.models import Case, Report
from deadlines.models import Notice
from deadlines.sweeping import sweep
from tests.factories.cases import a_report
from tests.factories.people import PASSWORD, Organisation
from tests.journeys.conftest import a_phone, fits

pytestmark = pytest.mark.browser


def signed_in(chromium: Browser, live_url: str, login_name: str, *, scripts: bool) -> Page:
    """Someone at their first page, on a small phone."""
    phone = a_phone(chromium, live_url, language="en", scripts=scripts)
    page = phone.new_page()
    page.goto(f"{live_url}/dashboard/")
    page.fill("[name=login]", login_name)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/dashboard/")
    return page


def assess(page: Page, cast: Organisation) -> None:
    """A first assessment that opens a case."""
    for name, value in (
        ("safety", "action_taken"),
        ("categories", "sexual"),
        ("concerned", "family"),
        ("risk_level", "high"),
        ("possible_crime", "yes"),
        ("way_out", "new_case"),
    ):
        page.check(f"[name={name}][value={value}]")
    page.select_option("[name=tie_0]", "other")
    page.select_option("[name=authority]", "police")
    page.fill("[name=best_interests]", "She is with her mother and the neighbour cannot reach her.")
    page.fill("[name=wishes]", "She wants to go on with the training.")
    page.fill("[name=next_what]", "Call the child protection unit.")
    page.select_option("[name=next_owner]", cast.officer.reference)
    day = timezone.now() + timedelta(days=1)
    for box, number in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.fill(f"[name=next_on_{box}]", str(number))


def test_the_director_confirms_assesses_and_opens_a_case_on_a_phone_without_scripts(
    chromium: Browser, live_url: str, cast: Organisation
) -> None:
    # given a report that has just come in
    report = a_report(by=cast.volunteer, now=timezone.now(), children=[NamedChild(name="Era Lika")])
    page = signed_in(chromium, live_url, "officer@test.example", scripts=False)

    # when the Director opens the notice in the inbox and confirms
    page.goto(f"{live_url}/inbox/")
    page.locator("main li form button").first.click()
    page.wait_for_url(f"**/reports/{report.reference}/")
    expect(page.locator("main")).not_to_contain_text("Era Lika")
    page.get_by_role("button", name="Confirm that you have it").click()
    expect(page.locator("main")).to_contain_text("You have confirmed this report.")

    # and assesses it, forgetting one answer at first
    page.get_by_role("button", name="First assessment").click()
    assess(page, cast)
    page.fill("[name=best_interests]", "Too short.")
    page.get_by_role("button", name="Save the first assessment").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Write at least 20 characters")
    expect(page.locator("[name=wishes]")).to_have_value("She wants to go on with the training.")
    fits(page)
    page.fill("[name=best_interests]", "She is with her mother and the neighbour cannot reach her.")
    page.get_by_role("button", name="Save the first assessment").click()
    page.wait_for_url(f"**/reports/{report.reference}/")

    # then there is a case whose page begins with the child's safety and the next action, and a referral
    case = Case.objects.get()
    page.goto(live_url + case.get_absolute_url())
    headings = page.locator("main h2").all_inner_texts()
    assert headings[:2] == ["Is the child safe?", "Next actions"]
    expect(page.locator("main")).to_contain_text("Call the child protection unit.")
    expect(page.locator("main")).to_contain_text("Police (129 or 112)")
    fits(page)

    # and the volunteer has been told that somebody has read it
    assert Notice.objects.filter(user=cast.volunteer, duty="taken_up", channel="inapp").count() == 1


def test_when_nobody_acts_each_is_told_exactly_once_and_the_board_sees_it(chromium: Browser, live_url: str, cast: Organisation) -> None:
    # given a report that nobody confirms
    start = timezone.now()
    report = a_report(by=cast.staff, now=start)

    # when the clock moves on, and every sweep runs twice
    for hours in (2, 6, 12):
        for _ in range(2):
            sweep("test", now=start + timedelta(hours=hours, minutes=1))

    # then Director, deputy and Board lead were each told exactly once of each of their steps
    told = Notice.objects.filter(row_type="cases.report", row_pk=report.pk, kind="cases.acknowledge", channel="inapp")
    assert sorted(told.values_list("user__login_name", "duty")) == [
        ("board_lead@test.example", "not_acknowledged"),
        ("deputy@test.example", "not_acknowledged"),
        ("officer@test.example", "new_report"),
        ("officer@test.example", "reminder"),
    ]

    # and the Board's page names them
    page = signed_in(chromium, live_url, "board_lead@test.example", scripts=True)
    page.goto(f"{live_url}/board/")
    page.get_by_text("Who was told").first.click()
    expect(page.locator("main")).to_contain_text("Besa Leka, in the application")
    fits(page)


def test_the_pages_of_handling_hold_no_barrier(chromium: Browser, live_url: str, cast: Organisation) -> None:
    # given a danger, a report to be assessed and a case
    danger = a_report(by=cast.staff, now=timezone.now(), danger="yes")
    waiting = acknowledge_report(a_report(by=cast.staff, now=timezone.now()), by=cast.officer, now=timezone.now())
    page = signed_in(chromium, live_url, "officer@test.example", scripts=True)

    # when each page is looked at by the accessibility scanner
    addresses = ["/dashboard/", "/reports/", danger.get_absolute_url(), f"/reports/{danger.reference}/acknowledge/"]
    addresses += [f"/reports/{waiting.reference}/triage/", f"/reports/{waiting.reference}/history/", "/cases/", "/on-call-card/"]
    found = {}
    for address in addresses:
        page.goto(live_url + address)
        fits(page)
        found[address] = [violation["id"] for violation in Axe().run(page).response["violations"]]

    # then it finds nothing
    assert {address: ids for address, ids in found.items() if ids} == {}
    assert Report.objects.count() == 2
