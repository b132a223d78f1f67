"""What the scripts promise, in a real browser: nothing written is lost, nothing stays readable."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.conf import settings
from django.template import engines
from django.utils.translation import override
from playwright.sync_api import Page, Route, sync_playwright

from common.widgets import DateInput3, HourInput

pytestmark = pytest.mark.browser

SITE = "http://pages.test"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'"
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
FORM_PAGE = """{% extends "base_focus.html" %}{% load ui %}
{% block title %}{% error_prefix form %}Report{% endblock %}
{% block question %}{% error_summary form %}<h1 class="govuk-heading-l">Report</h1>
<form method="post" novalidate {% form_watch retry=True autosave_url="/draft" draft_url="/keep" %}>
{% csrf_token %}{% include "components/form.html" %}
<div data-add-another>{% for number in "123" %}<fieldset class="govuk-fieldset aset-group" data-group>
<legend class="govuk-fieldset__legend">Child {{ number }}</legend>
<label class="govuk-label" for="child-{{ number }}">Name</label><input class="govuk-input" id="child-{{ number }}"></fieldset>{% endfor %}
<button class="govuk-button" data-add-another-button hidden>Add another</button></div>
{% include "components/button.html" with text="Send" name="send" %}</form>
<form method="post" action="/note">
<label class="govuk-label" for="note">Note</label><textarea class="govuk-textarea" id="note" name="note"></textarea></form>{% endblock %}"""


class ReportForm(forms.Form):
    account = forms.CharField(label="What happened?", max_length=200, widget=forms.Textarea)
    aware_on = forms.DateField(label="When", widget=DateInput3())
    aware_at = forms.TimeField(label="Hour", widget=HourInput(), required=False)


class SignedIn:
    is_authenticated = True

    def get_username(self) -> str:
        return "director"

    def __str__(self) -> str:
        return "Arta Lleshi"


class Site:
    """Serves rendered templates and the static folder to the browser, and remembers what was posted."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.down = False

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path.startswith("/static/"):
            file = Path(settings.BASE_DIR) / path.removeprefix("/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif self.down:
            route.abort("internetdisconnected")
        elif route.request.method == "POST":
            self.posted.append(path)
            self.after_post(route, path)
        else:
            self.page(route, ReportForm())

    def after_post(self, route: Route, path: str) -> None:
        body = route.request.post_data or ""
        if path == "/unlock":
            right = "let me in" in body
            if "the session is over" in body:
                route.fulfill(status=401, json={"signin": "/sign-in"})
                return
            route.fulfill(status=200 if right else 400, json={"csrf": "fresh"} if right else {})
        elif path in {"/draft", "/keep", "/ping", "/lay-aside"}:
            route.fulfill(status=204)
        else:
            self.page(route, ReportForm({"account": "what I wrote"}))

    def page(self, route: Route, form: forms.Form) -> None:
        with override("en"):
            html = (
                engines["django"]
                .from_string(FORM_PAGE)
                .render(
                    {
                        "form": form,
                        "user": SignedIn(),
                        "csrf_token": "token",
                        "session_idle_seconds": 900,
                        "session_ping_url": "/ping",
                        "session_unlock_url": "/unlock",
                        "session_keep_url": "/lay-aside",
                        "QUICK_EXIT_URL": "https://weather.test/",
                        "banners": [{"kind": "demo", "text": "A demonstration"}],
                        "back_url": "/",
                        "menu": [("Home", "/", True, 0), ("Inbox", "/inbox", False, 3)],
                    }
                )
            )
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(browser: Any, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if "Content Security Policy" in message.text else None)
    page.route(f"{SITE}/**", site.answer)
    page.clock.install()
    page.goto(SITE + "/report")
    yield page
    context.close()
    assert trouble == []


def test_a_page_with_errors_has_no_accessibility_faults_and_fits_a_small_screen(page: Page):
    page.click("text=Send")
    page.wait_for_selector(".govuk-error-summary")

    faults = Axe().run(page).response["violations"]

    assert [fault["id"] for fault in faults] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_refused_form_keeps_its_words_and_its_helpers(page: Page):
    page.fill("#id_account", "what I wrote")

    page.click("text=Send")
    page.wait_for_selector(".govuk-error-summary")

    assert page.title().startswith("Error: ")
    assert page.input_value("#id_account") == "what I wrote"
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert page.locator(".govuk-character-count__status").count() == 1
    assert page.is_visible("[data-hide-screen]")


def test_a_lost_link_keeps_every_word_names_the_phones_and_sends_by_itself(page: Page, site: Site):
    page.fill("#id_account", "what I wrote")
    site.down = True

    page.click("text=Send")
    page.wait_for_selector(".aset-connection a[href='tel:112']")
    told, kept = page.inner_text(".aset-connection"), page.input_value("#id_account")
    site.down = False
    page.clock.run_for(11_000)
    page.wait_for_selector(".govuk-error-summary")

    assert "Your words are still here" in told
    assert kept == "what I wrote"
    assert site.posted.count("/report") == 1


def test_a_draft_is_kept_a_few_seconds_after_the_last_change(page: Page, site: Site):
    page.fill("#id_account", "what I wrote")

    page.clock.run_for(5_000)
    page.wait_for_function("document.querySelector('.aset-status-line').textContent.startsWith('Saved at')")

    assert site.posted == ["/draft"]


def test_typing_counts_as_being_there(page: Page, site: Site):
    for _minute in range(20):
        page.clock.run_for(60_000)
        page.press("#id_account", "x")

    assert "/ping" in site.posted
    assert page.evaluate("document.querySelector('.aset-page').hidden") is False


def test_two_minutes_before_the_end_one_may_stay(page: Page, site: Site):
    page.clock.run_for(13 * 60_000 + 1_000)
    warned = page.is_visible("[data-session-warning]")
    page.click("[data-session-stay]")

    assert warned
    assert page.is_hidden("[data-session-warning]")
    assert "/keep" in site.posted


def test_after_the_end_the_page_is_hidden_and_the_password_brings_every_word_back(page: Page):
    page.fill("#id_account", "what I wrote")
    page.clock.run_for(16 * 60_000)
    page.wait_for_selector("[data-session-lock]")
    hidden = page.is_hidden("#id_account")

    page.fill("#unlock-password", "wrong")
    page.click("text=Show the page")
    page.wait_for_selector("[data-unlock-error]:not([hidden])")
    still_hidden = page.is_hidden("#id_account")
    page.fill("#unlock-password", "let me in")
    page.click("text=Show the page")
    page.wait_for_selector("#id_account")

    assert hidden
    assert still_hidden
    assert page.input_value("#id_account") == "what I wrote"
    assert page.input_value("form[data-retry] [name=csrfmiddlewaretoken]") == "fresh"


def test_a_form_without_a_draft_is_laid_aside_when_the_page_hides(page: Page, site: Site):
    page.fill("#note", "what I wrote")
    page.clock.run_for(16 * 60_000)
    page.wait_for_selector("[data-session-lock]")

    assert "/lay-aside" in site.posted
    assert "/note" not in site.posted


def test_when_only_a_sign_in_helps_the_words_go_ahead_of_the_person(page: Page, site: Site):
    page.fill("#note", "what I wrote")
    page.clock.run_for(16 * 60_000)
    page.wait_for_selector("[data-session-lock]")

    page.fill("#unlock-password", "the session is over")
    page.click("text=Show the page")
    page.wait_for_url(SITE + "/sign-in")

    assert "/note" in site.posted


def test_escape_twice_hides_the_screen_and_shows_it_again(page: Page):
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    blurred, title = page.evaluate("document.body.classList.contains('aset-blurred')"), page.title()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    assert blurred
    assert title == "ASET"
    assert page.evaluate("document.body.classList.contains('aset-blurred')") is False


def test_quick_exit_leaves_no_entry_to_come_back_to(page: Page):
    page.route("https://weather.test/**", lambda route: route.fulfill(body="sunny", content_type="text/plain"))
    before = page.evaluate("history.length")

    page.click(".govuk-exit-this-page__button")
    page.wait_for_url("https://weather.test/")

    assert page.evaluate("history.length") == before


def test_another_child_is_added_one_at_a_time(page: Page):
    shown = page.locator("[data-group]:visible").count()
    page.click("[data-add-another-button]")

    assert shown == 1
    assert page.locator("[data-group]:visible").count() == 2
    assert page.evaluate("document.activeElement.id") == "child-2"
