"""The real servers on a data folder of their own: roles, settings, a private door, a clean end."""

import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from launcher import postgres
from launcher.places import Places, places_for, prepare
from launcher.surroundings import External, Servers, temporary_servers
from psycopg2.extensions import connection as Connection


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    folder = Path(tempfile.mkdtemp(prefix="aset-"))
    folder.chmod(0o711)
    chosen = places_for("demo", folder / "d")
    prepare(chosen)
    yield chosen
    shutil.rmtree(folder)
    shutil.rmtree(chosen.sockets, ignore_errors=True)


@pytest.fixture(scope="module")
def servers(places: Places) -> Iterator[Servers]:
    with temporary_servers(places, Path(sys.executable), settings=postgres.FAST_AND_LOSSY, external=External()) as (running, _log):
        yield running


def connect(places: Places, role: str, database: str = "aset") -> Connection:
    return psycopg2.connect(host=str(places.postgres_socket), user=role, dbname=database)


def ask(places: Places, role: str, question: str) -> list[tuple[object, ...]]:
    connection = connect(places, role)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_neither_role_of_the_application_is_mighty(places: Places, servers: Servers) -> None:
    might = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls"
    rows = ask(places, "aset_app", f"SELECT rolname, {might} FROM pg_roles WHERE rolname IN ('aset_app', 'aset_owner')")

    assert sorted(rows) == [("aset_app", False), ("aset_owner", False)]


def test_the_runtime_role_uses_rows_and_owns_nothing(places: Places, servers: Servers) -> None:
    ask(places, "aset_owner", "CREATE TABLE thing (id bigserial PRIMARY KEY, name text)")

    ask(places, "aset_app", "INSERT INTO thing (name) VALUES ('ë')")
    assert ask(places, "aset_app", "SELECT name FROM thing") == [("ë",)]
    for forbidden in ("CREATE TABLE t (id int)", "DROP TABLE thing", "TRUNCATE thing", "CREATE TEMP TABLE t (id int)", "CREATE SCHEMA s"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(places, "aset_app", forbidden)


def test_hung_statements_of_the_runtime_role_end_and_migrations_may_take_long(places: Places, servers: Servers) -> None:
    question = (
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), "
        "current_setting('idle_in_transaction_session_timeout'), current_setting('client_connection_check_interval')"
    )

    assert ask(places, "aset_app", question) == [("30s", "5s", "1min", "10s")]
    assert ask(places, "aset_owner", question) == [("0", "0", "0", "0")]


def test_the_servers_have_no_port_and_no_open_door(places: Places, servers: Servers) -> None:
    assert ask(places, "aset_app", "SHOW listen_addresses") == [("",)]
    assert places.postgres_socket.stat().st_mode & 0o077 == 0
    assert places.valkey_socket.stat().st_mode & 0o077 == 0
    assert ask(places, "aset_app", "SHOW unix_socket_permissions") == [("0700",)]


def test_no_server_runs_as_root(places: Places, servers: Servers) -> None:
    owners = {Path(path).stat().st_uid for path in (places.postgres_socket / ".s.PGSQL.5432", places.valkey_socket / "valkey.sock")}

    assert 0 not in owners


def test_the_queue_refuses_to_drop_entries_when_full(servers: Servers) -> None:
    client = redis.Redis.from_url(servers.redis)

    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    client.close()


def test_a_servers_log_tells_no_values(places: Places, servers: Servers) -> None:
    ask(places, "aset_owner", "CREATE TABLE secret (name text UNIQUE)")
    ask(places, "aset_app", "INSERT INTO secret VALUES ('Emri i fshehtë')")

    with pytest.raises(psycopg2.errors.UniqueViolation):
        ask(places, "aset_app", "INSERT INTO secret VALUES ('Emri i fshehtë')")

    time.sleep(0.2)
    text = places.log.read_text(encoding="utf-8")
    assert "duplicate key" in text
    assert "fshehtë" not in text


def test_data_stays_and_nothing_runs_after_the_end() -> None:
    folder = Path(tempfile.mkdtemp(prefix="aset-"))
    folder.chmod(0o711)
    chosen = places_for("demo", folder / "d")
    prepare(chosen)
    for statement in ("CREATE TABLE kept (id int)", "SELECT count(*) FROM kept"):
        with temporary_servers(chosen, Path(sys.executable), settings=postgres.FAST_AND_LOSSY, external=External()):
            ask(chosen, "aset_owner", statement)

    running = processes_naming(folder)
    shutil.rmtree(folder)
    assert running == []


def processes_naming(folder: Path) -> list[str]:
    """Command lines of all processes that name the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [line for line in found if str(folder) in line]
