"""Questions about the past of one row; the caller has already fetched it through its access rule."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from audit.models import PAGE_VIEWED, Event
from common.rows import row_key


def timeline_of(row: Model) -> QuerySet[Event]:
    """What was done to a row, oldest first; page it by "pk". Views are in `views_of`."""
    row_type, row_pk = row_key(row)
    events = Event.objects.filter(row_type=row_type, row_pk=row_pk).exclude(kind=PAGE_VIEWED)
    return events.select_related("actor", "text").order_by("pk")


def views_of(row: Model) -> QuerySet[Event]:
    """Every page that showed this row, alone or in a list, oldest first (R-79)."""
    named = {"rows": [list(row_key(row))]}
    return Event.objects.filter(kind=PAGE_VIEWED, data__contains=named).select_related("actor").order_by("pk")
