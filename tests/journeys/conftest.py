"""One Chromium for a module of journeys, and telephones in it that are signed in already."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.factories.people import Organisation, the_organisation

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with the module, so that no second loop of Playwright meets it in this thread."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def chromium(browser: Browser) -> Browser:
    """The browser by its name."""
    return browser


@pytest.fixture
def cast(live_url: str, settings: Any) -> Organisation:
    """Everyone, without the second step of signing in, which has journeys of its own."""
    settings.MFA_REQUIRED = False
    return the_organisation()


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def a_phone(browser: Browser, url: str, *, language: str, scripts: bool = True, width: int = 360) -> BrowserContext:
    """A small screen in one language; `scripts` off as on the oldest telephones."""
    phone = browser.new_context(viewport=PHONE | {"width": width}, locale=language, java_script_enabled=scripts)
    phone.set_default_timeout(15_000)
    phone.add_cookies([{"name": "language", "value": language, "url": url}])
    return phone
