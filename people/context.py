"""What every signed-in page tells its scripts about the session."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def session_context(request: HttpRequest) -> dict[str, Any]:
    """Idle seconds, the absolute end, and the addresses that session.js asks; the limits were worked out by the middleware."""
    idle, ends_at = request.session.get("idle_seconds"), request.session.get("ends_at")
    return {
        "session_idle_seconds": idle,
        "session_absolute_at": datetime.fromtimestamp(ends_at, UTC) if ends_at else None,
        "session_ping_url": reverse("people:session_ping"),
        "session_unlock_url": reverse("people:session_unlock"),
        "session_keep_url": reverse("people:session_keep"),
        "account_url": reverse("people:profile"),
    }
