"""The ladder of a row, for people: each step, when it was due, who was told, by which way, and whether they have read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Report
from cases.permissions import reports_visible_to
from common.rows import row_key, row_type_of
from deadlines import kinds
from deadlines.models import Barred, Deadline, Notice
from deadlines.queries import holders_at
from people.roles import CPO

if TYPE_CHECKING:
    from django.db.models import Model

    from people.models import User

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


def escalated_reports(user: User, *, now: datetime, left_out: bool) -> QuerySet[Report]:
    """Reports this Board member may see on which a step went past those first asked.

    `left_out`: the rows barred for the CPO's post, which stand on a line of their own; otherwise the population that every
    figure counts (architecture.md, "Nothing betrays a hidden row").
    """
    fired = Deadline.objects.filter(row_type="cases.report", row_pk=OuterRef("pk"), state="fired", duty__in=ESCALATED_DUTIES)
    rows = reports_visible_to(user)
    officer = holders_at(now).filter(post=CPO, user__isnull=False).values("user")
    bars = Barred.objects.filter(row_type="cases.report", row_pk=OuterRef("pk"), user__in=officer, lifted_at=None)
    rows = rows.filter(Exists(bars)) if left_out else rows.filter(~Exists(bars)).filter(Exists(fired))
    return rows.select_related("acknowledged_by__person", "triaged_by__person", "case")


def bars_of(report: Report) -> list[Barred]:
    """Everyone kept out of a report, held people included; shown to those who decide, never counted elsewhere."""
    row_type, row_pk = row_key(report)
    rows = Barred.objects.filter(row_type=row_type, row_pk=row_pk, lifted_at=None).select_related("user__person")
    return list(rows.order_by("since", "pk"))


def holds_of(user: User, *, at_most: int = 20) -> list[tuple[Report, User]]:
    """Reports from which somebody is held until this Board lead or alternate decides, with the person held (A-03)."""
    held = Barred.objects.filter(row_type="cases.report", reason_code="held", lifted_at=None).exclude(user_id=user.pk)
    bars = list(held.select_related("user__person").order_by("since", "pk")[:at_most])
    rows = reports_visible_to(user).in_bulk([bar.row_pk for bar in bars])
    return [(rows[bar.row_pk], bar.user) for bar in bars if bar.row_pk in rows]
