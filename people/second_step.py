"""The second step at sign-in; how long an own device may skip it is the Board's setting, seven days at most."""

import time

from allauth.mfa.internal.flows.trust import create_config_fingerprint, decode_trust_cookie
from allauth.mfa.stages import AuthenticateStage, TrustStage
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.http import HttpRequest

from people import board
from people.middleware import has_second_factor
from people.models import User


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Asked unless a passkey opened the account or the Board's days of trust are not over."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if not isinstance(user, User) or not has_second_factor(user) or did_use_passwordless_login(request, user):
            return False
        return not is_trusted_device(request, user)


class OwnDevice(TrustStage):  # type: ignore[misc]
    """Offered only if the Board allows trust at all."""

    def handle(self) -> tuple[object, bool]:
        """(None, True) goes on without asking."""
        if not board.value("mfa.trusted_device_days"):
            return None, True
        answer: tuple[object, bool] = super().handle()
        return answer


def is_trusted_device(request: HttpRequest, user: User) -> bool:
    """The signed cookie is for this account as it stands now, and younger than the Board's days."""
    oldest = time.time() - board.value("mfa.trusted_device_days") * 86400
    wanted = create_config_fingerprint(user)
    return any(trust.fingerprint == wanted and trust.at > oldest for trust in decode_trust_cookie(request))
