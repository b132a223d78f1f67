"""What holds for every answer, for signing in and for what is written down (docs/security.md names these tests by number)."""

import io
import json
import logging
import os
import re
import subprocess
import sys
import uuid
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import path, reverse
from django.utils import timezone

from aset_safeguarding.logs import JsonFormatter
from aset_safeguarding.urls import urlpatterns as ours
from audit.models import Event
from people.forms.posts import AppointmentForm
from tests.environment import ROOT
from tests.factories.cases import a_report
from tests.factories.people import PASSWORD, a_user, the_organisation

pytestmark = pytest.mark.django_db
SECRET = "Zamira-Tregimtari-1987"
LOGIN = "/account/login/"


def breaks(_request: Any) -> Any:
    """A page with a fault, whose message quotes what must stay inside."""
    raise RuntimeError(f"could not save {SECRET}")


urlpatterns = [*ours, path("breaks/", breaks)]


@pytest.fixture
def cast() -> Any:
    return the_organisation()


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> Any:
    settings.MFA_REQUIRED = False
    cache.clear()


def signed_in(user: Any, **extra: Any) -> Client:
    client = Client(headers={"accept-language": "en"}, **extra)
    client.force_login(user, backend="people.backends.SignIn")
    return client


def sign_in(client: Client, user: Any, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": user.login_name, "password": password, **extra})


# --- Headers ------------------------------------------------------------------------------------------------------------


def answers_of_every_kind(cast: Any) -> dict[str, Any]:
    report = a_report(by=cast.volunteer, now=timezone.now())
    officer, stranger = signed_in(cast.officer, raise_request_exception=False), Client(enforce_csrf_checks=True)
    with override_settings(ROOT_URLCONF="tests.test_security"):
        broken = officer.get("/breaks/")
    return {
        "page": officer.get("/"),
        "case page": officer.get(report.get_absolute_url()),
        "stranger's page": stranger.get(LOGIN),
        "redirect": stranger.get("/reports/"),
        "not found": officer.get("/reports/R-0000-0000/"),
        "unknown address": stranger.get("/nothing/here/"),
        "forbidden": signed_in(cast.volunteer).get("/board/"),
        "without token": stranger.post(LOGIN, {}),
        "wrong method": officer.post(report.get_absolute_url()),
        "fault": broken,
        "health": stranger.get("/healthz"),
    }


def test_every_kind_of_answer_carries_the_headers_that_protect_it(cast: Any) -> None:
    for kind, answer in answers_of_every_kind(cast).items():
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, kind
        assert "frame-ancestors 'none'" in policy, kind
        assert "base-uri 'none'" in policy, kind
        assert "form-action 'self'" in policy, kind
        assert "unsafe" not in policy, kind
        assert not re.search(r"http:|[*]", policy), kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert answer.headers["X-Frame-Options"] == "DENY", kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert answer.headers["Cache-Control"] == "no-store", kind
        assert "Access-Control-Allow-Origin" not in answer.headers, kind
        assert "Server" not in answer.headers, kind
        assert answer.content == b"" or "charset=utf-8" in answer.headers["Content-Type"] or kind == "health", kind


def test_every_kind_of_answer_is_of_the_kind_that_it_says(cast: Any) -> None:
    codes = {kind: answer.status_code for kind, answer in answers_of_every_kind(cast).items()}

    assert codes == {
        "page": 200,
        "case page": 200,
        "stranger's page": 200,
        "redirect": 302,
        "not found": 404,
        "unknown address": 404,
        "forbidden": 403,
        "without token": 403,
        "wrong method": 405,
        "fault": 500,
        "health": 200,
    }


_OVER_HTTPS = """
import django, json
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
from people.keeping import COOKIE
answer = Client().get("/account/login/", secure=True, headers={"host": "safe.example"})
away = Client().get("/account/login/", secure=True, headers={"host": "evil.example"})
plain = Client().get("/account/login/", headers={"host": "safe.example"})
names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME LANGUAGE_COOKIE_NAME MFA_TRUST_COOKIE_NAME WORDS_COOKIE_NAME"
secure = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE SESSION_COOKIE_HTTPONLY CSRF_COOKIE_HTTPONLY"
print(json.dumps({
    "hsts": answer.headers.get("Strict-Transport-Security"), "status": answer.status_code, "away": away.status_code,
    "away_body": away.content.decode(), "plain": [plain.status_code, plain.headers.get("Location")],
    "names": [getattr(settings, name) for name in names.split()], "words": COOKIE,
    "secure": [getattr(settings, name) for name in (secure + " LANGUAGE_COOKIE_HTTPONLY").split()],
    "samesite": [settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE, settings.LANGUAGE_COOKIE_SAMESITE],
    "cookies": [str(cookie.OutputString()) for cookie in answer.cookies.values()],
}))
"""


@pytest.fixture(scope="module")
def over_https(django_db_setup: None) -> Any:
    """The settings of a production server behind TLS, in a process of their own."""
    environ = {
        **os.environ,
        "ASET_MODE": "production",
        "ASET_BASE_URL": "https://safe.example",
        "ASET_ALLOWED_HOSTS": "safe.example",
        "ASET_STATIC_ROOT": "/nowhere",
        "DJANGO_SETTINGS_MODULE": "aset_safeguarding.settings",
    }
    done = subprocess.run([sys.executable, "-c", _OVER_HTTPS], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_over_https_browsers_are_told_to_stay_there_for_two_years_subdomains_too(over_https: Any) -> None:
    assert over_https["hsts"] == "max-age=63072000; includeSubDomains; preload"


def test_plain_http_leads_to_https(over_https: Any) -> None:
    assert over_https["plain"] == [301, "https://safe.example/account/login/"]


def test_every_cookie_is_bound_to_this_host_and_to_https(over_https: Any) -> None:
    assert all(name.startswith("__Host-") for name in [*over_https["names"], over_https["words"]])
    assert all(over_https["secure"])
    assert set(over_https["samesite"]) == {"Lax"}
    for cookie in over_https["cookies"]:
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_another_host_name_is_refused_without_a_word_about_it(over_https: Any) -> None:
    assert over_https["away"] == 400
    assert "evil.example" not in over_https["away_body"]


def test_no_cookie_can_be_read_by_a_script(cast: Any) -> None:
    client = Client()
    sign_in(client, cast.volunteer)

    assert len(client.cookies) >= 3
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


# --- Methods, redirects, faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_method_that_no_page_uses_changes_nothing_without_the_form_token(cast: Any, method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer, backend="people.backends.SignIn")

    assert getattr(client, method)(reverse("people:profile"), b"email=x@y.example").status_code in {403, 405}


def test_looking_never_acts(cast: Any) -> None:
    """Whatever changes something wants POST: a link or a picture in a mail does nothing."""
    report = a_report(by=cast.volunteer, now=timezone.now())
    client = signed_in(cast.officer)
    for address in ("acknowledge", "safety", "steps/add", "triage", "names"):
        client.get(f"/reports/{report.reference}/{address}/")
    client.get("/account/logout/")
    report.refresh_from_db()

    assert report.status == "received"
    assert client.get("/").status_code == 200


EVIL = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "https:evil.example", "http:///evil.example")


@pytest.mark.parametrize("target", EVIL)
def test_signing_in_never_leads_to_another_site(cast: Any, target: str) -> None:
    answer = sign_in(Client(), cast.volunteer, next=target)

    assert answer.status_code == 302
    assert answer["Location"] == "/"


@pytest.mark.parametrize("target", EVIL)
def test_the_language_switch_never_leads_to_another_site(target: str) -> None:
    answer = Client().post(reverse("set_language"), {"language": "en", "next": target}, headers={"referer": target})

    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]


