"""The staff form: danger first, then one question group a page, sent from any page once the two needed answers exist."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from cases.actions.drafts import DraftClosed, alert_now, begin_draft, save_draft, send_draft
from cases.draft_account import missing_answers, warnings_about
from cases.forms.report_fields import Answer, StepForm
from cases.forms.report_named import TOO_MANY
from cases.forms.report_steps import (
    QUESTION_OF,
    Question,
    group_answer,
    group_count,
    groups_in,
    has_too_many_groups,
    is_answered,
    neighbours,
    questions_for,
)
from cases.forms.report_words import rows_of
from cases.models import ReportDraft
from cases.queries_drafts import draft_with_token, open_drafts_of, own_deadline_of
from cases.recipients import Recipient, present_recipients
from cases.views.receipt import add_instead
from common.localtime import local_day
from common.requests import AuthenticatedRequest

CHECK = "check"


@dataclass(frozen=True)
class Writing:
    """One person at one draft at one moment; what every page of the form needs."""

    request: AuthenticatedRequest
    draft: ReportDraft
    now: datetime
    recipients: list[Recipient]
    is_minor: bool

    @property
    def can_send(self) -> bool:
        """From the moment the two needed answers exist (R-80)."""
        return not missing_answers(self.draft, now=self.now, is_minor=self.is_minor)

    def step_url(self, slug: str) -> str:
        """The address of another page of this draft."""
        name = "cases:report_check" if slug == CHECK else "cases:report_step"
        return reverse(name, args=[self.draft.token] if slug == CHECK else [self.draft.token, slug])


def language() -> str:
    """The language the person writes in, as far as the page knows."""
    return "en" if (get_language() or "sq").startswith("en") else "sq"


def is_minor(request: AuthenticatedRequest, now: datetime) -> bool:
    """A reporter under 18 is shown no clock (A-06)."""
    return bool(request.user.is_minor(local_day(now)))


def time_told(draft: ReportDraft, *, is_minor: bool, now: datetime) -> dict[str, Any] | None:
    """The time is told, not ticked: until when, or that late is far better than never; nothing to a minor (R-80)."""
    due_at = own_deadline_of(draft)
    if due_at is None or is_minor or draft.report_id:
        return None
    return {"due_at": due_at, "has_time": now <= due_at}


def _writing(request: AuthenticatedRequest, token: uuid.UUID) -> Writing:
    """The author's own draft, or 404; nobody else's token leads anywhere."""
    draft, now = draft_with_token(request.user, token), timezone.now()
    if draft is None:
        raise Http404
    return Writing(request, draft, now, present_recipients(request.user, now), is_minor(request, now))


@login_required
def report_start(request: AuthenticatedRequest) -> HttpResponse:
    """Danger first. The client token is made here, so that sending this page twice begins one draft."""
    now, question = timezone.now(), QUESTION_OF["danger"]
    forms = question.shown({}, now=now)
    token = _uuid(request.POST.get("token", "")) or uuid.uuid4()
    if request.method == "POST":
        answer = question.typed(request.POST, now=now)
        forms = question.filled(answer, now=now)
        if all(form.is_valid() for form in forms):
            draft = begin_draft(request.user, token=token, now=now)
            if not draft.is_open:
                return closed(request, draft)
            draft = save_draft(draft, step="danger", answer=answer, now=now)
            _before, after = neighbours("danger", draft.answers, is_minor=is_minor(request, now))
            return redirect("cases:report_step", draft.token, after)
    drafts = list(open_drafts_of(request.user)[:5])
    return render(request, "cases/report/start.html", {"forms": forms, "token": token, "drafts": drafts, "question": question})


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@login_required
def report_step(request: AuthenticatedRequest, token: uuid.UUID, step: str) -> HttpResponse:
    """One question group; every way of leaving it by a button keeps what was typed, right or wrong."""
    writing, question = _writing(request, token), QUESTION_OF.get(step)
    if question is None:
        raise Http404
    if request.method == "POST":
        return _answered(writing, question)
    if not writing.draft.is_open:
        return closed(request, writing.draft)
    answer = writing.draft.answers.get(step) or {}
    return _page(writing, question, question.shown(answer, now=writing.now, recipients=writing.recipients))


def _answered(writing: Writing, question: Question) -> HttpResponse:
    request, posted = writing.request, writing.request.POST
    answer = _with_groups(question, question.typed(posted, now=writing.now, recipients=writing.recipients), posted)
    try:
        draft = save_draft(writing.draft, step=question.slug, answer=answer, now=writing.now)
    except DraftClosed as late:
        return closed(request, late.draft, answer)
    writing = Writing(request, draft, writing.now, writing.recipients, writing.is_minor)
    if "add" in posted or "remove" in posted:
        return redirect(_same_page(writing, question))
    forms = question.filled(answer, now=writing.now, recipients=writing.recipients)
    too_many = question.repeats and has_too_many_groups(posted)
    if too_many or not all(form.is_valid() for form in forms):
        return _page(writing, question, forms or question.shown({}, now=writing.now), problem=str(TOO_MANY) if too_many else "")
    if "send_now" in posted:
        return _send(writing)
    return redirect(writing.step_url(_next(writing, question)))


def _with_groups(question: Question, answer: Answer, posted: Any) -> Answer:
    """The buttons "add another" and "remove" of a repeatable page."""
    if not question.repeats:
        return answer
    groups = groups_in(answer)
    number = posted.get("remove", "")
    if number.isascii() and number.isdigit() and int(number[:4]) < len(groups):
        del groups[int(number[:4])]
    if "add" in posted:
        groups.append({f"form-{len(groups)}-name": [""]})
    return group_answer(groups[:50])


def _same_page(writing: Writing, question: Question) -> str:
    """Another address each time, or a browser would only jump to the anchor and not load the new group."""
    query = {"groups": str(group_count(writing.draft.answers[question.slug]))}
    if writing.request.POST.get("then") == CHECK:
        query["then"] = CHECK
    return f"{writing.step_url(question.slug)}?{urlencode(query)}#form-last"


def _next(writing: Writing, question: Question) -> str:
    if writing.request.POST.get("then") == CHECK and writing.can_send:
        return CHECK
    _before, after = neighbours(question.slug, writing.draft.answers, is_minor=writing.is_minor)
    return after or CHECK


def _page(writing: Writing, question: Question, forms: list[StepForm], *, problem: str = "") -> HttpResponse:
    before, _after = neighbours(question.slug, writing.draft.answers, is_minor=writing.is_minor)
    context = _around(writing) | {
        "question": question,
        "forms": forms,
        "problem": problem,
        "then": writing.request.POST.get("then") or writing.request.GET.get("then", ""),
        "back_url": writing.step_url(before) if before else reverse("cases:report_start"),
        "autosave_url": reverse("cases:report_autosave", args=[writing.draft.token]),
        "is_alert_page": question.slug == "danger-now",
    }
    return render(writing.request, "cases/report/step.html", context)


def _around(writing: Writing) -> dict[str, Any]:
    return {
        "draft": writing.draft,
        "can_send": writing.can_send,
        "clock": time_told(writing.draft, is_minor=writing.is_minor, now=writing.now),
        "alert_url": writing.step_url("danger-now"),
    }


@login_required
@require_safe
def report_check(request: AuthenticatedRequest, token: uuid.UUID) -> HttpResponse:
    """Everything written so far with links to change it; sending is the declaration."""
    writing = _writing(request, token)
    if not writing.draft.is_open:
        return closed(request, writing.draft)
    missing = missing_answers(writing.draft, now=writing.now, is_minor=writing.is_minor)
    sections = _sections(writing)
    context = _around(writing) | {
        "sections": [section for section in sections if section["rows"]],
        "empty": [section for section in sections if not section["rows"]],
        "missing": [(QUESTION_OF[slug].title, writing.step_url(slug)) for slug in missing],
        "warnings": warnings_about(writing.draft, now=writing.now),
        "back_url": writing.step_url(questions_for(writing.draft.answers, is_minor=writing.is_minor)[-1].slug),
    }
    return render(request, "cases/report/check.html", context)


def _sections(writing: Writing) -> list[dict[str, Any]]:
    sections = []
    for question in questions_for(writing.draft.answers, is_minor=writing.is_minor):
        answer = writing.draft.answers.get(question.slug) or {}
        forms = question.filled(answer, now=writing.now, recipients=writing.recipients) if is_answered(answer) else []
        rows = [row for form in forms for row in rows_of(form)]
        if len(rows) == 1 and rows[0][0] == str(question.title):
            rows = [("", rows[0][1])]
        sections.append({"title": question.title, "rows": rows, "url": f"{writing.step_url(question.slug)}?then=check"})
    return sections


@login_required
@require_POST
def report_send(request: AuthenticatedRequest, token: uuid.UUID) -> HttpResponse:
    """Send; pressed twice, or after the back button, it leads to the same receipt."""
    writing = _writing(request, token)
    if not writing.draft.is_open:
        return closed(request, writing.draft)
    return _send(writing)


def _send(writing: Writing) -> HttpResponse:
    missing = missing_answers(writing.draft, now=writing.now, is_minor=writing.is_minor)
    if missing:
        return redirect(writing.step_url(missing[0]))
    try:
        report = send_draft(writing.draft, language=language(), now=writing.now)
    except DraftClosed as late:
        return closed(writing.request, late.draft)
    return redirect("cases:receipt", report.reference)


@login_required
@require_POST
def report_alert(request: AuthenticatedRequest) -> HttpResponse:
    """Alert now: store at once and page; a page left open for hours, or pressed twice, still alerts once (R-40)."""
    now, question = timezone.now(), QUESTION_OF["danger-now"]
    draft = begin_draft(request.user, token=_uuid(request.POST.get("token", "")) or uuid.uuid4(), now=now)
    answer = question.typed(request.POST, now=now, recipients=present_recipients(request.user, now))
    try:
        draft = save_draft(draft, step="danger-now", answer=answer, now=now)
        report = alert_now(draft, language=language(), now=now)
    except DraftClosed as late:
        return closed(request, late.draft)
    return redirect("cases:receipt", report.reference)


@login_required
@require_POST
def report_autosave(request: AuthenticatedRequest, token: uuid.UUID) -> HttpResponse:
    """What a script sends a few seconds after the last key; 409 when the draft is no longer open."""
    writing, question = _writing(request, token), QUESTION_OF.get(request.POST.get("step", ""))
    if question is None:
        raise Http404
    answer = question.typed(request.POST, now=writing.now, recipients=writing.recipients)
    try:
        save_draft(writing.draft, step=question.slug, answer=answer, now=writing.now)
    except DraftClosed:
        return JsonResponse({"saved": False}, status=409)
    return JsonResponse({"saved": True})


def closed(request: AuthenticatedRequest, draft: ReportDraft, answer: Answer | None = None) -> HttpResponse:
    """The draft was sent meanwhile: its receipt, and words typed in another tab are offered as an addition."""
    if draft.report is None:
        return redirect("cases:drafts")
    words = "\n\n".join(value for name, values in (answer or {}).items() for value in values if len(value.strip()) > 20)
    if words:
        return add_instead(request, draft.report, words)
    return redirect("cases:receipt", draft.report.reference)


@login_required
@require_safe
def when_a_child_tells(request: AuthenticatedRequest) -> HttpResponse:
    """The card everyone should have read before a child tells them something (R-71)."""
    return render(request, "cases/report/when_a_child_tells.html")
