"""Questions about drafts and receipts that several pages ask: whose draft waits, who was told of one, who was told by mouth."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from cases import clocks
from cases.limits import REPORT_WITHIN
from cases.models import Report, ReportDraft
from cases.workflow import UNTRIAGED, ReportStatus
from deadlines.models import Deadline, Notice
from deadlines.queries import not_barred

if TYPE_CHECKING:
    import uuid

    from people.models import User

DRAFT = "cases.reportdraft"


def drafts_of(user: User) -> QuerySet[ReportDraft]:
    """Every draft this person wrote, open, sent or discarded: an old page of theirs must find its way to the receipt."""
    return ReportDraft.objects.filter(author=user).select_related("report", "author__person")


def open_drafts_of(user: User) -> QuerySet[ReportDraft]:
    """Drafts still to be sent, the newest first; the author's home shows them (R-80)."""
    return drafts_of(user).filter(sent_at=None, discarded_at=None).order_by("-updated_at", "-pk")


def draft_with_token(user: User, token: uuid.UUID) -> ReportDraft | None:
    """This person's draft of that token; somebody else's token is nobody's."""
    return drafts_of(user).filter(token=token).first()


def drafts_told_to(user: User) -> QuerySet[ReportDraft]:
    """Open drafts of which this person has been told that they exist, and whose: nobody left out in one ever is (R-80)."""
    told = Notice.objects.filter(
        row_type=DRAFT, row_pk=OuterRef("pk"), user=user, kind=clocks.OWN_DEADLINE, duty="unsent_of_someone", channel="inapp"
    )
    waiting = ReportDraft.objects.filter(Exists(told), sent_at=None, discarded_at=None).exclude(author=user)
    return not_barred(waiting, user).select_related("author__person").order_by("started_at", "pk")


def own_deadline_of(draft: ReportDraft) -> datetime | None:
    """When the author's own 24 hours end; None as long as no awareness is given."""
    return draft.aware_from + REPORT_WITHIN if draft.aware_from else None


def tellings_to(user: User) -> QuerySet[Report]:
    """Reports whose reporter says they told this person before; not if the reporter then left them out."""
    return not_barred(Report.objects.filter(told_to=user), user).select_related("reporter__person")


def state_for_reporter(report: Report) -> str:
    """Exactly three states, and the same for a case, a minor matter and no concern: received, looked_at, finished."""
    if report.status == ReportStatus.RECEIVED:
        return "received"
    if report.status in UNTRIAGED or report.status == ReportStatus.TRIAGED:
        return "looked_at"
    if report.status == ReportStatus.LINKED and report.case is not None and report.case.status != "closed":
        return "looked_at"
    return "finished"


def must_call(report: Report) -> bool:
    """Nobody has confirmed a danger and the step that points outward has fired (R-40)."""
    from cases.notices import reporter_must_call

    return report.is_in_danger and reporter_must_call(report)


def last_ladder_of(draft: ReportDraft) -> list[Deadline]:
    """The steps of the draft's newest episode, in order."""
    steps = list(Deadline.objects.filter(row_type=DRAFT, row_pk=draft.pk, kind=clocks.OWN_DEADLINE).order_by("episode", "step"))
    return [step for step in steps if step.episode == steps[-1].episode] if steps else []
