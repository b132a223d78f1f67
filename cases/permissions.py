"""Who may see which reports and cases, and who may do what: need to know, and never about yourself (R-74, R-75)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cases.choices import Danger
from cases.models import Case, CaseGrant, CaseUserObjectPermission, NotAConcern, Report, ReportDraft
from cases.workflow import OPEN_REPORT, ReportStatus
from deadlines.models import Barred, PostHolder, PostReach
from deadlines.queries import not_barred
from people.permissions import holds, roles_of
from people.queries import reports_to
from people.roles import ALTERNATE, BOARD_LEAD, BOARD_MEMBER, CPO, DEPUTY, TECHNICAL_ADMIN

if TYPE_CHECKING:
    from cases.models.case import CaseQuerySet
    from cases.models.report import ReportQuerySet
    from people.models import User

BOARD_POSTS = frozenset({BOARD_LEAD, ALTERNATE, BOARD_MEMBER})
NOTHING = Q(pk__in=())
"""Who runs the machine reads no case, whatever grant was given before the post (R-88)."""


def reports_visible_to(user: User) -> ReportQuerySet:
    """Every list, count, search, detail, export and mail of reports asks here.

    The current CPO: all; the Board: reports in cases and reports routed to the Board; the deputy: rows whose fired step or
    recorded cover names that post, until closed; holders of a grant: reports of that case; minus Barred, always last.
    """
    return not_barred(Report.objects.filter(_reach_of_reports(user)), user)


def _reach_of_reports(user: User) -> Q:
    roles = roles_of(user)
    if TECHNICAL_ADMIN in roles:
        return NOTHING
    if CPO in roles:
        return Q()
    reach = Q(case__in=_granted_case_ids(user))
    if roles & BOARD_POSTS:
        reach |= Q(case__isnull=False) | Q(_opened_to("cases.report", BOARD_POSTS))
    if DEPUTY in roles:
        reach |= Q(status__in=OPEN_REPORT) & Q(_opened_to("cases.report", {DEPUTY}))
    return reach


def cases_visible_to(user: User) -> CaseQuerySet:
    """Every list, count, search, detail, export and mail of cases asks here (reach as for reports, minus Barred)."""
    return not_barred(Case.objects.filter(_reach_of_cases(user)), user)


def _reach_of_cases(user: User) -> Q:
    roles = roles_of(user)
    if TECHNICAL_ADMIN in roles:
        return NOTHING
    if CPO in roles or roles & BOARD_POSTS:
        return Q()
    reach = Q(pk__in=_granted_case_ids(user))
    if DEPUTY in roles:
        reach |= ~Q(status="closed") & Q(_opened_to("cases.case", {DEPUTY}))
    return reach


class ByIndex(Exists):
    """EXISTS that PostgreSQL answers row by row through an index; without the fence it would first read the whole table."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def _opened_to(row_type: str, posts: frozenset[str] | set[str]) -> Exists:
    """A fired step or a recorded cover named one of these posts."""
    return ByIndex(PostReach.objects.filter(row_type=row_type, row_pk=OuterRef("pk"), post__in=sorted(posts)))


def _granted_case_ids(user: User) -> QuerySet[CaseGrant, Any]:
    """Cases with an active grant by name; the guardian row and the dates must both agree."""
    now = timezone.now()
    active = CaseGrant.objects.filter(holder=user, ended_at=None, from_at__lte=now, until_at__gt=now)
    guardian_rows = CaseUserObjectPermission.objects.filter(user=user, content_object=OuterRef("case"))
    return active.filter(Exists(guardian_rows)).values("case")


def receipts_visible_to(user: User) -> ReportQuerySet:
    """The receipt view of one's own reports: what was handed in and three states, never case content.

    Barred is not subtracted here: whoever works under a named Director is barred from the report, and wrote it.
    """
    return Report.objects.filter(reporter=user)


def drafts_visible_to(user: User) -> QuerySet[ReportDraft]:
    """A draft is its author's alone."""
    return ReportDraft.objects.filter(author=user, sent_at=None, discarded_at=None)


def reports_clear_for_the_cpo() -> ReportQuerySet:
    """The one population that every figure outside the Board counts: rows not barred for the CPO's post.

    Counted the same whoever asks, so that no figure betrays a hidden row (architecture.md). While the post is vacant the
    figures stay those of the last holder.
    """
    began = PostHolder.objects.filter(post=CPO, user__isnull=False, from_at__lte=timezone.now())
    last = began.select_related("user").order_by("-from_at", "-pk").first()
    return not_barred(Report.objects.all(), last.user) if last else Report.objects.all()


def may_file(user: User) -> bool:
    """Nobody can be kept from reporting (R-79)."""
    return user.is_authenticated


