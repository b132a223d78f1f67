"""Starting, meeting and voiding clocks; leaving people out; telling people. All inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q

from common.rows import row_key
from deadlines import sql
from deadlines.clocks import Step
from deadlines.models import BarReason, Barred, Deadline, Notice, PostHolder, PostReach
from deadlines.permissions import notices_visible_to
from deadlines.running import prepared, run
from deadlines.sweeping import fire_ladder
from deadlines.telling import HasKey, count_told, notify, send_soon

__all__ = [
    "bar",
    "cover",
    "fill_post",
    "hold",
    "leave_post",
    "lift",
    "mark_all_read",
    "mark_read",
    "notify",
    "satisfy",
    "start_clock",
    "void",
]


@transaction.atomic
def start_clock(
    row: Model,
    kind: str,
    steps: Sequence[Step],
    *,
    now: datetime,
    episode: int = 1,
    from_at: datetime | None = None,
    policy_version: str = "",
) -> list[Deadline]:
    """Write the ladder of one duty; steps already due fire here and now, so that a row just saved has its notices (R-31).

    Steps are numbered from 0 in the order given. `from_at` is the instant the duty counts from (`now` if not given).
    Raises IntegrityError if this row already has this kind in this episode: a correction opens a new episode.
    """
    row_type, row_pk = row_key(row)
    ladder = [
        Deadline(
            row_type=row_type,
            row_pk=row_pk,
            kind=kind,
            episode=episode,
            step=number,
            from_at=from_at or now,
            due_at=step.due_at,
            fire_at=step.due_at,
            audience=[str(post) for post in step.audience],
            audience_user_id=step.user_id,
            duty=step.duty,
            outward=step.outward,
            policy_version=policy_version,
        )
        for number, step in enumerate(steps)
    ]
    Deadline.objects.bulk_create(ladder)
    if any(step.due_at <= now for step in steps):
        send_soon(fire_ladder(row, kind, now=now).mails)
    return ladder


def satisfy(row: Model, kind: str, *, now: datetime) -> int:
    """The duty is done: waiting steps are met, mails not yet sent are void, in-app notices stay readable (flow 3).

    The row lock orders this against the sweep: a step is met or fired, never both. Returns how many steps were met.
    """
    return _settle(row, kind, "met", "satisfied_at", now)


def void(row: Model, kind: str, *, now: datetime) -> int:
    """The duty has fallen away (merged, corrected, destroyed): nothing more fires. Returns how many steps that stopped."""
    return _settle(row, kind, "void", "voided_at", now)


@transaction.atomic
def bar(row: Model, user: HasKey, *, reason_code: str, now: datetime) -> None:
    """From now on this user cannot learn that the row exists (R-75). A hold becomes what it was decided to be."""
    row_type, row_pk = row_key(row)
    active = Barred.objects.filter(row_type=row_type, row_pk=row_pk, user_id=user.pk, lifted_at=None)
    if reason_code != BarReason.HELD:
        active.filter(reason_code=BarReason.HELD).update(lifted_at=now)
    Barred.objects.bulk_create(
        [Barred(row_type=row_type, row_pk=row_pk, user_id=user.pk, since=now, reason_code=BarReason(reason_code))],
        ignore_conflicts=True,
    )
    run(prepared(sql.UNWANT_MAILS, whose="user_id = %(user)s"), now=now, row_type=row_type, row_pk=row_pk, user=user.pk)


def hold(row: Model, user: HasKey, *, now: datetime) -> None:
    """Keep the row from this user until someone clear decides: "not sure" in the report, or a resembling name (R-75)."""
    bar(row, user, reason_code=BarReason.HELD, now=now)


@transaction.atomic
def lift(row: Model, user: HasKey, *, now: datetime) -> None:
    """The bar was a mistake or a hold that was cleared: the user hears of every step missed since."""
    row_type, row_pk = row_key(row)
    active = Barred.objects.filter(row_type=row_type, row_pk=row_pk, user_id=user.pk, lifted_at=None).select_for_update().first()
    if active is None:
        return
    Barred.objects.filter(pk=active.pk).update(lifted_at=now)
    since = _barred_without_break_since(active)
    count_told(run(prepared(sql.TELL_LATER), now=now, row_type=row_type, row_pk=row_pk, who=user.pk, since=since))


def cover(row: Model, post: str, *, now: datetime, reason: str = "cover") -> None:
    """Open this row to a post from now on without a step having fired: an absence, a hand-over for the night."""
    row_type, row_pk = row_key(row)
    PostReach.objects.bulk_create([PostReach(row_type=row_type, row_pk=row_pk, post=post, since=now, reason=reason)], ignore_conflicts=True)


def mark_read(user: HasKey, notices: Iterable[Notice], *, now: datetime) -> int:
    """Note that the addressee has opened these notices; the first opening counts ("read at 11:42")."""
    own = notices_visible_to(user).filter(pk__in=[notice.pk for notice in notices], seen_at=None)
    return own.update(seen_at=now)


def mark_all_read(user: HasKey, *, now: datetime) -> int:
    """Note that the addressee has seen everything written up to `now`."""
    return notices_visible_to(user).filter(seen_at=None, created_at__lte=now).update(seen_at=now)


def fill_post(post: str, user: HasKey | None, *, from_at: datetime, until_at: datetime | None = None) -> PostHolder:
    """Put a user into a post, or (None) record it vacant by decision of the Board.

    Raises IntegrityError if a post for one person is taken at any instant of that span.
    """
    return PostHolder.objects.create(post=post, user_id=user.pk if user else None, from_at=from_at, until_at=until_at)


def leave_post(post: str, user: HasKey | None, *, at: datetime) -> int:
    """End the present holding at that instant, and take back one that has not begun. Returns how many rows changed."""
    mine = PostHolder.objects.filter(Q(until_at=None) | Q(until_at__gt=at), post=post, user=user.pk if user else None)
    withdrawn, _ = mine.filter(from_at__gte=at).delete()
    return withdrawn + mine.filter(from_at__lt=at).update(until_at=at)


@transaction.atomic
def _settle(row: Model, kind: str, state: str, stamp: str, now: datetime) -> int:
    row_type, row_pk = row_key(row)
    link = {"row_type": row_type, "row_pk": row_pk, "kind": kind}
    settled = run(prepared(sql.SETTLE, stamp=stamp), now=now, state=state, **link)
    # A statement of its own: it must see the notices of a sweep it has just waited for.
    run(prepared(sql.UNWANT_MAILS, whose="kind = %(kind)s"), now=now, **link)
    return int(settled[0]) if settled else 0


def _barred_without_break_since(bar_: Barred) -> datetime:
    """When the present exclusion began: a hold that became a bar counts from the hold."""
    earlier = Barred.objects.filter(
        row_type=bar_.row_type, row_pk=bar_.row_pk, user_id=bar_.user_id, lifted_at=bar_.since, reason_code=BarReason.HELD
    ).first()
    return earlier.since if earlier else bar_.since
