"""A report being written: kept at each step, sent, told by phone, discarded with a reason, or handed in for someone who has left."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from audit.recording import record
from cases import clocks
from cases.actions import conflict
from cases.actions.intake import Account, complete_alert, receive_report
from cases.choices import Channel, Danger, Readers, ReporterKind
from cases.draft_account import account_of, awareness_of, left_out, typed_names
from cases.forms.report_fields import Answer
from cases.forms.report_steps import is_answered
from cases.limits import WRITING_TIME
from cases.models import Report, ReportDraft
from cases.queries_drafts import last_ladder_of, open_drafts_of
from common.localtime import local_day
from deadlines import actions as engine
from deadlines.clocks import Step
from deadlines.models import Barred
from people.models import AffiliationKind, User
from people.queries import post_holder_names, relatives_of, reports_to
from people.roles import ALTERNATE, BOARD_LEAD, CPO, DEPUTY

if TYPE_CHECKING:
    from people.models import Person

ROUTING = ("danger", "danger-now", "readers")
"""Pages that stay in a draft after an alert: who is left out of the report is left out of the additions."""

REPORTER_KINDS: Mapping[str, str] = {
    AffiliationKind.BOARD: ReporterKind.BOARD,
    AffiliationKind.STAFF: ReporterKind.STAFF,
    AffiliationKind.VOLUNTEER: ReporterKind.VOLUNTEER,
    AffiliationKind.INTERN: ReporterKind.INTERN,
    AffiliationKind.TRAINEE: ReporterKind.INTERN,
    AffiliationKind.CONSULTANT: ReporterKind.CONSULTANT,
    AffiliationKind.CONTRACTOR: ReporterKind.CONSULTANT,
    AffiliationKind.PARTNER_STAFF: ReporterKind.PARTNER,
    AffiliationKind.PARTNER_REPRESENTATIVE: ReporterKind.PARTNER,
}


class DraftClosed(Exception):
    """It was sent or discarded meanwhile, perhaps in another tab; `draft` says which."""

    def __init__(self, draft: ReportDraft) -> None:
        super().__init__("the draft is closed")
        self.draft = draft


def reporter_kind_of(user: User, now: datetime) -> str:
    """As what this person reports, after their newest tie to ASET (R-03, R-77); without one they count as staff."""
    if user.person is None:
        return ReporterKind.STAFF
    tie = user.person.affiliations.active(now).order_by("-from_at").first()
    return REPORTER_KINDS.get(tie.kind, ReporterKind.VISITOR) if tie else ReporterKind.STAFF


@transaction.atomic
def begin_draft(author: User, *, token: uuid.UUID, now: datetime) -> ReportDraft:
    """The author's draft of this token; a token that is another person's begins a new one of its own."""
    known = ReportDraft.objects.filter(token=token).first()
    if known is not None and known.author_id == author.pk:
        return known
    fields = {"author": author, "started_at": now, "updated_at": now}
    try:
        with transaction.atomic():
            draft = ReportDraft.objects.create(token=uuid.uuid4() if known else token, **fields)
    except IntegrityError:
        return begin_draft(author, token=token, now=now)
    record("draft.begun", draft, by=author)
    return draft


@transaction.atomic
def save_draft(draft: ReportDraft, *, step: str, answer: Answer, now: datetime) -> ReportDraft:
    """Keep one page as typed, right or wrong; other pages, open in other tabs, stay as they are. Raises DraftClosed."""
    draft = _locked(draft)
    if not draft.is_open:
        raise DraftClosed(draft)
    draft.answers = {**draft.answers, step: answer}
    draft.updated_at = now
    if step == "aware":
        span = awareness_of(draft, now=now)
        draft.aware_from = span[0] if span else None
    draft.save(update_fields=["answers", "updated_at", "aware_from"])
    if step in {*ROUTING, "people"}:
        _leave_out(draft, now)
    _keep_clock(draft, now)
    return draft


@transaction.atomic
def alert_now(draft: ReportDraft, *, language: str, now: datetime) -> Report:
    """A child may be in danger: hand in what there is and page; what is written from now on becomes additions (R-40).

    Without an answer to "who will read this" nobody is held: minutes count, and the ticks of the alert page stand.
    """
    draft = _locked(draft)
    if draft.report is not None:
        return draft.report
    if not draft.is_open:
        raise DraftClosed(draft)
    account = account_of(draft, now=now)
    if not is_answered(draft.answers.get("readers")):
        account = replace(account, readers=Readers.SOME if account.unwanted else Readers.NOBODY)
    if account.danger == Danger.NO:
        account = replace(account, danger=Danger.YES)
    draft.report = _receive(draft, account, channel=Channel.ALERT, language=language, now=now)
    draft.answers = {slug: answer for slug, answer in draft.answers.items() if slug in ROUTING}
    draft.save(update_fields=["report", "answers"])
    engine.satisfy(draft, clocks.OWN_DEADLINE, now=now)
    return draft.report


@transaction.atomic
def send_draft(draft: ReportDraft, *, language: str, now: datetime, channel: str = Channel.STAFF_FORM) -> Report:
    """Hand in the draft; sent twice, or from two tabs, it is the same report. Raises DraftClosed if it was discarded."""
    draft = _locked(draft)
    if draft.sent_at and draft.report:
        return draft.report
    if not draft.is_open:
        raise DraftClosed(draft)
    return _hand_in(draft, account_of(draft, now=now), channel=channel, language=language, now=now)


@transaction.atomic
def told_by_phone(draft: ReportDraft, *, told_to: User, told_at: datetime, told_how: str, language: str, now: datetime) -> Report:
    """The author has told a recipient: what is written so far goes along, and the person told confirms and completes it (A-08)."""
    draft = _locked(draft)
    if draft.sent_at and draft.report:
        return draft.report
    if not draft.is_open:
        raise DraftClosed(draft)
    account = replace(account_of(draft, now=now), told_to=told_to, told_at=told_at, told_how=told_how)
    record("draft.told_by_phone", draft, by=draft.author)
    return _hand_in(draft, account, channel=Channel.PHONE, language=language, now=now)


@transaction.atomic
def discard_draft(draft: ReportDraft, *, reason: str, by: User | None, now: datetime) -> None:
    """Blank a draft that its author does not want to send; the reason stays, sealed (R-80). Nothing if it is closed already."""
    draft = _locked(draft)
    if not draft.is_open:
        return
    draft.discarded_at, draft.discard_reason, draft.answers = now, reason, {}
    draft.save(update_fields=["discarded_at", "discard_reason", "answers"])
    engine.satisfy(draft, clocks.OWN_DEADLINE, now=now)
    record("draft.discarded", draft, by=by)


def hand_in_drafts_of(user: User, by: User | None, now: datetime) -> list[Report]:
    """Somebody leaves: each draft with a word in it becomes a report, the empty ones are closed (R-79, R-95)."""
    reports = []
    for draft in open_drafts_of(user):
        if draft.report_id or any(is_answered(answer) for slug, answer in draft.answers.items() if slug != "danger"):
            reports.append(take_over_draft(draft, by=by, now=now))
        else:
            discard_draft(draft, reason="empty", by=by, now=now)
    return reports


@transaction.atomic
def take_over_draft(draft: ReportDraft, *, by: User | None, now: datetime) -> Report:
    """A leaver's draft goes to the Board lead as a report; the CPO hears of it as of any other, unless left out or held (A-03)."""
    report = send_draft(draft, language=draft.author.language, now=now, channel=Channel.UNSENT_DRAFT)
    engine.cover(report, BOARD_LEAD, now=now, reason="leaver")
    engine.notify(report, clocks.ACKNOWLEDGE, posts=[BOARD_LEAD], duty="new_report", now=now, step=90, episode=report.episode)
    record("draft.handed_in", draft, by=by)
    return report


