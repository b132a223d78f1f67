"""Who may sign in: an active account whose person is tied to ASET at this instant."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from people.login_names import normalise
from people.models import Affiliation, User


class SignIn(AuthenticationBackend):  # type: ignore[misc]
    """Login name in any spelling and a password; a leaver is signed out at the instant the last tie ends (R-95)."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The login name as typed, in its one spelling."""
        if credentials.get("username"):
            credentials["username"] = normalise(credentials["username"])
        user: User | None = super().authenticate(request, **credentials)
        return user

    def get_user(self, user_id: int) -> User | None:
        """The account behind a session, with its person, in one query; None ends the session."""
        ties = Affiliation.objects.filter(person=OuterRef("person"))
        user = (
            User.objects.select_related("person")
            .annotate(was_tied=Exists(ties), is_tied=Exists(ties.active(timezone.now())))
            .filter(pk=user_id, is_active=True)
            .first()
        )
        return None if user is None or (user.was_tied and not user.is_tied) else user

    def user_can_authenticate(self, user: Any) -> bool:
        """Active, and not a leaver."""
        return bool(user.is_active) and not is_leaver(user)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used; access to a row is asked in each app's permissions.py."""
        return False


def is_leaver(user: User) -> bool:
    """Was tied to ASET and is no longer, or not yet again."""
    ties = Affiliation.objects.filter(person_id=user.person_id) if user.person_id else Affiliation.objects.none()
    return ties.exists() and not ties.active(timezone.now()).exists()