@pytest.mark.parametrize("target", EVIL)
def test_signing_in_again_never_leads_to_another_site(cast: Any, target: str) -> None:
    answer = signed_in(cast.volunteer).post("/account/reauthenticate/", {"password": PASSWORD, "next": target})

    assert "evil" not in answer.get("Location", "")
    assert "javascript" not in answer.get("Location", "")


def test_a_fault_tells_nothing(cast: Any) -> None:
    with override_settings(ROOT_URLCONF="tests.test_security"):
        answer = signed_in(cast.officer, raise_request_exception=False).get(f"/breaks/?q={SECRET}")

    page = answer.content.decode()
    assert answer.status_code == 500
    for told in (SECRET, "Traceback", "RuntimeError", ".py", "settings", "breaks"):
        assert told not in page


def test_a_hidden_report_and_one_that_never_was_answer_with_the_same_bytes(cast: Any) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), about=[cast.officer])
    client = signed_in(cast.officer)
    for tail in ("", "history/", "names/", "acknowledge/", "triage/", "identify/?person=1"):
        hidden = client.get(f"/reports/{report.reference}/{tail}")
        never = client.get(f"/reports/R-0000-0000/{tail}")
        assert (hidden.status_code, hidden.content, dict(hidden.headers)) == (404, never.content, dict(never.headers)), tail


# --- Sessions -----------------------------------------------------------------------------------------------------------


