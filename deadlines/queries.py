"""Questions about posts, bars and the inbox, asked by every app above the engine."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from common.rows import row_type_of
from deadlines.models import Barred, Notice, PostHolder
from deadlines.permissions import notices_visible_to

Rows = TypeVar("Rows", bound=QuerySet[Any])

UNREAD_CAP = 100


def holders_at(now: datetime) -> QuerySet[PostHolder]:
    """Everything held, or recorded vacant, at that instant."""
    return PostHolder.objects.filter(Q(until_at=None) | Q(until_at__gt=now), from_at__lte=now)


def holds_post(user: Any, post: str, now: datetime) -> bool:
    """Whether this user holds this post at that instant."""
    return holders_at(now).filter(user_id=user.pk, post=post).exists()


def posts_of(user: Any, now: datetime) -> set[str]:
    """All posts this user holds at that instant."""
    return set(holders_at(now).filter(user_id=user.pk).values_list("post", flat=True))


def holder_of(post: str, now: datetime) -> Any | None:
    """The user in a single post; None if vacant. For a shared post, whoever has held it longest."""
    holder = holders_at(now).filter(post=post, user__isnull=False).select_related("user").order_by("from_at", "pk").first()
    return holder.user if holder else None


def is_vacant_by_decision(post: str, now: datetime) -> bool:
    """The Board has recorded that nobody holds this post for now; ladders skip it without an alarm."""
    return holders_at(now).filter(post=post, user=None).exists()


def not_barred(rows: Rows, user: Any) -> Rows:
    """Take away the rows whose existence this user must not learn (R-75); an anti-join on the index of active bars."""
    bars = Barred.objects.filter(user_id=user.pk, row_type=row_type_of(rows.model), row_pk=OuterRef("pk"), lifted_at=None)
    return rows.filter(~Exists(bars))


def is_barred(row: Model, user: Any) -> bool:
    """Whether this user must not learn that the row exists."""
    return Barred.objects.filter(user_id=user.pk, row_type=row_type_of(row), row_pk=row.pk, lifted_at=None).exists()


def inbox_of(user: Any) -> QuerySet[Notice]:
    """The user's notices, newest first."""
    return notices_visible_to(user).order_by(F("created_at").desc(), F("id").desc())


def unread_count(user: Any) -> int:
    """How many notices wait to be opened, counted no further than 100."""
    return notices_visible_to(user).filter(seen_at=None).order_by()[:UNREAD_CAP].count()
