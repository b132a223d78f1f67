"""Makes the README's pictures from a running demonstration: `python -m tests.journeys.screenshots http://localhost:8000`."""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import FLAGS

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
PASSWORD = "Shtepia-e-Bardhe-2026"
MOST = 120 * 1024


def signed_in(browser: Browser, site: str, who: str, *, language: str, width: int, height: int) -> Page:
    """Someone of the demonstration at their home page, with sharp letters on the small screen."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale=language, device_scale_factor=2 if width < 500 else 1)
    context.add_cookies([{"name": "language", "value": language, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/account/login/")
    page.fill("[name=login]", f"{who}@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def keep(page: Page, name: str) -> None:
    """What is on the screen, with no more colours than it needs."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture = picture.quantize(colors=64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = FOLDER / f"{name}.png"
    picture.save(file, optimize=True)
    if file.stat().st_size > MOST:
        raise SystemExit(f"{file.name} is larger than {MOST} bytes")


def past_the_banners(page: Page) -> None:
    """The demonstration's own notices are not what the picture is about."""
    page.evaluate("document.querySelectorAll('aside').forEach(each => each.remove())")


def of_the_volunteer(browser: Browser, site: str) -> None:
    """The first question; then the receipt of the newest report."""
    page = signed_in(browser, site, "volunteer", language="sq", width=360, height=740)
    page.goto(f"{site}/report/")
    past_the_banners(page)
    keep(page, "report-danger-360-sq")
    page.goto(f"{site}/my-reports/")
    page.locator("main a[href*='/receipts/']").first.click()
    past_the_banners(page)
    keep(page, "receipt-360-sq")


def of_the_director(browser: Browser, site: str) -> None:
    """What needs her first; then one report with its clocks and who was told."""
    page = signed_in(browser, site, "director", language="en", width=1280, height=1000)
    page.goto(f"{site}/dashboard/")
    past_the_banners(page)
    keep(page, "dashboard-1280-en")
    page.locator("main .aset-card a[href*='/reports/R-'], main a[href*='/reports/R-']").first.click()
    page.wait_for_url("**/reports/R-*/")
    past_the_banners(page)
    keep(page, "report-1280-en")


def main(site: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        of_the_volunteer(browser, site)
        of_the_director(browser, site)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
