"""After sending: the receipt, one's own reports, adding to them, why it was late, and the confirmation of who was told."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.recording import record_view
from cases.actions.intake import add_to_report, confirm_told, give_late_reason
from cases.clocks import acknowledge_due_at
from cases.forms.report_after import AdditionForm, LateReasonForm
from cases.models import Report
from cases.permissions import receipts_visible_to
from cases.queries_drafts import must_call, open_drafts_of, state_for_reporter, tellings_to
from cases.timeliness import Timeliness
from common.paging import KeysetPage
from common.requests import AuthenticatedRequest

STATES = ("received", "looked_at", "finished")


def state_words(state: str) -> str:
    """The three states as the reporter reads them."""
    return {"received": _("Received"), "looked_at": _("Being looked at"), "finished": _("Finished")}[state]


@login_required
@require_safe
def my_reports(request: AuthenticatedRequest) -> HttpResponse:
    """One's own reports with exactly three states, and the drafts that still wait."""
    own = receipts_visible_to(request.user).select_related("case")
    page: KeysetPage[Report] = KeysetPage(own, order=("-received_at", "-pk"), cursor=request.GET.get("cursor", ""))
    rows = [(report, state := state_for_reporter(report), state_words(state)) for report in page.rows]
    if rows:
        record_view(request.user, "my_reports", page.rows)
    context = {"page": page, "rows": rows, "drafts": list(open_drafts_of(request.user)[:20])}
    return render(request, "cases/report/my_reports.html", context)


@login_required
@require_safe
def receipt(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """You did the right thing: what happens next and by when, and whether somebody has read it."""
    report = get_object_or_404(receipts_visible_to(request.user).select_related("case"), reference=reference)
    record_view(request.user, "receipt", [report])
    return _receipt_page(request, report)


def _receipt_page(request: AuthenticatedRequest, report: Report, late_form: LateReasonForm | None = None) -> HttpResponse:
    state = state_for_reporter(report)
    due_at = acknowledge_due_at(report)
    context: dict[str, Any] = {
        "report": report,
        "state": state,
        "state_label": state_words(state),
        "must_call": must_call(report),
        "read_by": due_at if due_at > report.received_at and not report.reporter_is_minor and state == "received" else None,
        "unfinished": open_drafts_of(request.user).filter(report=report).first() if report.channel == "alert" else None,
        "late_form": late_form or (LateReasonForm() if _asks_why_late(report) else None),
    }
    return render(request, "cases/report/receipt.html", context)


def _asks_why_late(report: Report) -> bool:
    return report.timeliness == Timeliness.LATE and not report.late_reason


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_add(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """More facts; the token of the page keeps a double press from adding twice."""
    report = get_object_or_404(receipts_visible_to(request.user), reference=reference)
    if request.method != "POST":
        return _add_page(request, report, AdditionForm(initial={"token": uuid.uuid4()}))
    form = AdditionForm(_without_nul(request))
    if not form.is_valid():
        return _add_page(request, report, form)
    token = uuid.uuid5(form.cleaned_data["token"] or uuid.uuid4(), f"{report.reference}/{request.user.reference}")
    add_to_report(report, token=token, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    messages.success(request, _("Added. Thank you."))
    return redirect("cases:receipt", report.reference)


def _without_nul(request: AuthenticatedRequest) -> dict[str, str]:
    """No database stores NUL, and no reader misses it."""
    return {name: value.replace("\x00", "") for name, value in request.POST.items() if isinstance(value, str)}


def _add_page(request: AuthenticatedRequest, report: Report, form: AdditionForm, *, note: str = "") -> HttpResponse:
    return render(request, "cases/report/add.html", {"report": report, "form": form, "note": note})


def add_instead(request: AuthenticatedRequest, report: Report, words: str) -> HttpResponse:
    """Words for a report that was already sent: nothing typed is lost, it can be added."""
    note = _("This report has been sent already. Your words are still here: you can add them to it.")
    return _add_page(request, report, AdditionForm(initial={"token": uuid.uuid4(), "text": words}), note=note)


@login_required
@require_POST
def receipt_why_late(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Asked after the receipt with ready answers; seen by Director and Board only (R-81)."""
    report = get_object_or_404(receipts_visible_to(request.user).select_related("case"), reference=reference)
    if not _asks_why_late(report):
        return redirect("cases:receipt", report.reference)
    form = LateReasonForm(_without_nul(request))
    if not form.is_valid():
        return _receipt_page(request, report, form)
    give_late_reason(report, reason=form.cleaned_data["reason"], text=form.cleaned_data["reason_text"], by=request.user, now=timezone.now())
    messages.success(request, _("Thank you for telling us."))
    return redirect("cases:receipt", report.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """The person whom the reporter says they told confirms it; from then on that moment counts (A-08)."""
    report = get_object_or_404(tellings_to(request.user), reference=reference)
    if request.method == "POST":
        confirm_told(report, by=request.user, now=timezone.now())
        messages.success(request, _("Confirmed. Thank you."))
        return redirect("cases:told", report.reference)
    record_view(request.user, "told", [report])
    return render(request, "cases/report/told.html", {"report": report})
