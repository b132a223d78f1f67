"""A concern comes in: saved with its clocks, notices and audit event in one transaction, before anything else happens."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from audit.recording import record
from cases import clocks
from cases.actions import access, conflict
from cases.choices import Channel, Danger, Readers, ReporterKind, Sex, Tie, YesNoUnknown
from cases.models import AffectedChild, AllegedPerson, Receipt, Report, ReportAddition, SafetyTask, SearchToken
from cases.notices import call_reporter_if_unconfirmed, tell_reporter
from cases.searching import tokens_of
from deadlines import actions as engine
from deadlines.models import Deadline
from people import board
from people.models import Municipality, Project

if TYPE_CHECKING:
    from people.models import User


# Two reports may draw the same random reference (once in 600,000 at a million reports): then one more is drawn.
TRIES = 3


@dataclass(frozen=True)
class NamedChild:
    """A child as the reporter described them; every part may be empty."""

    name: str = ""
    born_on: str = ""
    sex: str = Sex.UNKNOWN
    safe_now: str = YesNoUnknown.UNKNOWN
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NamedPerson:
    """A person alleged to have caused harm, as described; every part may be empty."""

    name: str = ""
    tie: str = Tie.UNKNOWN
    is_child: str = YesNoUnknown.UNKNOWN
    still_has_access: str = YesNoUnknown.UNKNOWN
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """What a reporter hands in (requirements 3.1), already validated; `details` holds the lesser answers by field name."""

    danger: str = Danger.NO
    account: str = ""
    exact_words: str = ""
    opinion: str = ""
    aware_from: datetime | None = None
    aware_to: datetime | None = None
    date_unclear: bool = False
    danger_where: str = ""
    danger_reach: str = ""
    readers: str = Readers.NOBODY
    about: Sequence[User] = ()
    unwanted: Sequence[User] = ()
    situations: Sequence[str] = ("other",)
    mode: str = "direct"
    children: Sequence[NamedChild] = ()
    alleged: Sequence[NamedPerson] = ()
    told_at: datetime | None = None
    told_to: User | None = None
    told_how: str = ""
    safe_contact: str = ""
    project: Project | None = None
    municipality: Municipality | None = None
    details: dict[str, Any] = field(default_factory=dict)


def receive_report(
    account: Account, *, token: uuid.UUID, by: User | None, reporter_kind: str, channel: str, language: str, now: datetime
) -> Report:
    """Save a concern and start its clocks; the same token of the same reporter gives the same report again (R-79, R-80).

    The caller shows the receipt after this returns, that is after COMMIT.
    """
    known = Report.objects.filter(client_token=token, reporter=by).first()
    if known is not None:
        return known
    for left in reversed(range(TRIES)):
        try:
            return _receive(account, token=token, by=by, reporter_kind=reporter_kind, channel=channel, language=language, now=now)
        except IntegrityError:
            twin = Report.objects.filter(client_token=token, reporter=by).first()
            if twin is not None:
                return twin
            if not left:
                raise
    raise AssertionError("the last try returns or raises")


@transaction.atomic
def _receive(
    account: Account, *, token: uuid.UUID, by: User | None, reporter_kind: str, channel: str, language: str, now: datetime
) -> Report:
    report = Report(
        client_token=token,
        reporter=by,
        reporter_kind=reporter_kind,
        reporter_is_minor=bool(by and by.is_minor(now.date())),
        channel=channel,
        language=language,
        received_at=now,
        **_columns(account),
    )
    if report.reporter_is_minor or reporter_kind in (ReporterKind.CHILD, ReporterKind.PARENT, ReporterKind.PUBLIC):
        report.aware_from = report.aware_to = None
    report.save()
    if by is not None:
        Receipt.objects.create(report=report, reporter=by)
    name_people(report, account.children, account.alleged)
    conflict.leave_out(report, about=account.about, unwanted=account.unwanted, now=now)
    conflict.hold_doubtful(report, names=[person.name for person in account.alleged], now=now)
    with board.read_once(now):
        start_clocks(report, now=now)
    access.open_to_cover(report, now=now)
    record("report.received", report, by=by, channel=channel, danger=report.danger)
    _ask_why_late(report, now)
    return report


def _columns(account: Account) -> dict[str, Any]:
    """The parts of an account that are columns of the report itself."""
    names = (
        "danger account exact_words opinion aware_from aware_to date_unclear danger_where danger_reach readers mode "
        "told_at told_to told_how safe_contact project municipality details"
    )
    return {name: getattr(account, name) for name in names.split()} | {"situations": list(account.situations) or ["other"]}


def name_people(report: Report, children: Sequence[NamedChild], alleged: Sequence[NamedPerson]) -> None:
    """Store whom the report names, sealed, and the keyed words by which they are found again."""
    if not children and not alleged:
        return
    start = report.children.count() + 1
    AffectedChild.objects.bulk_create(
        AffectedChild(report=report, position=start + number, **vars(child)) for number, child in enumerate(children)
    )
    start = report.alleged_people.count() + 1
    AllegedPerson.objects.bulk_create(
        AllegedPerson(report=report, position=start + number, **vars(person)) for number, person in enumerate(alleged)
    )
    tokens = tokens_of([child.name for child in children] + [person.name for person in alleged], [child.born_on for child in children])
    SearchToken.objects.bulk_create((SearchToken(report=report, token=token) for token in tokens), ignore_conflicts=True)


def start_clocks(report: Report, *, now: datetime) -> None:
    """Acknowledgement, triage, and in danger the pages and the one-hour safety task."""
    cpo_barred = conflict.cpo_is_barred(report, now)
    lead_barred = conflict.board_lead_is_barred(report, now)
    ladders = [
        (clocks.ACKNOWLEDGE, clocks.acknowledge_steps(report, cpo_barred=cpo_barred, board_lead_barred=lead_barred)),
        (clocks.TRIAGE, clocks.triage_steps(report, cpo_barred=cpo_barred)),
        (clocks.TOLD, clocks.told_steps(report)),
    ]
    if report.is_in_danger:
        due_at = clocks.safety_due_at(now)
        SafetyTask.objects.create(report=report, opened_at=now, due_at=due_at)
        ladders = [(clocks.DANGER, clocks.danger_steps(report)), (clocks.SAFETY, clocks.safety_steps(due_at)), *ladders]
        call_reporter_if_unconfirmed(report, now=now)
    for kind, steps in ladders:
        if steps:
            engine.start_clock(report, kind, steps, now=now, episode=report.episode)


def _ask_why_late(report: Report, now: datetime) -> None:
    """After the receipt, never before: a late report is far better than none (R-81)."""
    if report.reporter and report.timeliness == "late" and not report.late_reason:
        tell_reporter(report, duty="why_late", now=now)


def report_told_in_person(account: Account, *, token: uuid.UUID, by: User, teller_kind: str, language: str, now: datetime) -> Report:
    """Someone told a recipient by phone or face to face; the recipient writes it down the same day (A-08)."""
    return receive_report(account, token=token, by=by, reporter_kind=teller_kind, channel=Channel.PHONE, language=language, now=now)


@transaction.atomic
def add_to_report(
    report: Report, *, token: uuid.UUID, text: str, by: User, now: datetime, details: dict[str, Any] | None = None
) -> ReportAddition:
    """The reporter adds facts: a new entry, and whoever has the report is told (R-87). The same token adds nothing twice."""
    addition, created = ReportAddition.objects.get_or_create(
        client_token=token, defaults={"report": report, "by": by, "at": now, "text": text, "details": details or {}}
    )
    if created:
        record("report.added_to", report, by=by)
        engine.notify(report, clocks.ACKNOWLEDGE, users=_who_has(report), duty="addition", now=now, step=100 + report.additions.count())
    return addition


@transaction.atomic
def complete_alert(report: Report, account: Account, *, token: uuid.UUID, by: User, now: datetime) -> ReportAddition:
    """The rest of an "alert now": people named and left out from now on, everything else as an addition."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    if ReportAddition.objects.filter(client_token=token).exists():
        return ReportAddition.objects.get(client_token=token)
    name_people(report, account.children, account.alleged)
    knew = conflict.cpo_is_barred(report, now)
    conflict.leave_out(report, about=account.about, unwanted=account.unwanted, now=now)
    report.readers = account.readers
    report.save(update_fields=["readers"])
    conflict.hold_doubtful(report, names=[person.name for person in account.alleged], now=now)
    if not knew:
        conflict.restart_ladder_past_the_cpo(report, now)
    return add_to_report(report, token=token, text=account.account, by=by, now=now, details=_as_details(account))


