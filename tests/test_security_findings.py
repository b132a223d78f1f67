"""Doors that stood open once: what an attacker with half a right tried, and the refusal that stays."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.actions import request_credential_change
from people.models import ChangeKind
from tests.factories.cases import a_report
from tests.factories.people import the_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return the_organisation()


def signed_in(user: Any, **extra: Any) -> Client:
    client = Client(headers={"accept-language": "en"}, **extra)
    client.force_login(user, backend="people.backends.SignIn")
    return client


@pytest.mark.parametrize("name", ["reports", "report", "history", "names", "board"])
def test_no_page_of_reports_opens_without_the_compulsory_second_step(cast: Any, settings: Any, name: str) -> None:
    settings.MFA_REQUIRED = True
    report = a_report(by=cast.volunteer, now=timezone.now())
    client = signed_in(cast.officer)
    address = reverse(f"cases:{name}", args=[] if name in {"reports", "board"} else [report.reference])

    assert client.get(address)["Location"] == reverse("mfa_index")


@pytest.mark.parametrize("name", ["credential_changes", "persons", "accounts", "profile"])
def test_no_page_of_accounts_opens_without_the_compulsory_second_step(cast: Any, settings: Any, name: str) -> None:
    settings.MFA_REQUIRED = True

    assert signed_in(cast.technical_admin).get(reverse(f"people:{name}"))["Location"] == reverse("mfa_index")


def test_what_proves_who_someone_is_cannot_be_approved_without_the_second_step(cast: Any, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    change = request_credential_change(cast.officer, kind=ChangeKind.SECOND_FACTOR, by=cast.technical_admin, now=timezone.now())
    assert change is not None

    signed_in(cast.board_lead).post(reverse("people:credential_decide", args=[change.reference, "approve"]))

    change.refresh_from_db()
    assert change.approved_at is None


def test_a_sent_report_leads_to_its_receipt_even_before_the_second_step_is_set_up(cast: Any, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    report = a_report(by=cast.trainer, now=timezone.now())

    assert signed_in(cast.trainer).get(reverse("cases:receipt", args=[report.reference])).status_code == 200
