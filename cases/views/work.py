"""Working on one report: the list, the page that shows what decides, and one view for each thing that is done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.queries import timeline_of
from audit.recording import record, record_view
from cases import permissions, queries
from cases.actions import response
from cases.forms.work import AcknowledgeDangerForm, NamesForm, ReferralForm, ReportFilter, SafetyForm, StepForm
from cases.ladders import ladders_of
from cases.models import Referral, Report, ResponseStep, SafetyTask
from cases.permissions import reports_visible_to
from cases.views.showing import report_page, timeline_entries
from common.paging import KeysetPage, capped_count
from common.requests import AuthenticatedRequest
from common.searching import asked_for, to_sealed_address
from common.workflow import MoveNotAllowed


def fetched(request: AuthenticatedRequest, reference: str) -> Report:
    """The report through the one rule of access: hidden and unknown are the same 404 (R-74)."""
    return get_object_or_404(reports_visible_to(request.user), reference=reference)


def posted(request: AuthenticatedRequest) -> QueryDict | None:
    """What was sent, an empty form included: nothing chosen is an error to show, not a page to open afresh."""
    return request.POST if request.method == "POST" else None


def refuse_unless(allowed: bool, reason: str) -> None:
    """May know, but not do: 403 with the reason (CR)."""
    if not allowed:
        raise PermissionDenied(reason)


def only_those_who_handle(request: AuthenticatedRequest) -> None:
    """CPO, deputy, Board lead and alternate handle reports; everyone else who sees one only reads."""
    refuse_unless(
        permissions.handles_reports(request.user),
        _("Only the child protection officer, the deputy, the Board lead and the alternate do this."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reports(request: AuthenticatedRequest) -> HttpResponse:
    """The list with its filters and search; a page shows codes, never names (R-74)."""
    if request.method == "POST":
        return to_sealed_address(request)
    form = ReportFilter(asked_for(request) or None)
    asked = {name: value for name, value in form.cleaned_data.items() if value} if form.is_bound and _cleaned(form) else {}
    rows = queries.filtered_reports(request.user, asked)
    page = KeysetPage(rows, order=("-received_at", "-pk"), cursor=request.GET.get("cursor", ""))
    record_view(request.user, "reports", page.rows)
    context = {
        "form": form,
        "page": page,
        "count": capped_count(rows),
        "shows_lateness": permissions.can_see_lateness(request.user),
        "is_narrowed": bool(asked),
    }
    return render(request, "cases/work/reports.html", context)


def _cleaned(form: forms.Form) -> bool:
    """What is wrong in one filter does not lose the others."""
    form.is_valid()
    return True


@require_safe
@login_required
def report(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """One page that shows what decides."""
    row = get_object_or_404(queries.for_the_page(reports_visible_to(request.user)), reference=reference)
    record_view(request.user, "report", [row])
    return render(request, "cases/work/report.html", report_page(request.user, row, timezone.now()))


@login_required
def names(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Names open only when asked for, with a reason that is recorded; the answer is this one page and no longer (R-74)."""
    row = get_object_or_404(queries.for_the_page(reports_visible_to(request.user)), reference=reference)
    form = NamesForm(posted(request), initial={"which": request.GET.get("which", "people")})
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "title": _("Show names"), "cancel_url": row.get_absolute_url(), "confirm_text": _("Show the names")}
        return render(request, "components/confirm_page.html", context)
    which = form.cleaned_data["which"]
    record("report.names_shown", row, by=request.user, reason=form.cleaned_data["why"], which=which)
    context = report_page(request.user, row, timezone.now()) | {"shows_names": which == "people", "shows_reporter": which == "reporter"}
    return render(request, "cases/work/report.html", context)


