"""The question audit asks of the apps above it: which of your rows may this person see?"""

from __future__ import annotations

from typing import Any, Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model, QuerySet


class RowsVisible(Protocol):
    """An app's own `<rows>_visible_to`: it already leaves out what the user is barred from."""

    def __call__(self, user: Any, /) -> QuerySet[Any]: ...


_answers: dict[str, RowsVisible] = {}


def show_events_of(model: type[Model], rows_visible: RowsVisible) -> None:
    """Called in AppConfig.ready(): events of this model show to whoever may see the row."""
    _answers[model._meta.label_lower] = rows_visible


def row_filter(user: AbstractBaseUser, row_type: str) -> QuerySet[Any]:
    """The keys of the rows of this type that the user may see; raises KeyError if nobody answers."""
    return _answers[row_type](user).order_by().values("pk")


def row_types() -> list[str]:
    """The types somebody answers for: events of any other type show to nobody."""
    return sorted(_answers)
