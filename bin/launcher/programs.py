"""The application's own processes, each a command line; docker-compose.yml runs the same ones."""

import sys
from pathlib import Path

from launcher.places import CLONE, Places
from launcher.processes import Program

SINK = CLONE / "bin" / "launcher" / "mail_sink.py"


def manage(python: Path, env: dict[str, str], command: str, *arguments: str) -> Program:
    """A management command."""
    return Program(command, [str(python), "manage.py", command, *arguments], env=env, cwd=CLONE)


def web(python: Path, env: dict[str, str], port: int) -> Program:
    """The pages, on loopback only."""
    argv = [
        str(python),
        "-m",
        "gunicorn",
        "-c",
        "deploy/gunicorn_conf.py",
        "--bind",
        f"127.0.0.1:{port}",
        "aset_safeguarding.wsgi:application",
    ]
    return Program("web", argv, env=env, cwd=CLONE)


def worker(python: Path, env: dict[str, str]) -> Program:
    """Escalation and mail, in a queue that no long job can block."""
    return _celery("worker", python, env, "worker", "-n", "worker@%h", "-Q", "deadlines,default", "-c", "2")


def jobs_worker(python: Path, env: dict[str, str]) -> Program:
    """PDF files, one at a time: a long audit takes several hundred MB, given back afterwards."""
    return _celery("jobs", python, env, "worker", "-n", "jobs@%h", "-Q", "jobs", "-c", "1", "--max-memory-per-child", "600000")


def _celery(name: str, python: Path, env: dict[str, str], kind: str, *arguments: str) -> Program:
    quiet = ["--without-mingle", "--without-gossip"] if kind == "worker" else []
    argv = [str(python), "-m", "celery", "-A", "aset_safeguarding", kind, "-l", "info", *arguments, *quiet]
    return Program(name, argv, env=env, cwd=CLONE, grace=8)


def beat(python: Path, env: dict[str, str], places: Places) -> Program:
    """The clock of Celery. An old schedule file would make it wait for times that have passed, so every start forgets it."""
    schedule = str(places.run / "beat")
    plain = _celery("beat", python, env, "beat", "-s", schedule, "--pidfile=")
    forget_then_run = ["sh", "-c", 'rm -f "$0"*; exec "$@"', schedule]
    return Program("beat", [*forget_then_run, *plain.argv], env=env, cwd=CLONE)


def escalator(python: Path, env: dict[str, str]) -> Program:
    """The second trigger of the sweep, independent of Celery and Redis."""
    return manage(python, env, "escalator")


def mail_sink(places: Places, port: int) -> Program:
    """Takes every mail the demonstration sends and shows it; nothing leaves this machine."""
    argv = [sys.executable, str(SINK), "--smtp-port", str(port + 2), "--http-port", str(port + 1), "--dir", str(places.mails)]
    return Program("mail", argv, cwd=CLONE)
