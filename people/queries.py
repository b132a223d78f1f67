"""Read-only questions about people that other apps ask: who is under whom, who is close to whom, who holds which post."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from deadlines.queries import holders_at
from people import roles
from people.models import Person, PersonRelation, User

_UNDER = """
WITH RECURSIVE under(person_id) AS (
    SELECT a.person_id FROM people_affiliation a
     WHERE a.line_manager_id = %(manager)s AND a.from_at <= %(at)s AND (a.until_at IS NULL OR a.until_at > %(at)s)
    UNION
    SELECT a.person_id FROM people_affiliation a JOIN under u ON a.line_manager_id = u.person_id
     WHERE a.from_at <= %(at)s AND (a.until_at IS NULL OR a.until_at > %(at)s)
)
SELECT account.id FROM people_user account JOIN under ON under.person_id = account.person_id
 WHERE account.person_id <> %(manager)s
"""


def reports_to(person: Person | None, at: datetime) -> set[int]:
    """Ids of the users who work under this person, directly or through others, at that instant (R-75).

    Lines that run in a circle end where they began; the person is never in the answer.
    """
    if person is None:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_UNDER, {"manager": person.pk, "at": at})
        return {int(row[0]) for row in cursor.fetchall()}


def relatives_of(person: Person | None, at: datetime | None = None) -> set[int]:
    """Ids of the users with a declared tie to this person, in either direction, at that instant (R-75)."""
    if person is None:
        return set()
    at = at or timezone.now()
    ties = PersonRelation.objects.filter(Q(a=person) | Q(b=person)).filter(Q(until_at=None) | Q(until_at__gt=at))
    close = {other for pair in ties.values_list("a_id", "b_id") for other in pair} - {person.pk}
    return set(User.objects.filter(person_id__in=close).values_list("pk", flat=True)) if close else set()


@dataclass(frozen=True)
class Holder:
    """Someone in a post, as the report form names them."""

    post: str
    user: User
    name: str
    plain_role: str


def post_holder_names(now: datetime | None = None) -> list[Holder]:
    """Everyone who holds a post, in the order of the policy; vacant posts are left out. One query."""
    order = list(roles.POSTS)
    rows = holders_at(now or timezone.now()).filter(user__is_active=True).select_related("user__person").order_by("from_at", "pk")
    held = [(row.post, row.user) for row in rows if row.user is not None]
    holders = [Holder(post, user, user.get_full_name(), str(roles.LABELS[post])) for post, user in held]
    return sorted(holders, key=lambda holder: order.index(holder.post))


@dataclass(frozen=True)
class CoverPhone:
    """Whom to call when the system is out of reach."""

    name: str
    plain_role: str
    phone: str


def cover_phones(now: datetime | None = None) -> list[CoverPhone]:
    """Child protection officer, deputy, Board lead and alternate, with a phone number on file (sign-in page)."""
    wanted = {roles.CPO, roles.DEPUTY, roles.BOARD_LEAD, roles.ALTERNATE}
    phones = []
    for holder in post_holder_names(now):
        phone = holder.user.phone or (holder.user.person.phone if holder.user.person else "")
        if holder.post in wanted and phone:
            phones.append(CoverPhone(holder.name, holder.plain_role, phone))
    return phones


def users_holding(role: str, now: datetime | None = None) -> list[User]:
    """Active accounts with this post or given role, in order of name."""
    at = now or timezone.now()
    by_post = holders_at(at).filter(post=role, user__isnull=False).values("user")
    held = Q(pk__in=by_post)
    if role in roles.GIVEN_ROLES:
        open_ended = Q(role_assignments__until_at=None) | Q(role_assignments__until_at__gt=at)
        held |= open_ended & Q(role_assignments__role=role, role_assignments__approved_at__isnull=False, role_assignments__from_at__lte=at)
    return list(User.objects.filter(held, is_active=True).select_related("person").order_by("person__sort_key", "pk").distinct())
