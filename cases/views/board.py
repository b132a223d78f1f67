"""The Board's page: what went past those first asked, what was done, and who was told, by which way, read or not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.recording import record_view
from cases import permissions
from cases.ladders import board_rows, escalated_steps, ladders_of
from cases.models import Report
from cases.views.work import refuse_unless
from cases.views.work_triage import hold_code
from common.paging import KeysetPage
from common.requests import AuthenticatedRequest
from people.models import User
from people.permissions import roles_of

PAGE_SIZE = 20
ORDER = ("-due_at", "-pk")


@require_safe
@login_required
def board(request: AuthenticatedRequest) -> HttpResponse:
    """Escalations, each with its ladder. Rows kept from the CPO stand apart and only here (architecture.md)."""
    refuse_unless(bool(roles_of(request.user) & permissions.BOARD_POSTS), _("This page is for the Board."))
    now = timezone.now()
    page = KeysetPage(escalated_steps(request.user, now), order=ORDER, cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    rows = board_rows(request.user, page.rows, now)
    shown = {row.pk: row for row in [*rows.escalated, *rows.apart, *(row for row, held in rows.holds)]}
    record_view(request.user, "board", shown.values())
    ladders = ladders_of(list(shown.values()))
    decides = permissions.handles_reports(request.user)
    context = {
        "page": page,
        "escalated": [(row, ladders.get(row.pk, [])) for row in rows.escalated],
        "apart": [(row, ladders.get(row.pk, [])) for row in rows.apart],
        "holds": [(row, held, _hold_url(row, held)) for row, held in rows.holds] if decides else [],
    }
    return render(request, "cases/board/board.html", context)


def _hold_url(report: Report, held: User) -> str:
    return reverse("cases:hold", args=[report.reference, hold_code(report, held)])
