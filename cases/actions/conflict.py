"""Who must not learn of a report: written in the transaction that names, ticks or holds them (A-03, R-75)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Model

from audit.recording import record
from cases import clocks
from cases.choices import Readers
from cases.models import AllegedPerson, Report
from cases.workflow import OPEN_REPORT
from common.folding import resembles
from common.rows import row_key
from deadlines import actions as engine
from deadlines.models import Barred, Deadline
from people.queries import post_holder_names, relatives_of, reports_to
from people.roles import ALTERNATE, BOARD_LEAD, BOARD_MEMBER, CPO, DEPUTY

if TYPE_CHECKING:
    from people.models import Person, User


def leave_out(report: Report, *, about: Collection[User], unwanted: Collection[User], now: datetime) -> None:
    """Bar whoever the reporter ticked: with those close to or under the person it is about; a ticked CPO takes the deputy out."""
    if not about and not unwanted:
        return
    for user in about:
        _bar(report, user, "named", now)
        _bar_surroundings(report, user.person, now)
    for user in unwanted:
        _bar(report, user, "chosen", now)
    if _is_barred(report, CPO, now):
        for deputy in _holders(DEPUTY, now):
            _bar(report, deputy, "reports_to", now)


def bar_person(report: Report, person: Person, *, now: datetime, only_hold: Collection[int] = ()) -> None:
    """Someone on the register is named in the report: they, their relatives and everyone under them (R-75).

    Users in `only_hold` are held until the Board decides, not barred.
    """
    user, knew = getattr(person, "user", None), not _is_barred(report, CPO, now)
    if user is not None:
        _bar(report, user, "held" if user.pk in only_hold else "named", now)
    _bar_surroundings(report, person, now, only_hold=only_hold)
    if user is not None and any(holder.pk == user.pk for holder in _holders(CPO, now)):
        for deputy in _holders(DEPUTY, now):
            _bar(report, deputy, "reports_to", now)
    if knew and _is_barred(report, CPO, now):
        pass_on_to_the_board(report, now=now)


def pass_on_to_the_board(report: Report, *, now: datetime) -> None:
    """The CPO turned out to be conflicted: an open report is the Board lead's from this moment, or it would wait for nobody (A-03)."""
    if report.status == "received":
        restart_ladder_past_the_cpo(report, now)
    elif report.status in OPEN_REPORT:
        engine.cover(report, BOARD_LEAD, now=now, reason="conflict")
        engine.notify(report, clocks.ACKNOWLEDGE, posts=[BOARD_LEAD], duty="new_report", now=now, step=60, episode=report.episode)


def _bar_surroundings(report: Report, person: Person | None, now: datetime, *, only_hold: Collection[int] = ()) -> None:
    if person is None:
        return
    for user in _users(relatives_of(person)):
        _bar(report, user, "held" if user.pk in only_hold else "relative", now)
    for user in _users(reports_to(person, now)):
        _bar(report, user, "held" if user.pk in only_hold else "reports_to", now)


def _bar(report: Report, user: User, reason_code: str, now: datetime) -> None:
    """Bar from the report, from its case and from the case's other reports; a hold becomes a bar."""
    rows: list[Model] = [report.case, *report.case.reports.all()] if report.case else [report]
    for row in rows:
        engine.bar(row, user, reason_code=reason_code, now=now)


def hold_doubtful(report: Report, *, names: Iterable[str], now: datetime) -> list[User]:
    """Hold the notices of whom the report may be about, until the Board lead, then the alternate, decides (A-03).

    "Not sure" holds the CPO and with them the deputy; a typed name in the who-did-it fields holds the post holder it resembles.
    The author of the report is never held.
    """
    doubtful = {user.pk: user for user in holders_named_like(names, now)}
    if report.readers == Readers.UNSURE:
        doubtful |= {user.pk: user for user in _holders(CPO, now)}
    if not doubtful:
        return []
    if any(holder.pk in doubtful for holder in _holders(CPO, now)):
        doubtful |= {user.pk: user for user in _holders(DEPUTY, now)}
    if report.reporter_id:
        doubtful.pop(report.reporter_id, None)
    barred = set(_barred_users(report))
    held = [user for pk, user in doubtful.items() if pk not in barred]
    for user in held:
        engine.hold(report, user, now=now)
    if held:
        _ask_for_decision(report, now)
    return held


def _ask_for_decision(report: Report, now: datetime) -> None:
    """The Board lead's hour; one that runs already covers whoever is held later, too."""
    row_type, row_pk = row_key(report)
    running = Deadline.objects.filter(row_type=row_type, row_pk=row_pk, kind=clocks.CONFLICT_HOLD).order_by("episode", "step").last()
    if running is None or running.state == "met":
        episode = running.episode + 1 if running else report.episode
        engine.start_clock(report, clocks.CONFLICT_HOLD, clocks.hold_steps(now), now=now, episode=episode)


def names_a_post_holder(names: Iterable[str], now: datetime) -> bool:
    """Does a typed name resemble that of anyone who would read the report?"""
    return bool(holders_named_like(names, now))


def holders_named_like(names: Iterable[str], now: datetime) -> list[User]:
    """Post holders whose name one of these typed names resembles."""
    typed = [name for name in names if name.strip()]
    if not typed:
        return []
    return [holder.user for holder in post_holder_names(now) if any(resembles(name, holder.name) for name in typed)]


