"""bin/manage: any management command, with the servers of bin/run (running already, or started for it alone)."""

import os
import subprocess
from pathlib import Path

from launcher import environment, postgres
from launcher.console import Problem
from launcher.locks import AlreadyHeld, only_launcher
from launcher.places import CLONE, Places, places_for, prepare
from launcher.stopping import on_signal
from launcher.surroundings import Servers, addresses, external_servers, our_cluster, temporary_servers, variables


def main(arguments: list[str]) -> int:
    """`--data DIR` first, if given, names another folder than bin/run's default; the rest goes to Django."""
    data: Path | None = None
    if arguments[:1] == ["--data"]:
        if len(arguments) < 2:
            raise Problem("--data needs a folder.")
        data, arguments = Path(arguments[1]), arguments[2:]
    on_signal()
    places = places_for("demo", data)
    prepare(places)
    python = environment.ensure(environment.RUN_LOCK)
    try:
        with only_launcher(places.data):
            return _with_own_servers(places, python, arguments)
    except AlreadyHeld:
        return _with_running_servers(places, python, arguments)


def _with_own_servers(places: Places, python: Path, arguments: list[str]) -> int:
    external = external_servers(os.environ)
    with temporary_servers(places, python, settings=postgres.SAFE, external=external) as (servers, _log):
        return run_django(places, python, servers, arguments)


def _with_running_servers(places: Places, python: Path, arguments: list[str]) -> int:
    external = external_servers(os.environ)
    cluster, _valkey = our_cluster(places, python, postgres.SAFE)
    own = addresses(cluster, places)
    servers = Servers(external.database or own.database, external.owner or own.owner, external.redis or own.redis)
    return run_django(places, python, servers, arguments)


def run_django(places: Places, python: Path, servers: Servers, arguments: list[str]) -> int:
    """Run manage.py at the terminal; its exit status is ours."""
    env = variables(places, servers, mode=os.environ.get("ASET_MODE", "demo"), port=_port(places))
    return subprocess.run([python, "manage.py", *arguments], cwd=CLONE, env=env).returncode


def _port(places: Places) -> int:
    """The port of the last run, so that links in mails fit."""
    try:
        return int((places.run / "port").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 8000
