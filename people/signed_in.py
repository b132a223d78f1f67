"""What a signed-in view may rely on."""

from django.http import HttpRequest

from people.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`: its user is an account."""

    user: User
