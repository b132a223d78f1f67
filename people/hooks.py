"""What people must tell the apps above it, in the same transaction (architecture.md, "Asking upwards")."""

from datetime import datetime
from typing import Protocol

from people.models import PersonRelation, User


class OnLeaving(Protocol):
    """Close what a leaver may still reach: grants end at that instant, an unsent draft goes to the Board lead."""

    def __call__(self, *, user: User, at: datetime, by: User | None) -> None: ...


class OnRelation(Protocol):
    """A tie was declared between two persons: whoever is close to someone named must be left out (R-75)."""

    def __call__(self, *, relation: PersonRelation, by: User | None, now: datetime) -> None: ...


class OnTies(Protocol):
    """A line of management, an account or a holder of a post is new: whoever now stands close to someone named is left out."""

    def __call__(self, *, at: datetime) -> None: ...


_on_leaving: dict[str, OnLeaving] = {}
_on_relation: dict[str, OnRelation] = {}
_on_ties: dict[str, OnTies] = {}


def on_leaving(name: str, run: OnLeaving) -> None:
    """Register an app's answer, once, in `AppConfig.ready()`."""
    _on_leaving[name] = run


def on_relation(name: str, run: OnRelation) -> None:
    """Register an app's answer, once, in `AppConfig.ready()`."""
    _on_relation[name] = run


def on_ties(name: str, run: OnTies) -> None:
    """Register an app's answer, once, in `AppConfig.ready()`."""
    _on_ties[name] = run


def tell_leaving(*, user: User, at: datetime, by: User | None) -> None:
    """Everyone who registered is told; an error in one undoes the whole ending."""
    for run in _on_leaving.values():
        run(user=user, at=at, by=by)


def tell_relation(*, relation: PersonRelation, by: User | None, now: datetime) -> None:
    """Everyone who registered is told."""
    for run in _on_relation.values():
        run(relation=relation, by=by, now=now)


def tell_ties(*, at: datetime) -> None:
    """Everyone who registered is told, in the same transaction; `at` is when the new tie counts."""
    for run in _on_ties.values():
        run(at=at)
