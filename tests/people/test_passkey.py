"""A passkey in a real browser: added, and then it opens the account by itself, under the strict content policy."""

import threading
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from people import roles
from tests.factories.people import PASSWORD, a_user

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def in_its_own_thread(work: Any) -> None:
    """Playwright keeps an event loop in its thread, in which Django refuses its ORM."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(120)
    if failures:
        raise failures[0]


def with_authenticator(walk: Any) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(locale="en-GB").new_page()
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        session.send(
            "WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}}
        )
        try:
            walk(page)
        finally:
            browser.close()


@pytest.fixture
def trainer(committed_db: Any) -> Iterator[Any]:
    return a_user(roles.TRAINER, login_name="trainer@test.example")


def test_a_passkey_is_added_and_opens_the_account_by_itself(trainer: Any, live_url: str) -> None:
    complaints: list[str] = []

    def walk(page: Page) -> None:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{live_url}/account/login/")
        page.locator("#id_login").fill("trainer@test.example")
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form").first.locator("button[type=submit]").click()
        page.wait_for_url("**/account/2fa/")

        page.goto(f"{live_url}/account/2fa/webauthn/add/")
        if "reauthenticate" in page.url:
            page.locator("#id_password").fill(PASSWORD)
            page.locator("main form").first.locator("button[type=submit]").click()
        page.locator("#id_passwordless").check()
        page.locator("#mfa_webauthn_add").click()
        page.wait_for_url("**/recovery-codes/")
        page.goto(f"{live_url}/me/")
        assert page.locator("h1").count() == 1

        page.goto(f"{live_url}/account/logout/")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/account/login/")
        page.locator("#passkey_login").click()
        page.wait_for_url(lambda url: "/account/login" not in url)
        page.goto(f"{live_url}/me/")
        assert "trainer@test.example" in page.content()

    in_its_own_thread(lambda: with_authenticator(walk))
    assert [line for line in complaints if "Content Security Policy" in line] == []
