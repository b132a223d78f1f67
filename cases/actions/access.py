"""Letting people in to a case by name, and handing the night to the deputy (R-74, R-75)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q

from audit.recording import record
from cases import clocks
from cases.models import Case, CaseGrant, CaseUserObjectPermission, Cover, Report
from cases.workflow import OPEN_REPORT, CaseStatus
from common.workflow import MoveNotAllowed
from deadlines import actions as engine
from deadlines.models import Barred
from deadlines.queries import holder_of, posts_of
from people.permissions import holds
from people.queries import reports_to
from people.roles import CASE_POSTS, CPO, DEPUTY, TECHNICAL_ADMIN

if TYPE_CHECKING:
    from people.models import User


class GrantRefused(Exception):
    """This person may not be let in to this case; told to nobody as anything but "not possible" (R-75)."""


@transaction.atomic
def grant_access(case: Case, holder: User, *, why: str, until_at: datetime, by: User, now: datetime) -> CaseGrant:
    """Let one person in to one case for a time: the grant and its guardian row, together (R-74).

    Raises GrantRefused for anyone barred, for oneself, for a line manager of someone named without a case post, and for a
    second grant beside an active one. The refusal is an event of its own, written by the caller's `refuse_grant`.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    _end_lapsed(CaseGrant.objects.filter(case=case, holder=holder), now)
    if holder.pk == by.pk or _is_conflicted(case, holder, now) or case.grants.filter(holder=holder, ended_at=None).exists():
        raise GrantRefused
    grant = CaseGrant.objects.create(case=case, holder=holder, why=why, from_at=now, until_at=until_at, granted_by=by)
    CaseUserObjectPermission.objects.get_or_create(user=holder, permission=_work_on_case(), content_object=case)
    record("case.access_granted", case, by=by, reason=why, holder=holder.reference, until_at=until_at)
    return grant


def refuse_grant(case: Case, *, by: User) -> None:
    """A refused grant leaves a trace that names nobody: who tried, at which case (R-75)."""
    record("case.grant_refused", case, by=by)


def _is_conflicted(case: Case, holder: User, now: datetime) -> bool:
    """Barred from the case or any of its reports; over someone named, without a case post; or who runs the machine (R-88)."""
    if holds(holder, TECHNICAL_ADMIN, now):
        return True
    reports = case.reports.values("pk")
    bars = Barred.objects.filter(Q(row_type="cases.case", row_pk=case.pk) | Q(row_type="cases.report", row_pk__in=reports), lifted_at=None)
    if bars.filter(user_id=holder.pk).exists():
        return True
    if posts_of(holder, now) & CASE_POSTS:
        return False
    return bars.filter(reason_code="named", user_id__in=reports_to(holder.person, now)).exists()


def _work_on_case() -> Permission:
    return Permission.objects.get(content_type__app_label="cases", codename="work_on_case")


@transaction.atomic
def end_grant(grant: CaseGrant, *, by: User | None, now: datetime) -> CaseGrant:
    """Take the access back, guardian row included. Raises MoveNotAllowed if it has ended before."""
    grant = CaseGrant.objects.select_for_update(of=("self",)).select_related("case", "holder").get(pk=grant.pk)
    if grant.ended_at is not None:
        raise MoveNotAllowed("the grant has ended")
    grant.ended_at = now
    grant.save()
    CaseUserObjectPermission.objects.filter(user=grant.holder, content_object=grant.case).delete()
    record("case.access_ended", grant.case, by=by, holder=grant.holder.reference)
    return grant


def end_lapsed_grants(now: datetime) -> int:
    """Close what has run out, so that no guardian row outlives its grant; reading asks the dates anyway. Safe to run twice."""
    return _end_lapsed(CaseGrant.objects.all(), now)


def _end_lapsed(grants: object, now: datetime) -> int:
    lapsed = list(grants.filter(ended_at=None, until_at__lte=now)[:200])  # type: ignore[attr-defined]
    for grant in lapsed:
        end_grant(grant, by=None, now=now)
    return len(lapsed)


@transaction.atomic
def hand_over_tonight(*, until_at: datetime, by: User, now: datetime) -> Cover:
    """Ask the deputy to take the night; nothing moves before the deputy confirms.

    Raises MoveNotAllowed if there is no deputy; asking again while one request waits gives that request.
    """
    deputy = holder_of(DEPUTY, now)
    if deputy is None or deputy.pk == by.pk:
        raise MoveNotAllowed("there is no deputy")
    Cover.objects.filter(asked_of=deputy, ended_at=None, until_at__lte=now).update(ended_at=now)
    open_cover = Cover.objects.filter(asked_of=deputy, ended_at=None).first()
    if open_cover is not None:
        return open_cover
    cover = Cover.objects.create(asked_by=by, asked_of=deputy, asked_at=now, until_at=until_at)
    record("cover.asked", cover, by=by, until_at=until_at)
    engine.notify(cover, clocks.COVER, users=[deputy], duty="take_over", now=now)
    return cover


@transaction.atomic
def confirm_cover(cover: Cover, *, by: User, now: datetime) -> int:
    """The deputy takes over: every open report and case is opened to the post, a bar staying stronger (reach (c)).

    Returns how many rows were opened. Raises MoveNotAllowed if it is confirmed, over, or asked of someone else.
    """
    cover = Cover.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=cover.pk)
    if cover.confirmed_at is not None or cover.ended_at is not None or cover.until_at <= now or cover.asked_of_id != by.pk:
        raise MoveNotAllowed("this handover cannot be confirmed")
    cover.confirmed_at = now
    cover.save()
    opened = 0
    for rows in (Report.objects.filter(status__in=OPEN_REPORT), Case.objects.exclude(status=CaseStatus.CLOSED)):
        for row in rows.only("pk").iterator(chunk_size=1000):
            engine.cover(row, DEPUTY, now=now, reason="cover")
            opened += 1
    record("cover.confirmed", cover, by=by)
    engine.notify(cover, clocks.COVER, users=[cover.asked_by], duty="taken_over", now=now, step=1)
    return opened


def open_to_cover(report: Report, *, now: datetime) -> None:
    """A report that comes in during a confirmed cover is the deputy's at once; called by the intake of every report."""
    deputy = holder_of(DEPUTY, now)
    if deputy is None or not Cover.objects.filter(asked_of=deputy, confirmed_at__lte=now, until_at__gt=now, ended_at=None).exists():
        return
    if holder_of(CPO, now) is None:
        return
    engine.cover(report, DEPUTY, now=now, reason="cover")
    engine.notify(report, clocks.ACKNOWLEDGE, users=[deputy], duty="new_report", now=now, step=40, episode=report.episode)
