"""Two rules that hold for every answer: nothing personal stays in a cache, and every "not found" looks the same."""

import hashlib
import hmac
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.translation import get_language

from audit.recording import record

Handler = Callable[[HttpRequest], HttpResponse]
RECORD_ADDRESSES = (
    "/reports/",
    "/receipts/",
    "/report/",
    "/drafts/",
    "/cases/",
    "/steps/",
    "/referrals/",
    "/people/",
    "/jobs/",
    "/inbox/",
    "/board/",
    "/exports/",
    "/handover/",
)


METHODS = frozenset({"GET", "HEAD", "POST"})


class KnownMethods:
    """Pages are read and forms are sent: TRACE, OPTIONS and the rest find nothing here (ASVS 13.4.4)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(sorted(METHODS))


class NoStore:
    """Signed-in pages are never kept by browser or proxy: the phone may be shared (ASVS 14.3.2)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        return response


class UniformNotFound:
    """A record that is hidden answers exactly as one that never was, and writes the same event (R-74).

    A refusal is an event too, so that somebody who tries doors is seen.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No column holds a NUL, so that asking for one is a fault of the database instead of "not found".
        response = HttpResponse(status=404) if "\x00" in request.path else self.get_response(request)
        if response.status_code == 403 and request.user.is_authenticated:
            record("address.refused", None, by=request.user, asked=asked_for(request.path))
        if response.status_code != 404 or not request.path.startswith(RECORD_ADDRESSES) or not request.user.is_authenticated:
            return response
        record("address.not_found", None, by=request.user, asked=asked_for(request.path))
        return HttpResponse(render_to_string("404.html", {"LANGUAGE_CODE": get_language()}), status=404)


def asked_for(path: str) -> str:
    """A keyed hash of the address: whether it existed is worked out later, never at the time of asking."""
    return hmac.new(settings.INDEX_KEY, b"address:" + path.encode(), hashlib.sha256).hexdigest()[:32]
