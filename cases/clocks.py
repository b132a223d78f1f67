"""The deadlines of reports as one table: from when, how long, who hears at which step (issue; requirements R-40, R-80, A-08).

Times are settings that the Board confirms (people.board); who holds a post is asked when a step fires.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.urls import reverse

from cases.limits import REPORT_WITHIN
from cases.models import Receipt, Report, ReportDraft, ResponseStep
from deadlines.clocks import Step
from people import board
from people.roles import ALTERNATE, BOARD_LEAD, BOARD_MEMBER, CPO, DEPUTY

BOARD_GROUP = (BOARD_LEAD, ALTERNATE, BOARD_MEMBER)

OWN_DEADLINE = "cases.report_within_24h"
ACKNOWLEDGE = "cases.acknowledge"
DANGER = "cases.danger"
CALL_YOURSELF = "cases.call_yourself"
SAFETY = "cases.safety"
TRIAGE = "cases.triage"
CONFLICT_HOLD = "cases.conflict_hold"
NEXT_ACTION = "cases.next_action"
TOLD = "cases.told"
UPDATE = "cases.update"
COVER = "cases.cover"


def _hours(key: str) -> timedelta:
    return timedelta(hours=board.value(key))


def _minutes(key: str) -> timedelta:
    return timedelta(minutes=board.value(key))


def acknowledge_due_at(report: Report) -> datetime:
    """Awareness + 24 h; without awareness (public, child) receipt + 24 h; late at birth keeps its own ladder."""
    return (report.aware_from or report.received_at) + REPORT_WITHIN


def is_late_at_birth(report: Report) -> bool:
    """The 24 hours were over before the report arrived (decided (d) of deadlines.md)."""
    return acknowledge_due_at(report) <= report.received_at


def acknowledge_steps(report: Report, *, cpo_barred: bool, board_lead_barred: bool) -> list[Step]:
    """Who hears of a new report, and when, until somebody acknowledges it."""
    if cpo_barred:
        return _steps_past_the_cpo(report)
    first = (CPO, ALTERNATE) if board_lead_barred else (CPO,)
    at = report.received_at
    if is_late_at_birth(report):
        return [
            Step(at, first, duty="late_report"),
            Step(at + _hours("report.late_deputy_hours"), (DEPUTY,), duty="not_acknowledged"),
            Step(at + _hours("report.late_board_hours"), BOARD_GROUP, duty="not_acknowledged"),
        ]
    due = acknowledge_due_at(report)
    return [
        Step(at, first, duty="new_report"),
        Step(_sooner(at, due, 25, _hours("report.remind_hours")), (CPO,), duty="reminder"),
        Step(_sooner(at, due, 50, _hours("report.deputy_hours")), (DEPUTY,), duty="not_acknowledged"),
        Step(_sooner(at, due, 75, _hours("report.board_hours")), (BOARD_LEAD,), duty="not_acknowledged"),
        Step(due, (CPO, *BOARD_GROUP), duty="time_over"),
    ]


def _sooner(received: datetime, due: datetime, percent: int, at_most: timedelta) -> datetime:
    """A share of the time left, and at the latest a fixed time after receipt."""
    return received + min((due - received) * percent / 100, at_most)


def _steps_past_the_cpo(report: Report) -> list[Step]:
    """The CPO is left out: Board lead at receipt, then every clear member of the Board (A-03)."""
    at = report.received_at
    return [
        Step(at, (BOARD_LEAD,), duty="new_report"),
        Step(at + _hours("report.board_remind_hours"), (BOARD_LEAD,), duty="reminder"),
        Step(at + _hours("report.alternate_hours"), (ALTERNATE,), duty="not_acknowledged"),
        Step(at + _hours("report.all_members_hours"), BOARD_GROUP, duty="not_acknowledged"),
    ]


def danger_steps(report: Report) -> list[Step]:
    """All clear recipients at once; unconfirmed, deputy and Board lead (R-40)."""
    at = report.received_at
    everyone = (CPO, DEPUTY, *BOARD_GROUP)
    return [
        Step(at, everyone, duty="danger"),
        Step(at + _minutes("danger.escalate_minutes"), (DEPUTY, BOARD_LEAD, ALTERNATE), duty="danger_unconfirmed"),
    ]


def call_yourself_steps(receipt: Receipt) -> list[Step]:
    """The step that points outward: nobody at ASET has confirmed, so the reporter is told to call (R-40)."""
    outward = receipt.report.received_at + _minutes("danger.outward_minutes")
    return [Step(outward, (), user_id=receipt.reporter_id, duty="call_yourself", outward=True)]


def safety_due_at(opened_at: datetime) -> datetime:
    """The one-hour safety task (R-40)."""
    return opened_at + _minutes("danger.safety_task_minutes")


def safety_steps(due_at: datetime) -> list[Step]:
    """Nobody has named the action that made the child safe."""
    return [Step(due_at, (CPO, DEPUTY, BOARD_LEAD), duty="safety_task_open")]


def triage_steps(report: Report, *, cpo_barred: bool) -> list[Step]:
    """First judgement within 24 h of receipt (requirements 2.1)."""
    due = report.received_at + _hours("report.triage_hours")
    if cpo_barred:
        return [Step(due, BOARD_GROUP, duty="triage_open")]
    return [Step(due, (CPO, BOARD_LEAD), duty="triage_open")]


def hold_steps(now: datetime) -> list[Step]:
    """Someone's notices are held: the Board lead decides within the hour, then the alternate (A-03)."""
    return [
        Step(now, (BOARD_LEAD,), duty="decide_hold"),
        Step(now + _minutes("report.hold_minutes"), (ALTERNATE,), duty="decide_hold"),
        Step(now + 2 * _minutes("report.hold_minutes"), BOARD_GROUP, duty="decide_hold"),
    ]


