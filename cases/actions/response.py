"""What is done about a report once it is here: confirmed, made safe, referred, followed up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max

from audit.recording import record
from cases import clocks
from cases.models import LowLevelRecord, Referral, Report, ResponseStep, SafetyTask
from cases.notices import stop_calling_reporter, tell_reporter
from cases.permissions import reports_visible_to
from cases.workflow import REPORT_WORKFLOW, ReportStatus
from common.rows import row_key
from common.workflow import MoveNotAllowed
from deadlines import actions as engine
from deadlines.clocks import Step
from deadlines.models import Deadline
from deadlines.queries import posts_of
from people.roles import ALTERNATE, BOARD_LEAD, BOARD_MEMBER, DEPUTY

if TYPE_CHECKING:
    from people.models import User

POSTS_A_STEP_MAY_OPEN = (DEPUTY, BOARD_LEAD, ALTERNATE, BOARD_MEMBER)


class DoingMissing(ValueError):
    """Whoever confirms a danger says what they are doing now (R-40)."""


@transaction.atomic
def acknowledge_report(report: Report, *, by: User, now: datetime, doing: str = "") -> Report:
    """Stop the clocks that call for someone and tell the reporter that the report was read (R-40, issue "acknowledge").

    Raises MoveNotAllowed if someone has done so already, DoingMissing if a child may be in danger and `doing` is empty.
    """
    report = locked(report)
    report.status = REPORT_WORKFLOW.target("acknowledge", report.status)
    if report.is_in_danger and not doing:
        raise DoingMissing
    report.acknowledged_at, report.acknowledged_by, report.acknowledged_doing = now, by, doing
    report.save(update_fields=["status", "acknowledged_at", "acknowledged_by", "acknowledged_doing"])

    engine.satisfy(report, clocks.ACKNOWLEDGE, now=now)
    engine.satisfy(report, clocks.DANGER, now=now)
    stop_calling_reporter(report, now=now)
    record("report.acknowledged", report, by=by, doing=doing)
    tell_reporter(report, duty="taken_up", now=now)
    return report


@transaction.atomic
def close_safety_task(report: Report, *, action: str, note: str, by: User, now: datetime) -> SafetyTask:
    """Name the action that made the child safe; nothing else ends the one-hour task (R-40).

    Raises MoveNotAllowed while nobody has confirmed the report, or when the task is closed.
    """
    report = locked(report)
    task = SafetyTask.objects.select_for_update().get(report=report)
    if report.status == ReportStatus.RECEIVED or task.closed_at is not None:
        raise MoveNotAllowed("the safety task is not open")
    task.action, task.note, task.closed_at, task.closed_by = action, note, now, by
    task.save()
    engine.satisfy(report, clocks.SAFETY, now=now)
    record("report.safety_task_closed", report, by=by, action=action)
    return task


@transaction.atomic
def add_step(report: Report, *, what: str, owner: User, due_at: datetime, by: User, now: datetime) -> ResponseStep:
    """Plan one piece of the response: what, who, by when (R-31). Its owner can open the report from now on."""
    report = locked(report)
    step = ResponseStep.objects.create(report=report, case=report.case, what=what, owner=owner, due_at=due_at, set_by=by)
    _let_owner_in(report, owner, now)
    record("report.step_added", report, by=by, step=step.reference, due_at=due_at)
    _restart_next_action_clock(report, now)
    return step


def _let_owner_in(report: Report, owner: User, now: datetime) -> None:
    """An action is no use to someone who cannot open its report; a bar stays stronger (R-75)."""
    if reports_visible_to(owner).filter(pk=report.pk).exists():
        return
    for post in sorted(posts_of(owner, now) & set(POSTS_A_STEP_MAY_OPEN)):
        for row in filter(None, (report, report.case)):
            engine.cover(row, post, now=now, reason="next_action")


@transaction.atomic
def finish_step(step: ResponseStep, *, by: User, now: datetime) -> ResponseStep:
    """Someone did what was planned. Raises MoveNotAllowed if it was done before."""
    report = locked(step.report)
    step = ResponseStep.objects.select_for_update().get(pk=step.pk)
    if step.done_at is not None:
        raise MoveNotAllowed("the step is done")
    step.done_at, step.done_by = now, by
    step.save()
    LowLevelRecord.objects.filter(report=report, talk_due_at=step.due_at, talk_by_user=step.owner_id, talked_at=None).update(talked_at=now)
    record("report.step_done", report, by=by, step=step.reference)
    _restart_next_action_clock(report, now)
    return step


def _restart_next_action_clock(report: Report, now: datetime) -> None:
    """One ladder for all open steps of a report, on the report's own row, so that whoever is barred from it hears of none.

    A new episode each time a step is added or done; what is already overdue has been told and is not told again.
    """
    row_type, row_pk = row_key(report)
    engine.satisfy(report, clocks.NEXT_ACTION, now=now)
    ladder: list[Step] = []
    for step in report.steps.filter(done_at=None).order_by("due_at", "pk"):
        ladder += [rung for rung in clocks.next_action_steps(step) if rung.due_at > now]
    if ladder:
        earlier = Deadline.objects.filter(row_type=row_type, row_pk=row_pk, kind=clocks.NEXT_ACTION).aggregate(Max("episode"))
        episode = (earlier["episode__max"] or 0) + 1
        engine.start_clock(report, clocks.NEXT_ACTION, sorted(ladder, key=lambda rung: rung.due_at), now=now, episode=episode)


@transaction.atomic
def open_referral(report: Report, *, authority: str, due_at: datetime, by: User) -> Referral:
    """A possible crime goes to a statutory authority: at once in danger, else within 24 h of the first assessment (R-78)."""
    referral = Referral.objects.create(report=report, case=report.case, authority=authority, due_at=due_at)
    record("report.referral_opened", report, by=by, referral=referral.reference, authority=authority, due_at=due_at)
    return referral


@transaction.atomic
def complete_referral(referral: Referral, *, number: str, by: User, now: datetime) -> Referral:
    """The authority has it, under this number. Raises MoveNotAllowed if that is already recorded."""
    report = locked(referral.report)
    referral = Referral.objects.select_for_update().get(pk=referral.pk)
    if referral.done_at is not None:
        raise MoveNotAllowed("the referral is done")
    referral.number, referral.done_at, referral.done_by = number, now, by
    referral.save()
    record("report.referral_done", report, by=by, referral=referral.reference, authority=referral.authority)
    return referral


def locked(report: Report) -> Report:
    """The row as it is now, held until the transaction ends: two people who press at once come one after the other."""
    return Report.objects.select_for_update(of=("self",)).select_related("case").get(pk=report.pk)


def next_episode(report: Report) -> int:
    """A report that is looked at again opens a new episode; fired steps stay."""
    Report.objects.filter(pk=report.pk).update(episode=F("episode") + 1)
    report.refresh_from_db(fields=["episode"])
    return report.episode
