"""The pages of people: each behind its role, decisions behind a fresh sign-in, query counts that do not grow."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from deadlines.models import Notice
from deadlines.queries import holder_of
from people import actions, board, roles
from people.models import Appointment, CredentialChange, Person, RoleAssignment, SealedPage, Setting
from tests.factories.people import PASSWORD, a_person, the_organisation

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture
def cast(settings):
    settings.MFA_REQUIRED = False
    return the_organisation()


@pytest.fixture
def as_(cast):
    def signed_in(part: str, *, fresh: bool = True) -> Client:
        client = Client()
        client.post("/account/login/", {"login": f"{part}@test.example", "password": PASSWORD})
        if fresh:
            client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    return signed_in


OPEN_TO = {
    "/people/": {"people_officer", "officer", "deputy", "technical_admin"},
    "/people/new/": {"people_officer"},
    "/people/accounts/": {"technical_admin", "people_officer", "board_lead", "alternate"},
    "/people/posts/": {"technical_admin", "officer", "board_lead", "alternate", "board_member", "board_member2"},
    "/people/posts/propose/": {"technical_admin", "board_lead", "alternate", "board_member", "board_member2"},
    "/people/settings/": {"technical_admin", "officer", "board_lead", "alternate", "board_member", "board_member2"},
}


@pytest.mark.parametrize("path", OPEN_TO)
def test_each_page_opens_for_its_roles_and_for_nobody_else(cast, path) -> None:
    opened = set()
    for part, user in cast.everyone().items():
        client = Client()
        client.force_login(user, backend="people.backends.SignIn")
        if path.endswith("/propose/"):
            client.post("/account/reauthenticate/", {"password": PASSWORD})
        answer = client.get(path)
        assert answer.status_code in {200, 403}, (part, answer.status_code)
        if answer.status_code == 200:
            opened.add(part)

    assert opened == OPEN_TO[path]


@pytest.mark.parametrize("path", [*OPEN_TO, "/me/", "/session/kept/"])
def test_a_stranger_is_asked_to_sign_in(client, path) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_a_hidden_person_looks_like_one_that_never_was(as_) -> None:
    person = a_person()
    client = as_("volunteer", fresh=False)

    hidden, never = client.get(f"/people/{person.reference}/"), client.get("/people/P-0000-0000/")

    assert hidden.status_code == never.status_code == 404
    assert hidden.content == never.content
    assert set(hidden.headers) == set(never.headers)


def test_the_people_officer_adds_a_person_a_tie_and_an_account(as_, cast) -> None:
    client = as_("people_officer")
    client.post("/people/new/", {"full_name": "  Teuta   Çela ", "email": "teuta@test.example"})
    person = Person.objects.get(full_name="Teuta Çela")
    today = timezone.localdate()
    tie = {
        "kind": "volunteer",
        "contact_level": "supervised",
        "line_manager": cast.project_lead.person.reference,
        "from_on_0": today.day,
        "from_on_1": today.month,
        "from_on_2": today.year,
    }

    assert client.post(f"/people/{person.reference}/ties/new/", tie | widget_names(today)).status_code == 302
    shown = client.post(f"/people/{person.reference}/account/", {"login_name": "069 444 5566", "language": "sq"})

    user = User.objects.get(person=person)
    password = re.search(r'aset-code">([^<]+)<', shown.content.decode())[1]
    assert user.login_name == "+355694445566"
    newcomer = Client()
    newcomer.post("/account/login/", {"login": "0694445566", "password": password})
    assert newcomer.get("/me/")["Location"] == "/account/password/change/"
    assert "Teuta" in client.get("/people/?q=TEUTA cela").content.decode()


def widget_names(day) -> dict[str, int]:
    return {"from_on_day": day.day, "from_on_month": day.month, "from_on_year": day.year}


def test_two_identical_ties_are_a_plain_message(as_, cast) -> None:
    client = as_("people_officer")
    person = cast.staff.person
    today = timezone.localdate()

    answer = client.post(f"/people/{person.reference}/ties/new/", {"kind": "staff", "contact_level": "none"} | widget_names(today))

    assert answer.status_code == 200
    assert "already has an open tie" in answer.content.decode()


def test_an_appointment_goes_through_two_people_on_the_pages(as_, cast) -> None:
    proposal = {"post": roles.DEPUTY, "user": cast.staff.reference}
    proposer, approver = as_("technical_admin"), as_("board_lead")

    assert proposer.post("/people/posts/propose/", proposal).status_code == 302
    row = Appointment.objects.get(approved_at=None)
    assert proposer.post(f"/people/posts/{row.reference}/approve/").status_code == 403
    assert approver.post(f"/people/posts/{row.reference}/approve/").status_code == 302

    assert holder_of(roles.DEPUTY, timezone.now()) == cast.staff


def test_a_decision_needs_a_fresh_sign_in_and_then_goes_on_by_itself(as_, cast) -> None:
    row = actions.propose_appointment(
        post=roles.BOARD_MEMBER, user=cast.outside, by=cast.technical_admin, from_at=timezone.now(), now=timezone.now()
    )
    client = as_("board_lead", fresh=False)

    asked = client.post(f"/people/posts/{row.reference}/approve/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    back = client.post(asked["Location"], {"password": PASSWORD, "next": "/session/kept/"})

    assert back["Location"] == "/session/kept/"
    kept = SealedPage.objects.get()
    assert f'action="/people/posts/{row.reference}/approve/"' in client.get("/session/kept/").content.decode()
    client.post(kept.path, {"kept_page": kept.reference})
    assert Appointment.objects.get(pk=row.pk).approved_by == cast.board_lead
    assert not SealedPage.objects.exists()


def test_a_setting_looser_than_the_policy_is_a_plain_message(as_, cast) -> None:
    client = as_("technical_admin")

    refused = client.post("/people/settings/report.triage_hours/propose/", {"value": "25"})
    accepted = client.post("/people/settings/report.triage_hours/propose/", {"value": "20"})
    as_("board_lead").post(f"/people/settings/{Setting.objects.get().reference}/approve/")

    assert "no more than 24" in refused.content.decode()
    assert accepted.status_code == 302
    assert board.value("report.triage_hours") == 20
    assert client.get("/people/settings/king.crown/propose/").status_code == 404


def test_a_case_post_holder_is_led_to_the_second_person(as_, cast) -> None:
    client = as_("officer")

    assert client.get("/account/password/change/")["Location"] == "/me/change/password/"
    client.post("/me/change/password/", {"now": PASSWORD, "password": "four other quiet words", "again": "four other quiet words"})
    change = CredentialChange.objects.get()
    assert as_("staff", fresh=False).get("/people/sign-in/").content.decode().count("Approve") == 0
    as_("technical_admin").post(f"/people/sign-in/{change.reference}/approve/")

    assert client.get("/me/").status_code == 302
    assert User.objects.get(pk=cast.officer.pk).check_password("four other quiet words")


def test_others_change_their_password_alone(as_, cast) -> None:
    client = as_("staff")
    answers = {"oldpassword": PASSWORD, "password1": "four other quiet words", "password2": "four other quiet words"}

    assert client.get("/account/password/change/").status_code == 200
    assert client.post("/account/password/change/", answers).status_code == 302

    assert User.objects.get(pk=cast.staff.pk).check_password("four other quiet words")
    assert client.get("/me/").status_code == 200


def test_roles_are_given_and_ended_on_the_pages(as_, cast) -> None:
    admin = as_("technical_admin")

    admin.post(f"/people/accounts/{cast.staff.reference}/role/", {"role": roles.TRAINER})
    admin.post(f"/people/accounts/{cast.staff.reference}/role/", {"role": roles.INVESTIGATOR})
    waiting = RoleAssignment.objects.get(user=cast.staff, role=roles.INVESTIGATOR)
    as_("board_lead").post(f"/people/roles/{waiting.reference}/approve/")
    given = RoleAssignment.objects.get(user=cast.staff, role=roles.TRAINER)
    admin.post(f"/people/roles/{given.reference}/end/")

    assert as_("board_lead").get("/people/accounts/").status_code == 200
    assert {row.role for row in RoleAssignment.objects.active(timezone.now()).filter(user=cast.staff)} == {roles.INVESTIGATOR}


def test_a_lost_password_is_set_by_one_and_approved_by_another_for_a_case_post(as_, cast) -> None:
    admin = as_("technical_admin")
    shown = admin.post(f"/people/accounts/{cast.deputy.reference}/reset/password/")
    password = re.search(r'aset-code">([^<]+)<', shown.content.decode())[1]
    change = CredentialChange.objects.get()

    assert not User.objects.get(pk=cast.deputy.pk).check_password(password)
    as_("board_lead").post(f"/people/sign-in/{change.reference}/approve/")

    deputy = User.objects.get(pk=cast.deputy.pk)
    assert deputy.check_password(password)
    assert deputy.must_change_password


def test_ending_the_last_tie_on_the_page_signs_the_leaver_out(as_, cast) -> None:
    leaver = as_("volunteer", fresh=False)
    tie = cast.volunteer.person.affiliations.get()

    as_("people_officer").post(f"/people/ties/{tie.reference}/end/", {})

    assert leaver.get("/me/").status_code == 302


@pytest.mark.parametrize("typed", ["\x00", "a" * 100_000, "🕊️", "<script>alert(1)</script>", "  "])
def test_odd_names_are_a_message_or_a_clean_save(as_, typed) -> None:
    client = as_("people_officer")

    answer = client.post("/people/new/", {"full_name": typed})
    found = client.get("/people/", {"q": typed[:50]})

    assert answer.status_code in {200, 302}
    assert found.status_code == 200
    assert "<script>alert" not in found.content.decode()


def test_the_register_costs_the_same_however_long_it_is(as_, django_assert_max_num_queries) -> None:
    client = as_("people_officer")
    client.get("/people/")
    for _ in range(60):
        a_person()

    with django_assert_max_num_queries(16):
        client.get("/people/")


@pytest.mark.parametrize(
    "path", ["/me/", "/people/posts/", "/people/settings/", "/people/accounts/", "/account/2fa/", "/account/sessions/"]
)
def test_pages_are_not_stored_and_name_no_primary_key(as_, cast, path) -> None:
    answer = as_("technical_admin").get(path)

    if answer.status_code == 404:
        pytest.fail(path)
    assert "no-store" in answer["Cache-Control"]
    assert f'/{cast.technical_admin.pk}/"' not in answer.content.decode()


def test_the_outside_persons_account_sleeps_until_the_board_wakes_it(as_, cast) -> None:
    outside = as_("outside", fresh=False)
    wake = f"/people/accounts/{cast.outside.reference}/"

    assert as_("technical_admin").post(f"{wake}sleep/").status_code == 403
    as_("board_lead").post(f"{wake}sleep/")
    assert outside.get("/me/").status_code == 302
    assert as_("outside", fresh=False).get("/me/").status_code == 302
    as_("board_lead").post(f"{wake}wake/")

    assert as_("outside", fresh=False).get("/me/").status_code == 200


def test_an_own_change_of_password_is_told_on_every_channel(as_, cast) -> None:
    answers = {"oldpassword": PASSWORD, "password1": "four other quiet words", "password2": "four other quiet words"}

    as_("staff").post("/account/password/change/", answers)

    told = Notice.objects.filter(user=cast.staff, kind="people.credentials_changed")
    assert set(told.values_list("channel", flat=True)) == {"inapp", "mail"}


def test_the_page_of_an_account_tells_what_a_board_person_may_do(as_, cast) -> None:
    page = as_("board_lead").get(f"/people/accounts/{cast.outside.reference}/").content.decode()

    assert "Close this account" in page
    assert "Give a role" not in page
