"""The limits of a session, and who must first set up a second factor or change a password."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from people import board, keeping
from people.models import User
from people.permissions import holds_case_post, is_pure_reporter, reads_cases

Handler = Callable[[HttpRequest], HttpResponse]

REFRESH_SECONDS = 30
WHILE_LOCKED = {"people:session_unlock", "people:session_keep", "account_logout", "set_language", "healthz"}
NOT_SEEN = {"healthz"}
SIGN_IN_AGAIN = {"people:session_unlock", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


def _view_name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def wants_json(request: HttpRequest) -> bool:
    """A script asks, not a person."""
    return "application/json" in request.headers.get("Accept", "")


class SessionLimits:
    """Idle: the session locks and only the password is asked. Absolute: it ends. Either way no typed word is lost.

    Idle 15 minutes for roles that read cases, 60 for others, 8 hours in all: settings of the Board, within those limits.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _view_name(request)
        if name in NOT_SEEN or (settings.SESSION_COOKIE_NAME not in request.COOKIES and keeping.COOKIE not in request.COOKIES):
            return self.get_response(request)
        user = request.user
        if not isinstance(user, User):
            return self._keep_if_refused(request)
        now = timezone.now()
        begin_if_new(request, user, now)
        if now.timestamp() >= request.session["ends_at"]:
            return _ended(request, user, now)
        if is_locked(request, now) and name not in WHILE_LOCKED:
            return _locked(request, user, now)
        if not is_locked(request, now):
            _seen(request, user, now)
        response = self.get_response(request)
        _tidy_up(request, response, user, name)
        return response

    def _keep_if_refused(self, request: HttpRequest) -> HttpResponse:
        """Someone typed on while the session ended: whoever sat here finds the words after signing in."""
        response = self.get_response(request)
        refused = response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL))
        if request.method == "POST" and (refused or is_stale_form(request, response)):
            before = keeping.person_before(request)
            if before is not None:
                keeping.keep(before, request, now=timezone.now())
        return response


def is_stale_form(request: HttpRequest, response: HttpResponse) -> bool:
    """The page was refused for its form token, before its view ran."""
    return response.status_code == 403 and not getattr(request, "csrf_processing_done", False)


def begin_if_new(request: HttpRequest, user: User, now: datetime) -> None:
    """The first page of a session sets its limits."""
    if "ends_at" not in request.session:
        request.session["ends_at"] = now.timestamp() + board.value("session.absolute_hours", now) * 3600
        _refresh(request, user, now)


def _refresh(request: HttpRequest, user: User, now: datetime) -> None:
    """Written at most every half minute; a role given meanwhile shortens the limit within that time."""
    key = "session.idle_case_minutes" if reads_cases(user) else "session.idle_minutes"
    request.session["idle_seconds"] = board.value(key, now) * 60
    request.session["seen_at"] = now.timestamp()
    request.session["needs_factor"] = needs_second_factor(user)


def _seen(request: HttpRequest, user: User, now: datetime) -> None:
    if now.timestamp() - request.session["seen_at"] >= REFRESH_SECONDS:
        _refresh(request, user, now)


def is_locked(request: HttpRequest, now: datetime) -> bool:
    """Locked already, or silent for longer than the limit."""
    return bool(request.session.get("locked")) or now.timestamp() - request.session["seen_at"] > request.session["idle_seconds"]


def unlock(request: HttpRequest, user: User, now: datetime) -> None:
    """The password was right: the same session goes on, within its absolute end."""
    request.session.pop("locked", None)
    _refresh(request, user, now)


def _locked(request: HttpRequest, user: User, now: datetime) -> HttpResponse:
    request.session["locked"] = True
    if request.method == "POST":
        keeping.keep(user, request, now=now)
    return _ask_again(request, reverse("people:session_unlock"))


def _ended(request: HttpRequest, user: User, now: datetime) -> HttpResponse:
    if request.method == "POST":
        keeping.keep(user, request, now=now)
    signing_out = _view_name(request) in {"account_logout", "account_login"}
    logout(request)
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    if signing_out:
        return redirect(settings.LOGIN_URL)
    return _ask_again(request, reverse(settings.LOGIN_URL), signin=True)


def _ask_again(request: HttpRequest, address: str, *, signin: bool = False) -> HttpResponse:
    if request.method == "GET" and not wants_json(request):
        address = f"{address}?{urlencode({'next': request.get_full_path()})}"
    if wants_json(request):
        return JsonResponse({"signin": address} if signin else {"locked": True}, status=401)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def renew_session(request: HttpRequest) -> None:
    """A fresh sign-in makes a fresh token, so that one copied before is worth nothing from now on (ASVS 7.2.4)."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def _tidy_up(request: HttpRequest, response: HttpResponse, user: User, name: str) -> None:
    """Words that were sent again are forgotten; whoever signs out leaves no trace on the device."""
    if request.method != "POST":
        return
    if name == "account_logout":
        keeping.forget_person(response)
        response["Clear-Site-Data"] = '"cache"'
    if name in SIGN_IN_AGAIN and response.status_code == 302:
        renew_session(request)
    if is_stale_form(request, response):
        keeping.keep(user, request, now=timezone.now())
    # The body is not touched for files: an upload handler may still be working on it.
    if response.status_code < 400 and keeping.KEPT_FIELD in request.POST:
        keeping.forget(user, request.POST[keeping.KEPT_FIELD].replace("\x00", ""))


# --- What comes before everything else --------------------------------------------------------------------------------

ALWAYS_OPEN = ("account_", "mfa_", "usersessions_", "people:session_", "cases:report_")
"""Beginnings of names, each up to its last underscore: "cases:report" alone would open the page of every report."""
ALSO_OPEN = {"people:credential_request", "cases:receipt", "set_language", "healthz"}
CLOSED = {
    "account_email",
    "account_set_password",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_download_recovery_codes",
}
PASSWORD_PAGES = {"account_change_password"}
FACTOR_PAGES = {
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_generate_recovery_codes",
}


def has_second_factor(user: User) -> bool:
    """An authenticator app or a key; printed codes alone do not count."""
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=types).exists())


def needs_second_factor(user: User) -> bool:
    """Every role except the pure reporter's (issue, "Sign-in"); the demonstration may switch it off."""
    return bool(settings.MFA_REQUIRED) and not is_pure_reporter(user) and not has_second_factor(user)


class CompulsorySecondFactor:
    """Set-up first; filing a concern stays open always. Credentials of case-post holders change only with a second person."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Runs after the form token was checked and before the page."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in CLOSED:
            raise Http404
        if name == "account_reset_password":
            return render(request, "account/password_reset.html")
        user = request.user
        if not isinstance(user, User):
            return None
        if name.startswith(ALWAYS_OPEN) or name in ALSO_OPEN:
            return _second_person_first(request, user, name)
        if user.must_change_password:
            return redirect("account_change_password")
        if request.session.get("needs_factor") and needs_second_factor(user):
            return redirect("mfa_index")
        return None


def _second_person_first(request: HttpRequest, user: User, name: str) -> HttpResponse | None:
    if name in PASSWORD_PAGES and not user.must_change_password and holds_case_post(user):
        return redirect("people:credential_request", kind="password")
    if name in FACTOR_PAGES:
        if not has_second_factor(user):
            request.session["setting_up_factor"] = True
        elif not request.session.get("setting_up_factor") and holds_case_post(user):
            return redirect("people:credential_request", kind="second_factor")
    return None
