"""Who may read which events: whoever may read the row they are about (R-74)."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet

from audit import hooks
from audit.models import PAGE_VIEWED, Event


def events_visible_to(user: AbstractBaseUser) -> QuerySet[Event]:
    """Events of rows that the user may see; a hidden or barred row has no events either.

    Pages viewed stay out, since one may name rows that the viewer of the log may not know;
    `queries.views_of` answers for one row already fetched.
    """
    visible = Q(pk__in=[])
    for row_type in hooks.row_types():
        visible |= Q(row_type=row_type, row_pk__in=hooks.row_filter(user, row_type))
    return Event.objects.filter(visible).exclude(kind=PAGE_VIEWED)
