"""Pages by key instead of by number: the thousandth page costs what the first costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import total_ordering
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.formats import number_format

from common.crypto import SealBroken, seal, unseal

Row = TypeVar("Row", bound=Model)
_CONTEXT = "common.paging.cursor"


@total_ordering
@dataclass(frozen=True, eq=False)
class CappedCount:
    """A count that stops at its cap and then says so: "1,000+". Compares as a number."""

    number: int
    is_capped: bool

    def __str__(self) -> str:
        return number_format(self.number, force_grouping=True) + ("+" if self.is_capped else "")

    def __int__(self) -> int:
        return self.number

    def __bool__(self) -> bool:
        return self.number > 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, CappedCount)) and self.number == int(other)

    def __lt__(self, other: int | CappedCount) -> bool:
        return self.number < int(other)

    def __hash__(self) -> int:
        return hash(self.number)


def capped_count(rows: QuerySet[Any], cap: int = 1000) -> CappedCount:
    """Count no further than the cap: a page never waits for a million rows to be counted."""
    found = rows.order_by()[: cap + 1].count()
    return CappedCount(min(found, cap), found > cap)


class KeysetPage(Generic[Row]):
    """One page of `rows` in `order`, from a cursor of the page before or after it.

    `order` names columns as order_by does, none of them NULL, the last one unique
    (("-received_at", "-pk")). Cursors are sealed: they hold keys, and no primary key is
    ever shown. A cursor that does not open gives the first page.
    """

    def __init__(self, rows: QuerySet[Row], *, order: Sequence[str], cursor: str = "", size: int = 25) -> None:
        self._order = tuple(order)
        backwards, position = _read(cursor, len(self._order))
        order_now = _reversed(self._order) if backwards else self._order
        if position is not None:
            rows = rows.filter(_beyond(order_now, position))
        found = list(rows.order_by(*order_now)[: size + 1])

        more, found = len(found) > size, found[:size]
        self.rows: list[Row] = found[::-1] if backwards else found
        self.has_next = bool(found) and (backwards or more)
        self.has_previous = bool(found) and (more if backwards else position is not None)

    @property
    def next_cursor(self) -> str:
        """The cursor of the following page, or ""."""
        return self._cursor(self.rows[-1], backwards=False) if self.has_next else ""

    @property
    def previous_cursor(self) -> str:
        """The cursor of the page before, or ""."""
        return self._cursor(self.rows[0], backwards=True) if self.has_previous else ""

    def _cursor(self, row: Row, *, backwards: bool) -> str:
        values = [_write_value(_value_of(row, name.lstrip("-"))) for name in self._order]
        sealed = seal(json.dumps([backwards, values]).encode(), context=_CONTEXT)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _read(cursor: str, width: int) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backwards, values = json.loads(unseal(sealed, context=_CONTEXT))
    except (SealBroken, binascii.Error, ValueError):
        return False, None
    if len(values) != width:
        return False, None
    return bool(backwards), [_read_value(value) for value in values]


def _beyond(order: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows after `position`: later in the first column, or level there and later in the next."""
    name, value = order[0].lstrip("-"), position[0]
    step = "lt" if order[0].startswith("-") else "gt"
    after = Q((f"{name}__{step}", value))
    if len(order) == 1:
        return after
    level = Q((name, value)) & _beyond(order[1:], position[1:])
    return Q((f"{name}__{step}e", value)) & (after | level)


def _reversed(order: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _value_of(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    if value is None:
        raise ValueError(f"cannot page by {path}: it is empty in {row._meta.label}")
    return value


def _write_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _read_value(value: Any) -> Any:
    if isinstance(value, dict):
        if "instant" in value:
            return datetime.fromisoformat(value["instant"])
        return date.fromisoformat(value["day"])
    return value
