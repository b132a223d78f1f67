"""What is append-only stays as it was, for the runtime role by grant and for everybody by trigger."""

from typing import Any

import psycopg2
import pytest

from common.append_only import AppendOnly, never_delete, protect_history


def forwards(operation: AppendOnly) -> str:
    return str(operation.sql)


@pytest.fixture
def notebook(committed_db: Any) -> Any:
    """A table of the owner with one row, protected as a history table is."""
    committed_db.as_owner("CREATE TABLE notebook (id bigserial PRIMARY KEY, line text)")
    committed_db.as_owner(forwards(protect_history("notebook")))
    committed_db.as_owner("INSERT INTO notebook (line) VALUES ('first')")
    return committed_db


def as_app(database: Any, sql: str) -> list[tuple[Any, ...]]:
    return database._run("aset_app", sql, ())


CHANGES = ["UPDATE notebook SET line = 'changed'", "DELETE FROM notebook", "TRUNCATE notebook"]


@pytest.mark.parametrize("change", CHANGES)
def test_the_runtime_role_has_no_right_to_change_a_line(notebook: Any, change: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied"):
        as_app(notebook, change)


@pytest.mark.parametrize("change", CHANGES)
def test_the_trigger_refuses_whoever_has_the_right(notebook: Any, change: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"):
        notebook.as_superuser(change)


@pytest.mark.parametrize("setting", ["session_replication_role = replica", "pgtrigger.ignore = 'notebook'"])
def test_no_setting_of_the_session_opens_it_for_the_runtime_role(notebook: Any, setting: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app(notebook, f"SET {setting}; {CHANGES[0]}")


def test_the_runtime_role_cannot_switch_the_trigger_off(notebook: Any) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="owner"):
        as_app(notebook, "ALTER TABLE notebook DISABLE TRIGGER ALL")


def test_the_runtime_role_adds_and_reads(notebook: Any) -> None:
    as_app(notebook, "INSERT INTO notebook (line) VALUES ('second')")

    assert as_app(notebook, "SELECT count(*) FROM notebook") == [(2,)]


def test_rows_that_are_never_deleted_still_change(committed_db: Any) -> None:
    committed_db.as_owner("CREATE TABLE register (id bigserial PRIMARY KEY, line text)")
    committed_db.as_owner(forwards(never_delete("register")))
    as_app(committed_db, "INSERT INTO register (line) VALUES ('first')")

    as_app(committed_db, "UPDATE register SET line = 'changed'")

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app(committed_db, "DELETE FROM register")


def test_the_protection_can_be_taken_back_by_a_migration(notebook: Any) -> None:
    notebook.as_owner(str(protect_history("notebook").reverse_sql))

    as_app(notebook, CHANGES[0])

    assert as_app(notebook, "SELECT line FROM notebook") == [("changed",)]


def test_something_that_is_no_table_name_is_refused() -> None:
    with pytest.raises(ValueError, match="not a table name"):
        AppendOnly("notebook; DROP TABLE notebook")


def test_an_operation_can_be_written_into_a_migration() -> None:
    name, args, kwargs = protect_history("notebook").deconstruct()

    assert (name, args, kwargs) == ("AppendOnly", [], {"table": "notebook"})
