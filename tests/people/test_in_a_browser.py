"""Real browsers: a passkey, a page that hides and comes back whole, and pages that everyone can use."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page

from people import roles
from tests.factories.people import PASSWORD, a_user, the_organisation
from tests.people.browser import sign_in, walk

pytestmark = pytest.mark.browser
WORDS = "Teuta Marku, whom the child trusts"


def with_authenticator(page: Page) -> None:
    """A platform key that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}})


def test_a_passkey_is_added_and_opens_the_account_by_itself(committed_db: Any, live_url: str) -> None:
    a_user(roles.TRAINER, login_name="trainer@test.example")

    def steps(page: Page) -> None:
        with_authenticator(page)
        sign_in(page, live_url, "trainer@test.example")
        page.goto(f"{live_url}/account/2fa/webauthn/add/")
        if "reauthenticate" in page.url:
            page.locator("#id_password").fill(PASSWORD)
            page.locator("main form").first.locator("button[type=submit]").click()
        page.locator("#id_passwordless").check()
        page.locator("#mfa_webauthn_add").click()
        page.wait_for_url("**/recovery-codes/")

        page.goto(f"{live_url}/account/logout/")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/account/login/")
        page.locator("#passkey_login").click()
        page.wait_for_url(lambda url: "/account/login" not in url)
        page.goto(f"{live_url}/me/")
        assert "trainer@test.example" in page.content()

    assert walk(steps) == []


def test_the_page_hides_asks_only_for_the_password_and_every_word_is_there(committed_db: Any, live_url: str, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    officer = a_user(roles.PEOPLE_OFFICER, login_name="people@test.example")

    def steps(page: Page) -> None:
        sign_in(page, live_url, "people@test.example")
        shorten_idle_time(committed_db, seconds=8)
        page.goto(f"{live_url}/people/new/")
        page.locator("#id_full_name").fill(WORDS)
        page.locator("[data-session-lock]").wait_for(state="visible", timeout=20_000)
        assert not page.locator("#id_full_name").is_visible()
        page.locator("#unlock-password").fill("somebody else's password")
        page.locator("[data-unlock-form] button[type=submit]").click()
        page.locator("[data-unlock-error]").wait_for(state="visible")
        page.locator("#unlock-password").fill(PASSWORD)
        page.locator("[data-unlock-form] button[type=submit]").click()
        page.locator("#id_full_name").wait_for(state="visible")
        assert page.locator("#id_full_name").input_value() == WORDS

    assert walk(steps) == []
    assert officer.pk


def shorten_idle_time(database: Any, *, seconds: int) -> None:
    """Nobody waits a quarter of an hour in a test: the limit that this session was given is made short."""
    store = SessionStore()
    for key, sealed in database.as_owner("SELECT session_key, session_data FROM django_session"):
        data = store.encode(store.decode(sealed) | {"idle_seconds": seconds})
        database.as_owner("UPDATE django_session SET session_data = %s WHERE session_key = %s", data, key)


PAGES = [
    "/me/",
    "/me/change/login_name/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/sessions/",
    "/people/",
    "/people/accounts/",
    "/people/posts/",
    "/people/posts/propose/",
    "/people/settings/",
    "/people/settings/report.triage_hours/propose/",
    "/people/sign-in/",
]


def test_everyone_can_use_the_pages_on_a_small_phone(committed_db: Any, live_url: str, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    the_organisation()
    found: list[str] = []

    def look(page: Page, path: str) -> None:
        page.goto(f"{live_url}{path}")
        if page.locator("#id_password").count() and "reauthenticate" in page.url:
            page.locator("#id_password").fill(PASSWORD)
            page.locator("main form").first.locator("button[type=submit]").click()
        results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        found.extend(f"{path}: {problem['id']} {problem['nodes'][0]['html'][:120]}" for problem in results.response["violations"])
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{path}: wider than the screen")

    def steps(page: Page) -> None:
        look(page, "/account/login/")
        look(page, "/account/password/reset/")
        sign_in(page, live_url, "technical_admin@test.example")
        for path in PAGES:
            look(page, path)

    assert walk(steps, width=360) == []
    assert found == []