@transaction.atomic
def decide_hold(report: Report, held: User, *, conflict: bool, by: User, reason: str, now: datetime) -> None:
    """A conflict keeps the person out for good; otherwise they are told now of what they missed (A-03)."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    if conflict:
        leave_out(report, about=[held], unwanted=[], now=now)
    else:
        for user in (held, *_held_only_with(report, held, now)):
            for row in filter(None, (report, report.case)):
                engine.lift(row, user, now=now)
    record("report.hold_decided", report, by=by, reason=reason, held=held.pk, conflict=conflict)
    if not held_users(report):
        engine.satisfy(report, clocks.CONFLICT_HOLD, now=now)
        restart_ladder_past_the_cpo(report, now)


def _held_only_with(report: Report, cleared: User, now: datetime) -> list[User]:
    """Deputies who were held for no other reason than that the CPO was."""
    if not any(holder.pk == cleared.pk for holder in _holders(CPO, now)):
        return []
    named = {user.pk for user in holders_named_like([person.name for person in report.alleged_people.all()], now)}
    deputies = {deputy.pk for deputy in _holders(DEPUTY, now)} - named
    return [user for user in held_users(report) if user.pk in deputies]


def restart_ladder_past_the_cpo(report: Report, now: datetime) -> None:
    """The CPO turned out to be conflicted before anyone acknowledged: the Board's ladder takes over as a new episode."""
    if report.status != "received" or not _is_barred(report, CPO, now):
        return
    engine.void(report, clocks.ACKNOWLEDGE, now=now)
    report.episode += 1
    report.save(update_fields=["episode"])
    steps = clocks.acknowledge_steps(report, cpo_barred=True, board_lead_barred=_is_barred(report, BOARD_LEAD, now))
    engine.start_clock(report, clocks.ACKNOWLEDGE, steps, now=now, episode=report.episode)


@transaction.atomic
def identify_alleged_person(alleged: AllegedPerson, person: Person, *, by: User, now: datetime) -> None:
    """Link a described person to the register; from this moment they and theirs cannot learn of the report.

    Nobody takes a report from those who oversee it by naming them: members of the Board are only held, and the Board
    lead, then the alternate, decides; unless it is one of these two who names them.
    """
    report = Report.objects.select_for_update().get(pk=alleged.report_id)
    alleged.person = person
    alleged.save(update_fields=["person"])
    only_hold = set() if _holds_any(by, (BOARD_LEAD, ALTERNATE), now) else _overseers(now)
    bar_person(report, person, now=now, only_hold=only_hold)
    if any(user.pk in only_hold for user in held_users(report)):
        _ask_for_decision(report, now)
    record("report.person_identified", report, by=by, person=person.pk)


def _overseers(now: datetime) -> set[int]:
    return {holder.user.pk for holder in post_holder_names(now) if holder.post in (BOARD_LEAD, ALTERNATE, BOARD_MEMBER)}


def _holds_any(user: User, posts: Collection[str], now: datetime) -> bool:
    return any(holder.user.pk == user.pk and holder.post in posts for holder in post_holder_names(now))


def share_bars_with_case(report: Report, now: datetime) -> None:
    """Whoever is barred from a linked report is barred from its case, and from the case's other reports, for the same reason.

    A hold stays a hold; deciding it lifts it from report and case alike.
    """
    if report.case is None:
        return
    rows = [report.case, *report.case.reports.all()]
    reasons = {pk: reason for row in rows for pk, reason in _bars(row).items()}
    users = {user.pk: user for user in _users(reasons)}
    for pk, reason in reasons.items():
        for row in rows:
            if pk not in _bars(row):
                engine.bar(row, users[pk], reason_code=reason, now=now)


def _bars(row: Model) -> dict[int, str]:
    """Who is barred from a row now, and why."""
    row_type, row_pk = row_key(row)
    return dict(Barred.objects.filter(row_type=row_type, row_pk=row_pk, lifted_at=None).values_list("user_id", "reason_code"))


def held_users(report: Report) -> list[User]:
    """People whose notices wait for a decision."""
    pks = Barred.objects.filter(row_type="cases.report", row_pk=report.pk, reason_code="held", lifted_at=None).values_list(
        "user_id", flat=True
    )
    return _users(set(pks))


def cpo_is_barred(report: Report, now: datetime) -> bool:
    """The present CPO may not learn of this report (a hold is not yet a bar)."""
    return _is_barred(report, CPO, now)


def board_lead_is_barred(report: Report, now: datetime) -> bool:
    """The present Board lead may not learn of this report."""
    return _is_barred(report, BOARD_LEAD, now)


def _is_barred(report: Report, post: str, now: datetime) -> bool:
    barred = set(_barred_users(report, held=False))
    return bool(barred) and any(holder.pk in barred for holder in _holders(post, now))


def _barred_users(row: Model, *, held: bool = True) -> list[int]:
    return [pk for pk, reason in _bars(row).items() if held or reason != "held"]


def _holders(post: str, now: datetime) -> list[User]:
    return [holder.user for holder in post_holder_names(now) if holder.post == post]


def _users(pks: Iterable[int]) -> list[User]:
    from people.models import User

    return list(User.objects.filter(pk__in=set(pks)).select_related("person"))
