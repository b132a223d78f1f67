"""Cases: the list, the page with the child's safety first, and who was let in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.queries import timeline_of
from audit.recording import record_view
from cases import permissions
from cases.actions import access
from cases.forms.work import GrantForm
from cases.models import CaseGrant
from cases.models.report import SEALED_ANSWERS
from cases.permissions import cases_visible_to, reports_visible_to
from cases.views.showing import timeline_entries
from cases.views.work import posted, refuse_unless
from common.paging import KeysetPage, capped_count
from common.requests import AuthenticatedRequest
from common.workflow import MoveNotAllowed
from people.models import User
from people.permissions import roles_of
from people.roles import BOARD_LEAD, CPO

TIMELINE_SHOWN = 100


@require_safe
@login_required
def cases(request: AuthenticatedRequest) -> HttpResponse:
    """All cases this user may see, newest first."""
    rows = cases_visible_to(request.user)
    page = KeysetPage(rows, order=("-opened_at", "-pk"), cursor=request.GET.get("cursor", ""))
    record_view(request.user, "cases", page.rows)
    return render(request, "cases/work/cases.html", {"page": page, "count": capped_count(rows)})


@require_safe
@login_required
def case(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Immediate safety and next action first (R-31), then reports, referrals, who was let in, and what was done."""
    row = get_object_or_404(cases_visible_to(request.user).select_related("municipality", "opened_by__person"), reference=reference)
    now = timezone.now()
    record_view(request.user, "case", [row])
    steps = list(row.steps.select_related("owner__person").order_by("done_at", "due_at"))
    grants = list(row.grants.select_related("holder__person", "granted_by__person").order_by("-from_at"))
    context = {
        "case": row,
        "now": now,
        "reports": list(
            reports_visible_to(request.user)
            .filter(case=row)
            .select_related("safety_task")
            .defer(*SEALED_ANSWERS)
            .order_by("received_at", "pk")
        ),
        "open_steps": [step for step in steps if step.done_at is None],
        "done_steps": [step for step in steps if step.done_at is not None],
        "referrals": list(row.referrals.order_by("due_at")),
        "grants": [(grant, grant.ended_at is None and grant.until_at > now) for grant in grants],
        "entries": timeline_entries(timeline_of(row).select_related("actor__person", "text").reverse()[:TIMELINE_SHOWN], request.user),
        "can_grant": bool(roles_of(request.user) & {CPO, BOARD_LEAD}),
        "handles": permissions.handles_reports(request.user),
    }
    return render(request, "cases/work/case.html", context)


@login_required
def grants(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Let somebody in by name, or take it back; a refusal never says why (R-75)."""
    row = get_object_or_404(cases_visible_to(request.user), reference=reference)
    refuse_unless(
        permissions.can_grant(request.user, row), _("Only the child protection officer and the Board lead give access to a case.")
    )
    if request.method == "POST" and request.POST.get("end"):
        return _end(request, get_object_or_404(CaseGrant, case=row, ended_at=None, holder__reference=request.POST["end"]))
    now = timezone.now()
    holders = User.objects.filter(is_active=True).exclude(pk=request.user.pk).select_related("person").order_by("person__sort_key", "pk")
    form = GrantForm(posted(request), holders=list(holders[:1000]), now=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            access.grant_access(row, given["holder"], why=given["why"], until_at=given["until_at"], by=request.user, now=now)
        except (access.GrantRefused, IntegrityError):
            access.refuse_grant(row, by=request.user)
            form.add_error("holder", _("This person cannot be let in to this case. Choose someone else."))
        else:
            messages.success(request, _("Access is given."))
            return redirect(row)
    context = {"form": form, "title": _("Give access to this case"), "cancel_url": row.get_absolute_url(), "confirm_text": _("Give access")}
    return render(request, "components/confirm_page.html", context)


def _end(request: AuthenticatedRequest, grant: CaseGrant) -> HttpResponse:
    try:
        access.end_grant(grant, by=request.user, now=timezone.now())
    except MoveNotAllowed:
        messages.error(request, _("This access had ended before."))
    else:
        messages.success(request, _("The access has ended."))
    return redirect(grant.case)
