"""The first judgement of a report and the four ways it leads to (R-01, R-22, R-27, R-78, R-79; requirements 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from cases import clocks
from cases.actions import conflict
from cases.actions.response import add_step, locked, next_episode, open_referral
from cases.choices import RiskLevel, WayOut, YesNoUnknown
from cases.models import Case, LowLevelRecord, NotAConcern, Referral, Report, ResponseStep, Triage
from cases.notices import tell_reporter
from cases.workflow import REPORT_WORKFLOW, CaseStatus
from common.workflow import MoveNotAllowed
from deadlines import actions as engine
from deadlines.queries import is_barred
from people import board
from people.queries import post_holder_names
from people.roles import ALTERNATE, BOARD_LEAD, CPO

if TYPE_CHECKING:
    from people.models import User

SECOND_PERSON_STEP = 50


@dataclass(frozen=True)
class NextAction:
    """What happens next, who does it, and by when (R-31)."""

    what: str
    owner: User
    due_at: datetime


@dataclass(frozen=True)
class Talk:
    """A minor matter: what was seen, who talks to whom, by when (R-79)."""

    seen: str
    by_user: User
    talk_with: str
    due_at: datetime


@dataclass(frozen=True)
class Judgement:
    """A validated first assessment; `details` holds the lesser answers, with each alleged person's tie (R-01)."""

    way_out: str
    safety: str
    categories: list[str]
    risk_level: str
    possible_crime: str
    best_interests: str
    wishes: str
    concerned: str = ""
    tags: list[str] = field(default_factory=list)
    guardian_informed: str = ""
    reasons: str = ""
    authority: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    next_action: NextAction | None = None
    case: Case | None = None
    talk: Talk | None = None


_COLUMNS = (
    "way_out",
    "safety",
    "categories",
    "tags",
    "concerned",
    "risk_level",
    "possible_crime",
    "guardian_informed",
    "best_interests",
    "wishes",
    "reasons",
)


@transaction.atomic
def triage_report(report: Report, judgement: Judgement, *, by: User, now: datetime) -> Triage:
    """Record the judgement, start what follows from it, and take the way out (R-27: with its reasoning).

    Raises MoveNotAllowed if the report has left the states in which it may be judged.
    """
    report = locked(report)
    _ask_workflow(report, judgement.way_out)
    triage = Triage.objects.create(
        report=report, at=now, by=by, details=dict(judgement.details), **{name: getattr(judgement, name) for name in _COLUMNS}
    )
    report.triaged_at, report.triaged_by = now, by
    report.save(update_fields=["triaged_at", "triaged_by"])
    engine.satisfy(report, clocks.TRIAGE, now=now)
    record("report.triaged", report, by=by, way_out=judgement.way_out, risk=judgement.risk_level, crime=judgement.possible_crime)
    _take_way_out(report, judgement, by=by, now=now)
    report.refresh_from_db()
    _follow_up(report, judgement, by=by, now=now)
    return triage


_MOVES = {
    WayOut.NEW_CASE: "link_to_case",
    WayOut.EXISTING_CASE: "link_to_case",
    WayOut.LOW_LEVEL: "keep_as_low_level",
    WayOut.NOT_A_CONCERN: "propose_not_a_concern",
}


def _ask_workflow(report: Report, way_out: str) -> str:
    return REPORT_WORKFLOW.target(_MOVES[WayOut(way_out)], report.status)


def _take_way_out(report: Report, judgement: Judgement, *, by: User, now: datetime) -> None:
    if judgement.way_out == WayOut.NEW_CASE:
        open_case(report, risk_level=judgement.risk_level, safety=judgement.safety, by=by, now=now)
    elif judgement.way_out == WayOut.EXISTING_CASE and judgement.case is not None:
        link_to_case(report, judgement.case, by=by, now=now)
    elif judgement.way_out == WayOut.LOW_LEVEL and judgement.talk is not None:
        keep_as_low_level(report, judgement.talk, by=by, now=now)
    elif judgement.way_out == WayOut.NOT_A_CONCERN:
        propose_not_a_concern(report, reason=judgement.reasons, by=by, now=now)
    else:
        raise ValueError("the way out lacks its case or its talk")


def _follow_up(report: Report, judgement: Judgement, *, by: User, now: datetime) -> None:
    """A possible crime opens a referral, "unsure" included (R-78); the next action gets its clock (R-31)."""
    if judgement.possible_crime != YesNoUnknown.NO:
        open_referral(report, authority=judgement.authority, due_at=referral_due_at(report, now), by=by)
    action = judgement.next_action
    if action is not None:
        add_step(report, what=action.what, owner=action.owner, due_at=action.due_at, by=by, now=now)


def referral_due_at(report: Report, now: datetime) -> datetime:
    """At once in danger, else within the hours that the Board has confirmed (R-78)."""
    return now if report.is_in_danger else now + timedelta(hours=board.value("referral.hours"))


