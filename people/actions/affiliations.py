"""Persons and their ties to ASET; the end of the last tie closes login, sessions and grants the same minute (R-95)."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import record
from deadlines import actions as engine
from people import roles
from people.actions.appointments import end_appointment
from people.actions.credentials import end_sessions
from people.actions.refusals import Refused
from people.actions.roles import end_role
from people.clocks import TIE_DECLARED
from people.hooks import tell_leaving, tell_relation, tell_ties
from people.models import Affiliation, Appointment, Partner, Person, PersonRelation, RoleAssignment, User
from people.permissions import holds_case_post


@transaction.atomic
def add_person(*, full_name: str, by: User, born_on: date | None = None, phone: str = "", email: str = "") -> Person:
    """Somebody new on the register."""
    person = Person.objects.create(full_name=full_name, born_on=born_on, phone=phone, email=email)
    record("person.added", person, by=by)
    return person


@transaction.atomic
def change_person(person: Person, *, by: User, **changed: Any) -> Person:
    """Name, date of birth, phone or e-mail; the history keeps what stood before."""
    for name, value in changed.items():
        setattr(person, name, value)
    person.save()
    record("person.changed", person, by=by, fields=sorted(changed))
    return person


@transaction.atomic
def add_affiliation(
    person: Person,
    *,
    kind: str,
    contact_level: str,
    from_at: datetime,
    by: User,
    until_at: datetime | None = None,
    line_manager: Person | None = None,
    partner: Partner | None = None,
) -> Affiliation:
    """A dated tie; two identical open ones are refused (R-03)."""
    affiliation = Affiliation(
        person=person,
        kind=kind,
        contact_level=contact_level,
        from_at=from_at,
        until_at=until_at,
        line_manager=line_manager,
        partner=partner,
    )
    _save(affiliation)
    record("affiliation.added", affiliation, by=by, affiliation_kind=kind)
    tell_ties(at=max(from_at, timezone.now()))
    return affiliation


@transaction.atomic
def change_affiliation(affiliation: Affiliation, *, by: User, contact_level: str, line_manager: Person | None) -> Affiliation:
    """Contact level and line manager change during a tie; kind and start do not."""
    affiliation = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    affiliation.contact_level, affiliation.line_manager = contact_level, line_manager
    _save(affiliation)
    record("affiliation.changed", affiliation, by=by)
    tell_ties(at=max(affiliation.from_at, timezone.now()))
    return affiliation


def _save(affiliation: Affiliation) -> None:
    if affiliation.until_at is not None and affiliation.until_at <= affiliation.from_at:
        raise Refused(_("The end must be after the start."))
    if affiliation.line_manager_id == affiliation.person_id:
        raise Refused(_("Nobody is their own line manager."))
    try:
        with transaction.atomic():
            affiliation.save()
    except IntegrityError as error:
        raise Refused(_("This person already has an open tie of this kind.")) from error


@transaction.atomic
def end_affiliation(affiliation: Affiliation, *, by: User, at: datetime, now: datetime) -> Affiliation:
    """End the tie at that instant; if it was the last, everything the account could reach ends with it.

    An end in the future is kept by the clock: sign-in, posts, roles and grants all read their dates when asked. Whoever is
    the only officer may leave all the same: those who remain get a red alert.
    """
    affiliation = Affiliation.objects.select_for_update().select_related("person").get(pk=affiliation.pk)
    at = max(at, now)
    if affiliation.until_at is not None and affiliation.until_at <= at:
        raise Refused(_("This tie has ended already."))
    affiliation.until_at = at
    if at <= affiliation.from_at:
        raise Refused(_("The end must be after the start."))
    affiliation.save()
    record("affiliation.ended", affiliation, by=by, at=at)
    user = User.objects.filter(person=affiliation.person).first()
    others = affiliation.person.affiliations.exclude(pk=affiliation.pk).active(at)
    if user is not None and not others.exists():
        _close_account(user, by=by, at=at, now=now)
    return affiliation


def _close_account(user: User, *, by: User, at: datetime, now: datetime) -> None:
    for appointment in Appointment.objects.active(at).filter(user=user):
        end_appointment(appointment, by=by, at=at, now=now)
    for assignment in RoleAssignment.objects.active(at).filter(user=user):
        end_role(assignment, by=by, at=at, now=now)
    tell_leaving(user=user, at=at, by=by)
    if at <= now:
        end_sessions(user, by=by)
    record("user.access_ended", user, by=by, at=at)


@transaction.atomic
def declare_relation(*, a: Person, b: Person, kind: str, by: User, now: datetime) -> PersonRelation:
    """Someone is close to someone: reports that name the one are closed to the other from now on."""
    if a.pk == b.pk:
        raise Refused(_("Choose two different people."))
    who_and_when = {"declared_by": by, "declared_at": now}
    relation, made = PersonRelation.objects.get_or_create(a=a, b=b, kind=kind, until_at=None, defaults=who_and_when)
    if made:
        record("relation.declared", relation, by=by, relation_kind=kind)
        tell_relation(relation=relation, by=by, now=now)
        _tell_of_tie(relation, now)
    return relation


def _tell_of_tie(relation: PersonRelation, now: datetime) -> None:
    """A tie keeps people out of reports, so nobody declares one of a post holder in silence: both and the Board hear of it."""
    users = list(User.objects.filter(person_id__in=[relation.a_id, relation.b_id], is_active=True))
    if any(holds_case_post(user, now) for user in users):
        engine.notify(relation, TIE_DECLARED, users=users, posts=[roles.BOARD_LEAD, roles.ALTERNATE], duty="know", now=now)
