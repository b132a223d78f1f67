"""A link to any row: its model's label and its primary key, as audit and deadlines hold it."""

from __future__ import annotations

from django.db.models import Model


def row_type_of(row: Model | type[Model]) -> str:
    """The label of the row's real model ("cases.report"), also for a proxy."""
    return row._meta.concrete_model._meta.label_lower if row._meta.concrete_model else ""


def row_key(row: Model) -> tuple[str, int]:
    """The pair stored as (row_type, row_pk); raises ValueError for a row not yet saved."""
    if row.pk is None:
        raise ValueError(f"{row_type_of(row)} is not saved: there is no row to point at")
    return row_type_of(row), int(row.pk)
