"""The figures of the 24-hour reporting audit: one population for everyone, and nothing that names or betrays (R-80, R-74).

Every figure counts the reports that are not barred for the CPO's post, whoever asks: a document made while a hidden
report exists says what it would say without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Extract, Least

from cases import clocks
from cases.choices import Channel, Situation
from cases.limits import REPORT_WITHIN
from cases.models import Report
from cases.permissions import reports_clear_for_the_cpo
from common.localtime import day_bounds
from deadlines.models import Deadline
from oversight.suppression import SMALLEST_SHOWN, Cell, alone, share, shown, split
from people.roles import BOARD_LEAD, CPO, DEPUTY

TIMELINESS = ("on_time", "late", "cannot_tell", "no_clock")

STEPS: Mapping[str, Q] = {
    "reminder": Q(kind=clocks.ACKNOWLEDGE, duty="reminder"),
    "to_deputy": Q(kind=clocks.ACKNOWLEDGE, duty="not_acknowledged", audience__contains=[DEPUTY]),
    "to_board": Q(kind=clocks.ACKNOWLEDGE, duty="not_acknowledged", audience__contains=[BOARD_LEAD]),
    "time_over": Q(kind=clocks.ACKNOWLEDGE, duty="time_over"),
    "danger_unconfirmed": Q(kind=clocks.DANGER, duty="danger_unconfirmed"),
    "safety_task_open": Q(kind=clocks.SAFETY, duty="safety_task_open"),
    "triage_open": Q(kind=clocks.TRIAGE, duty="triage_open", audience__contains=[CPO]),
}
"""The steps of the ladders that went past whoever was asked first."""


class Percentile(Aggregate):
    """percentile_cont: the value below which that share of the rows lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, *, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=fraction, **extra)


@dataclass(frozen=True)
class Hours:
    """How long something took: over how many reports, median and 90th percentile; no figures over fewer than five."""

    reports: Cell
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Figures:
    """Everything the document says about a period; `total` under five leaves the rest out."""

    since: date
    until: date
    total: Cell
    timeliness: Mapping[str, Cell]
    on_time_share: int | None
    hours: Mapping[str, Hours]
    steps: Mapping[str, Cell]
    channels: Mapping[str, Cell]
    situations: Mapping[str, Cell]

    @property
    def is_too_small(self) -> bool:
        """Fewer than five reports: every breakdown would be about someone."""
        return self.total.number is None or self.total.number < SMALLEST_SHOWN


def figures_for(since: date, until: date) -> Figures:
    """Figures of the reports received from the start of one local day to the end of another; four statements."""
    reports = reports_of_period(since, until)
    counted = _counted(reports)
    total = counted["total"]
    timeliness = shown({name: counted[name] for name in TIMELINESS})
    return Figures(
        since=since,
        until=until,
        total=alone(total),
        timeliness=timeliness,
        on_time_share=share(timeliness["on_time"], timeliness["late"]),
        hours={name: _hours(counted, name) for name in DURATIONS},
        steps={name: split(number, total) for name, number in _steps(reports).items()},
        channels=shown(_channels(reports)),
        situations={code: split(counted[f"situation_{code}"], total) for code in Situation.values},
    )


def reports_of_period(since: date, until: date) -> QuerySet[Report]:
    """The one population that every figure outside the Board counts, received between these local days."""
    reports = reports_clear_for_the_cpo()
    return reports.filter(received_at__gte=day_bounds(since)[0], received_at__lt=day_bounds(until)[1])


_REPORTED_AT = Case(
    When(told_confirmed_at__isnull=False, told_at__isnull=False, then=Least("told_at", "received_at")),
    default=F("received_at"),
    output_field=DateTimeField(),
)
_HAS_CLOCK = Q(aware_from__isnull=False)
_ON_TIME = _HAS_CLOCK & Q(counts_from__lte=F("aware_from") + REPORT_WITHIN)
_LATE = _HAS_CLOCK & Q(counts_from__gt=F("aware_to") + REPORT_WITHIN)

DURATIONS: Mapping[str, tuple[str, str, Q]] = {
    "to_report": ("aware_from", "counts_from", _HAS_CLOCK & Q(aware_from=F("aware_to"))),
    "to_acknowledge": ("received_at", "acknowledged_at", Q(acknowledged_at__isnull=False)),
    "to_triage": ("received_at", "triaged_at", Q(triaged_at__isnull=False)),
}
"""From where to where, over which reports: awareness counts only where its moment is exact."""


def _counted(reports: QuerySet[Report]) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "total": Count("pk"),
        "on_time": Count("pk", filter=_ON_TIME),
        "late": Count("pk", filter=_LATE),
        "no_clock": Count("pk", filter=~_HAS_CLOCK),
    }
    for code in Situation.values:
        wanted[f"situation_{code}"] = Count("pk", filter=Q(situations__contains=[code]))
    for name, (start, end, which) in DURATIONS.items():
        hours = Extract(ExpressionWrapper(F(end) - F(start), output_field=DurationField()), "epoch") / 3600.0
        wanted[f"{name}_n"] = Count("pk", filter=which)
        wanted[f"{name}_median"] = Percentile(hours, fraction=0.5, filter=which)
        wanted[f"{name}_p90"] = Percentile(hours, fraction=0.9, filter=which)
    found: dict[str, Any] = reports.annotate(counts_from=_REPORTED_AT).aggregate(**wanted)
    found["cannot_tell"] = found["total"] - found["on_time"] - found["late"] - found["no_clock"]
    return found


def _hours(counted: Mapping[str, Any], name: str) -> Hours:
    number = counted[f"{name}_n"]
    cell = split(number, counted["total"])
    if number < SMALLEST_SHOWN:
        return Hours(cell, None, None)
    return Hours(cell, round(counted[f"{name}_median"], 1), round(counted[f"{name}_p90"], 1))


def _steps(reports: QuerySet[Report]) -> dict[str, int]:
    """In how many reports each step fired; a report is counted once a step, however often it was looked at again."""
    counted = reports.filter(pk=OuterRef("row_pk"))
    fired = Deadline.objects.filter(Exists(counted), row_type="cases.report", state="fired")
    wanted = {name: Count("row_pk", filter=which, distinct=True) for name, which in STEPS.items()}
    found: dict[str, int] = fired.aggregate(**wanted)
    return found


def _channels(reports: QuerySet[Report]) -> dict[str, int]:
    found = dict(reports.order_by().values_list("channel").annotate(Count("pk")))
    return {code: found.get(code, 0) for code in Channel.values}


def left_out_of_the_figures(visible: QuerySet[Report]) -> int:
    """How many of the reports that a Board member sees are barred for the CPO: for their own page, never for a document."""
    return visible.exclude(pk__in=reports_clear_for_the_cpo().values("pk")).count()


def default_period(today: date) -> tuple[date, date]:
    """The quarter before the present one."""
    first_of_this = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    last = date.fromordinal(first_of_this.toordinal() - 1)
    return date(last.year, last.month - 2, 1), last
