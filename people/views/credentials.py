"""One's own account, and changes of sign-in that a second person approves."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people import actions, roles
from people.actions import Refused
from people.actions.setup import first_password
from people.forms.register import ContactForm, NewLoginForm, NewSecretForm, NothingToSay
from people.models import ChangeKind, User
from people.permissions import (
    can_approve_credential_change,
    can_open_accounts,
    credential_changes_visible_to,
    holds_case_post,
    roles_of,
    users_visible_to,
)
from people.reauthentication import fresh_sign_in_required, is_fresh, sign_in_again
from people.signed_in import SignedInRequest, posted


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """How one is reached, which roles one holds, and where the second step is set up.

    Where alerts go changes only after a fresh sign-in: nobody at an open screen turns them away from their owner.
    """
    request = cast(SignedInRequest, request)
    user = request.user
    form = ContactForm(posted(request), initial={name: getattr(user, name) for name in ContactForm.base_fields})
    if request.method == "POST" and form.is_valid():
        if {"email", "phone"} & set(form.changed_data) and not is_fresh(request):
            return sign_in_again(request, user)
        actions.change_contact(User.objects.get(pk=user.pk), by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:profile")
    context = {
        "form": form,
        "held": [label for role, label in roles.LABELS.items() if role in roles_of(user)],
        "changes": credential_changes_visible_to(user).filter(user=user).order_by("-requested_at")[:10],
        "second_person": holds_case_post(user),
    }
    return render(request, "people/profile.html", context)


def _form(kind: str, request: SignedInRequest) -> Form:
    data = posted(request)
    if kind == ChangeKind.PASSWORD:
        return NewSecretForm(data, user=request.user)
    return NewLoginForm(data) if kind == ChangeKind.LOGIN_NAME else NothingToSay(data)


@login_required
def request_change(request: HttpRequest, kind: str) -> HttpResponse:
    """The owner asks; for a case-post holder it counts once another person has approved."""
    request = cast(SignedInRequest, request)
    if kind not in ChangeKind.values:
        raise Http404
    form = _form(kind, request)
    if request.method == "POST" and form.is_valid():
        value = form.value()  # type: ignore[attr-defined]
        try:
            change = actions.request_credential_change(request.user, kind=kind, by=request.user, new_value=value, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The change waits for a second person.") if change else _("The change is made. Sign in again."))
            return redirect("people:profile")
    text = _("A second person must approve this. When they have, you are signed out everywhere and told on every channel.")
    return render(
        request, "people/form.html", {"form": form, "title": _TITLES[kind](), "text": text if holds_case_post(request.user) else ""}
    )


_TITLES: dict[str, Any] = {
    ChangeKind.PASSWORD: lambda: _("Change your password"),
    ChangeKind.LOGIN_NAME: lambda: _("Change your login name"),
    ChangeKind.SECOND_FACTOR: lambda: _("Reset your second step"),
}


@fresh_sign_in_required
def reset_for(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Someone cannot get in and has called: a new first password, or the second step set back."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(users_visible_to(request.user), reference=reference)
    if kind not in {ChangeKind.PASSWORD, ChangeKind.SECOND_FACTOR}:
        raise Http404
    if not can_open_accounts(request.user) or row.pk == request.user.pk:
        raise PermissionDenied(_("Accounts and roles are kept by the technical administrator."))
    form = NothingToSay(posted(request))
    if request.method == "POST":
        password = first_password() if kind == ChangeKind.PASSWORD else ""
        try:
            change = actions.request_credential_change(row, kind=kind, by=request.user, new_value=password, now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("people:account", row.reference)
        return render(request, "people/first_password.html", {"account": row, "password": password, "change": change})
    title = _("New first password") if kind == ChangeKind.PASSWORD else _("Reset the second step")
    text = _("Only after you have called this person back on a number you know: %(name)s") % {"name": row.get_full_name()}
    return render(request, "people/form.html", {"form": form, "title": title, "text": text})


@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """What waits for a second person."""
    request = cast(SignedInRequest, request)
    rows = credential_changes_visible_to(request.user).filter(approved_at=None, declined_at=None)
    listed = rows.select_related("user__person", "requested_by__person").order_by("requested_at")
    context = {"changes": [(row, can_approve_credential_change(request.user, row)) for row in listed]}
    return render(request, "people/credential_changes.html", context)


@require_POST
@fresh_sign_in_required
def decide_change(request: HttpRequest, reference: str, decision: str) -> HttpResponse:
    """Another person approves or refuses; approving ends every session of the owner."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(credential_changes_visible_to(request.user), reference=reference)
    if not can_approve_credential_change(request.user, row):
        raise PermissionDenied(_("Nobody decides about themselves. Ask another person."))
    decide = actions.approve_credential_change if decision == "approve" else actions.decline_credential_change
    try:
        decide(row, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("people:credential_changes")
