"""How allauth is bent to this project: who signs up (nobody), how secrets rest, what is written down."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.recording import record
from common.crypto import seal, unseal
from people import keeping
from people.actions.credentials import tell_owner
from people.backends import is_leaver
from people.login_names import normalise
from people.models import ChangeKind, User

_CONTEXT = "people.second_factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the people officer; sign-in is written down; kept words are shown first."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The login name or the password is not right."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait five minutes, or call one of the numbers below."),
        "incorrect_password": gettext_lazy("That password was not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account for themselves."""
        return False

    def get_login_stages(self) -> list[str]:
        """Our own second step and trust in place of allauth's."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "people.second_step.SecondStep"}
        ours["allauth.mfa.stages.TrustStage"] = "people.second_step.OwnDevice"
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The same ways in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your app, or a printed one"),
            "mfa_reauthenticate:webauthn": _("Use your key"),
        }
        return [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count per account, however the name is spelt and whatever host was asked."""
        return f"login:{normalise(credentials.get('username', ''))}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A failed attempt names the account, if there is one, and nothing that was typed."""
        user = User.objects.by_login_name(credentials.get("username", ""))
        record("user.sign_in_failed", user, by=None)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """However one came, by password or passkey: a leaver's account is closed (R-95)."""
        if is_leaver(user):
            closed: HttpResponse = self.respond_user_inactive(request, user)
            return closed
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Words kept from an ended session come before anything else."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        record("user.signed_in", user, by=user)
        keeping.remember_person(response, user)
        if keeping.kept_for(user, now=timezone.now()).exists():
            response["Location"] = reverse("people:session_kept")
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            _remember_language(response, user.language)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Signing out is an event too."""
        if isinstance(request.user, User):
            record("user.signed_out", request.user, by=request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """The owner's own change; Django ends every other session with it, and every channel tells of it."""
        user.must_change_password = False
        super().set_password(user, password)
        record("user.password_changed", user, by=user)
        tell_owner(user, kind=ChangeKind.PASSWORD, now=timezone.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail leaves through the outbox of the deadline engine; allauth sends none."""


def _remember_language(response: HttpResponse, language: str) -> None:
    """The cookie as the language switch sets it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors rest sealed; labels show the login name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code was not right, or has been used already."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed with the field keys, so that a copy of the database opens no account."""
        return base64.b64encode(seal(text.encode(), context=_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The counterpart; a secret sealed elsewhere raises SealBroken."""
        return unseal(base64.b64decode(encrypted_text), context=_CONTEXT).decode()

    def _get_user_identifier(self, user: User) -> str:
        return user.login_name

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """A plain first name for a key; the owner may change it."""
        return _("My key")
