"""Doors that stood open once: what an attacker with half a right tried, and the refusal that stays."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.access import GrantRefused, grant_access
from cases.actions.conflict import identify_alleged_person
from cases.actions.intake import NamedPerson
from cases.actions.response import acknowledge_report
from cases.models import Case, Report
from cases.permissions import cases_visible_to, reports_visible_to
from deadlines.permissions import notices_visible_to
from deadlines.queries import is_barred
from people import roles
from people.actions import (
    add_affiliation,
    approve_appointment,
    change_affiliation,
    declare_relation,
    open_account,
    propose_appointment,
    request_credential_change,
)
from people.models import ChangeKind, CredentialChange, SealedPage
from tests.factories.cases import a_report
from tests.factories.people import PASSWORD, a_person, a_user, an_affiliation, give, the_organisation

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


# --- Ties that come later -----------------------------------------------------------------------------------------------


def about_the_director(cast: Any, **parts: Any) -> Any:
    return a_report(by=cast.project_lead, now=timezone.now(), about=[cast.officer], **parts)


def sees(user: Any, report: Any) -> bool:
    return reports_visible_to(type(user).objects.get(pk=user.pk)).filter(pk=report.pk).exists()


def test_whoever_comes_under_the_named_director_later_is_kept_out_too(cast: Any) -> None:
    report = about_the_director(cast, danger="yes")
    newcomer: Any = a_user()
    tie: dict[str, Any] = {"kind": "staff", "contact_level": "none", "from_at": timezone.now()}
    add_affiliation(newcomer.person, **tie, by=cast.people_officer, line_manager=cast.officer.person)

    assert is_barred(report, newcomer)


def test_a_changed_line_manager_counts_like_a_new_tie(cast: Any) -> None:
    report = about_the_director(cast)
    newcomer: Any = a_user()
    tie = an_affiliation(newcomer.person)
    assert not is_barred(report, newcomer)

    change_affiliation(tie, by=cast.people_officer, contact_level="none", line_manager=cast.officer.person)

    assert is_barred(report, newcomer)


def test_an_account_opened_later_for_a_relative_is_kept_out(cast: Any) -> None:
    report = about_the_director(cast)
    sister = a_person("Drita Hoxha")
    declare_relation(a=cast.officer.person, b=sister, kind="sibling", by=cast.people_officer, now=timezone.now())

    assert is_barred(report, open_account(sister, login_name="drita@test.example", password=PASSWORD, by=cast.people_officer))


def test_a_relation_declared_later_counts_for_someone_who_was_only_ticked(cast: Any) -> None:
    report = about_the_director(cast)
    assert not is_barred(report, cast.board_member)

    declare_relation(a=cast.officer.person, b=cast.board_member.person, kind="sibling", by=cast.people_officer, now=timezone.now())

    assert is_barred(report, cast.board_member)


def test_the_next_deputy_does_not_learn_what_the_deputy_may_not(cast: Any) -> None:
    """The ladder of a danger opens the row to the post: whoever takes the post later must not find it open."""
    report, now = about_the_director(cast, danger="yes"), timezone.now()
    successor = a_user()
    proposal = propose_appointment(post=roles.DEPUTY, user=successor, by=cast.board_lead, from_at=now, now=now)
    approve_appointment(proposal, by=cast.alternate, now=now)

    assert is_barred(report, successor)
    assert not sees(successor, report)


def test_whoever_is_found_in_one_report_of_a_case_is_kept_out_of_its_other_reports(cast: Any) -> None:
    now, case = timezone.now(), a_case(cast)
    first, second = (a_report(by=cast.volunteer, now=now, alleged=[NamedPerson(name="Somebody")]) for _number in range(2))
    linked = {"status": "linked", "acknowledged_at": now, "acknowledged_by": cast.officer, "triaged_at": now, "triaged_by": cast.officer}
    for report in (first, second):
        Report.objects.filter(pk=report.pk).update(case=case, **linked)
    assert sees(cast.board_member, second)

    identify_alleged_person(first.alleged_people.get(), cast.board_member.person, by=cast.officer, now=now)

    assert not sees(cast.board_member, first)
    assert not sees(cast.board_member, second)
    assert not cases_visible_to(cast.board_member).filter(pk=case.pk).exists()


# --- What a browser remembers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "found"), [("/reports/", "R-"), ("/people/", "Jonida Rama")])
def test_a_typed_name_never_stands_in_an_address(cast: Any, settings: Any, page: str, found: str) -> None:
    settings.MFA_REQUIRED = False
    a_report(by=cast.staff, now=timezone.now(), alleged=[NamedPerson(name="Jonida Rama")])
    client = signed_in(cast.officer)

    answer = client.post(page, {"q": "Jonida", "status": "open"})
    shown = client.get(answer["Location"])

    assert answer.status_code == 302
    assert "onida" not in answer["Location"]
    assert found in shown.content.decode()
    assert all("onida" not in link for link in re.findall(r'(?:href|action|src)="([^"]*)"', shown.content.decode()))
    assert "status=open" in answer["Location"]


@pytest.mark.parametrize("token", ["x", "é", "AAAA", "%00", "a" * 5000])
def test_a_search_token_that_is_none_is_no_fault(cast: Any, settings: Any, token: str) -> None:
    settings.MFA_REQUIRED = False

    assert signed_in(cast.officer).get("/reports/", {"find": token}).status_code == 200


def hears(user: Any, report: Any) -> bool:
    return notices_visible_to(user).filter(row_type="cases.report", row_pk=report.pk).exists()


@pytest.mark.parametrize("acknowledged", [False, True])
def test_an_officer_found_in_a_report_leaves_it_to_the_board_lead_at_once(cast: Any, acknowledged: bool) -> None:
    """Or nobody would know of it until the ladder of somebody barred had run its course."""
    report = a_report(by=cast.volunteer, now=timezone.now(), alleged=[NamedPerson(name="Somebody")])
    if acknowledged:
        report = acknowledge_report(report, by=cast.officer, now=timezone.now())
    assert not hears(cast.board_lead, report)

    identify_alleged_person(report.alleged_people.get(), cast.officer.person, by=cast.officer, now=timezone.now())

    assert not sees(cast.officer, report)
    assert not sees(cast.deputy, report)
    assert sees(cast.board_lead, report)
    assert hears(cast.board_lead, report)


def test_an_officer_who_turns_out_to_be_a_relative_leaves_the_report_to_the_board_lead(cast: Any) -> None:
    report = a_report(by=cast.staff, now=timezone.now(), about=[cast.alternate])
    assert sees(cast.officer, report)

    declare_relation(a=cast.alternate.person, b=cast.officer.person, kind="spouse", by=cast.people_officer, now=timezone.now())

    assert not sees(cast.officer, report)
    assert not sees(cast.deputy, report)
    assert hears(cast.board_lead, report)
