"""What needs me now, the handover for tonight, and the card for the night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from audit.recording import record_view
from cases import permissions, queries
from cases.actions import access
from cases.models import Cover
from cases.views.work import refuse_unless
from common.localtime import local_day, to_utc
from common.requests import AuthenticatedRequest
from common.workflow import MoveNotAllowed
from people.queries import cover_phones

MORNING = time(8, 0)
TITLES = {
    "danger": gettext_lazy("A child may be in danger now"),
    "escalated": gettext_lazy("Passed on, because nobody confirmed"),
    "running_out": gettext_lazy("Time is running out"),
    "new": gettext_lazy("New"),
    "second_person": gettext_lazy("Waiting for a second person"),
    "referrals": gettext_lazy("Referrals to make"),
    "actions": gettext_lazy("Next actions"),
}


@require_safe
@login_required
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """In order of harm; each report stands once; nothing is counted past a thousand."""
    now = timezone.now()
    refuse_unless(
        permissions.works_on_reports(request.user),
        _("This page is for those who work on reports. You find your own reports under “My reports”."),
    )
    sections = queries.dashboard_sections(request.user, now)
    shown = [getattr(row, "report", row) for section in sections for row in section.rows]
    record_view(request.user, "dashboard", list({row.pk: row for row in shown}.values()))
    context = {
        "now": now,
        "sections": [(TITLES[section.code], section) for section in sections if section.rows],
        "cover": queries.open_cover_of(request.user, now),
        "can_hand_over": permissions.can_hand_over(request.user),
    }
    return render(request, "cases/board/dashboard.html", context)


@require_POST
@login_required
def hand_over(request: AuthenticatedRequest) -> HttpResponse:
    """One tap; the deputy confirms, and until then everything stays with the Director."""
    refuse_unless(permissions.can_hand_over(request.user), _("Only the child protection officer hands over."))
    now = timezone.now()
    try:
        cover = access.hand_over_tonight(until_at=next_morning(now), by=request.user, now=now)
    except MoveNotAllowed:
        messages.error(request, _("There is no deputy to hand over to. Call the Board lead."))
    else:
        name = cover.asked_of.get_full_name()
        messages.success(request, _("%(name)s was asked to take over. Until they confirm, everything stays with you.") % {"name": name})
    return redirect("cases:dashboard")


@login_required
def confirm_handover(request: AuthenticatedRequest) -> HttpResponse:
    """The deputy says yes; open reports and cases are theirs too from now on."""
    now = timezone.now()
    waiting = Cover.objects.filter(asked_of=request.user, confirmed_at=None, ended_at=None, until_at__gt=now)
    cover = get_object_or_404(waiting.select_related("asked_by__person"))
    if request.method == "POST":
        try:
            access.confirm_cover(cover, by=request.user, now=now)
        except MoveNotAllowed:
            messages.error(request, _("This handover cannot be confirmed any more."))
        else:
            messages.success(request, _("You have taken over. Open reports are on this page."))
        return redirect("cases:dashboard")
    return render(request, "cases/board/confirm_handover.html", {"cover": cover})


def next_morning(now: datetime) -> datetime:
    """Eight o'clock in Tirana, today if that is still to come."""
    today = to_utc(local_day(now), MORNING)
    return today if today > now else to_utc(local_day(now) + timedelta(days=1), MORNING)


@require_safe
@login_required
def on_call_card(request: AuthenticatedRequest) -> HttpResponse:
    """A card to print: whom to call at night; it says nothing of any report."""
    refuse_unless(permissions.works_on_reports(request.user), _("The card is for those who are on call."))
    return render(request, "cases/board/on_call_card.html", {"phones": cover_phones(timezone.now()), "now": timezone.now()})
