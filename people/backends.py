"""Who may sign in."""

from allauth.account.auth_backends import AuthenticationBackend


class SignIn(AuthenticationBackend):  # type: ignore[misc]
    """Login name in any spelling and a password."""