def own_deadline_steps(draft: ReportDraft, *, cpo_too: bool) -> list[Step]:
    """The unsent draft reminds its author; at 24 h the Board lead learns that one exists and whose (R-80).

    The CPO hears of it only if the author answered "nobody" and no typed name resembles a post holder's.
    """
    start = draft.aware_from or draft.started_at
    reminders = [
        Step(start + timedelta(hours=hours), (), user_id=draft.author_id, duty="unsent") for hours in board.value("draft.remind_hours")
    ]
    last = (BOARD_LEAD, CPO) if cpo_too else (BOARD_LEAD,)
    return [*reminders, Step(start + REPORT_WITHIN, last, duty="unsent_of_someone")]


def next_action_steps(step: ResponseStep) -> list[Step]:
    """The owner first, a day later the CPO and Board lead."""
    return [
        Step(step.due_at, (), user_id=step.owner_id, duty="next_action"),
        Step(step.due_at + _hours("action.escalate_hours"), (CPO, BOARD_LEAD), duty="next_action_open"),
    ]


def told_steps(report: Report) -> list[Step]:
    """The person told confirms within 24 h; the clock does not stop for an unconfirmed telling (A-08)."""
    if not report.told_to_id:
        return []
    return [
        Step(report.received_at, (), user_id=report.told_to_id, duty="confirm_told"),
        Step(report.received_at + _hours("report.told_confirm_hours"), (BOARD_LEAD,), duty="told_unconfirmed"),
    ]


def open_report(user: Any, row: Model) -> str | None:
    """The page of a report for this reader, or None: work page, own receipt, or nothing."""
    from cases.permissions import reports_visible_to

    report = reports_visible_to(user).filter(pk=row.pk).first()
    if report is not None:
        return report.get_absolute_url()
    told = Report.objects.filter(pk=row.pk, told_to=user, told_confirmed_at=None).exists()
    return reverse("cases:told", args=[Report.objects.values_list("reference", flat=True).get(pk=row.pk)]) if told else None


def open_receipt(user: Any, row: Model) -> str | None:
    """The reporter's own receipt."""
    if not isinstance(row, Receipt) or row.reporter_id != user.pk:
        return None
    return reverse("cases:receipt", args=[row.report.reference])


def open_draft(user: Any, row: Model) -> str | None:
    """The author goes on writing; the Board lead sees whose draft waits, never its text."""
    return reverse("cases:drafts") if isinstance(row, ReportDraft) and row.author_id == user.pk else reverse("cases:unsent_drafts")


def open_step(user: Any, row: Model) -> str | None:
    """A next action opens on its report."""
    return open_report(user, row.report if isinstance(row, ResponseStep) else row)
