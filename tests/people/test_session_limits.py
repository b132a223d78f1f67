"""Sessions lock when idle, end after eight hours, and nobody loses a word or finds another's."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from people import keeping, roles
from people.models import SealedPage, User
from tests.factories.people import PASSWORD, a_person, a_user

pytestmark = pytest.mark.django_db
WORDS = "The child said: please do not tell my uncle."
PAGE = "/people/new/"


@pytest.fixture
def officer(settings) -> User:
    settings.MFA_REQUIRED = False
    return a_user(roles.PEOPLE_OFFICER)


@pytest.fixture
def board_lead(settings) -> User:
    settings.MFA_REQUIRED = False
    return a_user(roles.BOARD_LEAD)


def sign_in(client: Client, user: User) -> None:
    answer = client.post("/account/login/", {"login": user.login_name, "password": PASSWORD})
    assert answer.status_code == 302


def away(client: Client, **span: float) -> None:
    """Time passes without the person: the session's instants move into the past."""
    session, seconds = client.session, timedelta(**span).total_seconds()
    client.get("/me/") if "seen_at" not in session else None
    session = client.session
    session["seen_at"] -= seconds
    session["ends_at"] -= seconds
    session.save()


def test_who_reads_cases_is_locked_after_fifteen_minutes_and_others_after_sixty(client, officer, board_lead) -> None:
    other = Client()
    sign_in(client, board_lead)
    sign_in(other, officer)
    away(client, minutes=16)
    away(other, minutes=16)

    assert client.get("/me/")["Location"].startswith("/session/unlock/")
    assert other.get("/me/").status_code == 200
    away(other, minutes=61)
    assert other.get("/me/")["Location"].startswith("/session/unlock/")


def test_typing_counts(client, board_lead) -> None:
    sign_in(client, board_lead)
    for _ in range(3):
        away(client, minutes=10)
        assert client.post("/session/ping/", headers={"accept": "application/json"}).status_code == 204

    assert client.get("/me/").status_code == 200


def test_a_locked_session_answers_scripts_with_401_and_shows_no_page(client, board_lead) -> None:
    sign_in(client, board_lead)
    away(client, minutes=16)

    assert client.post("/session/ping/", headers={"accept": "application/json"}).status_code == 401
    assert client.get("/people/posts/").status_code == 302
    assert client.get("/session/kept/").status_code == 302
    assert client.get("/session/unlock/").status_code == 200


def test_only_the_password_of_the_same_person_unlocks(client, board_lead) -> None:
    sign_in(client, board_lead)
    away(client, minutes=16)
    client.get("/me/")

    wrong = client.post("/session/unlock/", {"password": "somebody else's"}, headers={"accept": "application/json"})
    right = client.post("/session/unlock/", {"password": PASSWORD}, headers={"accept": "application/json"})

    assert wrong.status_code == 400
    assert wrong.json()["error"]
    assert right.status_code == 200
    assert set(right.json()) == {"csrf", "absolute_at"}
    assert client.get("/me/").status_code == 200


def test_after_unlocking_one_is_back_on_the_same_page(client, board_lead) -> None:
    sign_in(client, board_lead)
    away(client, minutes=16)
    asked = client.get("/people/posts/?show=1")["Location"]

    answer = client.post(asked, {"password": PASSWORD, "next": "/people/posts/?show=1"})

    assert answer["Location"] == "/people/posts/?show=1"


def test_unlocking_never_leads_to_another_site(client, board_lead) -> None:
    sign_in(client, board_lead)
    away(client, minutes=16)

    answer = client.post("/session/unlock/", {"password": PASSWORD, "next": "https://evil.example/"})

    assert answer["Location"] == reverse("home")


def test_words_sent_into_a_locked_session_are_sealed_and_come_back_whole(client, officer) -> None:
    sign_in(client, officer)
    away(client, minutes=61)

    answer = client.post(PAGE, {"full_name": WORDS, "phone": "1", "csrfmiddlewaretoken": "x"})
    assert answer["Location"] == "/session/unlock/"
    assert raw_words() == 0
    unlocked = client.post("/session/unlock/", {"password": PASSWORD})

    assert unlocked["Location"] == "/session/kept/"
    page = client.get("/session/kept/").content.decode()
    assert WORDS in page
    assert f'action="{PAGE}"' in page