def test_the_session_of_before_signing_in_is_worth_nothing_afterwards(cast: Any) -> None:
    client, thief = Client(), Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = thief.cookies[configured.SESSION_COOKIE_NAME] = str(session.session_key)

    sign_in(client, cast.volunteer)

    assert client.cookies[configured.SESSION_COOKIE_NAME].value != session.session_key
    assert thief.get("/me/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(cast: Any) -> None:
    client, copy = Client(), Client()
    sign_in(client, cast.volunteer)
    copy.cookies[configured.SESSION_COOKIE_NAME] = client.cookies[configured.SESSION_COOKIE_NAME].value
    assert copy.get("/me/").status_code == 200

    client.post("/account/logout/")

    assert copy.get("/me/").status_code == 302


def test_an_account_that_was_closed_ends_with_its_old_cookie(cast: Any) -> None:
    client = signed_in(cast.volunteer)
    assert client.get("/me/").status_code == 200

    type(cast.volunteer).objects.filter(pk=cast.volunteer.pk).update(is_active=False)

    assert client.get("/me/").status_code == 302


def test_every_signed_in_page_offers_the_way_out(cast: Any) -> None:
    assert 'action="/account/logout/"' in signed_in(cast.volunteer).get("/").content.decode()


# --- Passwords ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["elevenchars", "administrator", "aset safeguarding", "Mbrojtja e Fëmijëve 2026!", "ASET-Tirana-1999"])
def test_a_password_that_is_short_common_or_our_own_name_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, a_user())


@pytest.mark.parametrize("password", ["twelve lower", "ëçëçëçëçëçëç", "x1 " * 21 + "!", "b" * 30 + "a" * 60])
def test_a_long_password_of_any_signs_is_taken(password: str) -> None:
    validate_password(password, a_user())


def test_a_password_counts_to_its_last_sign_with_its_blanks_and_capitals(cast: Any) -> None:
    long = " Blanks, Capitals and " + "x" * 100 + " "
    cast.volunteer.set_password(long)
    cast.volunteer.save()

    assert "_auth_user_id" not in (client := Client()).session
    assert sign_in(client, cast.volunteer, long.strip()).status_code == 200
    assert sign_in(client, cast.volunteer, long[:-2] + " ").status_code == 200
    assert sign_in(client, cast.volunteer, long.lower()).status_code == 200
    assert sign_in(client, cast.volunteer, long).status_code == 302


def test_an_unknown_login_name_costs_the_same_work_as_a_wrong_password(cast: Any, monkeypatch: Any) -> None:
    """Counted and not timed: one hash by the slow function each way."""
    work: list[str] = []

    def counted(real: Any) -> Any:
        def hashed(*args: Any, **named: Any) -> Any:
            work.append("hash")
            return real(*args, **named)

        return hashed

    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, counted(getattr(Argon2PasswordHasher, name)))
    client = Client()

    sign_in(client, cast.volunteer, "wrong wrong wrong")
    known = len(work)
    client.post(LOGIN, {"login": "nobody@nowhere.example", "password": "wrong wrong wrong"})
    unknown = len(work) - known

    assert (known, unknown) == (1, 1)