def _locked(draft: ReportDraft) -> ReportDraft:
    """The newest state of the draft. Its report is fetched afterwards: a join would still show the world before the wait."""
    return ReportDraft.objects.select_for_update(of=("self",)).select_related("author__person").get(pk=draft.pk)


def _receive(draft: ReportDraft, account: Account, *, channel: str, language: str, now: datetime) -> Report:
    kind = reporter_kind_of(draft.author, now)
    return receive_report(account, token=draft.token, by=draft.author, reporter_kind=kind, channel=channel, language=language, now=now)


def _hand_in(draft: ReportDraft, account: Account, *, channel: str, language: str, now: datetime) -> Report:
    """Report or rest of an alert; then the draft is blank and the author's own 24 hours are met."""
    if draft.report is None:
        draft.report = _receive(draft, account, channel=channel, language=language, now=now)
    elif _has_more(draft):
        if not is_answered(draft.answers.get("readers")):
            account = replace(account, readers=draft.report.readers)
        complete_alert(draft.report, account, token=uuid.uuid5(draft.token, "rest"), by=draft.author, now=now)
    draft.sent_at, draft.answers = now, {}
    draft.save(update_fields=["report", "sent_at", "answers"])
    engine.satisfy(draft, clocks.OWN_DEADLINE, now=now)
    return draft.report


