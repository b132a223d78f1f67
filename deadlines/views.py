"""The inbox: what the system told me, newest first; opening a notice leads to its row through the row's own access rule."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from common.paging import KeysetPage
from deadlines import actions, kinds
from deadlines.models import Notice
from deadlines.permissions import notices_visible_to
from deadlines.queries import inbox_of, unread_count

PAGE_SIZE = 20
SOMETHING = _("Something needs you")


@dataclass(frozen=True)
class Entry:
    """One notice in words."""

    reference: Any
    label: Any
    duty: Any
    created_at: datetime
    delayed_since: datetime | None
    is_unread: bool
    is_urgent: bool


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own notices; a row the reader is barred from leaves no trace here."""
    page = KeysetPage(inbox_of(request.user), order=("-created_at", "-pk"), cursor=request.GET.get("from", ""), size=PAGE_SIZE)
    context = {
        "entries": [_entry(notice) for notice in page.rows],
        "unread": unread_count(request.user),
        "previous_url": f"?from={page.previous_cursor}" if page.has_previous else "",
        "next_url": f"?from={page.next_cursor}" if page.has_next else "",
    }
    return render(request, "deadlines/inbox.html", context)


@require_POST
@login_required
def open_notice(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark read and go to the row; a row this reader cannot see does not exist, whatever the notice once said."""
    notice = get_object_or_404(notices_visible_to(request.user), reference=reference)
    address = _row_url(request.user, notice)
    if address is None:
        raise Http404
    actions.mark_read(request.user, [notice], now=timezone.now())
    return redirect(address)


@require_POST
@login_required
def mark_one_read(request: HttpRequest, reference: str) -> HttpResponse:
    """Read without opening."""
    notice = get_object_or_404(notices_visible_to(request.user), reference=reference)
    actions.mark_read(request.user, [notice], now=timezone.now())
    return redirect("deadlines:inbox")


@require_POST
@login_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Everything that was there when the button was pressed; what arrives meanwhile stays unread."""
    actions.mark_all_read(request.user, now=timezone.now())
    return redirect("deadlines:inbox")


def _entry(notice: Notice) -> Entry:
    kind = kinds.get(notice.kind)
    return Entry(
        reference=notice.reference,
        label=kind.label if kind else SOMETHING,
        duty=kind.duties.get(notice.duty, "") if kind else "",
        created_at=notice.created_at,
        delayed_since=notice.delayed_since,
        is_unread=notice.seen_at is None,
        is_urgent=kind is not None and kind.urgent,
    )


def _row_url(user: Any, notice: Notice) -> str | None:
    kind = kinds.get(notice.kind)
    try:
        model = apps.get_model(notice.row_type)
    except LookupError:
        return None
    row = model._base_manager.filter(pk=notice.row_pk).first()
    return kind.row_url(user, row) if kind and row is not None else None
