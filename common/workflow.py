"""A workflow is a table: each move, the states it may start from, the state it ends in."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass


class MoveNotAllowed(Exception):
    """The row is not in a state from which this move may start."""


@dataclass(frozen=True)
class Workflow:
    """The moves of one kind of row, as data, so that a test and an auditor can read them."""

    moves: Mapping[str, tuple[Set[str], str]]

    def target(self, move: str, current: str) -> str:
        """The state after `move`; raises MoveNotAllowed, and KeyError for a move that is not in the table."""
        sources, target = self.moves[move]
        if current not in sources:
            raise MoveNotAllowed(f"cannot {move} from {current}")
        return target

    def allows(self, move: str, current: str) -> bool:
        """Whether to show the button; the action asks `target` again under its lock."""
        return current in self.moves[move][0]

    def states(self) -> frozenset[str]:
        """Every state the table knows, for the CHECK constraint that pins them."""
        sources = (source for starts, _ in self.moves.values() for source in starts)
        return frozenset(sources) | {target for _, target in self.moves.values()}
