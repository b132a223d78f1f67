"""What cases do when someone leaves or a tie between two persons becomes known (answers to people.hooks)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cases.actions import conflict, later_ties
from cases.actions.access import end_grant
from cases.actions.drafts import hand_in_drafts_of
from cases.models import AllegedPerson, CaseGrant
from people import hooks

if TYPE_CHECKING:
    from people.models import PersonRelation, User


def register() -> None:
    """Called once, when the app is ready."""
    hooks.on_leaving("cases", let_go)
    hooks.on_relation("cases", leave_out_relatives)
    hooks.on_ties("cases", later_ties.leave_out_newcomers)


def let_go(*, user: User, at: datetime, by: User | None) -> None:
    """Grants end the same minute; an unsent draft goes to the Board lead as a report (R-95)."""
    for grant in CaseGrant.objects.filter(holder=user, ended_at=None):
        end_grant(grant, by=by, now=at)
    hand_in_drafts_of(user, by, at)


def leave_out_relatives(*, relation: PersonRelation, by: User | None, now: datetime) -> None:
    """Whoever turns out to be close to someone named can from now on not learn of those reports (R-75)."""
    for alleged in AllegedPerson.objects.filter(person__in=[relation.a_id, relation.b_id]).select_related("report", "person"):
        if alleged.person is not None:
            conflict.bar_person(alleged.report, alleged.person, now=now)
    later_ties.leave_out_newcomers(at=now)
