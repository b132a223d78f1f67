"""Exports, grants and roles ask for a fresh sign-in, with the second factor even on a trusted device."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from people import keeping
from people.middleware import has_second_factor
from people.models import User

P = ParamSpec("P")


def is_fresh(request: HttpRequest) -> bool:
    """Signed in again within the last five minutes; with a second factor on file it was used in this session.

    A device trusted for a week skips the second factor at sign-in and never here.
    """
    if not isinstance(request.user, User) or not did_recently_reauthenticate(request):
        return False
    methods: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return any(method.get("method") == "mfa" for method in methods) or not has_second_factor(request.user)


def fresh_sign_in_required(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the password or the second factor first; what was typed is kept sealed and offered back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return sign_in_again(request, cast(User, request.user))

    return login_required(guarded)


def sign_in_again(request: HttpRequest, user: User) -> HttpResponse:
    """To the sign-in and back; what was sent waits, sealed, to be sent on."""
    back = request.get_full_path()
    if request.method == "POST" and keeping.keep(user, request, now=timezone.now(), even_if_empty=True):
        back = reverse("people:session_kept")
    return HttpResponseRedirect(f"{_where(user)}?{urlencode({'next': back})}")


def _where(user: User) -> str:
    if not has_second_factor(user):
        return reverse("account_reauthenticate")
    has_app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")
