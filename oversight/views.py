"""The home page, and the pages from which documents are taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.recording import record_view
from cases.permissions import can_export_report, can_export_reporting_audit, cases_visible_to, reports_visible_to
from cases.queries_drafts import state_for_reporter
from cases.views.receipt import state_words
from common.paging import capped_count
from jobs.permissions import jobs_visible_to
from oversight import exports as documents
from oversight.forms import PurposeForm, ReportingAuditForm
from oversight.home import areas_for, latest_own, unsent_drafts
from oversight.reporting_audit import left_out_of_the_figures
from people import roles
from people.permissions import holds_any
from people.reauthentication import fresh_sign_in_required

if TYPE_CHECKING:
    from people.models import User

KINDS_HERE = (documents.REPORT_RECORD, documents.REPORTING_AUDIT)
SHOWN = 20


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What this person can do and what waits; without an account, the sign-in page."""
    user = cast("User", request.user)
    own = latest_own(user)
    if own:
        record_view(user, "home", own)
    context = {
        "areas": areas_for(user, timezone.now()),
        "drafts": unsent_drafts(user),
        "own": [(report, state := state_for_reporter(report), state_words(state)) for report in own],
    }
    return render(request, "oversight/home.html", context)


@require_GET
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """One's own documents, and what one may have made."""
    user = cast("User", request.user)
    own = jobs_visible_to(user).filter(kind__in=KINDS_HERE).order_by("-pk")
    now = timezone.now()
    rows = [(job, documents.label_of(job), job.is_fetchable(now)) for job in own[:SHOWN]]
    context = {"rows": rows, "count": capped_count(own), "may_audit": can_export_reporting_audit(user)}
    return render(request, "oversight/exports.html", context)


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def export_reporting_audit(request: HttpRequest) -> HttpResponse:
    """The 24-hour reporting audit of a period; the Board alone reads here how many reports its figures leave out."""
    user = cast("User", request.user)
    if not can_export_reporting_audit(user):
        raise PermissionDenied(_("Only the child protection officer, the Board and the technical administrator may do this."))
    form = ReportingAuditForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        job = documents.export_reporting_audit(
            asked["since"], asked["until"], purpose=asked["purpose"], language=asked["language"], by=user
        )
        return redirect(job)
    left_out = left_out_of_the_figures(reports_visible_to(user)) if holds_any(user, roles.BOARD) else 0
    return _ask(request, form, title=_("24-hour reporting audit"), audit=True, left_out=left_out)


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def export_report(request: HttpRequest, reference: str) -> HttpResponse:
    """The record of one report as a document."""
    user = cast("User", request.user)
    report = get_object_or_404(reports_visible_to(user), reference=reference)
    if not can_export_report(user, report):
        raise PermissionDenied(_("You may read this report, but not take it out as a document."))
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(documents.export_report(report, **form.cleaned_data, by=user))
    record_view(user, "oversight.export_report", [report])
    return _ask(request, form, title=_("Record of a report"), reference=report.reference, back_url=report.get_absolute_url())


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def export_case(request: HttpRequest, reference: str) -> HttpResponse:
    """The record of a case and of its reports as a document."""
    user = cast("User", request.user)
    case = get_object_or_404(cases_visible_to(user), reference=reference)
    if not documents.may_export_case(user, case):
        raise PermissionDenied(_("You may read this case, but not take it out as a document."))
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(documents.export_case(case, **form.cleaned_data, by=user))
    record_view(user, "oversight.export_case", [case])
    return _ask(request, form, title=_("Record of a case"), reference=case.reference, back_url=case.get_absolute_url())


def _ask(request: HttpRequest, form: PurposeForm, *, title: str, **context: Any) -> HttpResponse:
    return render(request, "oversight/ask.html", {"form": form, "heading": title, **context})
