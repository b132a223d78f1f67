"""Doors that stood open once: what an attacker with half a right tried, and the refusal that stays."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.access import GrantRefused, grant_access
from cases.models import Case
from cases.permissions import cases_visible_to, reports_visible_to
from people import roles
from people.actions import request_credential_change
from people.models import ChangeKind, CredentialChange, SealedPage
from tests.factories.cases import a_report
from tests.factories.people import PASSWORD, a_user, give, the_organisation

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


def a_case(cast: Any) -> Any:
    return Case.objects.create(risk_level="low", opened_at=timezone.now(), opened_by=cast.officer)


def a_grant(case: Any, holder: Any, cast: Any) -> Any:
    until_at = timezone.now() + timedelta(days=3)
    return grant_access(case, holder, why="Interview.", until_at=until_at, by=cast.officer, now=timezone.now())


def test_nobody_lets_the_technical_administrator_in_to_a_case(cast: Any) -> None:
    with pytest.raises(GrantRefused):
        a_grant(a_case(cast), cast.technical_admin, cast)


def test_whoever_becomes_technical_administrator_loses_sight_of_every_case(cast: Any) -> None:
    case, consultant = a_case(cast), a_user()
    a_grant(case, consultant, cast)
    assert cases_visible_to(consultant).filter(pk=case.pk).exists()

    give(consultant, roles.TECHNICAL_ADMIN)
    consultant = type(consultant).objects.get(pk=consultant.pk)

    assert not cases_visible_to(consultant).exists()
    assert not reports_visible_to(consultant).exists()


def test_the_log_of_a_report_does_not_name_who_reported(cast: Any, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    report = a_report(by=cast.volunteer, now=timezone.now())

    page = signed_in(cast.officer).get(reverse("cases:history", args=[report.reference])).content.decode()

    assert cast.volunteer.get_full_name() not in page
    assert "The person who reported" in page


@pytest.mark.parametrize("role", [roles.INVESTIGATOR, roles.DATA_PROTECTION])
@pytest.mark.parametrize("kind", [ChangeKind.PASSWORD, ChangeKind.SECOND_FACTOR])
def test_the_technical_administrator_alone_cannot_take_over_an_account_that_reads_cases(cast: Any, role: str, kind: str) -> None:
    reader = a_user(role)
    before = reader.password

    change = request_credential_change(reader, kind=kind, by=cast.technical_admin, new_value="a new river in autumn", now=timezone.now())

    reader.refresh_from_db()
    assert change is not None
    assert reader.password == before


@pytest.mark.parametrize(
    "address",
    [
        "/receipts/x%00/",
        "/people/x%00/",
        "/people/accounts/x%00/",
        "/jobs/x%00/",
        "/exports/report/x%00/",
        "/session/kept/x%00/forget/",
        "/x%00",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_with_a_nul_is_an_address_that_never_was(cast: Any, settings: Any, address: str, method: str) -> None:
    settings.MFA_REQUIRED = False

    assert getattr(signed_in(cast.officer), method)(address).status_code in {404, 405}


def test_a_number_that_is_no_number_is_not_found(cast: Any, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    report = a_report(by=cast.volunteer, now=timezone.now())

    assert signed_in(cast.officer).get(reverse("cases:identify", args=[report.reference]), {"person": "²"}).status_code == 404


@pytest.mark.parametrize("path", ["/\\evil.example/x", "//evil.example/x", "/x\x00y", "https://evil.example/"])
def test_words_are_never_kept_for_another_site(cast: Any, path: str) -> None:
    client = signed_in(cast.volunteer)

    answer = client.post(f"{reverse('people:session_keep')}?{urlencode({'for': path})}", {"text": "words that matter"})

    assert answer.status_code in {204, 400}
    assert not SealedPage.objects.filter(path__contains="evil").exists()


def test_a_nul_for_the_kept_page_undoes_nothing(cast: Any) -> None:
    answer = signed_in(cast.volunteer).post(reverse("people:profile"), {"language": "en", "kept_page": "x\x00"})

    assert answer.status_code == 302


def test_the_cookie_that_remembers_a_person_shows_no_primary_key(cast: Any) -> None:
    client = Client()
    client.post("/account/login/", {"login": cast.volunteer.login_name, "password": PASSWORD})
    words = next(cookie for name, cookie in client.cookies.items() if "words" in name).value

    assert signing.loads(words, salt="people.keeping") != cast.volunteer.pk


def test_the_present_password_cannot_be_guessed_without_end_at_an_open_screen(cast: Any, settings: Any) -> None:
    settings.MFA_REQUIRED = False
    client = signed_in(cast.officer)
    address = reverse("people:credential_request", args=["password"])
    new = {"password": "a calm lake in winter", "again": "a calm lake in winter"}
    for number in range(12):
        client.post(address, {"now": f"wrong guess {number}", **new})

    client.post(address, {"now": PASSWORD, **new})

    assert not CredentialChange.objects.exists()


def test_an_upload_beyond_the_limit_is_refused_before_it_is_read(cast: Any) -> None:
    client = signed_in(cast.volunteer)

    answer = client.post(reverse("people:profile"), b"--x--\r\n", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9))

    assert answer.status_code in {400, 413}


def test_contact_details_change_only_after_a_fresh_sign_in(cast: Any, settings: Any) -> None:
    """Whoever finds an open screen must not turn the alerts of its owner to another address (ASVS 7.5.1)."""
    settings.MFA_REQUIRED = False
    officer = cast.officer

    signed_in(officer).post(reverse("people:profile"), {"email": "elsewhere@evil.example", "phone": officer.phone, "language": "en"})

    officer.refresh_from_db()
    assert officer.email != "elsewhere@evil.example"