def raw_words() -> int:
    """How many rows hold the words in plain text in the table itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_sealedpage p WHERE position(%s in encode(p.fields, 'escape')) > 0", ["uncle"])
        return cursor.fetchone()[0]


def test_words_that_were_sent_on_are_forgotten(client, officer) -> None:
    sign_in(client, officer)
    away(client, minutes=61)
    client.post(PAGE, {"full_name": "Teuta Marku"})
    client.post("/session/unlock/", {"password": PASSWORD})
    page = SealedPage.objects.get()

    answer = client.post(PAGE, {"full_name": "Teuta Marku", keeping.KEPT_FIELD: page.reference})

    assert answer.status_code == 302
    assert not SealedPage.objects.exists()


def test_eight_hours_end_the_session_whatever_one_does_and_the_words_wait_for_the_same_person(client, officer) -> None:
    sign_in(client, officer)
    away(client, hours=7, minutes=59)
    client.get("/me/")
    away(client, minutes=2)

    answer = client.post(PAGE, {"full_name": WORDS})
    assert answer["Location"].startswith("/account/login/")
    assert client.get("/me/").status_code == 302
    again = client.post("/account/login/", {"login": officer.login_name, "password": PASSWORD})

    assert again["Location"] == "/session/kept/"
    assert WORDS in client.get("/session/kept/").content.decode()


def test_a_session_that_is_gone_altogether_loses_no_word_either(client, officer) -> None:
    sign_in(client, officer)
    client.session.flush()

    answer = client.post(PAGE, {"full_name": WORDS})
    assert answer["Location"].startswith("/account/login/")
    again = client.post("/account/login/", {"login": officer.login_name, "password": PASSWORD})

    assert again["Location"] == "/session/kept/"


def test_a_stale_form_token_after_the_session_loses_no_word(officer) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/account/login/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    client.post("/account/login/", {"login": officer.login_name, "password": PASSWORD, "csrfmiddlewaretoken": token})
    client.session.flush()

    answer = client.post(PAGE, {"full_name": WORDS, "csrfmiddlewaretoken": "stale"})

    assert answer.status_code == 403
    assert keeping.kept_for(officer).count() == 1


def test_a_stale_form_token_within_the_session_loses_no_word(officer) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)

    answer = client.post(PAGE, {"full_name": WORDS, "csrfmiddlewaretoken": "stale"})

    assert answer.status_code == 403
    assert keeping.kept_for(officer).count() == 1


def test_whoever_signs_out_leaves_nothing_on_the_device(client, officer) -> None:
    sign_in(client, officer)
    client.post("/account/logout/")

    client.post(PAGE, {"full_name": WORDS})

    assert not SealedPage.objects.exists()


def test_words_of_a_stranger_are_not_laid_aside_for_anybody(client) -> None:
    client.post(PAGE, {"full_name": WORDS})

    assert not SealedPage.objects.exists()


def test_passwords_and_codes_are_never_kept(client, officer) -> None:
    sign_in(client, officer)
    away(client, minutes=61)

    client.post("/me/change/password/", {"now": "x", "password": "secret words", "again": "s", "code": "123456"})

    kept = [page.fields for page in SealedPage.objects.all()]
    assert all("secret words" not in str(fields) and "123456" not in str(fields) for fields in kept)


def test_a_script_may_lay_words_aside_before_the_page_hides(client, officer) -> None:
    sign_in(client, officer)
    away(client, minutes=61)

    answer = client.post(f"/session/keep/?for={PAGE}", {"full_name": WORDS})

    assert answer.status_code == 204
    assert keeping.kept_for(officer).get().path == PAGE


def test_two_tabs_of_the_same_page_are_two_pages_kept(client, officer) -> None:
    sign_in(client, officer)
    away(client, minutes=61)

    client.post(PAGE, {"full_name": "one"})
    client.post(PAGE, {"full_name": "two"})

    assert {page.fields["full_name"][0] for page in keeping.kept_for(officer)} == {"one", "two"}


def test_a_script_may_lay_words_aside_even_after_the_session(client, officer) -> None:
    sign_in(client, officer)
    client.session.flush()

    first = client.post(f"/session/keep/?for={PAGE}", {"full_name": "half a sen"})
    client.post(f"/session/keep/?for={PAGE}", {"full_name": "half a sentence"})

    assert first.status_code == 204
    assert keeping.kept_for(officer).get().fields == {"full_name": ["half a sentence"]}
    assert client.post("/session/keep/?for=https://evil.example/", {"a": "b"}).status_code == 400


def test_what_nobody_comes_back_for_is_gone_after_a_day(officer) -> None:
    page = SealedPage.objects.create(user=officer, path=PAGE, fields={"a": [WORDS]}, kept_at=officer.created_at)
    later = page.kept_at + timedelta(hours=24, seconds=1)

    assert not keeping.kept_for(officer, now=later).exists()
    assert keeping.forget_old(later) == 1


def test_files_that_cannot_be_kept_are_named_as_lost(client, board_lead) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sign_in(client, board_lead)
    away(client, minutes=16)

    client.post("/people/posts/propose/", {"act_number": "12/2026", "act_file": SimpleUploadedFile("act.pdf", b"%PDF")})

    assert keeping.kept_for(board_lead).get().files_lost


def test_the_page_tells_its_scripts_the_limits(client, board_lead) -> None:
    sign_in(client, board_lead)

    page = client.get("/me/").content.decode()

    assert 'data-idle-seconds="900"' in page
    assert 'data-ping-url="/session/ping/"' in page
    assert settings.SESSION_COOKIE_HTTPONLY


def test_ending_all_sessions_reaches_every_device_at_once(officer) -> None:
    from people.actions import end_sessions

    devices = [Client(), Client()]
    for device in devices:
        sign_in(device, officer)

    end_sessions(User.objects.get(pk=officer.pk), by=None)

    assert [device.get("/me/").status_code for device in devices] == [302, 302]


def test_the_register_is_open_to_its_keepers_only(client, officer) -> None:
    person = a_person("Teuta Marku")
    other = a_user()

    sign_in(client, officer)
    assert person.reference in client.get("/people/?q=teuta").content.decode()
    client.post("/account/logout/")
    sign_in(client, other)

    assert client.get("/people/").status_code == 403
    assert client.get(f"/people/{person.reference}/").status_code == 404
