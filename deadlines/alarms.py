"""Alarms about the machinery itself: opened once a kind, told to the technical admin, never with a row's details."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deadlines import kinds
from deadlines.models import Alarm, PostHolder
from deadlines.posts import Post
from deadlines.running import run
from deadlines.telling import notify

KIND = "engine.alarm"


def register_kind() -> None:
    """The notice that goes to the technical admin; an alarm has no page of its own, so it leads back to the inbox."""
    kinds.register(
        kinds.Kind(
            code=KIND,
            label=_("The system needs attention"),
            mail_line=_("The system that watches the deadlines needs attention."),
            row_url=lambda _user, _row: reverse("deadlines:inbox"),
            urgent=True,
        )
    )


def open_alarm(kind: str, *, now: datetime | None = None, **detail: str | int) -> None:
    """Open the alarm unless one of its kind is open already, and tell the technical admin once. `detail` holds codes only."""
    row = run(
        """INSERT INTO deadlines_alarm (kind, opened_at, detail) VALUES (%(kind)s, coalesce(%(now)s::timestamptz, now()), %(detail)s)
        ON CONFLICT (kind) WHERE closed_at IS NULL DO NOTHING RETURNING id""",
        now=now,
        kind=kind,
        detail=json.dumps(detail),
    )
    if row:
        tell([row[0]], now=now)


def close_alarm(kind: str, *, now: datetime | None = None) -> None:
    """The trouble is over: the next time it comes it is told anew."""
    Alarm.objects.filter(kind=kind, closed_at=None).update(closed_at=now or Now())


def tell(alarm_ids: Sequence[int], *, now: datetime | None) -> None:
    """Notify the technical admin of alarms just opened; trouble with mail is not told by mail."""
    for alarm in Alarm.objects.filter(pk__in=alarm_ids) if alarm_ids else ():
        notify(alarm, KIND, posts=[Post.TECHNICAL_ADMIN], now=now, mail=not alarm.kind.startswith("mail_"))


def close_cured(*, now: datetime | None) -> None:
    """Close the alarms about posts that have a usable holder, or are vacant by decision, again."""
    at = now or Now()
    current = PostHolder.objects.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at, post=OuterRef("post_code"))
    cured = current.filter(Q(user=None) | Q(user__is_active=True))
    post_code = Func(F("kind"), Value("."), Value(2), function="split_part")
    about_posts = Q(kind__startswith="post_unfilled.") | Q(kind__startswith="holder_inactive.")
    open_alarms = Alarm.objects.filter(about_posts, closed_at=None).annotate(post_code=post_code)
    open_alarms.filter(Exists(cured)).update(closed_at=at)
