"""Multiplies rows inside the server: every copy of a set of rows gets its own keys, references and times.

The few hundred originals keep their sealed payloads, which the copies share; everything else of a copy is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db.models import BinaryField, CharField, DateTimeField, Field, Model, UUIDField
from django.db.models.fields.related import ForeignKey

from audit.models import Event
from cases.models import (
    AffectedChild,
    AllegedPerson,
    Case,
    LowLevelRecord,
    NotAConcern,
    Receipt,
    Referral,
    Report,
    ResponseStep,
    SearchToken,
    Triage,
)
from common.rows import row_type_of
from deadlines.models import Deadline, Escalation, Notice, PostReach

MODELS: tuple[type[Model], ...] = (
    Case,
    Report,
    Receipt,
    AffectedChild,
    AllegedPerson,
    SearchToken,
    Triage,
    LowLevelRecord,
    NotAConcern,
    ResponseStep,
    Referral,
    Deadline,
    Escalation,
    Notice,
    PostReach,
    Event,
)
UNIQUE_CONSTRAINTS = """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype IN ('u', 'x') AND conrelid = ANY(%s::text[]::regclass[])"""
PLAIN_INDEXES = """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE NOT i.indisprimary AND i.indrelid = ANY(%s::text[]::regclass[])"""

KEPT_TOKENS = 50
"""Every fiftieth copy keeps the search tokens of its names; the others get tokens of names nobody asks for."""


@dataclass(frozen=True)
class Originals:
    """The keys of the rows that are multiplied, table by table, and the distance between two copies."""

    keys: Mapping[str, tuple[int, int]]
    stride: int


def last_keys(connection: Any) -> dict[str, int]:
    """The highest key of every table now."""
    with connection.cursor() as cursor:
        found = {}
        for model in MODELS:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {model._meta.db_table}")
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def multiply(connection: Any, originals: Originals, copies: Iterable[int], *, seconds_apart: float) -> int:
    """Write the given copies of the originals, each that much earlier than the one before; gives how many rows."""
    numbers = list(copies)
    written = 0
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for model in MODELS:
            cursor.execute(_statement(model, originals), {"first": numbers[0], "last": numbers[-1], "apart": seconds_apart})
            written += cursor.rowcount
        cursor.execute("SET session_replication_role = origin")
    connection.commit()
    return written


@contextmanager
def without_indexes(connection: Any) -> Iterator[None]:
    """Everything but the primary keys is dropped and built again afterwards: sorting once beats a million insertions."""
    tables = [model._meta.db_table for model in MODELS]
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE_CONSTRAINTS, [tables])
        constraints = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(PLAIN_INDEXES, [tables])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    connection.commit()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    connection.commit()


def set_sequences(connection: Any, *, beyond: int) -> None:
    """The next row of the application comes after the last copy that will ever be made: measuring writes rows of its own."""
    with connection.cursor() as cursor:
        for model in MODELS:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, beyond])
    connection.commit()


def connect(url: str) -> Any:
    """A connection of the cluster's superuser: foreign keys and triggers are looked at once, not a million times."""
    return psycopg2.connect(url)


def _statement(model: type[Model], originals: Originals) -> str:
    table = model._meta.db_table
    low, high = originals.keys[table]
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, originals.stride) for field in fields)
    source = f"SELECT o.* FROM {table} o WHERE o.id > {low} AND o.id <= {high}"
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(%(first)s::int, %(last)s::int) AS c(n) "
        f"CROSS JOIN ({source}) AS o"
    )


def _value(model: type[Model], field: Field[Any, Any], stride: int) -> str:
    column = f'o."{field.column}"'
    moved = f"{column} + c.n::bigint * {stride}"
    if field.primary_key or (isinstance(field, ForeignKey) and field.related_model in MODELS):
        return moved
    if field.column == "row_pk":
        ours = ", ".join(f"'{row_type_of(each)}'" for each in MODELS)
        return f"CASE WHEN o.row_type IN ({ours}) THEN {moved} ELSE {column} END"
    if isinstance(field, DateTimeField):
        return f"{column} - make_interval(secs => c.n * %(apart)s)"
    if isinstance(field, UUIDField):
        return "gen_random_uuid()"
    if field.column == "message_id":
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE '<' || gen_random_uuid() || '@bench.example>' END"
    if isinstance(field, CharField) and field.unique:
        return f"left({column}, 2) || upper(regexp_replace(md5(o.id::text || '.' || c.n), '^(.{{4}})(.{{10}}).*$', '\\1-\\2'))"
    if model is SearchToken and isinstance(field, BinaryField):
        return f"CASE WHEN c.n %% {KEPT_TOKENS} = 0 THEN {column} ELSE decode(md5({column}::text || c.n), 'hex') END"
    return column
