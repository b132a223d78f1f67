"""Conditions for CHECK constraints, so that the database refuses what a workflow forbids."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q


def requires(state_field: str, states: Iterable[str], *fields: str) -> Q:
    """In these states none of these columns may be empty (NULL).

    Give it to `CheckConstraint(condition=...)`. States are sorted, so that a set in the
    source never makes a new migration.
    """
    filled = Q(*((f"{field}__isnull", False) for field in fields))
    return ~one_of(state_field, states) | filled


def one_of(field: str, values: Iterable[str]) -> Q:
    """The column holds one of these codes: `choices` alone binds forms, not the database."""
    return Q((f"{field}__in", sorted(values)))


def together(*fields: str) -> Q:
    """All of these columns are filled, or none is (an instant and the person who acted)."""
    all_empty = Q(*((f"{field}__isnull", True) for field in fields))
    all_filled = Q(*((f"{field}__isnull", False) for field in fields))
    return all_empty | all_filled


def two_people(first: str, second: str) -> Q:
    """Two pairs of eyes: whoever fills the first column cannot fill the second."""
    return Q((f"{first}__isnull", True)) | Q((f"{second}__isnull", True)) | ~Q((first, F(second)))
