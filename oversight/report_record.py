"""What the document about one report, or about a case and its reports, says: who was told and who did what, and when.

It holds no account, no child and no reporter. Whoever reported appears as "the person who reported", and where they
also acted or were told in a post, under the words of that post.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event
from audit.queries import timeline_of
from cases import clocks
from cases.models import Case, Report
from cases.permissions import can_see_lateness, cases_visible_to, reports_visible_to
from deadlines import kinds
from deadlines.models import Channel, Deadline, Notice
from people import roles
from people.models import User
from people.queries import post_holder_names

if TYPE_CHECKING:
    from django.db.models import Model

Words = str | Promise

EVENTS: Mapping[str, Words] = {
    "report.received": gettext_lazy("Report received"),
    "report.added_to": gettext_lazy("Information added by the person who reported"),
    "report.acknowledged": gettext_lazy("Receipt confirmed"),
    "report.safety_task_closed": gettext_lazy("Safety task closed"),
    "report.step_added": gettext_lazy("Next action set"),
    "report.step_done": gettext_lazy("Action done"),
    "report.referral_opened": gettext_lazy("Referral opened"),
    "report.referral_done": gettext_lazy("Referred to an authority"),
    "report.triaged": gettext_lazy("First assessment made"),
    "report.linked_to_case": gettext_lazy("Added to a case"),
    "report.kept_as_low_level": gettext_lazy("Kept as a low-level concern"),
    "report.not_a_concern_proposed": gettext_lazy("Proposed: not a concern"),
    "report.not_a_concern_confirmed": gettext_lazy("Second person agreed: not a concern"),
    "report.not_a_concern_declined": gettext_lazy("Second person did not agree"),
    "report.person_identified": gettext_lazy("A person was found on the register"),
    "report.hold_decided": gettext_lazy("Possible conflict of interest decided"),
    "report.names_shown": gettext_lazy("Names were opened"),
    "report.told_confirmed": gettext_lazy("An earlier telling was confirmed"),
    "report.exported": gettext_lazy("Document made"),
    "case.opened": gettext_lazy("Case opened"),
    "case.report_linked": gettext_lazy("Report added to the case"),
    "case.access_granted": gettext_lazy("Access given"),
    "case.access_ended": gettext_lazy("Access ended"),
    "case.grant_refused": gettext_lazy("Access refused"),
    "case.exported": gettext_lazy("Document made"),
}
"""Kinds that are told here; fired steps stand in the ladders, lateness and bars are for few and stand nowhere."""


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    at: datetime
    what: Words
    who: str = ""


@dataclass(frozen=True)
class Telling:
    """One person told by one way; of a mail nobody knows whether it was read."""

    who: str
    channel: Words
    at: datetime
    state: Words
    read_at: datetime | None
    tells_reading: bool


@dataclass(frozen=True)
class Rung:
    """One step of one ladder and whom it told."""

    kind: Words
    duty: Words
    due_at: datetime
    state: Words
    fired_at: datetime | None
    told: Sequence[Telling]


@dataclass(frozen=True)
class Part:
    """One report in the document."""

    report: Report
    chronology: Sequence[Line]
    rungs: Sequence[Rung]
    actions: Sequence[Line]
    timeliness: str
    due_at: datetime


@dataclass(frozen=True)
class Record:
    """The whole document: one report, or a case with those of its reports that the reader may see."""

    reference: str
    case: Case | None
    case_lines: Sequence[Line]
    parts: Sequence[Part]


def record_of_report(report: Report, *, reader: User, now: datetime) -> Record:
    """The caller has fetched the report through `reports_visible_to(reader)`."""
    return Record(report.reference, None, (), [_part(report, reader, Names([report], now))])


def record_of_case(case: Case, *, reader: User, now: datetime) -> Record:
    """The caller has fetched the case through `cases_visible_to(reader)`; of its reports only those the reader may see."""
    reports = list(
        reports_visible_to(reader).filter(case=case).select_related("acknowledged_by", "triaged_by").order_by("received_at", "pk")
    )
    names = Names(reports, now)
    return Record(case.reference, case, _actions(case, names), [_part(report, reader, names) for report in reports])


class Names:
    """Who is who in one document, so that nobody who reported is named in any part of it."""

    def __init__(self, reports: Iterable[Report], now: datetime) -> None:
        self._reporters = {report.reporter_id for report in reports}
        self._posts: dict[int, str] = {}
        for holder in post_holder_names(now):
            if holder.post == roles.DIRECTOR:
                continue  # in these documents the Director acts as child protection officer
            self._posts.setdefault(holder.user.pk, str(roles.LABELS[holder.post]))

    def of(self, user: User | None) -> str:
        """Post and name; of someone who reported the post alone, or "the person who reported"."""
        if user is None:
            return _("The system")
        post = self._posts.get(user.pk, "")
        if user.pk in self._reporters:
            return post or _("The person who reported")
        return f"{user.get_full_name()} ({post})" if post else user.get_full_name()

    def of_reporter(self) -> str:
        """For what somebody did as the one who reported, whatever else they are."""
        return _("The person who reported")


def _part(report: Report, reader: User, names: Names) -> Part:
    return Part(
        report=report,
        chronology=_chronology(report, names),
        rungs=_rungs(report, names),
        actions=_actions(report, names),
        timeliness=str(report.timeliness.label) if can_see_lateness(reader) else "",
        due_at=clocks.acknowledge_due_at(report),
    )


def _chronology(report: Report, names: Names) -> list[Line]:
    """The instants that the report itself keeps, in order of time."""
    lines = [
        _line(report.aware_from, _aware_words(report), names.of_reporter()),
        _line(report.told_at, gettext_lazy("Told someone by word of mouth"), names.of_reporter()),
        _line(report.received_at, gettext_lazy("Report received"), names.of_reporter()),
        _line(report.acknowledged_at, gettext_lazy("Receipt confirmed"), names.of(report.acknowledged_by)),
        _line(report.triaged_at, gettext_lazy("First assessment made"), names.of(report.triaged_by)),
    ]
    lines += [_line(addition.at, EVENTS["report.added_to"], names.of_reporter()) for addition in report.additions.all()]
    for referral in report.referrals.select_related("done_by"):
        lines.append(_line(referral.done_at, gettext_lazy("Referred to an authority"), names.of(referral.done_by)))
    for step in report.steps.select_related("done_by"):
        lines.append(_line(step.done_at, gettext_lazy("Action done"), names.of(step.done_by)))
    task = getattr(report, "safety_task", None)
    if task is not None:
        lines.append(_line(task.closed_at, gettext_lazy("Safety task closed"), names.of(task.closed_by)))
    return sorted((line for line in lines if line is not None), key=lambda line: line.at)


def _aware_words(report: Report) -> Words:
    """Of a date alone the earliest moment stands here, since the 24 hours count from it."""
    return gettext_lazy("Became aware") if report.aware_from == report.aware_to else gettext_lazy("Became aware (hour not known)")


def _line(at: datetime | None, what: Words, who: str) -> Line | None:
    return Line(at, what, who) if at is not None else None


def _rungs(report: Report, names: Names) -> list[Rung]:
    """Every step of every ladder with its tellings; two statements."""
    link = {"row_type": "cases.report", "row_pk": report.pk}
    told: dict[tuple[str, int, int], list[Telling]] = {}
    notices: QuerySet[Notice] = Notice.objects.filter(**link).select_related("user__person").order_by("created_at", "pk")
    for notice in notices:
        telling = Telling(
            names.of(notice.user),
            notice.get_channel_display(),
            notice.sent_at or notice.created_at,
            notice.get_state_display(),
            notice.seen_at,
            notice.channel == Channel.INAPP,
        )
        told.setdefault((notice.kind, notice.episode, notice.step), []).append(telling)
    steps = Deadline.objects.filter(**link).select_related("escalation").order_by("due_at", "kind", "step")
    return [_rung(step, told.get((step.kind, step.episode, step.step), [])) for step in steps]


def _rung(step: Deadline, told: Sequence[Telling]) -> Rung:
    kind = kinds.get(step.kind)
    escalation = getattr(step, "escalation", None)
    return Rung(
        kind=kind.label if kind else step.kind,
        duty=kind.duties.get(step.duty, kind.label) if kind else step.duty,
        due_at=step.due_at,
        state=step.get_state_display(),
        fired_at=escalation.fired_at if escalation else None,
        told=told,
    )


def _actions(row: Model, names: Names) -> list[Line]:
    """Who did what, from the audit log; what the reporter did is never under their name."""
    events = timeline_of(row).filter(kind__in=EVENTS).select_related("actor__person")
    return [Line(event.at, EVENTS[event.kind], _who_did(event, names)) for event in events]


def _who_did(event: Event, names: Names) -> str:
    if event.kind in ("report.received", "report.added_to"):
        return names.of_reporter()
    actor = event.actor
    return names.of(actor if isinstance(actor, User) else None)


def visible_report(reference: str, reader: User) -> Report | None:
    """The report of that reference, if this reader may see it now."""
    return reports_visible_to(reader).select_related("acknowledged_by", "triaged_by").filter(reference=reference).first()


def visible_case(reference: str, reader: User) -> Case | None:
    """The case of that reference, if this reader may see it now."""
    return cases_visible_to(reader).filter(reference=reference).first()
