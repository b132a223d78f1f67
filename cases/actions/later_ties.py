"""Ties that come after a report: who now stands close to someone named, or takes the deputy's post, is left out too (R-75)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from cases.actions import conflict
from cases.models import AllegedPerson, Case, Report
from deadlines import actions as engine
from deadlines.models import Barred
from deadlines.queries import holders_at
from people.models import User
from people.queries import relatives_of, reports_to
from people.roles import CPO, DEPUTY

Link = tuple[str, int]
ROWS: Mapping[str, type[Model]] = {"cases.report": Report, "cases.case": Case}


@transaction.atomic
def leave_out_newcomers(*, at: datetime) -> None:
    """Asked whenever a line, a relation, an account or a holder is new; a bar is only ever added here, never lifted.

    Found from the bars themselves, so that someone who was merely ticked counts like someone found on the register.
    """
    now = timezone.now()
    for user in User.objects.filter(pk__in=_bars().filter(reason_code="named").values("user")).select_related("person"):
        around = dict.fromkeys(reports_to(user.person, at), "reports_to") | dict.fromkeys(relatives_of(user.person, at), "relative")
        _bar_from(_bars().filter(reason_code="named", user=user), around, now)
    officers = _holding(CPO, at)
    _bar_from(_bars().filter(user__in=officers).exclude(reason_code="held"), dict.fromkeys(_holding(DEPUTY, at), "reports_to"), now)
    for alleged in AllegedPerson.objects.filter(person__isnull=False, person__user=None).select_related("report__case", "person"):
        if alleged.person is not None:
            conflict.bar_person(alleged.report, alleged.person, now=now)


def _bars() -> QuerySet[Barred]:
    return Barred.objects.filter(row_type__in=list(ROWS), lifted_at=None)


def _bar_from(bars: QuerySet[Barred], people: Mapping[int, str], now: datetime) -> None:
    """Bar PEOPLE from every row of BARS from which they are not barred yet; a hold becomes a bar."""
    if not people:
        return
    wanted = {(link, pk) for link in bars.values_list("row_type", "row_pk") for pk in people}
    there = _bars().filter(user__in=people).exclude(reason_code="held").values_list("row_type", "row_pk", "user_id")
    missing = wanted - {((row_type, row_pk), pk) for row_type, row_pk, pk in there}
    rows, users = _rows(link for link, _pk in missing), User.objects.in_bulk([pk for _link, pk in missing])
    for link, pk in sorted(missing):
        engine.bar(rows[link], users[pk], reason_code=people[pk], now=now)
    officers = set(_holding(CPO, now))
    for row in (rows[link] for link, pk in sorted(missing) if pk in officers):
        if isinstance(row, Report):
            conflict.pass_on_to_the_board(row, now=now)


def _rows(links: Iterable[Link]) -> dict[Link, Model]:
    wanted = set(links)
    found: dict[Link, Model] = {}
    for row_type, model in ROWS.items():
        keys = [pk for name, pk in wanted if name == row_type]
        found |= {(row_type, pk): row for pk, row in model._base_manager.in_bulk(keys).items()}
    return found


def _holding(post: str, at: datetime) -> list[int]:
    return [pk for pk in holders_at(at).filter(post=post).values_list("user", flat=True) if pk]
