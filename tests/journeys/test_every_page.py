"""Every page as every role that sees it: WCAG 2.2 AA, 360 px, 200 % text, keyboard, both languages (R-91, R-96)."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.access_table import TABLE
from tests.access_world import ROLES, World, the_world
from tests.journeys.conftest import PHONE, a_phone
from tests.world_pages import PAGES, Visit, client_of, session_cookie, visits

pytestmark = pytest.mark.browser

WCAG = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
}
LARGE = "document.documentElement.style.fontSize = '200%'"
IMPORTANT = {
    "account_login",
    "cases:report_start",
    "cases:report_step readers",
    "cases:report_step what-happened",
    "cases:report_step aware",
    "cases:report_check",
    "cases:receipt",
    "cases:my_reports",
    "cases:dashboard",
    "cases:report",
    "cases:acknowledge",
    "cases:triage",
    "cases:board",
    "deadlines:inbox",
    "home",
}


@pytest.fixture
def world(live_url: str, settings: Any) -> World:
    settings.MFA_REQUIRED = False
    return the_world()


def secrets_of(world: World) -> list[str]:
    """What no title may show: references, and the words of the reports."""
    references = {str(value) for parts in world.addresses.values() for key, value in parts.items() if key in {"reference", "token", "code"}}
    return [*references, "worry.", "Someone", "Doubt."]


class Looker:
    """One role with one telephone; collects what is wrong, page by page."""

    def __init__(self, phone: BrowserContext, url: str, language: str, secrets: list[str]) -> None:
        self.page = phone.new_page()
        self.url, self.language, self.secrets = url, language, secrets
        self.faults: list[str] = []
        self.said: list[str] = []
        self.page.on("console", self._hears)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _hears(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.said.append(message.text)

    def look_at(self, visit: Visit) -> None:
        """Everything that must hold on any page."""
        answer = self.page.goto(self.url + visit.address)
        found = [f"answers {answer.status if answer else None}"] if not answer or answer.status != 200 else []
        if not self.page.url.startswith(self.url + visit.address):
            found.append(f"leads to {self.page.url}")
        found += self._layout() + self._words() + faults_of_axe(self.page) + self.said
        if visit.label in IMPORTANT:
            found += self._large_text()
        self.said.clear()
        if found:
            self._keep_picture(visit)
        self.faults += [f"{visit.role} {self.language} {visit.label}: {each}" for each in found]

    def _layout(self) -> list[str]:
        wide = width_of(self.page)
        return [f"is {wide} px wide"] if wide > PHONE["width"] else []

    def _words(self) -> list[str]:
        title, found = self.page.title(), []
        headings = self.page.locator("h1").count()
        if headings != 1:
            found.append(f"has {headings} h1")
        if self.page.locator("html").get_attribute("lang") != self.language:
            found.append("has another lang")
        if not re.fullmatch(r"\S.* – ASET", title):
            found.append(f"is titled {title!r}")
        return found + [f"tells {secret!r} in its title" for secret in self.secrets if secret in title]

    def _large_text(self) -> list[str]:
        self.page.evaluate(LARGE)
        wide = width_of(self.page)
        return [f"is {wide} px wide with text of 200 %"] if wide > PHONE["width"] else []

    def _keep_picture(self, visit: Visit) -> None:
        folder = Path("/tmp/aset-test-pages")
        folder.mkdir(exist_ok=True)
        name = f"{visit.role}-{self.language}-{re.sub(r'[^a-z_-]+', '-', visit.label)}"
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def faults_of_axe(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']} {node['html'][:120]}" for each in found for node in each["nodes"][:2]]


GROUPS = {
    "the door": ("nobody",),
    "who files": ("staff",),
    "the officer": ("officer",),
    "the Board and the deputy": ("deputy", "board_lead", "alternate", "board_member"),
    "the office": (
        "outside",
        "investigator",
        "project_lead",
        "trainer",
        "communications",
        "people_officer",
        "data_protection",
        "technical_admin",
    ),
}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("language", ["sq", "en"])
def test_every_page_can_be_used_by_everyone(group: str, language: str, browser: Browser, live_url: str, world: World) -> None:
    """Nothing for axe to find, nothing wider than a small telephone, one heading, its language, a title that betrays nothing."""
    faults: list[str] = []

    for role in GROUPS[group]:
        with a_phone(browser, live_url, language=language) as phone:
            phone.add_cookies(session_cookie(client_of(world, role), live_url))  # type: ignore[arg-type]
            looker = Looker(phone, live_url, language, secrets_of(world))
            for visit in visits(world):
                if visit.role == role:
                    looker.look_at(visit)
            faults += looker.faults

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["sq", "en"])
def test_what_is_refused_is_said_on_a_page_that_everyone_can_read(language: str, browser: Browser, live_url: str, world: World) -> None:
    """Not found, not allowed, and a form sent empty."""
    with a_phone(browser, live_url, language=language) as phone:
        phone.add_cookies(session_cookie(client_of(world, "staff"), live_url))  # type: ignore[arg-type]
        page, found = phone.new_page(), {}

        for name, address, status in (("404", "/reports/R-0000-0000/", 404), ("403", "/people/accounts/", 403)):
            answer = page.goto(live_url + address)
            assert answer is not None
            assert answer.status == status
            found[name] = (page.locator("h1").count(), width_of(page) <= PHONE["width"], faults_of_axe(page))
        page.goto(f"{live_url}/report/")
        page.locator("main form button[type=submit]").first.click()
        page.locator(".govuk-error-summary").wait_for()
        found["empty"] = (page.locator("h1").count(), width_of(page) <= PHONE["width"], faults_of_axe(page))

    assert found == dict.fromkeys(("404", "403", "empty"), (1, True, []))


def test_no_page_is_forgotten() -> None:
    """Whatever the access table opens to somebody is looked at here."""
    opened = {name for name, row in TABLE.items() if 200 in row["GET"]} - {"healthz"}

    assert opened - {"cases:report_step"} <= set(PAGES)
    assert {role for group in GROUPS.values() for role in group} == set(ROLES)


FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  const around = element.closest('.govuk-radios__item, .govuk-checkboxes__item');
  const label = around && around.querySelector('label');
  const marks = [style, label && getComputedStyle(label, '::before')].filter(Boolean);
  return {
    key: element.tagName + '#' + (element.id || element.getAttribute('href') || element.name || element.textContent.trim()),
    body: element === document.body, y: box.top + scrollY, inMain: !!element.closest('main'),
    seen: marks.some(m => m.boxShadow !== 'none' || (m.outlineStyle !== 'none' && parseFloat(m.outlineWidth) > 0)),
  };
}"""
CONTROLS = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0)
  .filter(e => e.type !== 'radio' || e.checked || !document.querySelector(`[name="${e.name}"]:checked`)
          && e === document.querySelector(`[name="${e.name}"]`))
  .map(element => element.tagName + '#' + (element.id || element.getAttribute('href') || element.name || element.textContent.trim()))"""


def walked_by_keyboard(page: Page) -> list[dict[str, Any]]:
    """Each control that Tab stops at, until it comes round again."""
    stops: list[dict[str, Any]] = []
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["body"] or (stops and stop["key"] == stops[0]["key"] and len(stops) > 3):
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize(("role", "name"), [("staff", "cases:report_start"), ("officer", "cases:dashboard"), ("officer", "cases:report")])
def test_the_keyboard_reaches_every_control_in_the_order_of_the_page(
    role: str, name: str, browser: Browser, live_url: str, world: World
) -> None:
    (visit,) = [each for each in visits(world) if (each.role, each.label) == (role, name)]
    with a_phone(browser, live_url, language="sq") as phone:
        phone.add_cookies(session_cookie(client_of(world, role), live_url))  # type: ignore[arg-type]
        page = phone.new_page()
        page.goto(live_url + visit.address)
        controls = page.evaluate(CONTROLS)

        stops = walked_by_keyboard(page)

    reached = {stop["key"] for stop in stops}
    assert [control for control in controls if control not in reached] == []
    assert [stop["key"] for stop in stops if not stop["seen"]] == []
    heights = [stop["y"] for stop in stops if stop["inMain"]]
    assert [(a, b) for a, b in pairwise(heights) if b < a - 40] == []
