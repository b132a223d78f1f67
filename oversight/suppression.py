"""Small figures are not shown, and cannot be worked out from those that are (requirements part 4)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 5
FEW = "<5"
WITHHELD = "–"

_Bounds = tuple[float, float]
_OF_FEW: _Bounds = (1, SMALLEST_SHOWN - 1)
_OF_COMPLEMENT: _Bounds = (SMALLEST_SHOWN, math.inf)
_OF_WITHHELD: _Bounds = (1, math.inf)


@dataclass(frozen=True)
class Cell:
    """One figure of a table whose cells add up to a total that is shown: what to print, and the number if it may be used."""

    text: str
    number: int | None


def is_few(number: int) -> bool:
    """One to four: a person could be meant. Nought is about nobody and is shown."""
    return 0 < number < SMALLEST_SHOWN


def alone(number: int) -> Cell:
    """A figure that belongs to no total."""
    return _cell(number, _OF_FEW if is_few(number) else None)


def shown(cells: Mapping[str, int]) -> dict[str, Cell]:
    """The cells of one total as they may be printed.

    One to four become "<5". While a reader could still work one of them out from the total and what the others can be,
    the smallest figure in sight is withheld too; if that is not enough, all of them are.
    """
    hidden = {name: _OF_FEW for name, number in cells.items() if is_few(number)}
    while _can_be_worked_out(cells, hidden):
        others = [name for name, number in cells.items() if number and name not in hidden]
        if not others:
            hidden = {name: _OF_WITHHELD for name, number in cells.items() if number}
            break
        hidden[min(others, key=lambda name: (cells[name], name))] = _OF_COMPLEMENT
    return {name: _cell(number, hidden.get(name)) for name, number in cells.items()}


def share(part: Cell, *others: Cell) -> int | None:
    """Per cent of the part in the sum, from printed figures only."""
    numbers = [cell.number for cell in (part, *others)]
    if part.number is None or None in numbers or not sum(number or 0 for number in numbers):
        return None
    return round(100 * part.number / sum(number or 0 for number in numbers))


def split(number: int, total: int) -> Cell:
    """A figure that stands beside its total: the rest must not be small either."""
    return shown({"in": number, "out": total - number})["in"]


def _can_be_worked_out(cells: Mapping[str, int], hidden: Mapping[str, _Bounds]) -> bool:
    """Is there a small cell with only one value that fits the sum of the hidden ones?"""
    together = sum(cells[name] for name in hidden)
    return any(_has_one_value(together, own, _without(hidden, name)) for name, own in hidden.items() if own == _OF_FEW)


def _without(hidden: Mapping[str, _Bounds], name: str) -> list[_Bounds]:
    return [bounds for other, bounds in hidden.items() if other != name]


def _has_one_value(together: int, own: _Bounds, others: Sequence[_Bounds]) -> bool:
    least = max(own[0], together - sum(high for _low, high in others))
    most = min(own[1], together - sum(low for low, _high in others))
    return least >= most


def _cell(number: int, bounds: _Bounds | None) -> Cell:
    if bounds is None:
        return Cell(str(number), number)
    return Cell(FEW if bounds == _OF_FEW else WITHHELD, None)
