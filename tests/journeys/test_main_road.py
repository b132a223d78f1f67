"""The whole road in one go: phone without scripts, real mail server, real escalator; Director; case; PDF."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from bin.launcher.mail_sink import Mail, MailSink
from cases.models import Case, Report
from jobs.actions import run
from jobs.models import Job
from tests.conftest import ROOT, CommittedDatabase
from tests.factories.people import PASSWORD, Organisation
from tests.journeys.conftest import a_phone
from tests.journeys.test_filing import sign_in, write_what_is_needed
from tests.journeys.test_handling import assess, signed_in

pytestmark = pytest.mark.browser


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[MailSink]:
    with MailSink(tmp_path / "mails", http_port=None) as sink:
        yield sink


@pytest.fixture
def escalator(committed_db: CommittedDatabase, sink: MailSink) -> Iterator[None]:
    """The loop that fires and sends, as a process of its own, with the period it has in real life."""
    environ = committed_db.environ | {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.smtp_port), "ASET_TICK_SECONDS": "15"}
    process = subprocess.Popen([sys.executable, "manage.py", "escalator"], cwd=ROOT, env=environ)
    yield
    process.terminate()
    process.wait(20)


def mail_to(sink: MailSink, address: str, *, within: float) -> Mail:
    """The first mail to that address; fails when none has come in time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        for mail in sink.mails():
            if address in mail.recipients:
                return mail
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address} within {within} s")


def test_a_concern_travels_from_a_phone_to_the_director_a_case_and_a_pdf(
    chromium: Browser, live_url: str, cast: Organisation, sink: MailSink, escalator: None, tmp_path: Path
) -> None:
    # given a volunteer with a small phone on which no script runs
    phone = a_phone(chromium, live_url, language="sq", scripts=False).new_page()
    sign_in(phone, live_url, "volunteer@test.example")

    # when they write what is needed and send
    write_what_is_needed(phone)
    phone.click("[name=send_now]")
    phone.wait_for_url("**/receipts/**")
    report = Report.objects.get()

    # then the Director has a mail within 30 seconds that says nothing of it
    mail = mail_to(sink, "officer@test.example", within=30)
    assert report.reference not in mail.text + mail.subject
    assert "/reports/" not in mail.text
    assert "Jonida" not in mail.text
    assert "/inbox/" in mail.text

    # and finds it in the inbox, confirms, assesses, and has a case
    desk = signed_in(chromium, live_url, "officer@test.example", scripts=False)
    desk.goto(f"{live_url}/inbox/")
    desk.locator("main li form button").first.click()
    desk.wait_for_url(f"**/reports/{report.reference}/")
    desk.get_by_role("button", name="Confirm that you have it").click()
    desk.get_by_role("button", name="First assessment").click()
    assess(desk, cast)
    desk.get_by_role("button", name="Save the first assessment").click()
    desk.wait_for_url(f"**/reports/{report.reference}/")
    case = Case.objects.get()

    # and exports it with a purpose after giving the password again
    desk.goto(f"{live_url}/exports/case/{case.reference}/")
    desk.fill("[name=password]", PASSWORD)
    desk.locator("main form button[type=submit]").first.click()
    desk.wait_for_url(f"**/exports/case/{case.reference}/")
    desk.fill("[name=purpose]", "For the meeting of the Board case group.")
    desk.locator("main form:has([name=purpose]) button[type=submit]").first.click()
    desk.wait_for_url("**/jobs/**")
    run(Job.objects.get().pk, clock=timezone.now)
    desk.reload()
    with desk.expect_download() as download:
        desk.locator("main a[href*=download], main form[action*=download] button").first.click()
    text = pdf_text(download.value.path())

    # and the document names the case and never the reporter
    assert case.reference in text
    assert "Jonida" not in text
    assert "Rama" not in text

    # and the volunteer reads on the receipt that someone has read it
    phone.goto(f"{live_url}/receipts/{report.reference}/")
    expect(phone.locator("main")).to_contain_text(f"{timezone.localtime(Report.objects.get().acknowledged_at):%H:%M}")


def pdf_text(path: Any) -> str:
    """All words of the document."""
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)
