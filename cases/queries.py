"""Read-only questions that span models: what needs me now, the filtered list, the ladder and the timeline of a row.

Every function takes the viewer and asks `..._visible_to`; nothing here counts past a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from cases import clocks
from cases.choices import Danger
from cases.ladders import bars_of
from cases.models import Case, CaseGrant, Cover, Referral, Report, ReportAddition, ResponseStep, SafetyTask, SearchToken
from cases.models.report import SEALED_ANSWERS
from cases.permissions import cases_visible_to, reports_visible_to
from cases.searching import find_by_name
from cases.workflow import OPEN_REPORT, UNTRIAGED, CaseStatus, ReportStatus
from common.crypto import index_token
from common.folding import name_words, spelling_key
from common.localtime import day_bounds
from common.paging import CappedCount
from common.references import read_reference
from deadlines.models import Barred, Deadline
from people import board
from people.queries import post_holder_names
from people.roles import ALTERNATE, BOARD_LEAD, BOARD_MEMBER, CPO, DEPUTY

if TYPE_CHECKING:
    from people.models import User

CAP = 1000
SHOWN = 10
RUNNING_OUT_SHARE = 4
OWNER_POSTS = (CPO, DEPUTY, BOARD_LEAD, ALTERNATE, BOARD_MEMBER)


# --- Dashboard: what needs me now, in order of harm ---------------------------------------------------------------------


@dataclass
class Section:
    """One heading of the dashboard: its first rows and how many there are, counted no further than the cap."""

    code: str
    count: CappedCount = field(default_factory=lambda: CappedCount(0, False))
    rows: list[Any] = field(default_factory=list)


def dashboard_sections(user: User, now: datetime) -> list[Section]:
    """Danger, escalated, running out, new, second person, referrals, next actions: five statements whatever there is.

    Reports stand in one section only; each section reads its own partial index and stops at its limit.
    """
    parts = _parts(user, now)
    picked = _pick(parts)
    report_pks = {pk for code, (pks, _count) in picked.items() if code not in _OTHER_MODELS for pk in pks}
    found: dict[str, dict[int, Any]] = {code: _fetch(code, picked[code][0]) for code in _OTHER_MODELS}
    reports = _with_due_times(
        reports_visible_to(user).filter(pk__in=report_pks).select_related("safety_task", "municipality").defer(*SEALED_ANSWERS)
    )
    sections = []
    for code, (pks, count) in picked.items():
        rows = found.get(code, reports)
        section = Section(code, count, [rows[pk] for pk in pks if pk in rows])
        if code in ("escalated", "running_out", "new"):
            section.rows.sort(key=lambda report: report.next_due_at or now)
        sections.append(section)
    return sections


_OTHER_MODELS: Mapping[str, type[Referral] | type[ResponseStep]] = {"referrals": Referral, "actions": ResponseStep}


def _parts(user: User, now: datetime) -> dict[str, QuerySet[Any]]:
    reports = reports_visible_to(user)
    in_danger = Exists(SafetyTask.objects.filter(report=OuterRef("pk"), closed_at=None))
    calm = reports.filter(Q(danger=Danger.NO) | ~in_danger)
    escalated = Exists(escalations_of("pk"))
    cut = _running_out_before(now)
    untriaged = calm.filter(status__in=UNTRIAGED).filter(~escalated)
    rows_seen = reports_visible_to(user).filter(pk=OuterRef("report"))
    return {
        "danger": reports.filter(safety_task__closed_at=None, safety_task__isnull=False).order_by("safety_task__due_at", "pk"),
        "escalated": calm.filter(status__in=UNTRIAGED).filter(escalated).order_by("received_at", "pk"),
        "running_out": untriaged.filter(received_at__lte=cut).order_by("received_at", "pk"),
        "new": untriaged.filter(received_at__gt=cut).order_by("received_at", "pk"),
        "second_person": calm.filter(status=ReportStatus.TRIAGED).order_by("received_at", "pk"),
        "referrals": Referral.objects.filter(Exists(rows_seen), done_at=None).order_by("due_at", "pk"),
        "actions": ResponseStep.objects.filter(Exists(rows_seen), done_at=None).order_by("due_at", "pk"),
    }


def _running_out_before(now: datetime) -> datetime:
    """Received before this instant and not yet judged: less than a quarter of the time for it is left."""
    hours = timedelta(hours=board.value("report.triage_hours"))
    return now - hours + hours / RUNNING_OUT_SHARE


def escalations_of(report_key: str) -> QuerySet[Deadline]:
    """Fired steps of a report's open acknowledgement ladder that went past whom it first asked."""
    return Deadline.objects.filter(
        row_type="cases.report",
        row_pk=OuterRef(report_key),
        kind=clocks.ACKNOWLEDGE,
        state="fired",
        duty__in=("not_acknowledged", "time_over"),
        satisfied_at=None,
        voided_at=None,
    )


def _pick(parts: Mapping[str, QuerySet[Any]]) -> dict[str, tuple[list[int], CappedCount]]:
    """The first keys and the capped count of every section, in one statement of LIMITed subqueries."""
    statement, values = [], []
    for code, rows in parts.items():
        first, first_values = rows.values("pk")[:SHOWN].query.sql_with_params()
        some, some_values = rows.order_by().values("pk")[: CAP + 1].query.sql_with_params()
        statement.append(f"SELECT %s, ARRAY({first}), (SELECT count(*) FROM ({some}) AS counted)")  # noqa: S608
        values += [code, *first_values, *some_values]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statement), values)
        rows_found = cursor.fetchall()
    return {code: (list(pks), CappedCount(min(count, CAP), count > CAP)) for code, pks, count in rows_found}