def _as_details(account: Account) -> dict[str, Any]:
    """Answers that are columns of a report and details of an addition; empty ones are left out."""
    names = ["exact_words", "opinion", "situations", "mode", "safe_contact", "told_how", "danger_where", "danger_reach"]
    said = {name: getattr(account, name) for name in names}
    said |= {name: str(value) for name in ("project", "municipality", "told_to") if (value := getattr(account, name))}
    said |= {name: value.isoformat() for name in ("aware_from", "told_at") if (value := getattr(account, name))}
    return account.details | {name: value for name, value in said.items() if value}


def _who_has(report: Report) -> list[User]:
    """Those who were already told of this report by its clocks; the engine leaves out anyone barred."""
    from people.models import User

    posts = {post for step in Deadline.objects.filter(row_type="cases.report", row_pk=report.pk, state="fired") for post in step.audience}
    from people.queries import post_holder_names

    holders = {holder.user.pk for holder in post_holder_names(report.received_at) if holder.post in posts}
    return list(User.objects.filter(pk__in=holders))


@transaction.atomic
def give_late_reason(report: Report, *, reason: str, text: str, by: User, now: datetime) -> Report:
    """The answer to "what made it later", asked after the receipt; seen by Director and Board only (R-81)."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    report.late_reason, report.late_reason_text = reason, text
    report.save(update_fields=["late_reason", "late_reason_text"])
    record("report.late_reason_given", report, by=by, late_reason=reason)
    return report


@transaction.atomic
def confirm_told(report: Report, *, by: User, now: datetime) -> Report:
    """The person told confirms when: the earlier moment then counts as the time of reporting (A-08)."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.told_confirmed_at is None:
        report.told_confirmed_at = now
        report.save(update_fields=["told_confirmed_at"])
        engine.satisfy(report, clocks.TOLD, now=now)
        record("report.told_confirmed", report, by=by)
    return report
