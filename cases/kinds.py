"""What the engine says of each kind of deadline of reports; no word of it says anything of a row."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.clocks import (
    ACKNOWLEDGE,
    CALL_YOURSELF,
    CONFLICT_HOLD,
    COVER,
    DANGER,
    NEXT_ACTION,
    OWN_DEADLINE,
    SAFETY,
    TOLD,
    TRIAGE,
    UPDATE,
    open_draft,
    open_receipt,
    open_report,
    open_step,
)
from deadlines import kinds


def register_kinds() -> None:
    """Tell the engine the words of each kind; none of them says anything of a row."""
    for kind in (*_kinds_of_intake(), *_kinds_of_danger(), *_kinds_of_assessment(), *_kinds_of_work()):
        kinds.register(kind)


def _kinds_of_intake() -> Iterable[kinds.Kind]:
    yield kinds.Kind(
        OWN_DEADLINE,
        label=_("Something you began is not finished"),
        mail_line=_("Something you began in the system is waiting for you."),
        row_url=open_draft,
        to_reporter=True,
        duties={"unsent": _("You have something to finish"), "unsent_of_someone": _("A report that was begun has not been sent")},
    )
    yield kinds.Kind(
        ACKNOWLEDGE,
        label=_("Report"),
        mail_line=_("A report needs you."),
        row_url=open_report,
        duties={
            "addition": _("The person who reported has added something"),
            "new_report": _("A new report: please confirm that you have it"),
            "late_report": _("A new report that came after its 24 hours: please confirm that you have it"),
            "reminder": _("A report still waits for your confirmation"),
            "not_acknowledged": _("Nobody has confirmed a report yet: please act in place of the person who should have"),
            "time_over": _("24 hours are over and nobody has confirmed this report"),
            "cleared": _("A report was waiting for a decision and is now yours to see"),
        },
    )


def _kinds_of_danger() -> Iterable[kinds.Kind]:
    yield kinds.Kind(
        DANGER,
        label=_("Danger now"),
        mail_line=_("A child may be in danger now."),
        row_url=open_report,
        urgent=True,
        duties={
            "danger": _("A child may be in danger now: say what you are doing"),
            "danger_unconfirmed": _("A child may be in danger and nobody has confirmed yet"),
        },
    )
    yield kinds.Kind(
        CALL_YOURSELF,
        label=_("Call yourself now"),
        mail_line=_("Nobody at ASET has confirmed yet. Call 129 or 112 yourself now; you do not need our permission."),
        row_url=open_receipt,
        urgent=True,
        to_reporter=True,
        duties={"call_yourself": _("Nobody at ASET has confirmed yet. Call 129 or 112 yourself now; you do not need our permission.")},
    )
    yield kinds.Kind(
        SAFETY,
        label=_("Safety task"),
        mail_line=_("A one-hour safety task is still open."),
        row_url=open_report,
        urgent=True,
        duties={"safety_task_open": _("An hour is over: say what made the child safe")},
    )


def _kinds_of_assessment() -> Iterable[kinds.Kind]:
    yield kinds.Kind(
        TRIAGE,
        label=_("First assessment"),
        mail_line=_("A first assessment is due."),
        row_url=open_report,
        duties={
            "triage_open": _("A report still waits for its first assessment"),
            "second_person": _("Two people decide: please look at a report that someone proposes to finish"),
        },
    )


def _kinds_of_work() -> Iterable[kinds.Kind]:
    yield kinds.Kind(
        CONFLICT_HOLD,
        label=_("Possible conflict of interest"),
        mail_line=_("A decision about a possible conflict of interest is due."),
        row_url=open_report,
        duties={"decide_hold": _("Decide whether a person may see a report")},
    )
    yield kinds.Kind(
        NEXT_ACTION,
        label=_("Next action"),
        mail_line=_("An action is due."),
        row_url=open_step,
        duties={"next_action": _("An action of yours is due"), "next_action_open": _("An action is a day late")},
    )
    yield kinds.Kind(
        TOLD,
        label=_("You were told of a concern"),
        mail_line=_("Please confirm what you were told."),
        row_url=open_report,
        duties={
            "confirm_told": _("Someone says they told you of a concern: please confirm"),
            "told_unconfirmed": _("A telling was not confirmed"),
        },
    )
    yield kinds.Kind(
        UPDATE,
        label=_("Your report"),
        mail_line=_("There is news about something you sent."),
        row_url=open_receipt,
        to_reporter=True,
        duties={
            "taken_up": _("Someone has read your report"),
            "finished": _("The work on your report is finished"),
            "why_late": _("One short question about your report"),
        },
    )
    yield kinds.Kind(
        COVER,
        label=_("Cover"),
        mail_line=_("You are asked to take over."),
        row_url=lambda _user, _row: reverse("cases:dashboard"),
        duties={"take_over": _("You are asked to take over for tonight: please confirm"), "taken_over": _("Your handover was confirmed")},
    )
