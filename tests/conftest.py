"""The database of the tests: a template migrated by its owner, cloned, and used only as the runtime role."""

import contextlib
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest

from tests.environment import ROOT, SUPERUSER_URL, as_role


def _superuser_sql(*statements: str) -> None:
    """Run statements as the cluster's superuser, outside any transaction."""
    parts = SUPERUSER_URL.split("@", 1)
    user = parts[0].removeprefix("postgres://")
    host = parts[1].split("host=", 1)[1]
    connection = psycopg2.connect(dbname="postgres", user=user, host=host)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def _migrations_digest() -> str:
    """Names the template: another set of migrations is another template."""
    digest = hashlib.sha256()
    for file in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    digest.update((ROOT / "requirements-dev.txt").read_bytes())
    return digest.hexdigest()[:12]


def _make_template(name: str) -> None:
    """Migrate as the owner, in a process of its own so that this one never holds the owner's rights."""
    draft = f"{name}_{os.getpid()}"
    _superuser_sql(f'CREATE DATABASE "{draft}" OWNER aset_owner TEMPLATE template0')
    host = SUPERUSER_URL.split("host=", 1)[1]
    user = SUPERUSER_URL.split("@", 1)[0].removeprefix("postgres://")
    connection = psycopg2.connect(dbname=draft, user=user, host=host)
    with connection, connection.cursor() as cursor:
        cursor.execute("ALTER SCHEMA public OWNER TO aset_owner; GRANT USAGE ON SCHEMA public TO aset_app")
        cursor.execute(
            "ALTER DEFAULT PRIVILEGES FOR ROLE aset_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO aset_app"
        )
        cursor.execute("ALTER DEFAULT PRIVILEGES FOR ROLE aset_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO aset_app")
    connection.close()
    environ = {**os.environ, "OWNER_DATABASE_URL": as_role("aset_owner", draft), "DATABASE_URL": as_role("aset_app", draft)}
    done = subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environ, capture_output=True, text=True)
    if done.returncode:
        _superuser_sql(f'DROP DATABASE "{draft}"')
        pytest.exit("migrate failed:\n" + done.stdout + done.stderr, returncode=3)
    with contextlib.suppress(psycopg2.errors.DuplicateDatabase):
        _superuser_sql(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
        return
    _superuser_sql(f'DROP DATABASE "{draft}"')


def _exists(name: str) -> bool:
    host = SUPERUSER_URL.split("host=", 1)[1]
    user = SUPERUSER_URL.split("@", 1)[0].removeprefix("postgres://")
    connection = psycopg2.connect(dbname="postgres", user=user, host=host)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        found = cursor.fetchone() is not None
    connection.close()
    return found


@pytest.fixture(scope="session")
def template_database() -> str:
    """A migrated database that is only ever copied; kept on the cluster between runs of the same migrations."""
    name = f"aset_tpl_{_migrations_digest()}"
    if not _exists(name):
        _make_template(name)
    return name


def _clone(template: str, name: str) -> None:
    _superuser_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" OWNER aset_owner TEMPLATE "{template}"')
    _superuser_sql(f'GRANT CONNECT ON DATABASE "{name}" TO aset_app')


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: Any, worker_id_or_main: str) -> Iterator[None]:
    """Each test process works on its own clone, as the runtime role: owner of nothing, superuser of nothing."""
    from django.db import connections

    name = f"aset_t_{os.getpid()}_{worker_id_or_main}"
    _clone(template_database, name)
    settings_dict = connections["default"].settings_dict
    settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = as_role("aset_app", name)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
    _superuser_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def worker_id_or_main() -> str:
    """gw0, gw1 … under xdist, otherwise main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


class CommittedDatabase:
    """A clone for one test that commits: nothing is flushed, no trigger is switched off; dropped afterwards."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def app_url(self) -> str:
        """For the runtime role."""
        return as_role("aset_app", self.name)

    @property
    def owner_url(self) -> str:
        """For the owner: only to play an attacker or a migration."""
        return as_role("aset_owner", self.name)

    @property
    def environ(self) -> dict[str, str]:
        """The surroundings of a subprocess that works on this clone."""
        return {**os.environ, "DATABASE_URL": self.app_url, "OWNER_DATABASE_URL": self.owner_url}

    def as_owner(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run one statement as the owner and commit."""
        return self._run("aset_owner", sql, params)

    def as_superuser(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Run one statement as the cluster's superuser and commit."""
        return self._run(SUPERUSER_URL.split("@", 1)[0].removeprefix("postgres://"), sql, params)

    def _run(self, user: str, sql: str, params: tuple[object, ...]) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(dbname=self.name, user=user, host=SUPERUSER_URL.split("host=", 1)[1])
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, params or None)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows


_clone_numbers = iter(range(1_000_000))


@pytest.fixture
def committed_db(django_db_setup: None, template_database: str, django_db_blocker: Any) -> Iterator[CommittedDatabase]:
    """The test's own database, committed to for real; threads and processes may use it through `.environ`."""
    from django.db import connections

    wrapper = connections["default"]
    before = wrapper.settings_dict["NAME"]
    name = f"aset_c_{os.getpid()}_{next(_clone_numbers)}"
    _clone(template_database, name)
    with django_db_blocker.unblock():
        wrapper.close()
        wrapper.settings_dict["NAME"] = name
        yield CommittedDatabase(name)
        wrapper.close()
        wrapper.settings_dict["NAME"] = before
    _superuser_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def live_url(committed_db: CommittedDatabase) -> Iterator[str]:
    """The address of a real server on the test's committed database."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.db import connections
    from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

    class Quiet(QuietWSGIRequestHandler):
        """Closes the thread's database connection with the request, so that the clone can be dropped."""

        def handle(self) -> None:
            try:
                super().handle()
            finally:
                connections.close_all()

    thread = LiveServerThread("localhost", StaticFilesHandler, connections_override={}, port=0)
    thread.server_class = thread.server_class
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(10)
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()
    thread.join(5)
    assert threading.active_count() >= 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped or expected-to-fail test is a broken promise: the run fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    unwanted = [name for name in ("skipped", "xfailed", "xpassed") if reporter.stats.get(name)]
    if unwanted and not exitstatus:
        reporter.write_line(f"failed: tests were {', '.join(unwanted)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