def risk_times(risk_level: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Contact with the child and review, by level of risk (requirements 3.2); none for "none or low-level"."""
    if risk_level == RiskLevel.NONE:
        return None, None
    unit = "hours" if risk_level == RiskLevel.HIGH else "days"
    contact, review = (timedelta(**{unit: board.value(f"risk.{risk_level}_{what}_{unit}")}) for what in ("contact", "review"))
    return now + contact, now + review


@transaction.atomic
def open_case(report: Report, *, risk_level: str, safety: str, by: User, now: datetime) -> Case:
    """A new case for this report; whoever is barred from the report is barred from the case before anyone can see it."""
    contact_due_at, review_due_at = risk_times(risk_level, now)
    case = Case.objects.create(
        status=CaseStatus.OPEN_TRIAGE,
        safety=safety,
        risk_level=risk_level,
        contact_due_at=contact_due_at,
        review_due_at=review_due_at,
        opened_at=now,
        opened_by=by,
        municipality=report.municipality,
    )
    record("case.opened", case, by=by, risk=risk_level)
    link_to_case(report, case, by=by, now=now)
    return case


@transaction.atomic
def link_to_case(report: Report, case: Case, *, by: User, now: datetime) -> Report:
    """Link, never merge (R-86): each report keeps its clock and its reporter. Bars of all linked reports hold for the case.

    Raises MoveNotAllowed if the case is closed or the report cannot go there any more.
    """
    report = locked(report)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.status == CaseStatus.CLOSED:
        raise MoveNotAllowed("the case is closed")
    report.status = REPORT_WORKFLOW.target("link_to_case", report.status)
    report.case = case
    report.save(update_fields=["status", "case"])
    conflict.share_bars_with_case(report, now)
    Referral.objects.filter(report=report).update(case=case)
    ResponseStep.objects.filter(report=report).update(case=case)
    record("report.linked_to_case", report, by=by, case=case.reference)
    record("case.report_linked", case, by=by, report=report.reference)
    return report


@transaction.atomic
def keep_as_low_level(report: Report, talk: Talk, *, by: User, now: datetime) -> LowLevelRecord:
    """Kept for its pattern, without a case; the talk is a step with a date and an owner (R-79)."""
    report = locked(report)
    report.status = REPORT_WORKFLOW.target("keep_as_low_level", report.status)
    report.save(update_fields=["status"])
    kept = LowLevelRecord.objects.create(
        report=report, seen=talk.seen, talk_by_user=talk.by_user, talk_with=talk.talk_with, talk_due_at=talk.due_at, at=now, by=by
    )
    record("report.kept_as_low_level", report, by=by)
    add_step(report, what=_("Have the agreed talk (low-level concern)"), owner=talk.by_user, due_at=talk.due_at, by=by, now=now)
    tell_reporter(report, duty="finished", now=now)
    return kept


@transaction.atomic
def propose_not_a_concern(report: Report, *, reason: str, by: User, now: datetime) -> NotAConcern:
    """One person's view that this is no concern; it waits for a second person, who is let in and told (R-79)."""
    report = locked(report)
    report.status = REPORT_WORKFLOW.target("propose_not_a_concern", report.status)
    report.save(update_fields=["status"])
    proposal = NotAConcern.objects.create(report=report, proposed_at=now, proposed_by=by, reason=reason)
    record("report.not_a_concern_proposed", report, by=by, reason=reason)
    _ask_second_person(report, by, now)
    return proposal


def _ask_second_person(report: Report, proposer: User, now: datetime) -> None:
    """The Board lead, else the alternate, else the CPO: the first of them who is clear and is not the proposer."""
    holders = {holder.post: holder.user for holder in post_holder_names(now)}
    for post in (BOARD_LEAD, ALTERNATE, CPO):
        user = holders.get(post)
        if user is None or user.pk == proposer.pk or is_barred(report, user):
            continue
        if post != CPO:
            engine.cover(report, post, now=now, reason="second_person")
        step = SECOND_PERSON_STEP + NotAConcern.objects.filter(report=report).count()
        engine.notify(report, clocks.TRIAGE, users=[user], duty="second_person", now=now, step=step)
        return


@transaction.atomic
def confirm_not_a_concern(proposal: NotAConcern, *, by: User, now: datetime) -> NotAConcern:
    """The second person agrees. Raises MoveNotAllowed if it was decided before; the database refuses the proposer."""
    proposal = _decided(proposal, confirmed=True, by=by, now=now)
    record("report.not_a_concern_confirmed", proposal.report, by=by)
    tell_reporter(proposal.report, duty="finished", now=now)
    return proposal


@transaction.atomic
def decline_not_a_concern(proposal: NotAConcern, *, reason: str, by: User, now: datetime) -> NotAConcern:
    """The second person does not agree: the report is judged again, with a first-assessment clock that starts now."""
    proposal = _decided(proposal, confirmed=False, by=by, now=now)
    report = proposal.report
    record("report.not_a_concern_declined", report, by=by, reason=reason)
    late_by = now - report.received_at
    steps = clocks.triage_steps(report, cpo_barred=conflict.cpo_is_barred(report, now))
    again = [replace(step, due_at=step.due_at + late_by) for step in steps]
    engine.start_clock(report, clocks.TRIAGE, again, now=now, episode=next_episode(report))
    return proposal


def _decided(proposal: NotAConcern, *, confirmed: bool, by: User, now: datetime) -> NotAConcern:
    report = locked(proposal.report)
    proposal = NotAConcern.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.decided_at is not None:
        raise MoveNotAllowed("somebody has decided this")
    report.status = REPORT_WORKFLOW.target("confirm_not_a_concern" if confirmed else "decline_not_a_concern", report.status)
    report.save(update_fields=["status"])
    proposal.decided_at, proposal.decided_by, proposal.confirmed = now, by, confirmed
    proposal.save()
    proposal.report = report
    return proposal
