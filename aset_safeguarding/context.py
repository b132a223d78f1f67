"""What every page needs around its content: menu, banners, help phones, and the limits of the session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from deadlines.queries import unread_count
from oversight.menu import menu_of
from people.context import session_context


def page(request: HttpRequest) -> dict[str, Any]:
    """Filled for base.html; costs a signed-in page a constant number of queries, an anonymous one none."""
    user = getattr(request, "user", None)
    around: dict[str, Any] = {
        "help_phones": help_phones(),
        "banners": banners(),
        "QUICK_EXIT_URL": settings.QUICK_EXIT_URL,
        "app_version": settings.APP_VERSION,
        "home_url": reverse("home"),
    }
    if user is None or not user.is_authenticated:
        return around
    unread = unread_count(user)
    return around | session_context(request) | {"menu": menu_of(user, path=request.path, unread=unread), "unread_count": unread}


def help_phones() -> list[dict[str, str]]:
    """Who helps at once, from settings, so that a changed number needs no release."""
    phones = settings.HELP_PHONES
    return [
        {"number": phones["112"], "label": _("Emergency")},
        {"number": phones["129"], "label": _("Police")},
        {"number": phones["116111"], "label": _("Child helpline (ALO)")},
    ]


def banners() -> list[dict[str, str]]:
    """What everyone must know about this installation."""
    shown: list[dict[str, str]] = []
    if settings.DEMO:
        shown.append({"text": _("This is a demonstration. All people and events are invented."), "kind": "demo"})
        if not settings.MFA_REQUIRED:
            shown.append({"text": _("The second sign-in step is switched off for the demonstration."), "kind": "demo"})
    return shown
