"""A volunteer files a concern in a real browser: on a small phone, in Albanian, without scripts; and when things go wrong."""

import json
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cases.models import Report
from common.localtime import TIRANE
from tests.factories.people import PASSWORD, Organisation
from tests.journeys.conftest import a_phone, fits

pytestmark = pytest.mark.browser


def sign_in(page: Page, live_url: str, login_name: str) -> None:
    page.goto(f"{live_url}/report/")
    page.fill("[name=login]", login_name)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/report/")


def go_on(page: Page) -> None:
    page.locator("main form button[type=submit]:not([name]):not([formaction])").first.click()


def write_what_is_needed(page: Page, *, hours_ago: float = 1.5) -> None:
    """From the danger question to the page after the two needed answers."""
    page.check("[name=danger][value=no]")
    go_on(page)
    page.wait_for_url("**/readers/")
    page.check("[name=readers][value=nobody]")
    go_on(page)
    page.wait_for_url("**/what-happened/")
    page.fill("[name=account]", "E pashë duke qarë pas stërvitjes.")
    page.fill("[name=exact_words]", "Mos i thuaj askujt.")
    go_on(page)
    page.wait_for_url("**/aware/")
    at = (datetime.now(TIRANE) - timedelta(hours=hours_ago)).replace(second=0)
    for box, value in (("day", at.day), ("month", at.month), ("year", at.year)):
        page.fill(f"[name=aware_on_{box}]", str(value))
    page.fill("[name=aware_time]", f"{at:%H:%M}")
    go_on(page)
    page.wait_for_url("**/situation/")


def test_a_volunteer_files_a_concern_on_a_small_phone_without_scripts(chromium: Browser, live_url: str, cast: Organisation) -> None:
    # given a volunteer with a small phone on which no script runs
    page = a_phone(chromium, live_url, scripts=False, language="sq").new_page()
    sign_in(page, live_url, "volunteer@test.example")

    # when they answer what is needed, name a child and send
    write_what_is_needed(page)
    page.goto(page.url.replace("/situation/", "/children/"))
    page.fill("[name=form-0-name]", "Era")
    page.click("[name=add]")
    page.fill("[name=form-1-name]", "Ben")
    fits(page)
    page.click("[name=send_now]")

    # then they have a receipt, and the report is stored once, with every word
    page.wait_for_url("**/receipts/**")
    fits(page)
    report = Report.objects.get()
    expect(page.locator(".govuk-panel")).to_contain_text(report.reference)
    assert report.account == "E pashë duke qarë pas stërvitjes."
    assert report.exact_words == "Mos i thuaj askujt."
    assert report.language == "sq"
    assert [child.name for child in report.children.order_by("position")] == ["Era", "Ben"]
    assert report.timeliness == "on_time"

    # and the back button leads to the same receipt
    page.go_back()
    page.wait_for_url(f"**/receipts/{report.reference}/*")
    assert Report.objects.count() == 1
    assert Report.objects.count() == 1


def test_an_alert_is_three_taps_from_signing_in(chromium: Browser, live_url: str, cast: Organisation) -> None:
    # given someone who sees a child in danger
    page = a_phone(chromium, live_url, scripts=False, language="sq").new_page()
    sign_in(page, live_url, "volunteer@test.example")

    # when they are not sure, and alert without writing a word
    page.check("[name=danger][value=unsure]")
    go_on(page)
    expect(page.locator("main a[href='tel:112']")).to_be_visible()
    page.click("[formaction]")

    # then the report exists and the receipt shows whom to call
    page.wait_for_url("**/receipts/**")
    expect(page.locator("main a[href='tel:129']")).to_be_visible()
    assert Report.objects.get().channel == "alert"


def test_a_link_that_drops_loses_nothing_and_sends_by_itself(chromium: Browser, live_url: str, cast: Organisation) -> None:
    # given a report that is ready, and a link that goes down
    phone = a_phone(chromium, live_url, scripts=True, language="sq")
    page = phone.new_page()
    sign_in(page, live_url, "volunteer@test.example")
    write_what_is_needed(page)
    page.goto(page.url.replace("/situation/", "/view/"))
    page.fill("[name=opinion]", "Mendimi im.")
    phone.set_offline(True)

    # when they press send
    page.click("[name=send_now]")

    # then the page says so, keeps the text and shows the phones, and sends once the link is back
    expect(page.locator(".aset-connection a[href='tel:112'], .aset-connection:has-text('112')").first).to_be_visible()
    assert page.input_value("[name=opinion]") == "Mendimi im."
    phone.set_offline(False)
    page.wait_for_url("**/receipts/**", timeout=30_000)
    assert Report.objects.get().opinion == "Mendimi im."


def test_a_session_that_ends_in_the_middle_of_the_form_loses_no_word(chromium: Browser, live_url: str, cast: Organisation) -> None:
    # given someone writing, whose session has been silent too long
    page = a_phone(chromium, live_url, scripts=False, language="sq").new_page()
    sign_in(page, live_url, "volunteer@test.example")
    write_what_is_needed(page)
    page.goto(page.url.replace("/situation/", "/view/"))
    page.fill("[name=opinion]", "Fjalë që nuk duhet të humbin.")
    _make_session_idle()

    # when they press the button and give the password again
    go_on(page)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").first.click()

    # then every word is still there
    expect(page.locator("body")).to_contain_text("Fjalë që nuk duhet të humbin.")


def _make_session_idle() -> None:
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["seen_at"] = 0
        session.save()


def test_every_page_of_the_form_can_be_used_by_everyone(chromium: Browser, live_url: str, cast: Organisation) -> None:
    # given a draft
    page = a_phone(chromium, live_url, scripts=True, language="sq").new_page()
    sign_in(page, live_url, "volunteer@test.example")
    found = {"start": _faults(page)}
    write_what_is_needed(page)
    base = page.url.removesuffix("situation/")

    # when each page is looked at by axe
    steps = (
        "danger danger-now readers what-happened aware situation from-partner from-child children people event told done view contact check"
    )
    for step in steps.split():
        page.goto(f"{base}{step}/")
        fits(page)
        found[step] = _faults(page)
    for address in ("/drafts/", "/my-reports/", "/report/when-a-child-tells-you/", "/drafts/unsent/"):
        page.goto(f"{live_url}{address}")
        fits(page)
        found[address] = _faults(page)
    page.goto(f"{base}check/")
    go_on(page)
    page.wait_for_url("**/receipts/**")
    found["receipt"] = _faults(page)

    # then it finds nothing
    assert {name: faults for name, faults in found.items() if faults} == {}


def _faults(page: Page) -> list[str]:
    answer = Axe().run(page)
    return [f"{each['id']}: {json.dumps(each['nodes'][0]['html'])[:160]}" for each in answer.response["violations"]]
