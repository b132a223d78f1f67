"""The ladder of a row, for people: each step, when it was due, who was told, by which way, and whether they have read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Report
from cases.models.report import SEALED_ANSWERS
from cases.permissions import reports_visible_to
from common.rows import row_key, row_type_of
from deadlines import kinds
from deadlines.models import Barred, Deadline, Notice
from deadlines.queries import holders_at
from people.roles import ALTERNATE, BOARD_LEAD, BOARD_MEMBER, CPO

if TYPE_CHECKING:
    from django.db.models import Model

    from people.models import User

BOARD_AUDIENCE = (BOARD_LEAD, ALTERNATE, BOARD_MEMBER)
ESCALATED_DUTIES = (
    "not_acknowledged",
    "time_over",
    "danger_unconfirmed",
    "safety_task_open",
    "triage_open",
    "next_action_open",
    "told_unconfirmed",
)


@dataclass(frozen=True)
class Telling:
    """One person told by one way."""

    name: str
    channel: str
    state: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Rung:
    """One step of one ladder: what it asks, when it was due, what became of it, and everyone it told."""

    kind: Any
    duty: Any
    due_at: datetime
    state: str
    fired_at: datetime | None
    told: tuple[Telling, ...]


def ladders_of(rows: Sequence[Model]) -> dict[int, list[Rung]]:
    """The ladders of rows of one model by key, in order of time; two statements however many rows there are."""
    if not rows:
        return {}
    link = {"row_type": row_type_of(rows[0]), "row_pk__in": [row.pk for row in rows]}
    told = _tellings(Notice.objects.filter(**link).select_related("user__person").order_by("created_at", "pk"))
    ladders: dict[int, list[Rung]] = defaultdict(list)
    for step in Deadline.objects.filter(**link).select_related("escalation").order_by("due_at", "step"):
        key = (step.row_pk, step.kind, step.episode, step.step)
        ladders[step.row_pk].append(_rung(step, told.get(key, ())))
    return ladders


def _rung(step: Deadline, told: Iterable[Telling]) -> Rung:
    kind = kinds.get(step.kind)
    escalation = getattr(step, "escalation", None)
    return Rung(
        kind=kind.label if kind else step.kind,
        duty=kind.duties.get(step.duty, kind.label) if kind else step.duty,
        due_at=step.due_at,
        state=step.state,
        fired_at=escalation.fired_at if escalation else None,
        told=tuple(told),
    )


def _tellings(notices: QuerySet[Notice]) -> Mapping[tuple[int, str, int, int], list[Telling]]:
    """By step. Of the two ways of one telling, the in-app notice knows whether it was read."""
    found: dict[tuple[int, str, int, int], list[Telling]] = defaultdict(list)
    for notice in notices:
        telling = Telling(
            notice.user.get_full_name(),
            notice.get_channel_display(),
            notice.get_state_display(),
            notice.sent_at or notice.created_at,
            notice.seen_at,
        )
        found[notice.row_pk, notice.kind, notice.episode, notice.step].append(telling)
    return found


def escalated_steps(user: User, now: datetime) -> QuerySet[Deadline]:
    """Steps that reached the Board because those first asked had not acted, read from an index of their own.

    Leaves out whatever is barred for the viewer or for the CPO's post: the latter stands on a line of its own, and this is
    the population that every figure counts (architecture.md, "Nothing betrays a hidden row").
    """
    blind = Q(user_id=user.pk) | Q(user__in=_officer(now))
    bars = Barred.objects.filter(blind, row_type="cases.report", row_pk=OuterRef("row_pk"), lifted_at=None)
    fired = Deadline.objects.filter(row_type="cases.report", state="fired", duty__in=ESCALATED_DUTIES)
    return fired.filter(~Exists(bars), audience__overlap=list(BOARD_AUDIENCE))


def _officer(now: datetime) -> QuerySet[Any]:
    return holders_at(now).filter(post=CPO, user__isnull=False).values("user")


@dataclass(frozen=True)
class BoardRows:
    """What the Board's page shows: passed on, kept from the CPO, and conflicts to decide, each row through the access rule."""

    escalated: list[Report]
    apart: list[Report]
    holds: list[tuple[Report, User]]


def board_rows(user: User, steps: Sequence[Deadline], now: datetime, *, at_most: int = 50) -> BoardRows:
    """The reports behind these steps, those barred for the CPO, and those with a hold to decide: two statements."""
    bars = Barred.objects.filter(Q(user__in=_officer(now)) | Q(reason_code="held"), row_type="cases.report", lifted_at=None)
    bars = bars.annotate(is_of_officer=Exists(_officer(now).filter(user=OuterRef("user_id"))))
    kept = list(bars.exclude(user_id=user.pk).select_related("user__person").order_by("-since", "-pk")[: 4 * at_most])
    wanted = {step.row_pk for step in steps} | {bar.row_pk for bar in kept}
    rows = (
        reports_visible_to(user)
        .select_related("acknowledged_by__person", "triaged_by__person", "case")
        .defer(*SEALED_ANSWERS)
        .in_bulk(wanted)
    )
    escalated = list(dict.fromkeys(step.row_pk for step in steps))
    apart = list(dict.fromkeys(bar.row_pk for bar in kept if bar.is_of_officer))
    return BoardRows(
        [rows[pk] for pk in escalated if pk in rows],
        [rows[pk] for pk in apart if pk in rows][:at_most],
        [(rows[bar.row_pk], bar.user) for bar in kept if bar.reason_code == "held" and bar.row_pk in rows],
    )


def bars_of(report: Report) -> list[Barred]:
    """Everyone kept out of a report, held people included; shown to those who decide, never counted elsewhere."""
    row_type, row_pk = row_key(report)
    rows = Barred.objects.filter(row_type=row_type, row_pk=row_pk, lifted_at=None).select_related("user__person")
    return list(rows.order_by("since", "pk"))
