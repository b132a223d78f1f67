"""Who holds which post, who proposed and who approved; and the settings of the Board."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.recording import record_view
from files.actions import store
from people import actions, board, roles
from people.actions import Refused
from people.forms.posts import AppointmentForm, SettingForm
from people.forms.register import EndForm
from people.models import Appointment, Setting
from people.permissions import (
    appointments_visible_to,
    can_approve_appointment,
    can_approve_setting,
    can_end_appointment,
    can_propose_appointment,
    can_propose_setting,
    can_see_settings,
)
from people.reauthentication import fresh_sign_in_required
from people.signed_in import SignedInRequest, posted


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Posts and settings are decided by two people, one of them of the Board."))


@login_required
def appointments(request: HttpRequest) -> HttpResponse:
    """Present holders, proposals that wait, and everything before."""
    request = cast(SignedInRequest, request)
    _require(can_see_settings(request.user))
    now = timezone.now()
    rows = list(appointments_visible_to(request.user).select_related("user__person", "proposed_by__person", "approved_by__person"))
    record_view(request.user, "people.appointments", rows)
    current = [row for row in rows if row.is_active(now)]
    context = {
        "posts": [(label, [row for row in current if row.post == post]) for post, label in roles.POSTS.items()],
        "waiting": [(row, can_approve_appointment(request.user, row)) for row in rows if row.is_open],
        "past": [row for row in rows if row not in current and not row.is_open],
        "endable": {row.pk for row in current if can_end_appointment(request.user, row)},
        "may_propose": can_propose_appointment(request.user),
    }
    return render(request, "people/appointments.html", context)


@fresh_sign_in_required
def propose_appointment(request: HttpRequest) -> HttpResponse:
    """One person proposes; another approves on the list."""
    request = cast(SignedInRequest, request)
    _require(can_propose_appointment(request.user))
    form = AppointmentForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _propose(form, request)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The appointment waits for a second person."))
            return redirect("people:appointments")
    return render(request, "people/form.html", {"form": form, "title": _("Propose an appointment"), "has_files": True})


def _propose(form: AppointmentForm, request: SignedInRequest) -> Appointment:
    now, answers = timezone.now(), form.cleaned_data
    file = answers["act_file"]
    act_file = store(file, name=file.name, content_type=file.content_type or "", by=request.user) if file else None
    chosen = {name: answers[name] for name in ("post", "user", "act_number", "act_on")}
    period: dict[str, Any] = form.period(now)
    return actions.propose_appointment(by=request.user, now=now, act_file=act_file, **chosen, **period)


@require_POST
@fresh_sign_in_required
def decide_appointment(request: HttpRequest, reference: str, decision: str) -> HttpResponse:
    """The second person approves or refuses."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(appointments_visible_to(request.user), reference=reference)
    _require(can_approve_appointment(request.user, row))
    decide: Any = actions.approve_appointment if decision == "approve" else actions.decline_appointment
    try:
        decide(row, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("people:appointments")


@fresh_sign_in_required
def end_appointment(request: HttpRequest, reference: str) -> HttpResponse:
    """A holder leaves; a case post left empty is a red alert."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(appointments_visible_to(request.user), reference=reference)
    _require(can_end_appointment(request.user, row))
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            actions.end_appointment(row, by=request.user, at=form.ends_at(now), now=now)
            return redirect("people:appointments")
        except Refused as refused:
            form.add_error(None, str(refused))
    holder = row.user.get_full_name() if row.user else _("vacant by Board decision")
    return render(request, "people/form.html", {"form": form, "title": _("End an appointment"), "text": f"{row}: {holder}"})


@login_required
def board_settings(request: HttpRequest) -> HttpResponse:
    """What is in force, the policy's limits, and what waits for a second person (requirements §2.1)."""
    request = cast(SignedInRequest, request)
    _require(can_see_settings(request.user))
    in_force = board.values()
    waiting = Setting.objects.filter(approved_at=None, declined_at=None).select_related("proposed_by__person")
    context = {
        "settings": [(key, spec, _shown(in_force[key])) for key, spec in board.KEYS.items()],
        "waiting": [
            (row, board.KEYS[row.key], _shown(row.value), can_approve_setting(request.user, proposed_by_id=row.proposed_by_id))
            for row in waiting
            if row.key in board.KEYS
        ],
        "may_propose": can_propose_setting(request.user),
    }
    return render(request, "people/settings.html", context)


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@fresh_sign_in_required
def propose_setting(request: HttpRequest, key: str) -> HttpResponse:
    """Another value, never looser than the policy."""
    request = cast(SignedInRequest, request)
    if key not in board.KEYS:
        raise Http404
    _require(can_propose_setting(request.user))
    form = SettingForm(posted(request), key=key, initial={"value": _shown(board.value(key))})
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_setting(key=key, value=form.cleaned_data["value"], by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error("value", str(refused))
        else:
            messages.success(request, _("The new value waits for a second person."))
            return redirect("people:board_settings")
    return render(request, "people/form.html", {"form": form, "title": _("Propose another value")})


@require_POST
@fresh_sign_in_required
def decide_setting(request: HttpRequest, reference: str, decision: str) -> HttpResponse:
    """A Board signature that is not the proposer's."""
    request = cast(SignedInRequest, request)
    _require(can_see_settings(request.user))
    row = get_object_or_404(Setting, reference=reference)
    _require(can_approve_setting(request.user, proposed_by_id=row.proposed_by_id))
    decide = actions.approve_setting if decision == "approve" else actions.decline_setting
    try:
        decide(row, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("people:board_settings")