def _has_more(draft: ReportDraft) -> bool:
    """Something beyond what an alert has handed in already; whom to leave out counts too."""
    return any(is_answered(answer) for slug, answer in draft.answers.items() if slug not in ("danger", "danger-now"))


def _leave_out(draft: ReportDraft, now: datetime) -> None:
    """Nobody ticked, close to someone ticked, or held in a draft ever learns that it exists; an unticked person may (R-80, A-03)."""
    wanted = _left_out_of(draft, now)
    barred = dict(
        Barred.objects.filter(row_type="cases.reportdraft", row_pk=draft.pk, lifted_at=None).values_list("user_id", "reason_code")
    )
    users = {user.pk: user for user in User.objects.filter(pk__in=wanted.keys() | barred.keys())}
    for pk, reason in wanted.items():
        if barred.get(pk) in (None, "held"):
            engine.bar(draft, users[pk], reason_code=reason, now=now)
    for pk in barred.keys() - wanted.keys():
        engine.lift(draft, users[pk], now=now)


def _left_out_of(draft: ReportDraft, now: datetime) -> dict[int, str]:
    """User ids and reasons, as the report itself would leave out and hold; never the author."""
    out = left_out(draft)
    answered = is_answered(draft.answers.get("readers"))
    reasons = {user.pk: "held" for user in conflict.holders_named_like(typed_names(draft), now)}
    if answered and out.readers == Readers.UNSURE:
        reasons |= dict.fromkeys(_holding(CPO, now), "held")
    reasons |= {pk: reason for user in out.about for pk, reason in _around(user.person, now).items()}
    reasons |= {user.pk: "chosen" for user in out.unwanted} | {user.pk: "named" for user in out.about}
    if any(pk in reasons for pk in _holding(CPO, now)):
        reasons = dict.fromkeys(_holding(DEPUTY, now), "reports_to") | reasons
    reasons.pop(draft.author_id, None)
    return reasons


def _around(person: Person | None, now: datetime) -> dict[int, str]:
    under = dict.fromkeys(reports_to(person, now), "reports_to")
    return under | dict.fromkeys(relatives_of(person, now), "relative")


def _holding(post: str, now: datetime) -> list[int]:
    return [holder.user.pk for holder in post_holder_names(now) if holder.post == post]


def _keep_clock(draft: ReportDraft, now: datetime) -> None:
    """Start the author's own 24 hours, or start them anew as an episode of their own if awareness or audience changed (R-80).

    None for reporters under 18 (A-06), and none after an alert until something more is written.
    """
    if draft.author.is_minor(local_day(now)) or (draft.report_id and not _has_more(draft)):
        return
    steps, running = _ladder(draft, now), last_ladder_of(draft)
    last = running[-1] if running else None
    if last is not None and last.state in ("pending", "fired"):
        same_time, same_people = last.due_at == steps[-1].due_at, tuple(last.audience) == steps[-1].audience
        if same_time and (same_people or last.state == "fired"):
            return
        engine.void(draft, clocks.OWN_DEADLINE, now=now)
    episode = last.episode + 1 if last else 1
    engine.start_clock(draft, clocks.OWN_DEADLINE, steps, now=now, episode=episode, from_at=draft.aware_from or draft.started_at)


def _ladder(draft: ReportDraft, now: datetime) -> Sequence[Step]:
    """The ladder of clocks.py without reminders already past: whoever is writing needs none.

    Its last step leaves a late writer a while from the first save, and skips a Board lead who is left out.
    """
    out = left_out(draft)
    held = conflict.holders_named_like(typed_names(draft), now)
    *reminders, last = clocks.own_deadline_steps(draft, cpo_too=out.readers == Readers.NOBODY and not held)
    barred = set(Barred.objects.filter(row_type="cases.reportdraft", row_pk=draft.pk, lifted_at=None).values_list("user_id", flat=True))
    audience = last.audience
    if any(pk in barred for pk in _holding(BOARD_LEAD, now)):
        audience = (ALTERNATE, *(post for post in audience if post != BOARD_LEAD))
    due_at = max(last.due_at, draft.started_at + WRITING_TIME)
    return [*(step for step in reminders if step.due_at > now), replace(last, due_at=due_at, audience=audience)]
