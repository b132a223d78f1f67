"""Figures and records in the words and shapes of a page: rows of tables, bars of the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.choices import Channel, Situation
from cases.timeliness import Timeliness
from oversight.report_record import Record
from oversight.reporting_audit import DURATIONS, STEPS, TIMELINESS, Figures, Hours
from oversight.suppression import Cell

Words = str | Promise

DURATION_WORDS: Mapping[str, Words] = {
    "to_report": _("From becoming aware to the report"),
    "to_acknowledge": _("From the report to the confirmation of receipt"),
    "to_triage": _("From the report to the first assessment"),
}
STEP_WORDS: Mapping[str, Words] = {
    "reminder": _("Reminder to the child protection officer"),
    "to_deputy": _("Passed to the deputy"),
    "to_board": _("Passed to the Board lead"),
    "time_over": _("24 hours over without confirmation: whole Board group"),
    "danger_unconfirmed": _("Danger not confirmed within the set minutes"),
    "safety_task_open": _("Safety task open after an hour"),
    "triage_open": _("First assessment not made in time"),
}

# The chart's measures, in its own units.
WIDTH, LABELS, LONGEST, ROW = 520, 120, 330, 30


@dataclass(frozen=True)
class Bar:
    """One bar of the chart; a figure that is not shown has no length to be read off."""

    label: str
    text: str
    y: int
    text_y: int
    width: int
    value_x: int
    shade: str


_SHADES = {"on_time": "#1f6f78", "late": "#b4552d", "cannot_tell": "#b39b6a", "no_clock": "#8a9896"}


def of_figures(figures: Figures) -> dict[str, Any]:
    """Everything the template of the reporting audit shows, in the language now active."""
    timeliness = [(str(Timeliness(name).label), figures.timeliness[name]) for name in TIMELINESS]
    bars = bars_of([(name, label, cell) for name, (label, cell) in zip(TIMELINESS, timeliness, strict=True)])
    return {
        "figures": figures,
        "timeliness": timeliness,
        "bars": bars,
        "chart_width": WIDTH,
        "chart_height": ROW * len(bars) + 6,
        "bar_x": LABELS,
        "hours": [(DURATION_WORDS[name], *_hours(figures.hours[name])) for name in DURATIONS],
        "steps": [(STEP_WORDS[name], figures.steps[name]) for name in STEPS],
        "channels": [(Channel(code).label, cell) for code, cell in figures.channels.items()],
        "situations": [(code, Situation(code).label, cell) for code, cell in figures.situations.items()],
    }


def bars_of(rows: Sequence[tuple[str, str, Cell]]) -> list[Bar]:
    """Flat bars against the largest figure that is shown."""
    largest = max((cell.number or 0 for _name, _label, cell in rows), default=0)
    bars = []
    for index, (name, label, cell) in enumerate(rows):
        width = round(LONGEST * cell.number / largest) if cell.number and largest else 0
        top = 4 + index * ROW
        bars.append(Bar(label, cell.text, top, top + 15, width, LABELS + width + 6, _SHADES[name]))
    return bars


def _hours(hours: Hours) -> tuple[Cell, str, str]:
    return hours.reports, _number(hours.median), _number(hours.p90)


def _number(value: float | None) -> str:
    return "–" if value is None else number_format(value, decimal_pos=1)


def codes_of_record(record: Record) -> dict[str, Any]:
    """The content of a record as codes and instants, for its check code."""
    return {
        "reference": record.reference,
        "parts": [
            {
                "report": part.report.reference,
                "status": part.report.status,
                "lines": [line.at for line in (*part.chronology, *part.actions)],
                "rungs": [(rung.due_at, rung.fired_at, len(rung.told)) for rung in part.rungs],
            }
            for part in record.parts
        ],
    }
