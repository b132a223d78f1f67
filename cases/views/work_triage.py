"""The first assessment and its two-person decisions: triage, possible conflict of interest, "not a concern", who is who."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import record_view
from cases import permissions, queries
from cases.actions import conflict, triage
from cases.choices import RiskLevel
from cases.forms.work import HoldForm, IdentifyForm, SecondPersonForm
from cases.forms.work_triage import TriageForm
from cases.models import AllegedPerson, NotAConcern, Report
from cases.permissions import reports_visible_to
from cases.views.work import fetched, only_those_who_handle, posted, refuse_unless
from cases.workflow import UNTRIAGED, ReportStatus
from common.crypto import index_token
from common.folding import fold
from common.localtime import show
from common.requests import AuthenticatedRequest
from common.workflow import MoveNotAllowed
from people import board
from people.models import Person, User

PEOPLE_SHOWN = 10


@login_required
def triage_report(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """First assessment: conflict check and possible duplicates are shown, bad input keeps everything that was typed."""
    row = fetched(request, reference)
    only_those_who_handle(request)
    if row.status not in UNTRIAGED:
        messages.info(request, _("This report has been assessed."))
        return redirect(row)
    if row.status == ReportStatus.RECEIVED:
        messages.info(request, _("Please confirm first that you have the report."))
        return redirect(row)
    is_tied = permissions.manages_someone_named(request.user, row)
    if request.method == "POST":
        refuse_unless(not is_tied, _("You are the line manager of someone this report names. Someone else decides."))
    now = timezone.now()
    form = _triage_form(request, row, now)
    if request.method == "POST" and form.is_valid() and _saved(request, row, form, now):
        return redirect(row)
    record_view(request.user, "report.triage", [row])
    context = _conflict_check(request.user, row) | {"report": row, "form": form, "is_tied": is_tied}
    return render(request, "cases/work/triage.html", context)


def _triage_form(request: AuthenticatedRequest, row: Report, now: datetime) -> TriageForm:
    return TriageForm(
        posted(request),
        alleged=row.alleged_people.order_by("position"),
        owners=queries.owners_for(row, now),
        cases=queries.open_cases_for(request.user, row),
        risk_hints=_risk_hints(now),
        now=now,
    )


def _saved(request: AuthenticatedRequest, row: Report, form: TriageForm, now: datetime) -> bool:
    try:
        triage.triage_report(row, form.judgement(), by=request.user, now=now)
    except MoveNotAllowed:
        messages.error(request, _("Someone has assessed this report meanwhile, or the case is closed."))
        return False
    messages.success(request, _("The first assessment is saved."))
    for warning in form.warnings():
        messages.warning(request, warning)
    return True


def _risk_hints(now: datetime) -> dict[str, str]:
    """What each level of risk means in time (requirements 3.2)."""
    hints = {RiskLevel.NONE.value: _("It is recorded, and watched for a pattern.")}
    with board.read_once(now):
        times = {level: triage.risk_times(level, now) for level in (RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW)}
    for level, (contact, review) in times.items():
        if contact and review:
            hints[level.value] = _("Contact with the child by %(contact)s, review by %(review)s.") % {
                "contact": show(contact),
                "review": show(review),
            }
    return hints


def _conflict_check(user: User, row: Report) -> dict[str, Any]:
    return {"held": conflict.held_users(row), "duplicates": queries.possible_duplicates(row, user)}


def hold_code(report: Report, held: User) -> str:
    """Names a held person in an address without any key of theirs."""
    return index_token(f"{report.reference}:{held.reference}", kind="hold").hex()[:16]


@login_required
def hold(request: AuthenticatedRequest, reference: str, code: str) -> HttpResponse:
    """The Board lead, then the alternate, decides whether the held person may see the report (A-03)."""
    row = fetched(request, reference)
    held = next((user for user in conflict.held_users(row) if hold_code(row, user) == code), None)
    if held is None:
        raise Http404
    refuse_unless(
        permissions.can_decide_hold(request.user, row, held_user_id=held.pk),
        _("The Board lead or the alternate decides this, and never about themselves."),
    )
    form = HoldForm(posted(request))
    if request.method == "POST" and form.is_valid():
        is_conflict = form.cleaned_data["conflict"] == "yes"
        conflict.decide_hold(row, held, conflict=is_conflict, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, _("Decided. Nobody else has to do anything about it."))
        return redirect("cases:board")
    record_view(request.user, "report.hold", [row])
    return render(request, "cases/work/hold.html", {"form": form, "report": row, "held": held, "alleged": row.alleged_people.all()})


@login_required
def not_a_concern(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """A second person confirms or declines; never the proposer, never a line manager of someone named (R-79, R-75)."""
    row = fetched(request, reference)
    proposal = get_object_or_404(NotAConcern.objects.select_related("report", "proposed_by__person"), report=row, decided_at=None)
    refuse_unless(
        permissions.can_confirm_not_a_concern(request.user, proposal),
        _("A second person decides this: not the one who proposed it, and not a line manager of someone named."),
    )
    form = SecondPersonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        _decide(request, proposal, agrees=form.cleaned_data["agree"] == "yes", reason=form.cleaned_data["reason"])
        return redirect(row)
    record_view(request.user, "report.not_a_concern", [row])
    return render(request, "cases/work/not_a_concern.html", {"form": form, "report": row, "proposal": proposal})


def _decide(request: AuthenticatedRequest, proposal: NotAConcern, *, agrees: bool, reason: str) -> None:
    now = timezone.now()
    try:
        if agrees:
            triage.confirm_not_a_concern(proposal, by=request.user, now=now)
        else:
            triage.decline_not_a_concern(proposal, reason=reason, by=request.user, now=now)
    except MoveNotAllowed:
        messages.error(request, _("Someone else has decided this meanwhile."))
    else:
        messages.success(request, _("Your decision is saved."))


@login_required
def identify(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Link a described person to the register: from that moment they and theirs cannot learn of the report (R-75)."""
    row = fetched(request, reference)
    only_those_who_handle(request)
    alleged = row.alleged_people.filter(person=None, position=_number(request.GET.get("person"))).first()
    if alleged is None:
        raise Http404
    form = IdentifyForm(posted(request))
    found: list[tuple[str, Person]] = []
    if request.method == "POST" and form.is_valid():
        found = [(_person_code(row, person), person) for person in _people_called(form.cleaned_data["name"])]
        chosen = next((person for code, person in found if code == request.POST.get("found")), None)
        if chosen is not None:
            return _identified(request, row, alleged, chosen)
    record_view(request.user, "report.identify", [row])
    context = {"form": form, "report": row, "alleged": alleged, "found": found, "searched": request.method == "POST" and form.is_valid()}
    return render(request, "cases/work/identify.html", context)


def _identified(request: AuthenticatedRequest, row: Report, alleged: AllegedPerson, person: Person) -> HttpResponse:
    """Whoever finds themselves or someone close leaves the report with this very click."""
    conflict.identify_alleged_person(alleged, person, by=request.user, now=timezone.now())
    messages.success(request, _("Saved. This person and those close to them cannot see the report."))
    return redirect(row if reports_visible_to(request.user).filter(pk=row.pk).exists() else "cases:dashboard")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0


def _person_code(report: Report, person: Person) -> str:
    return index_token(f"{report.reference}:{person.pk}", kind="identify").hex()[:16]


def _people_called(name: str) -> list[Person]:
    """People on the register whose folded name holds every word."""
    wanted = Q()
    for word in fold(name).split()[:6]:
        wanted &= Q(folded__contains=word)
    return list(Person.objects.filter(wanted).order_by("sort_key", "pk")[:PEOPLE_SHOWN]) if wanted else []
