"""Which roles an account holds now, and who may see and do what with people, roles and posts (requirements §3.9)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from deadlines.queries import posts_of
from people import roles
from people.models import Affiliation, Appointment, CredentialChange, Person, RoleAssignment, User

_REMEMBERED = "_roles_held"


def roles_of(user: User | AnonymousUser, now: datetime | None = None) -> frozenset[str]:
    """Posts and given roles in force at that instant, with REPORTER for every active account.

    Two queries; without `now` the answer is remembered on this user object, which lives as long as one request. Whoever
    gives or ends a role calls `forget_roles`, so that nothing is remembered across a grant.
    """
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    if now is not None:
        return _roles_at(user, now)
    remembered: frozenset[str] | None = user.__dict__.get(_REMEMBERED)
    if remembered is None:
        remembered = user.__dict__[_REMEMBERED] = _roles_at(user, timezone.now())
    return remembered


def _roles_at(user: User, now: datetime) -> frozenset[str]:
    given: Iterable[str] = RoleAssignment.objects.active(now).filter(user=user).values_list("role", flat=True)
    return frozenset({*posts_of(user, now), *given, roles.REPORTER})


def forget_roles(user: User) -> None:
    """What was remembered on this object no longer holds."""
    user.__dict__.pop(_REMEMBERED, None)


def holds(user: User | AnonymousUser, role: str, now: datetime | None = None) -> bool:
    """Whether the account holds this post or role at that instant."""
    return role in roles_of(user, now)


def holds_any(user: User | AnonymousUser, wanted: Iterable[str], now: datetime | None = None) -> bool:
    """Whether the account holds at least one of these."""
    return not roles_of(user, now).isdisjoint(wanted)


def reads_cases(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """A role that can come to read case text, if only by grant: such sessions lock after 15 minutes."""
    return holds_any(user, roles.READS_CASES, now)


def holds_case_post(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """Receives reports by post: credentials change only with a second person."""
    return holds_any(user, roles.CASE_POSTS, now)


def is_pure_reporter(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """No role but the one everybody has: no second factor is demanded (issue, "Sign-in")."""
    return roles_of(user, now) <= {roles.REPORTER}


def counts_as_board_signature(user: User | AnonymousUser, now: datetime | None = None) -> bool:
    """A Board member's signature counts, except that of a Director (or CPO) who also sits on the Board."""
    held = roles_of(user, now)
    return not held.isdisjoint(roles.BOARD) and held.isdisjoint({roles.DIRECTOR, roles.CPO})


# --- The register of people -------------------------------------------------------------------------------------------


def sees_register(user: User) -> bool:
    """The people officer writes it; CPO, deputy and technical admin read it."""
    return holds_any(user, {roles.PEOPLE_OFFICER, roles.CPO, roles.DEPUTY, roles.TECHNICAL_ADMIN})


def persons_visible_to(user: User) -> QuerySet[Person]:
    """The whole register for those who keep or read it; everyone else only themselves."""
    everyone = Person.objects.all()
    return everyone if sees_register(user) else everyone.filter(user=user)


def affiliations_visible_to(user: User) -> QuerySet[Affiliation]:
    """As the persons they belong to."""
    return Affiliation.objects.filter(person__in=persons_visible_to(user))


def can_keep_register(user: User) -> bool:
    """Persons and affiliations are the people officer's work."""
    return holds(user, roles.PEOPLE_OFFICER)


def users_visible_to(user: User) -> QuerySet[User]:
    """Accounts: technical admin, Board lead, alternate and people officer see all of them; everyone else their own."""
    everyone = User.objects.all()
    if holds_any(user, {roles.TECHNICAL_ADMIN, roles.BOARD_LEAD, roles.ALTERNATE, roles.PEOPLE_OFFICER}):
        return everyone
    return everyone.filter(pk=user.pk)


def can_open_accounts(user: User) -> bool:
    """Accounts are opened by the technical admin, or by the people officer with a person's start date."""
    return holds_any(user, {roles.TECHNICAL_ADMIN, roles.PEOPLE_OFFICER})


def can_wake(user: User, account: User) -> bool:
    """Opening and closing an account: a Board signature for who receives reports, else the technical admin; never one's own."""
    if user.pk == account.pk:
        return False
    return counts_as_board_signature(user) if holds_any_asleep(account, roles.CASE_POSTS) else holds(user, roles.TECHNICAL_ADMIN)


def holds_any_asleep(account: User, wanted: Iterable[str]) -> bool:
    """Whether the account holds one of these posts, also while it is asleep and so has no roles."""
    return not posts_of(account, timezone.now()).isdisjoint(wanted)


def can_give_roles(user: User) -> bool:
    """Roles are the technical administrator's; those that read cases wait for the Board lead (R-88)."""
    return holds(user, roles.TECHNICAL_ADMIN)


def can_approve_role(user: User, assignment: RoleAssignment) -> bool:
    """Another person than the proposer, and never for oneself."""
    return user.pk not in {assignment.proposed_by_id, assignment.user_id} and holds_any(
        user, {roles.BOARD_LEAD, roles.ALTERNATE, roles.TECHNICAL_ADMIN}
    )


# --- Posts ------------------------------------------------------------------------------------------------------------


def appointments_visible_to(user: User) -> QuerySet[Any]:
    """Who holds which post is no secret inside the house; the proposals and their history are for those who decide."""
    if holds_any(user, roles.BOARD | {roles.TECHNICAL_ADMIN, roles.CPO, roles.DIRECTOR}):
        return Appointment.objects.all()
    return Appointment.objects.none()


def can_propose_appointment(user: User) -> bool:
    """The technical administrator or a Board person writes the proposal."""
    return holds_any(user, roles.BOARD | {roles.TECHNICAL_ADMIN})


def can_approve_appointment(user: User, appointment: Appointment) -> bool:
    """A second person of the Board whose signature counts; neither proposer nor appointee (R-88).

    The technical administrator's own post has the same rule.
    """
    return user.pk not in {appointment.proposed_by_id, appointment.user_id} and counts_as_board_signature(user)


def can_end_appointment(user: User, appointment: Appointment) -> bool:
    """A Board person other than the holder."""
    return user.pk != appointment.user_id and counts_as_board_signature(user)


# --- Settings of the Board, credentials -------------------------------------------------------------------------------


def can_see_settings(user: User) -> bool:
    """Whoever may propose or confirm, and the Director."""
    return holds_any(user, roles.BOARD | {roles.TECHNICAL_ADMIN, roles.CPO, roles.DIRECTOR})


def can_propose_setting(user: User) -> bool:
    """The technical administrator, the Director or a Board person."""
    return can_see_settings(user)


def can_approve_setting(user: User, *, proposed_by_id: int) -> bool:
    """A Board signature that is not the proposer's."""
    return user.pk != proposed_by_id and counts_as_board_signature(user)


_DECIDES_CREDENTIALS = frozenset({roles.TECHNICAL_ADMIN, roles.BOARD_LEAD, roles.ALTERNATE})


def credential_changes_visible_to(user: User) -> QuerySet[CredentialChange]:
    """One's own requests; technical admin, Board lead and alternate see all."""
    changes = CredentialChange.objects.all()
    return changes if holds_any(user, _DECIDES_CREDENTIALS) else changes.filter(user=user)


def can_approve_credential_change(user: User, change: CredentialChange) -> bool:
    """Technical admin, Board lead or alternate; neither the owner nor whoever asked."""
    return user.pk not in {change.user_id, change.requested_by_id} and holds_any(user, _DECIDES_CREDENTIALS)
