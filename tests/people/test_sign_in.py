"""Signing in: one login name in any spelling, throttled, with a second step, and sessions that lose no word."""

import json
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from people import keeping, roles
from people.models import SealedPage, Setting, User
from tests.factories.people import PASSWORD, a_user, an_affiliation, the_organisation

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def sign_in(client: Client, login_name: str, password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": login_name, "password": password, **extra})


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_totp(client: Client) -> str:
    page = client.get("/account/2fa/totp/activate/")
    if page.status_code == 302:
        client.post(page["Location"], {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/")
    secret = "".join(re.findall(r'aset-code">([A-Z2-7]{4})<', page.content.decode()))
    answer = client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302, answer.content.decode()
    cache.clear()
    return secret


@pytest.mark.parametrize("typed", ["069 123 4567", "+355 69 123 4567", "00355691234567", "069/123-45-67"])
def test_a_phone_number_signs_in_however_it_is_typed(client, typed) -> None:
    a_user(login_name="+355691234567")

    answer = sign_in(client, typed)

    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


def test_a_login_name_has_no_capitals(client) -> None:
    a_user(login_name="Ilir@Test.example")

    assert sign_in(client, "  ILIR@test.EXAMPLE ").status_code == 302


def test_a_wrong_password_and_an_unknown_name_look_the_same(client) -> None:
    a_user(login_name="known@test.example")

    wrong = sign_in(client, "known@test.example", "not this one at all").content.decode()
    unknown = sign_in(client, "unknown@test.example", "not this one at all").content.decode()

    def bare(page: str) -> str:
        return re.sub(r'value="[^"]*"', "", page)

    assert bare(wrong) == bare(unknown)


def test_after_five_wrong_passwords_even_the_right_one_waits_however_the_name_is_spelt(client) -> None:
    a_user(login_name="+355691234567")
    for typed in ("0691234567", "069 123 4567", "+355 691234567", "069 12 34 567", "00355 69 123 4567"):
        sign_in(client, typed, "wrong wrong wrong")

    answer = sign_in(client, "069 1234567")

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_sign_in_page_shows_whom_to_call(client) -> None:
    the_organisation()

    page = client.get(LOGIN).content.decode()

    assert "Agim Hoxha" in page
    assert "+355690000000" in page
    assert "password/reset" not in page


def test_nobody_signs_up_or_resets_a_password_by_mail(client) -> None:
    assert "password1" not in client.get("/account/signup/").content.decode()
    assert "<input" not in re.sub(r"<form.*?language.*?</form>", "", client.get("/account/password/reset/").content.decode(), flags=re.S)
    assert client.get("/account/email/").status_code == 404
    assert client.get("/account/password/reset/key/1-abc/").status_code == 404


def test_every_role_but_the_reporters_must_set_up_a_second_step(client) -> None:
    volunteer, trainer = a_user(), a_user(roles.TRAINER)

    sign_in(client, volunteer.login_name)
    assert client.get("/me/").status_code == 200
    client.post("/account/logout/")
    sign_in(client, trainer.login_name)

    assert client.get("/me/")["Location"] == reverse("mfa_index")
    assert client.get("/account/2fa/").status_code == 200


def test_filing_a_concern_stays_open_without_a_second_step(client) -> None:
    trainer = a_user(roles.TRAINER)
    sign_in(client, trainer.login_name)

    answer = client.get(reverse("cases:report_start"))

    assert answer.get("Location", "") != reverse("mfa_index")


def test_the_app_is_set_up_its_secret_rests_sealed_and_a_code_works_once(client) -> None:
    trainer = a_user(roles.TRAINER)
    sign_in(client, trainer.login_name)
    secret = set_up_totp(client)

    assert client.get("/me/").status_code == 200
    stored = json.dumps(list(Authenticator.objects.filter(user=trainer).values_list("data", flat=True)))
    assert secret not in stored

    client.post("/account/logout/")
    first = sign_in(client, trainer.login_name)
    assert first["Location"] == reverse("mfa_authenticate")
    code = code_for(secret)
    client.post("/account/2fa/authenticate/", {"code": code})
    client.post("/account/2fa/trust/", {"action": "dont_trust"})
    assert client.get("/me/").status_code == 200

    other = Client()
    sign_in(other, trainer.login_name)
    again = other.post("/account/2fa/authenticate/", {"code": code})
    assert again.status_code == 200
    assert "_auth_user_id" not in other.session


def test_a_printed_code_signs_in_once(client) -> None:
    trainer = a_user(roles.TRAINER)
    sign_in(client, trainer.login_name)
    set_up_totp(client)
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r'aset-code">(\d{8})<', page)
    assert len(codes) == 10
    client.post("/account/logout/")

    sign_in(client, trainer.login_name)
    client.post("/account/2fa/authenticate/", {"code": codes[0]})
    client.post("/account/2fa/trust/", {"action": "dont_trust"})
    assert client.get("/me/").status_code == 200

    client.post("/account/logout/")
    sign_in(client, trainer.login_name)
    assert client.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 200


def test_an_own_device_is_trusted_only_as_long_as_the_board_says(client) -> None:
    cast = the_organisation()
    trainer = cast.trainer
    sign_in(client, trainer.login_name)
    secret = set_up_totp(client)
    client.post("/account/logout/")
    sign_in(client, trainer.login_name)
    client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
    client.post("/account/2fa/trust/", {"action": "trust"})
    client.post("/account/logout/")

    assert sign_in(client, trainer.login_name)["Location"] != reverse("mfa_authenticate")
    client.post("/account/logout/")
    long_ago = User.objects.get(pk=trainer.pk).created_at
    Setting.objects.create(
        key="mfa.trusted_device_days",
        value=0,
        proposed_by=cast.technical_admin,
        proposed_at=long_ago,
        approved_by=cast.board_lead,
        approved_at=long_ago,
        valid_from=long_ago,
    )
    assert sign_in(client, trainer.login_name)["Location"] == reverse("mfa_authenticate")


def test_signing_in_and_out_are_events(client) -> None:
    user = a_user()
    sign_in(client, user.login_name, "wrong wrong wrong")
    sign_in(client, user.login_name)
    client.post("/account/logout/")

    kinds = list(Event.objects.filter(row_pk=user.pk, row_type="people.user").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["user.sign_in_failed", "user.signed_in", "user.signed_out"]


def test_a_leaver_is_signed_out_at_the_very_minute(client) -> None:
    user = a_user()
    tie = an_affiliation(user.person)
    sign_in(client, user.login_name)
    assert client.get("/me/").status_code == 200

    tie.until_at = timezone.now() - timedelta(seconds=1)
    tie.save()

    assert client.get("/me/").status_code == 302
    assert sign_in(Client(), user.login_name).get("Location") == "/account/inactive/"


def test_words_of_one_person_are_never_offered_to_another(client) -> None:
    one, other = a_user(), a_user()
    page = SealedPage.objects.create(user=one, path="/me/", fields={"text": ["only mine"]}, kept_at=one.created_at)
    sign_in(client, other.login_name)

    answer = client.get("/session/kept/")
    deleted = client.post(f"/session/kept/{page.reference}/forget/")

    assert answer.status_code == 302
    assert deleted.status_code == 404
    assert keeping.kept_for(one).count() == 1
