"""Drafts: send with one button, say whom one told by phone, or discard with a reason; and that somebody's draft waits."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions.drafts import DraftClosed, discard_draft, told_by_phone
from cases.draft_account import missing_answers
from cases.forms.report_after import DiscardForm, ToldByPhoneForm
from cases.forms.report_steps import is_answered, questions_for
from cases.models import ReportDraft
from cases.queries_drafts import draft_with_token, drafts_told_to, open_drafts_of
from cases.recipients import present_recipients
from cases.views.report import closed, is_minor, language, time_told
from common.requests import AuthenticatedRequest


@login_required
@require_safe
def drafts(request: AuthenticatedRequest) -> HttpResponse:
    """Everything this person has begun and not sent; by its time, never by its words."""
    now, minor = timezone.now(), is_minor(request, timezone.now())
    rows = [
        {
            "draft": draft,
            "clock": time_told(draft, is_minor=minor, now=now),
            "can_send": not missing_answers(draft, now=now, is_minor=minor),
            "continue_url": reverse("cases:report_step", args=[draft.token, _first_open(draft, minor)]),
        }
        for draft in open_drafts_of(request.user)[:50]
    ]
    return render(request, "cases/report/drafts.html", {"rows": rows})


def _first_open(draft: ReportDraft, minor: bool) -> str:
    """The first page without an answer, or what happened."""
    open_pages = [
        question.slug for question in questions_for(draft.answers, is_minor=minor) if not is_answered(draft.answers.get(question.slug))
    ]
    return next((slug for slug in open_pages if slug != "danger-now"), "what-happened")


def _own_open(request: AuthenticatedRequest, token: uuid.UUID) -> ReportDraft:
    draft = draft_with_token(request.user, token)
    if draft is None:
        raise Http404
    return draft


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: AuthenticatedRequest, token: uuid.UUID) -> HttpResponse:
    """Discarding asks why, and says that no concern is too small (R-79, R-80)."""
    draft = _own_open(request, token)
    if not draft.is_open:
        return closed(request, draft)
    form = DiscardForm({"reason": request.POST.get("reason", "").replace("\x00", "")} if request.method == "POST" else None)
    if form.is_valid():
        discard_draft(draft, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        messages.success(request, _("The draft is gone. Nothing was sent."))
        return redirect("cases:drafts")
    context = {"form": form, "draft": draft, "is_after_alert": draft.report_id is not None}
    return render(request, "cases/report/discard.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tell_by_phone(request: AuthenticatedRequest, token: uuid.UUID) -> HttpResponse:
    """ "I have told … by phone": the draft goes along, and the person told is asked to confirm (A-08)."""
    draft, now = _own_open(request, token), timezone.now()
    if not draft.is_open:
        return closed(request, draft)
    recipients = present_recipients(request.user, now)
    form = ToldByPhoneForm(request.POST if request.method == "POST" else None, now=now, recipients=recipients)
    if form.is_valid():
        told_to = next(each.user for each in recipients if each.reference == form.cleaned_data["told_to"])
        how = form.cleaned_data["told_how"] or "phone"
        try:
            report = told_by_phone(draft, told_to=told_to, told_at=form.cleaned_data["told_at"], told_how=how, language=language(), now=now)
        except DraftClosed as late:
            return closed(request, late.draft)
        return redirect("cases:receipt", report.reference)
    return render(request, "cases/report/told_by_phone.html", {"form": form, "draft": draft})


@login_required
@require_safe
def unsent_drafts(request: AuthenticatedRequest) -> HttpResponse:
    """For those who were told of it: that a draft waits, and whose; nothing of what it says, and nothing to press."""
    rows = list(drafts_told_to(request.user)[:100])
    return render(request, "cases/report/unsent_drafts.html", {"drafts": rows})
