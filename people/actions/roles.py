"""Roles given to an account; those that read cases wait for a second person (R-88)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.recording import record
from people import roles
from people.actions.refusals import Refused, refuse_clash, refuse_decided, refuse_same, refuse_self
from people.models import RoleAssignment, User
from people.permissions import forget_roles


@transaction.atomic
def give_role(
    *, user: User, role: str, by: User, now: datetime, from_at: datetime | None = None, until_at: datetime | None = None
) -> RoleAssignment:
    """In force at once, except roles that read cases: those are a proposal until `approve_role`."""
    refuse_self(user, by)
    start = from_at or now
    if until_at is not None and until_at <= start:
        raise Refused(_("The end must be after the start."))
    refuse_clash(user, role, start)
    assignment = RoleAssignment(user=user, role=role, from_at=start, until_at=until_at, proposed_by=by, proposed_at=now)
    if role not in roles.TWO_PERSON_ROLES:
        assignment.approved_by, assignment.approved_at = by, now
    _save(assignment)
    record("role.given" if assignment.approved_at else "role.proposed", assignment, by=by, role=role, user=user.pk)
    return assignment


@transaction.atomic
def approve_role(assignment: RoleAssignment, *, by: User, now: datetime) -> RoleAssignment:
    """The second person; it begins now if its day has passed."""
    assignment = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    refuse_decided(assignment.is_open)
    refuse_same(assignment.proposed_by_id, by)
    refuse_self(assignment.user, by)
    assignment.from_at = max(assignment.from_at, now)
    refuse_clash(assignment.user, assignment.role, assignment.from_at)
    assignment.approved_by, assignment.approved_at = by, now
    _save(assignment)
    record("role.approved", assignment, by=by, role=assignment.role, user=assignment.user_id)
    return assignment


@transaction.atomic
def decline_role(assignment: RoleAssignment, *, by: User, now: datetime) -> RoleAssignment:
    """The proposal is off; it stays on file."""
    assignment = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    refuse_decided(assignment.is_open)
    assignment.declined_by, assignment.declined_at = by, now
    assignment.save()
    record("role.declined", assignment, by=by, role=assignment.role)
    return assignment


@transaction.atomic
def end_role(assignment: RoleAssignment, *, by: User | None, at: datetime, now: datetime) -> RoleAssignment:
    """The account holds the role until that instant and no longer; nothing is ended in the past."""
    assignment = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.until_at is not None and assignment.until_at <= at:
        return assignment
    assignment.until_at = max(at, now, assignment.from_at)
    if assignment.until_at == assignment.from_at:
        assignment.declined_by, assignment.declined_at, assignment.approved_at, assignment.until_at = by, now, None, None
    assignment.save()
    forget_roles(assignment.user)
    record("role.ended", assignment, by=by, role=assignment.role, user=assignment.user_id)
    return assignment


def _save(assignment: RoleAssignment) -> None:
    try:
        with transaction.atomic():
            assignment.save()
    except IntegrityError as error:
        raise Refused(_("This account has that role already.")) from error
    forget_roles(assignment.user)
