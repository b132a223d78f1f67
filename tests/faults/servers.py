"""Servers and processes of a fault test: started by it, hurt by it, and gone with it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg2
from launcher.binaries import Binaries, find

from tests.conftest import ROOT, SUPERUSER_URL


def until(claim: Callable[[], object], *, seconds: float, what: str) -> float:
    """Wait until the claim holds; how long that took. Fails with `what` after `seconds`."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if claim():
            return time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


def binaries() -> Binaries:
    """PostgreSQL and Valkey of the virtual environment, where the servers' account can run them."""
    return find(Path(sys.executable))


def as_servers_account() -> dict[str, Any]:
    """How to start a server that refuses to be root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def folder_for_servers() -> Path:
    """A short path (sockets!) that the servers' account owns."""
    folder = Path(tempfile.mkdtemp(prefix="af", dir="/tmp"))
    if not os.geteuid():
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    folder.chmod(0o755)
    return folder


class Processes:
    """The application's processes of one test; all of them are killed at its end, by id."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = {**environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
        self._started: list[subprocess.Popen[str]] = []
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by end()

    def start(self, *argv: str, **environ: str) -> subprocess.Popen[str]:
        """`python -m …` in a process group of its own, with pipes to talk through."""
        process = subprocess.Popen(
            [sys.executable, "-m", *argv],
            cwd=ROOT,
            env=self.environ | environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def worker(self, *argv: str, **environ: str) -> subprocess.Popen[str]:
        """One of the commands of tests/faults/worker.py."""
        return self.start("tests.faults.worker", *argv, **environ)

    def escalator(self, **environ: str) -> subprocess.Popen[str]:
        """The loop as it runs in production."""
        return self.start("django", "escalator", DJANGO_SETTINGS_MODULE="aset_safeguarding.settings", **environ)

    def celery_worker(self, **environ: str) -> subprocess.Popen[str]:
        """Two pool children on the engine's queue."""
        argv = ("-Q", "deadlines,default", "-c", "2", "-l", "ERROR", "--without-mingle", "--without-gossip")
        return self.start("celery", "-A", "aset_safeguarding", "worker", *argv, **environ)

    def beat(self, folder: Path, **environ: str) -> subprocess.Popen[str]:
        """The clock of the Celery path."""
        return self.start("celery", "-A", "aset_safeguarding", "beat", "-s", str(folder / "beat"), "-l", "ERROR", **environ)

    def kill(self, process: subprocess.Popen[str]) -> None:
        """SIGKILL for it and all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def end(self) -> None:
        """Nothing of this test runs on."""
        for process in self._started:
            self.kill(process)
        self._log.seek(0)
        sys.stderr.write(self._log.read()[-4000:])
        self._log.close()


def said(process: subprocess.Popen[str], word: str) -> str:
    """The next line that a process prints; it must begin with the word."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line.startswith(word), f"{word!r} expected, {line!r} said"
    return line


def tell_all(processes: list[subprocess.Popen[str]]) -> None:
    """Let processes that have said "ready" go, as nearly at once as can be."""
    for process in processes:
        said(process, "ready")
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


class Valkey:
    """A real queue server that can be emptied, killed and started empty again."""

    def __init__(self) -> None:
        self._folder = folder_for_servers()
        self._socket = self._folder / "v.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """As the application reads it."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Empty, as after every start: nothing is stored."""
        options = {"port": "0", "unixsocket": str(self._socket), "unixsocketperm": "777", "dir": str(self._folder), "save": ""}
        argv = [str(binaries().valkey), *(part for name, value in options.items() for part in (f"--{name}", value))]
        self._process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **as_servers_account())
        until(self._answers, seconds=10, what="Valkey answers")

    def client(self) -> Any:
        """For FLUSHALL and the like."""
        import redis

        return redis.Redis(unix_socket_path=str(self._socket), socket_timeout=2)

    def kill(self) -> None:
        """SIGKILL: the socket stays behind and refuses."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def end(self) -> None:
        """Gone, with its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        import redis

        with contextlib.suppress(redis.exceptions.RedisError, OSError), self.client() as client:
            return bool(client.ping())
        return False


class ThrowAwayPostgres:
    """A cluster of its own that may be stopped without mercy; it holds a copy of the migrated template."""

    def __init__(self, template: str) -> None:
        self._folder = folder_for_servers()
        self._programs = binaries().postgres
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", f"{self._folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        self.sql("postgres", "CREATE ROLE aset_owner LOGIN", "CREATE ROLE aset_app LOGIN", "CREATE DATABASE aset OWNER aset_owner")
        self._copy(template)

    def url(self, role: str) -> str:
        """As the application reads it."""
        return f"postgres://{role}@/aset?host={self._folder}"

    def start(self) -> None:
        """With the durability of production: what was confirmed must be there after the fall."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self._folder), "fsync": "on", "synchronous_commit": "on"}
        argv = [str(self._programs / "postgres"), "-D", f"{self._folder}/data"]
        argv += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **as_servers_account())
        until(self._answers, seconds=30, what="PostgreSQL takes connections")

    def stop_immediately(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, every session cut."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)

    def sql(self, database: str, *statements: str) -> list[tuple[Any, ...]]:
        """As the superuser, each statement on its own; rows of the last one."""
        connection = psycopg2.connect(dbname=database, user="postgres", host=str(self._folder))
        connection.autocommit = True
        rows: list[tuple[Any, ...]] = []
        with contextlib.closing(connection), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def end(self) -> None:
        """Gone, with its data."""
        if self._process is not None and self._process.poll() is None:
            self.stop_immediately()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _copy(self, template: str) -> None:
        host, user = SUPERUSER_URL.split("host=", 1)[1], SUPERUSER_URL.split("@", 1)[0].removeprefix("postgres://")
        dump = subprocess.run([self._programs / "pg_dump", "-h", host, "-U", user, template], capture_output=True, check=True, cwd="/")
        psql = [self._programs / "psql", "-X", "-q", "-h", str(self._folder), "-U", "postgres", "-d", "aset"]
        subprocess.run(psql, input=dump.stdout, capture_output=True, check=True, cwd="/")

    def _run(self, program: str, *argv: str) -> None:
        subprocess.run([self._programs / program, *argv], check=True, capture_output=True, cwd="/", **as_servers_account())

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            self.sql("postgres", "SELECT 1")
            return True
        return False