def works_on_reports(user: User) -> bool:
    """Has a post or grant through which reports may be seen; decides only whether the menu shows the pages."""
    roles = roles_of(user)
    return bool(roles & (BOARD_POSTS | {CPO, DEPUTY})) or _granted_case_ids(user).exists()


def _acts_for_the_cpo(user: User, report: Report) -> bool:
    """CPO; deputy on rows opened to the post; Board lead or alternate where the CPO is barred or the step reached them."""
    return bool(roles_of(user) & {CPO, DEPUTY, BOARD_LEAD, ALTERNATE}) and reports_visible_to(user).filter(pk=report.pk).exists()


def handles_reports(user: User) -> bool:
    """CPO, deputy, Board lead and alternate act on reports; asked of a row already fetched through `reports_visible_to`."""
    return bool(roles_of(user) & {CPO, DEPUTY, BOARD_LEAD, ALTERNATE})


def can_refer(user: User) -> bool:
    """Referring is never held up: whoever handles reports, and every Board member (requirements 3.9); of a row already fetched."""
    return handles_reports(user) or bool(roles_of(user) & BOARD_POSTS)


def can_acknowledge(user: User, report: Report) -> bool:
    """Whoever of CPO, deputy, Board lead and alternate sees the report may confirm it."""
    return _acts_for_the_cpo(user, report)


def can_triage(user: User, report: Report) -> bool:
    """As `can_acknowledge`; the Board lead and alternate only if the CPO is conflicted or has not acted (requirements 3.9)."""
    return _acts_for_the_cpo(user, report)


def can_decide_hold(user: User, report: Report, *, held_user_id: int) -> bool:
    """The Board lead, then the alternate; nobody about their own hold, nor about someone who works under them (A-03, R-75)."""
    return (
        user.pk != held_user_id
        and held_user_id not in reports_to(user.person, timezone.now())
        and bool(roles_of(user) & {BOARD_LEAD, ALTERNATE})
        and reports_visible_to(user).filter(pk=report.pk).exists()
    )


def can_confirm_not_a_concern(user: User, proposal: NotAConcern) -> bool:
    """Two pairs of eyes: the proposer does not confirm, nor does a line manager of a named person (R-79, R-75)."""
    return (
        proposal.proposed_by_id != user.pk
        and bool(roles_of(user) & (BOARD_POSTS | {CPO, DEPUTY}))
        and reports_visible_to(user).filter(pk=proposal.report_id).exists()
        and not manages_someone_named(user, proposal.report)
    )


def can_decide(user: User, report: Report) -> bool:
    """A line manager of a named person keeps the duty of the post but may not decide way out or outcome (R-75)."""
    return can_triage(user, report) and not manages_someone_named(user, report)


def manages_someone_named(user: User, report: Report) -> bool:
    """The tie that is shown to a line manager and keeps them from deciding."""
    if user.person is None:
        return False
    named = report.alleged_people.filter(person__isnull=False).values_list("person__user__pk", flat=True)
    below = reports_to(user.person, timezone.now())
    return any(pk in below for pk in named if pk) or _bars_someone_below(report, below)


def _bars_someone_below(report: Report, below: set[int]) -> bool:
    """Someone under this manager was ticked by the reporter as the person it is about."""
    return Barred.objects.filter(row_type="cases.report", row_pk=report.pk, reason_code="named", lifted_at=None, user_id__in=below).exists()


def can_see_lateness(user: User) -> bool:
    """Lateness by name is for Director and Board lead only (R-81)."""
    return bool(roles_of(user) & {CPO, BOARD_LEAD})


def can_export_report(user: User, report: Report) -> bool:
    """CPO, Board lead and alternate export what they see; never the technical admin (R-74)."""
    return bool(roles_of(user) & {CPO, BOARD_LEAD, ALTERNATE}) and reports_visible_to(user).filter(pk=report.pk).exists()


def can_export_reporting_audit(user: User) -> bool:
    """The 24-hour audit without names: CPO, Board and the technical admin (requirements 3.9)."""
    return bool(roles_of(user) & (BOARD_POSTS | {CPO, TECHNICAL_ADMIN}))


def can_grant(user: User, case: Case) -> bool:
    """CPO and Board lead give access to a case they see themselves (requirements 3.9)."""
    return bool(roles_of(user) & {CPO, BOARD_LEAD}) and cases_visible_to(user).filter(pk=case.pk).exists()


def can_hand_over(user: User) -> bool:
    """The Director hands the night to the deputy."""
    return holds(user, CPO)


def needs_confirmation(report: Report) -> bool:
    """A proposal "not a concern" waits for a second person."""
    return report.status == ReportStatus.TRIAGED


def danger_is_unconfirmed(report: Report) -> bool:
    """Nobody has said what they are doing about a danger."""
    return report.danger != Danger.NO and report.status == ReportStatus.RECEIVED
