"""Accounts and the roles given to them; who gives asks a fresh sign-in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.recording import record_view
from people import actions, roles
from people.actions import Refused
from people.actions.setup import first_password
from people.forms.register import AccountForm, RoleForm
from people.models import RoleAssignment, User
from people.permissions import (
    can_approve_role,
    can_give_roles,
    can_open_accounts,
    can_wake,
    holds_any,
    persons_visible_to,
    roles_of,
    users_visible_to,
)
from people.reauthentication import fresh_sign_in_required
from people.signed_in import SignedInRequest, posted


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("Accounts and roles are kept by the technical administrator."))


@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account, and the roles that wait for a second person."""
    request = cast(SignedInRequest, request)
    _require(holds_any(request.user, {roles.TECHNICAL_ADMIN, roles.BOARD_LEAD, roles.ALTERNATE, roles.PEOPLE_OFFICER}))
    shown = list(users_visible_to(request.user).select_related("person").order_by("person__sort_key", "login_name")[:500])
    record_view(request.user, "people.accounts", shown)
    waiting = RoleAssignment.objects.waiting().select_related("user__person", "proposed_by__person")
    context = {"accounts": shown, "waiting": [(row, can_approve_role(request.user, row)) for row in waiting]}
    return render(request, "people/accounts.html", context)


@login_required
def account(request: HttpRequest, reference: str) -> HttpResponse:
    """One account with its posts and roles."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(users_visible_to(request.user).select_related("person"), reference=reference)
    record_view(request.user, "people.account", [row])
    now = timezone.now()
    held = roles_of(row, now)
    given = RoleAssignment.objects.filter(user=row).select_related("proposed_by__person", "approved_by__person").order_by("-from_at")
    context = {
        "account": row,
        "held": [label for role, label in roles.LABELS.items() if role in held],
        "given": [(assignment, assignment.is_active(now)) for assignment in given],
        "may_give": can_give_roles(request.user) and row.pk != request.user.pk,
        "may_wake": can_wake(request.user, row),
        "may_reset": can_open_accounts(request.user) and row.pk != request.user.pk,
    }
    return render(request, "people/account.html", context)


@fresh_sign_in_required
def open_account(request: HttpRequest, reference: str) -> HttpResponse:
    """A login for a person; the first password is shown once, to be handed over in person."""
    request = cast(SignedInRequest, request)
    person = get_object_or_404(persons_visible_to(request.user).filter(user=None), reference=reference)
    _require(can_open_accounts(request.user))
    form = AccountForm(posted(request), initial={"login_name": person.email or person.phone})
    if request.method == "POST" and form.is_valid():
        password = first_password()
        try:
            row = actions.open_account(person, by=request.user, password=password, **form.cleaned_data)
        except Refused as refused:
            form.add_error("login_name", str(refused))
        else:
            return render(request, "people/first_password.html", {"account": row, "password": password})
    return render(request, "people/form.html", {"form": form, "title": _("Open an account"), "text": person.full_name})


@fresh_sign_in_required
def give_role(request: HttpRequest, reference: str) -> HttpResponse:
    """Roles that read cases wait for the Board lead; the others count at once (R-88)."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(users_visible_to(request.user), reference=reference)
    _require(can_give_roles(request.user))
    form = RoleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.give_role(
                user=row, role=form.cleaned_data["role"], by=request.user, now=timezone.now(), until_at=form.until_at()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The role is given.") if made.approved_at else _("The role waits for a second person."))
            return redirect("people:account", row.reference)
    return render(request, "people/form.html", {"form": form, "title": _("Give a role"), "text": row.get_full_name()})


@require_POST
@fresh_sign_in_required
def decide_role(request: HttpRequest, reference: str, decision: str) -> HttpResponse:
    """The second person approves or refuses."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(RoleAssignment.objects.filter(user__in=users_visible_to(request.user)), reference=reference)
    _require(can_approve_role(request.user, row))
    decide = actions.approve_role if decision == "approve" else actions.decline_role
    try:
        decide(row, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("people:accounts")


@require_POST
@fresh_sign_in_required
def end_role(request: HttpRequest, reference: str) -> HttpResponse:
    """A role ends at once."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(RoleAssignment.objects.filter(user__in=users_visible_to(request.user)), reference=reference)
    _require(can_give_roles(request.user))
    now = timezone.now()
    actions.end_role(row, by=request.user, at=now, now=now)
    return redirect("people:account", cast(User, row.user).reference)


@require_POST
@fresh_sign_in_required
def wake(request: HttpRequest, reference: str, change: str) -> HttpResponse:
    """An account is opened again or closed; the outside person's sleeps until a case needs it (A-05)."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(users_visible_to(request.user), reference=reference)
    _require(can_wake(request.user, row))
    action = actions.wake_account if change == "wake" else actions.put_account_to_sleep
    action(row, by=request.user)
    return redirect("people:account", row.reference)
