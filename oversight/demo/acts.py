"""What people of the demonstration did with a report, through the same actions as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from cases.actions.access import grant_access
from cases.actions.response import acknowledge_report, close_safety_task, complete_referral, finish_step
from cases.actions.triage import Judgement, NextAction, Talk, confirm_not_a_concern, triage_report
from cases.choices import AuthorityKind, Category, Concerned, Doing, RiskLevel, Safety, SafetyAction, WayOut, YesNoUnknown
from cases.models import Case, NotAConcern, Report
from deadlines.actions import mark_read
from deadlines.permissions import notices_visible_to
from people.models import User

NOT_YET_ASKED = "Ende nuk është pyetur; do të pyetet kur të jetë e sigurt për fëmijën."


class Act(Protocol):
    """One act at one instant."""

    def __call__(self, report: Report, /, *, by: User, now: datetime) -> object: ...


def perform(act: str, report: Report, *, by: User, now: datetime) -> None:
    """Whoever acts has opened what they were told about it first."""
    told = notices_visible_to(by).filter(row_type="cases.report", row_pk=report.pk, created_at__lte=now)
    mark_read(by, told, now=now - timedelta(minutes=4))
    ACTS[act](report, by=by, now=now)


def _acknowledge(report: Report, /, *, by: User, now: datetime) -> object:
    return acknowledge_report(report, by=by, now=now, doing=Doing.CALLING_REPORTER if report.is_in_danger else "")


def _make_safe(report: Report, /, *, by: User, now: datetime) -> object:
    note = "Nëna e mori fëmijën; NJMF-ja e bashkisë u njoftua me telefon."
    return close_safety_task(report, action=SafetyAction.WITH_SAFE_ADULT, note=note, by=by, now=now)


def _open_case(report: Report, /, *, by: User, now: datetime) -> object:
    judgement = Judgement(
        way_out=WayOut.NEW_CASE,
        safety=Safety.ACTION_TAKEN,
        categories=[Category.SEXUAL],
        risk_level=RiskLevel.HIGH,
        possible_crime=YesNoUnknown.YES,
        authority=AuthorityKind.POLICE,
        concerned=Concerned.FAMILY,
        best_interests="Siguria e vajzës është e para: të mos mbetet vetëm me fqinjin dhe të mos pyetet nga ne për hollësi.",
        wishes="Nuk dëshiron të kthehet te fqinji dhe ka frikë se nëna do të mërzitet.",
        next_action=NextAction("Të telefonohet NJMF-ja e bashkisë dhe të vendoset bashkë kush flet me nënën.", by, now + timedelta(days=7)),
    )
    return triage_report(report, judgement, by=by, now=now)


def _refer(report: Report, /, *, by: User, now: datetime) -> object:
    return complete_referral(report.referrals.get(done_at=None), number="1843/2", by=by, now=now)


def _add_to_case(report: Report, /, *, by: User, now: datetime) -> object:
    """Into the case opened last, which lets the investigator in as well."""
    case = Case.objects.order_by("-opened_at").first()
    if case is None:
        raise AssertionError("a case was opened in an earlier story")
    judgement = Judgement(
        way_out=WayOut.EXISTING_CASE,
        case=case,
        safety=Safety.ACTION_TAKEN,
        categories=[Category.SEXUAL],
        risk_level=RiskLevel.HIGH,
        possible_crime=YesNoUnknown.NO,
        concerned=Concerned.FAMILY,
        best_interests="I njëjti fëmijë: një dosje e vetme, që të mos pyetet dy herë.",
        wishes=NOT_YET_ASKED,
    )
    triage_report(report, judgement, by=by, now=now)
    investigator = User.objects.get(login_name="investigator@demo.example")
    return grant_access(case, investigator, why="Mbledhja e fakteve për rastin", until_at=now + timedelta(days=60), by=by, now=now)


def _keep_as_low_level(report: Report, /, *, by: User, now: datetime) -> object:
    due_at = now + timedelta(days=14)
    judgement = Judgement(
        way_out=WayOut.LOW_LEVEL,
        safety=Safety.SAFE,
        categories=[Category.NOT_SURE],
        tags=["conduct"],
        risk_level=RiskLevel.NONE,
        possible_crime=YesNoUnknown.NO,
        concerned=Concerned.ASET_ADULT,
        best_interests="Fëmijët nuk janë dëmtuar; rregulli shpjegohet menjëherë dhe ndiqet zbatimi i tij.",
        wishes=NOT_YET_ASKED,
        talk=Talk("Numri personal iu dha fëmijëve; mesazhe vetëm për orarin.", by, "vullnetarin e ri", due_at),
    )
    return triage_report(report, judgement, by=by, now=now)


def _propose_not_a_concern(report: Report, /, *, by: User, now: datetime) -> object:
    judgement = Judgement(
        way_out=WayOut.NOT_A_CONCERN,
        safety=Safety.SAFE,
        categories=[Category.NOT_SURE],
        risk_level=RiskLevel.NONE,
        possible_crime=YesNoUnknown.NO,
        best_interests="Familja ishte njoftuar dhe fëmija është mirë.",
        wishes=NOT_YET_ASKED,
        reasons="Faktet u kontrolluan me dy persona dhe nuk mbetet shqetësim.",
    )
    return triage_report(report, judgement, by=by, now=now)


def _confirm_not_a_concern(report: Report, /, *, by: User, now: datetime) -> object:
    return confirm_not_a_concern(NotAConcern.objects.get(report=report, decided_at=None), by=by, now=now)


def _talk(report: Report, /, *, by: User, now: datetime) -> object:
    return finish_step(report.steps.get(done_at=None), by=by, now=now)


ACTS: Mapping[str, Act] = {
    "acknowledge": _acknowledge,
    "make_safe": _make_safe,
    "open_case": _open_case,
    "refer": _refer,
    "add_to_case": _add_to_case,
    "keep_as_low_level": _keep_as_low_level,
    "talk": _talk,
    "propose_not_a_concern": _propose_not_a_concern,
    "confirm_not_a_concern": _confirm_not_a_concern,
}
