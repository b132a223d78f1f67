"""Chromium for the tests of people: Playwright keeps an event loop in its thread, in which Django refuses its ORM."""

import threading
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

from tests.factories.people import PASSWORD

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def walk(steps: Callable[[Page], None], *, width: int = 1280) -> list[str]:
    """Run the steps in a fresh browser, in a thread of its own; returns what the browser complained about."""
    failures: list[BaseException] = []
    complaints: list[str] = []

    def run() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_context(locale="en-GB", viewport={"width": width, "height": 800}).new_page()
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            try:
                steps(page)
            except BaseException as error:
                failures.append(error)
            finally:
                browser.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(180)
    if failures:
        raise failures[0]
    return [line for line in complaints if "Content Security Policy" in line]


def sign_in(page: Page, address: str, login_name: str) -> None:
    """The sign-in page, as a person fills it in."""
    page.goto(f"{address}/account/login/")
    page.locator("#id_login").fill(login_name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form").first.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/account/login" not in url)
