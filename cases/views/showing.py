"""What the pages of a report and a case show, gathered once for all who see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import permissions
from cases.actions.conflict import held_users
from cases.choices import Category, Concerned, Situation, Tag, Tie
from cases.forms.report_words import details_in_words
from cases.models import Report, Triage
from cases.workflow import ReportStatus
from deadlines import kinds

if TYPE_CHECKING:
    from audit.models import Event
    from people.models import User

WHAT = {
    "report.received": _("Received"),
    "report.added_to": _("The person who reported added something"),
    "report.acknowledged": _("Confirmed"),
    "report.safety_task_closed": _("Safety task closed"),
    "report.step_added": _("Next action set"),
    "report.step_done": _("Action done"),
    "report.referral_opened": _("Referral opened"),
    "report.referral_done": _("Referred"),
    "report.triaged": _("First assessment made"),
    "report.linked_to_case": _("Added to a case"),
    "report.kept_as_low_level": _("Kept as a low-level concern"),
    "report.not_a_concern_proposed": _("Proposed: not a concern"),
    "report.not_a_concern_confirmed": _("Two people agree: not a concern"),
    "report.not_a_concern_declined": _("Looked at again"),
    "report.person_identified": _("A person was found on the register"),
    "report.hold_decided": _("Possible conflict of interest decided"),
    "report.names_shown": _("Names were opened"),
    "report.late_reason_given": _("The person who reported answered what made it later"),
    "report.told_confirmed": _("The telling was confirmed"),
    "case.opened": _("Case opened"),
    "case.report_linked": _("Report added"),
    "case.access_granted": _("Access given"),
    "case.access_ended": _("Access ended"),
    "case.grant_refused": _("A request for access was refused"),
    "deadline.fired": _("A reminder or an escalation went out"),
}
FOR_FEW = frozenset({"report.late_reason_given"})
"""Lateness is for Director and Board lead only (R-81)."""
BY_THE_REPORTER = frozenset({"report.received", "report.added_to", "report.late_reason_given"})
"""Who reported opens only by itself, with a reason that is recorded (R-74): the log does not name them either."""


def report_page(user: User, report: Report, now: datetime) -> dict[str, Any]:
    """The parts of the page in order: safety and next action first (R-31), then the account, then what was decided."""
    alleged: list[Any] = list(report.alleged_people.select_related("person__user"))
    shows = permissions.handles_reports(user)
    may_be_tied = report.has_bars or any(person.person_id for person in alleged)  # type: ignore[attr-defined]
    is_tied = shows and may_be_tied and permissions.manages_someone_named(user, report)
    children: list[Any] = list(report.children.all())
    named: tuple[tuple[str, list[Any]], ...] = (("child", children), ("alleged", alleged))
    for kind, people in named:
        for person in people:
            person.rows = details_in_words(person.details, of=kind)
    triage = report.triages.select_related("by__person").order_by("-at", "-pk").first() if report.triaged_at else None
    return {
        "report": report,
        "now": now,
        "children": children,
        "answers": answer_rows(report),
        "alleged": alleged,
        "additions": _additions(report) if report.has_additions else [],  # type: ignore[attr-defined]
        "triage": triage,
        "triage_rows": judgement_rows(triage) if triage else [],
        "steps": [] if report.case_id else _steps(report),
        "referrals": list(report.referrals.order_by("due_at")) if report.has_referrals and not report.case_id else [],  # type: ignore[attr-defined]
        "proposal": _open_proposal(report),
        "held": held_users(report) if shows and report.has_bars else [],  # type: ignore[attr-defined]
        "handles": shows,
        "is_tied": is_tied,
        "can_decide": shows and not is_tied,
        "shows_lateness": permissions.can_see_lateness(user),
    }


def _additions(report: Report) -> list[tuple[Any, list[tuple[str, str]]]]:
    return [(addition, details_in_words(addition.details)) for addition in report.additions.order_by("at", "pk")]


def answer_rows(report: Report) -> list[tuple[Any, Any]]:
    """The situation and every lesser answer of the reporter, as question and answer."""
    situations = ", ".join(str(dict(Situation.choices).get(code, code)) for code in report.situations)
    rows: list[tuple[Any, Any]] = [(_("Situation"), situations), (_("Whose work"), report.get_mode_display())]
    return rows + details_in_words(report.details)


def _steps(report: Report) -> list[Any]:
    if not report.has_steps:  # type: ignore[attr-defined]
        return []
    return list(report.steps.select_related("owner__person").order_by("done_at", "due_at"))


def _open_proposal(report: Report) -> Any:
    if report.status != ReportStatus.TRIAGED:
        return None
    return report.not_a_concern.filter(decided_at=None).select_related("proposed_by__person").first()


def judgement_rows(triage: Triage) -> list[tuple[Any, Any]]:
    """A first assessment as lines of question and answer; what was left open is left out."""
    details = triage.details
    ties = ", ".join(str(dict(Tie.choices).get(tie, tie)) for tie in details.get("ties", {}).values())
    rows: Iterable[tuple[Any, Any]] = [
        (_("Is the child safe now?"), triage.get_safety_display()),
        (_("Who is with the child"), details.get("who_is_with")),
        (_("Kind of harm"), ", ".join(str(Category(code).label) for code in triage.categories)),
        (_("Means of the carers"), details.get("carers_resources")),
        (_("Who benefits"), details.get("who_benefits")),
        (_("Also"), ", ".join(str(Tag(code).label) for code in triage.tags)),
        (_("Whom it concerns"), Concerned(triage.concerned).label if triage.concerned else ""),
        (_("Tie to the child"), ties),
        (_("Risk"), triage.get_risk_level_display()),
        (_("Possible crime"), triage.get_possible_crime_display()),
        (_("Best for the child because"), triage.best_interests),
        (_("What the child wants"), triage.wishes),
        (_("Reasons"), triage.reasons),
        (_("Where it led"), triage.get_way_out_display()),
        (_("Assessed by"), triage.by.get_full_name()),
    ]
    return [(key, value) for key, value in rows if value]


def timeline_entries(events: Iterable[Event], user: User) -> list[dict[str, Any]]:
    """Events in plain words with who and when; reasons only where they were given to be read."""
    sees_all = permissions.can_see_lateness(user)
    return [
        {
            "at": event.at,
            "what": _what(event),
            "who": _who(event),
            "text": event.text.reason if event.reason_digest and hasattr(event, "text") else "",
        }
        for event in events
        if sees_all or event.kind not in FOR_FEW
    ]


def _who(event: Event) -> Any:
    if event.kind in BY_THE_REPORTER:
        return _("The person who reported")
    return event.actor.get_full_name() if event.actor else _("the system")


def _what(event: Event) -> Any:
    if event.kind == "deadline.fired":
        kind = kinds.get(str(event.data.get("deadline", "")))
        return f"{WHAT[event.kind]}: {kind.label}" if kind else WHAT[event.kind]
    return WHAT.get(event.kind, event.kind)