@require_safe
@login_required
def history(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Who was told when and by which way, read or not; and everything that was done."""
    row = fetched(request, reference)
    record_view(request.user, "report.history", [row])
    context = {
        "report": row,
        "ladder": ladders_of([row]).get(row.pk, []),
        "entries": timeline_entries(timeline_of(row).select_related("actor__person", "text")[:200], request.user),
    }
    return render(request, "cases/work/history.html", context)


@login_required
def acknowledge(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """One click; in danger with the answer what the person is doing now (R-40)."""
    row = fetched(request, reference)
    only_those_who_handle(request)
    form = AcknowledgeDangerForm(posted(request))
    asks = row.is_in_danger and permissions.danger_is_unconfirmed(row)
    if request.method != "POST" or (asks and not form.is_valid()):
        context = {"form": form if asks else None, "title": _("Confirm that you have it"), "cancel_url": row.get_absolute_url()}
        return render(request, "components/confirm_page.html", context)
    doing = form.cleaned_data["doing"] if asks else ""
    _do(
        request,
        lambda: response.acknowledge_report(row, by=request.user, now=timezone.now(), doing=doing),
        done=_("You have confirmed this report. The person who reported can see that it was read."),
        late=_("Someone has already confirmed this report."),
    )
    return redirect(row)


@login_required
def safety(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Close the one-hour safety task with the action that made the child safe (R-40)."""
    row = fetched(request, reference)
    only_those_who_handle(request)
    get_object_or_404(SafetyTask, report=row)
    form = SafetyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        _do(
            request,
            lambda: response.close_safety_task(row, action=given["action"], note=given["note"], by=request.user, now=timezone.now()),
            done=_("The safety task is closed."),
            late=_("This task is closed, or nobody has confirmed the report yet."),
        )
        return redirect(row)
    context = {
        "form": form,
        "title": _("The child is safe"),
        "cancel_url": row.get_absolute_url(),
        "confirm_text": _("Close the safety task"),
    }
    return render(request, "components/confirm_page.html", context)


@login_required
def add_step(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """One more thing to do: what, who, by when (R-31)."""
    row = fetched(request, reference)
    only_those_who_handle(request)
    now = timezone.now()
    form = StepForm(posted(request), owners=queries.owners_for(row, now), now=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        response.add_step(row, what=given["what"], owner=given["owner"], due_at=given["due_at"], by=request.user, now=now)
        messages.success(request, _("The next action is saved."))
        return redirect(row)
    context = {"form": form, "title": _("Next action"), "cancel_url": row.get_absolute_url(), "confirm_text": _("Save")}
    return render(request, "components/confirm_page.html", context)


@require_POST
@login_required
def finish_step(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Done, by its owner or by whoever handles the report."""
    visible = reports_visible_to(request.user)
    step = get_object_or_404(ResponseStep.objects.filter(report__in=visible).select_related("report"), reference=reference)
    if step.owner_id != request.user.pk:
        only_those_who_handle(request)
    _do(
        request,
        lambda: response.finish_step(step, by=request.user, now=timezone.now()),
        done=_("Noted as done."),
        late=_("This was noted as done before."),
    )
    return redirect(step.report)


@login_required
def referral(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """The authority has it: number, done (R-78). Any clear Board member may do it too (requirements 3.9)."""
    visible = reports_visible_to(request.user)
    row = get_object_or_404(Referral.objects.filter(report__in=visible).select_related("report"), reference=reference)
    refuse_unless(permissions.can_refer(request.user), _("Only the child protection officer, the deputy and the Board refer."))
    form = ReferralForm(posted(request))
    if request.method == "POST" and form.is_valid():
        _do(
            request,
            lambda: response.complete_referral(row, number=form.cleaned_data["number"], by=request.user, now=timezone.now()),
            done=_("The referral is noted as done."),
            late=_("This was noted as done before."),
        )
        return redirect(row.report)
    record_view(request.user, "referral", [row.report])
    return render(request, "cases/work/referral.html", {"form": form, "referral": row, "report": row.report})


def _do(request: AuthenticatedRequest, act: Callable[[], Any], *, done: str, late: str) -> None:
    """Run one action; if someone else was first, say so calmly."""
    try:
        act()
    except MoveNotAllowed:
        messages.error(request, late)
    else:
        messages.success(request, done)
