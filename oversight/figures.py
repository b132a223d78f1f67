"""Counts of the reports that one person may see; each stops at a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from cases.choices import Danger
from cases.permissions import reports_visible_to
from cases.workflow import OPEN_REPORT, UNTRIAGED, ReportStatus
from common.paging import CappedCount

if TYPE_CHECKING:
    from people.models import User

CAP = 1000


@dataclass(frozen=True)
class OpenReports:
    """What waits among the open reports that someone may see."""

    in_danger: CappedCount
    unconfirmed: CappedCount
    untriaged: CappedCount
    second_person: CappedCount


def open_reports(user: User) -> OpenReports:
    """One statement over at most a thousand and one open rows: danger unconfirmed, unconfirmed, unassessed, proposed to end."""
    received = Q(status=ReportStatus.RECEIVED)
    some = reports_visible_to(user).filter(status__in=OPEN_REPORT).order_by("received_at", "pk")[: CAP + 1]
    counted = some.aggregate(
        in_danger=Count("pk", filter=received & ~Q(danger=Danger.NO)),
        unconfirmed=Count("pk", filter=received),
        untriaged=Count("pk", filter=Q(status__in=UNTRIAGED)),
        second_person=Count("pk", filter=Q(status=ReportStatus.TRIAGED)),
        looked_at=Count("pk"),
    )
    is_capped = counted.pop("looked_at") > CAP
    return OpenReports(**{name: CappedCount(min(number, CAP), is_capped and number > 0) for name, number in counted.items()})
