"""What a signed-in view may rely on."""

from django.http import HttpRequest, QueryDict

from people.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`: its user is an account."""

    user: User


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is still an answer."""
    return request.POST if request.method == "POST" else None
