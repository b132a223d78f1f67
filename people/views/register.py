"""The register of persons and their ties to ASET: the people officer writes, a few others read (requirements §3.9)."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import record_view
from common.folding import fold
from common.searching import asked_for, to_sealed_address
from people import actions
from people.actions import Refused
from people.forms.register import AffiliationForm, ChangeAffiliationForm, EndForm, PersonForm, RelationForm
from people.models import Person, PersonRelation
from people.permissions import affiliations_visible_to, can_keep_register, can_open_accounts, persons_visible_to, sees_register
from people.signed_in import SignedInRequest, posted

SHOWN = 100


def _require(allowed: bool, reason: str) -> None:
    if not allowed:
        raise PermissionDenied(reason)


@login_required
def persons(request: HttpRequest) -> HttpResponse:
    """A hundred names at most; more are found by typing a part of one, in any spelling."""
    request = cast(SignedInRequest, request)
    _require(sees_register(request.user), _("The register is kept by the people officer."))
    if request.method == "POST":
        return to_sealed_address(request)
    asked = asked_for(request).get("q", "").replace("\x00", "").strip()[:100]
    rows = persons_visible_to(request.user)
    if asked:
        rows = rows.filter(folded__contains=fold(asked))
    shown = list(rows.select_related("user").prefetch_related("affiliations")[: SHOWN + 1])
    record_view(request.user, "people.persons", shown[:SHOWN])
    now = timezone.now()
    listed = [(person, [tie for tie in person.affiliations.all() if tie.is_active(now)]) for person in shown[:SHOWN]]
    context = {"persons": listed, "asked": asked, "more": len(shown) > SHOWN, "may_write": can_keep_register(request.user)}
    return render(request, "people/persons.html", context)


@login_required
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person with ties, account and declared relations."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(persons_visible_to(request.user).select_related("user"), reference=reference)
    record_view(request.user, "people.person", [row])
    context = {
        "person": row,
        "account": getattr(row, "user", None),
        "ties": row.affiliations.select_related("line_manager", "partner"),
        "relations": _relations(row),
        "now": timezone.now(),
        "may_write": can_keep_register(request.user),
        "may_open_account": can_open_accounts(request.user),
    }
    return render(request, "people/person.html", context)


def _relations(row: Person) -> list[tuple[str, str]]:
    """Name of the other and the kind, whichever side declared it."""
    ties = PersonRelation.objects.select_related("a", "b").filter(until_at=None)
    ours = [(tie.b.full_name, tie.get_kind_display()) for tie in ties.filter(a=row)]
    return ours + [(tie.a.full_name, tie.get_kind_display()) for tie in ties.filter(b=row)]


@login_required
def add_person(request: HttpRequest) -> HttpResponse:
    """Somebody new; the first tie follows on the next page."""
    request = cast(SignedInRequest, request)
    _require(can_keep_register(request.user), _("The register is kept by the people officer."))
    form = PersonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return redirect("people:add_affiliation", actions.add_person(by=request.user, **form.cleaned_data).reference)
    return render(request, "people/form.html", {"form": form, "title": _("Add a person")})


@login_required
def change_person(request: HttpRequest, reference: str) -> HttpResponse:
    """Name, date of birth, phone, e-mail."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(persons_visible_to(request.user), reference=reference)
    _require(can_keep_register(request.user), _("The register is kept by the people officer."))
    initial = {name: getattr(row, name) for name in PersonForm.base_fields}
    form = PersonForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_person(row, by=request.user, **form.cleaned_data)
        return redirect("people:person", row.reference)
    return render(request, "people/form.html", {"form": form, "title": _("Change a person")})


@login_required
def add_affiliation(request: HttpRequest, reference: str) -> HttpResponse:
    """A dated tie to ASET (R-03)."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(persons_visible_to(request.user), reference=reference)
    _require(can_keep_register(request.user), _("The register is kept by the people officer."))
    managers = persons_visible_to(request.user).exclude(pk=row.pk)
    initial = {"from_on": timezone.localdate(), "contact_level": "none", "kind": "staff"}
    form = AffiliationForm(posted(request), managers=managers, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("kind", "contact_level", "line_manager", "partner", "from_at", "until_at")}
        try:
            actions.add_affiliation(row, by=request.user, **answers)
            return redirect("people:person", row.reference)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "people/form.html", {"form": form, "title": _("Add a tie to ASET"), "text": row.full_name})


@login_required
def change_affiliation(request: HttpRequest, reference: str) -> HttpResponse:
    """Contact level and line manager of a tie."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(affiliations_visible_to(request.user).select_related("person"), reference=reference)
    _require(can_keep_register(request.user), _("The register is kept by the people officer."))
    managers = persons_visible_to(request.user).exclude(pk=row.person_id)
    initial = {"contact_level": row.contact_level, "line_manager": row.line_manager and row.line_manager.reference}
    form = ChangeAffiliationForm(posted(request), managers=managers, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_affiliation(row, by=request.user, **form.cleaned_data)
            return redirect("people:person", row.person.reference)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "people/form.html", {"form": form, "title": _("Change a tie to ASET"), "text": row.person.full_name})


@login_required
def end_affiliation(request: HttpRequest, reference: str) -> HttpResponse:
    """The end of the last tie closes login, sessions, posts, roles and grants the same minute (R-95)."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(affiliations_visible_to(request.user).select_related("person"), reference=reference)
    _require(can_keep_register(request.user), _("The register is kept by the people officer."))
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            actions.end_affiliation(row, by=request.user, at=form.ends_at(now), now=now)
            messages.success(request, _("The tie is ended."))
            return redirect("people:person", row.person.reference)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "title": _("End a tie to ASET"), "text": f"{row.person.full_name}: {row.get_kind_display()}"}
    return render(request, "people/form.html", context)


@login_required
def declare_relation(request: HttpRequest, reference: str) -> HttpResponse:
    """One declares who is close to oneself; the people officer for anyone (R-75)."""
    request = cast(SignedInRequest, request)
    row = get_object_or_404(persons_visible_to(request.user), reference=reference)
    _require(can_keep_register(request.user), _("The register is kept by the people officer."))
    form = RelationForm(posted(request), others=persons_visible_to(request.user).exclude(pk=row.pk))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        actions.declare_relation(a=row, b=answers["other"], kind=answers["kind"], by=request.user, now=timezone.now())
        return redirect("people:person", row.reference)
    return render(request, "people/form.html", {"form": form, "title": _("Declare that two people are close"), "text": row.full_name})