def test_sign_in_is_throttled_without_redis(cast: Any, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "redis" not in settings.CACHES["default"]["BACKEND"].lower()
    client = Client()
    for _number in range(5):
        sign_in(client, cast.volunteer, "wrong wrong wrong")

    assert sign_in(client, cast.volunteer).status_code == 200
    assert "_auth_user_id" not in client.session


# --- What is written down -----------------------------------------------------------------------------------------------


def test_no_secret_reaches_the_log_by_form_address_or_fault(cast: Any) -> None:
    written, handler = io.StringIO(), None
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root, noisy = logging.getLogger(), [logging.getLogger(name) for name in ("django.request", "django.security", "django.db.backends")]
    levels = [(logger, logger.level) for logger in (root, *noisy)]
    root.addHandler(handler)
    try:
        for logger in (root, noisy[0], noisy[1]):
            logger.setLevel(logging.DEBUG)
        client = signed_in(cast.officer, raise_request_exception=False)
        with override_settings(ROOT_URLCONF="tests.test_security"):
            client.post(f"/breaks/?q={SECRET}", {"account": SECRET})
        client.get(f"/reports/?q={SECRET}")
        client.post(LOGIN, {"login": SECRET, "password": SECRET})
        Client(enforce_csrf_checks=True).post(f"{LOGIN}?next={SECRET}", {"password": SECRET})
    finally:
        root.removeHandler(handler)
        for logger, level in levels:
            logger.setLevel(level)

    lines = written.getvalue()
    assert "RuntimeError" in lines
    assert SECRET not in lines


def test_a_line_of_the_log_stays_one_line() -> None:
    record = logging.LogRecord("x", logging.WARNING, "f.py", 1, "first\n%s", ('{"level":"INFO"}\r\nsecond',), None)

    line = JsonFormatter().format(record)

    assert "\n" not in line
    assert "\r" not in line
    assert json.loads(line)["at"].endswith("+00:00")


def test_titles_and_addresses_name_nobody(cast: Any) -> None:
    report = a_report(by=cast.volunteer, now=timezone.now(), account=f"It was {SECRET}.", token=uuid.uuid4())
    client = signed_in(cast.officer)
    for address in (report.get_absolute_url(), f"/reports/{report.reference}/history/", "/reports/", "/dashboard/"):
        page = client.get(address).content.decode()
        title = re.search(r"<title>(.*?)</title>", page, flags=re.S)
        assert title is not None
        assert SECRET not in title[1]
        assert report.reference not in title[1]
        assert cast.volunteer.get_full_name() not in title[1]
        assert all(SECRET not in link for link in re.findall(r'(?:href|src|action)="([^"]*)"', page))


def test_no_script_stores_anything_on_the_device() -> None:
    for script in (ROOT / "static" / "js").glob("*.js"):
        words = script.read_text(encoding="utf-8")
        for store in ("localStorage", "indexedDB", "caches.open", "document.cookie", "serviceWorker.register"):
            assert store not in words, f"{script.name}: {store}"


def test_nothing_dangerous_is_called_anywhere() -> None:
    """No eval, no shell, no unsafe loader, no hand-made markup in the application's own code."""
    never = re.compile(
        r"\beval\(|\bexec\(|os\.system|shell=True|pickle\.|yaml\.load\(|mark_safe|\|safe\b|\.extra\(|md5|sha1\b|random\.(choice|random)\("
    )
    apps = "aset_safeguarding audit cases common deadlines files jobs oversight people templates"
    files = [file for app in apps.split() for file in (ROOT / app).rglob("*") if file.suffix in {".py", ".html", ".txt"}]

    found = [str(file.relative_to(ROOT)) for file in files if never.search(file.read_text(encoding="utf-8"))]

    assert found == []


# --- Smaller doors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PROPFIND", "CONNECT"])
def test_methods_that_nothing_here_uses_are_refused(cast: Any, method: str) -> None:
    answer = signed_in(cast.officer).generic(method, "/", headers={"x-mine": SECRET})

    assert answer.status_code == 405
    assert SECRET not in answer.content.decode()


def test_signing_in_again_makes_a_new_token_and_ends_the_old_one(cast: Any) -> None:
    client, thief = Client(), Client()
    sign_in(client, cast.volunteer)
    before = client.cookies[configured.SESSION_COOKIE_NAME].value
    thief.cookies[configured.SESSION_COOKIE_NAME] = before

    answer = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/me/"})

    assert answer.status_code == 302
    assert client.cookies[configured.SESSION_COOKIE_NAME].value != before
    assert client.get("/me/").status_code == 200
    assert thief.get("/me/").status_code == 302
    assert UserSession.objects.filter(user=cast.volunteer).values_list("session_key", flat=True).get() == client.session.session_key


def test_signing_out_asks_the_browser_to_empty_its_cache(cast: Any) -> None:
    assert signed_in(cast.volunteer).post("/account/logout/").headers["Clear-Site-Data"] == '"cache"'


def test_a_refusal_is_an_event_of_who_and_never_of_what_was_asked_in_words(cast: Any) -> None:
    signed_in(cast.volunteer).get("/board/")

    event = Event.objects.get(kind="address.refused")
    assert event.actor_id == cast.volunteer.pk
    assert "board" not in json.dumps(event.data)


@pytest.mark.parametrize(
    ("name", "content"), [("act.pdf", b"<script>"), ("act.html", b"%PDF-1.7"), ("act.png", b"%PDF-1.7"), ("act", b"\xff\xd8\xff")]
)
def test_a_file_is_what_its_content_and_its_name_both_say(name: str, content: bytes) -> None:
    form = AppointmentForm({}, {"act_file": SimpleUploadedFile(name, content, content_type="application/pdf")})

    assert "act_file" in form.errors


def test_the_kind_of_a_file_is_never_taken_from_the_browser() -> None:
    form = AppointmentForm({}, {"act_file": SimpleUploadedFile("act.JPG", b"\xff\xd8\xff\xe0", content_type="text/html")})

    assert "act_file" not in form.errors
    assert form.cleaned_data["act_file"].content_type == "image/jpeg"