def _fetch(code: str, pks: Sequence[int]) -> dict[int, Any]:
    rows: QuerySet[Any] = (
        _OTHER_MODELS[code]
        .objects.filter(pk__in=pks)
        .select_related("report", "case")
        .defer(*(f"report__{name}" for name in SEALED_ANSWERS))
    )
    if code == "actions":
        rows = rows.select_related("owner__person")
    return {row.pk: row for row in rows}


def _with_due_times(reports: QuerySet[Report]) -> dict[int, Report]:
    """Rows by key, each with `next_due_at`: the end of the open ladder that runs out first."""
    ends = {kind: _end_of_ladder(kind) for kind in (clocks.ACKNOWLEDGE, clocks.TRIAGE)}
    return {report.pk: report for report in reports.annotate(next_due_at=Least(*ends.values()))}


def _end_of_ladder(kind: str) -> Subquery:
    steps = Deadline.objects.filter(row_type="cases.report", row_pk=OuterRef("pk"), kind=kind, satisfied_at=None, voided_at=None)
    return Subquery(steps.order_by("-due_at").values("due_at")[:1])


def open_cover_of(user: User, now: datetime) -> Cover | None:
    """The handover this user asked for or was asked for, until it ends."""
    rows = Cover.objects.filter(Q(asked_by=user) | Q(asked_of=user), ended_at=None, until_at__gt=now)
    return rows.select_related("asked_by__person", "asked_of__person").first()


# --- The list -----------------------------------------------------------------------------------------------------------


def filtered_reports(user: User, asked: Mapping[str, Any]) -> QuerySet[Report]:
    """The reports this user may see, narrowed by validated filters; a search finds names and references only among them."""
    rows = reports_visible_to(user).select_related("municipality", "case").defer(*SEALED_ANSWERS)
    if asked.get("status"):
        rows = rows.filter(status__in=OPEN_REPORT if asked["status"] == "open" else [asked["status"]])
    if asked.get("danger"):
        rows = rows.exclude(danger=Danger.NO)
    if asked.get("situation"):
        rows = rows.filter(situations__contains=[asked["situation"]])
    if asked.get("municipality"):
        rows = rows.filter(municipality=asked["municipality"])
    if asked.get("since"):
        rows = rows.filter(received_at__gte=day_bounds(asked["since"])[0])
    if asked.get("until"):
        rows = rows.filter(received_at__lt=day_bounds(asked["until"])[1])
    return _searched(rows, asked.get("q", ""))


def _searched(rows: QuerySet[Report], query: str) -> QuerySet[Report]:
    if not name_words(query):
        return rows
    reference = read_reference(query)
    if reference.startswith(("R-", "C-")) and len(reference) == len("R-0000-0000"):
        return rows.filter(Q(reference=reference) if reference.startswith("R-") else Q(case__reference=reference))
    return find_by_name(rows, query)


def possible_duplicates(report: Report, user: User, *, at_most: int = 5) -> list[Report]:
    """Reports that name a child or person spelled alike (two words, or one and a birth year within one), R-86.

    Only among those this user may see; linked to a case together if they belong together, never merged.
    """
    words: set[bytes] = set()
    years: set[bytes] = set()
    named_people: list[Any] = [*report.children.all(), *report.alleged_people.all()]
    for named in named_people:
        words |= {index_token(spelling_key(word), kind="spelling") for word in name_words(named.name)}
        born = getattr(named, "born_on", "")[:4]
        years |= {index_token(str(int(born) + shift), kind="year") for shift in (-1, 0, 1)} if born.isdigit() else set()
    if not words:
        return []
    alike = (
        SearchToken.objects.filter(token__in=words | years)
        .values("report")
        .annotate(names=Count("pk", filter=Q(token__in=words)), births=Count("pk", filter=Q(token__in=years)))
        .filter(Q(names__gte=2) | Q(names=1, births__gte=1))
        .values("report")
    )
    rows = reports_visible_to(user).exclude(pk=report.pk).filter(pk__in=alike)
    return list(rows.select_related("case").order_by("-received_at", "-pk")[:at_most])


# --- One report ---------------------------------------------------------------------------------------------------------


def for_the_page(reports: QuerySet[Report]) -> QuerySet[Report]:
    """A report with what its page shows of it; flags say which further rows exist, so that nothing is asked for in vain."""
    bars = Barred.objects.filter(row_type="cases.report", row_pk=OuterRef("pk"), lifted_at=None)
    here = {"report": OuterRef("pk")}
    return reports.select_related(
        "safety_task", "case", "low_level", "municipality", "project", "reporter__person", "acknowledged_by__person", "triaged_by__person"
    ).annotate(
        has_bars=Exists(bars),
        has_additions=Exists(ReportAddition.objects.filter(**here)),
        has_referrals=Exists(Referral.objects.filter(**here)),
        has_steps=Exists(ResponseStep.objects.filter(**here)),
    )


def owners_for(report: Report, now: datetime) -> list[User]:
    """Who may be given something to do on a report: case posts and people let in to its case, nobody who is kept out."""
    kept_out = {bar.user_id for bar in bars_of(report)}
    users = {holder.user.pk: holder.user for holder in post_holder_names(now) if holder.post in OWNER_POSTS}
    if report.case_id:
        grants = CaseGrant.objects.filter(case=report.case_id, ended_at=None, from_at__lte=now, until_at__gt=now)
        users |= {grant.holder_id: grant.holder for grant in grants.select_related("holder__person")}
    return [user for pk, user in users.items() if pk not in kept_out]


def open_cases_for(user: User, report: Report, *, at_most: int = 50) -> list[Case]:
    """Open cases this user may see and add a report to, newest first."""
    return list(cases_visible_to(user).exclude(status=CaseStatus.CLOSED).order_by("-opened_at", "-pk")[:at_most])
