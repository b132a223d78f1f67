"""bin/bench: a throw-away cluster with real durability, migrated, then bench/run.py with its own arguments."""

import os
import subprocess

from launcher import environment, os_packages, postgres, programs, valkey
from launcher.console import Problem, complain
from launcher.locks import only_launcher
from launcher.places import CLONE, Places, delete, places_for, prepare
from launcher.processes import run_together
from launcher.stopping import on_signal
from launcher.surroundings import External, temporary_servers, variables

BENCH = CLONE / "bench" / "run.py"
SETTINGS = postgres.SAFE | {"shared_buffers": "1GB", "max_wal_size": "4GB", "maintenance_work_mem": "512MB", "max_connections": "100"}


def main(arguments: list[str]) -> int:
    """Nothing of earlier measurements is left, before or after."""
    if not BENCH.exists():
        raise Problem("There is no bench/run.py yet.")
    on_signal()
    places = places_for("bench")
    prepare(places)
    with only_launcher(places.data):
        os_packages.ensure(for_tests=False, venv_exists=environment.works(environment.FOLDER))
        environment.ensure(environment.RUN_LOCK)
        _throw_away(places)
        prepare(places)
        try:
            return _measure(places, arguments)
        finally:
            _throw_away(places)


def _measure(places: Places, arguments: list[str]) -> int:
    python = environment.python_of()
    with temporary_servers(places, python, settings=SETTINGS, external=External()) as (servers, log):
        env = variables(places, servers, mode=os.environ.get("ASET_MODE", "demo"))
        if servers.cluster is not None:
            env["ASET_TEST_SUPERUSER_URL"] = servers.cluster.url(postgres.SUPERUSER, "postgres")
        complain("Preparing a database for the measurement …")
        commands = (("migrate", "--noinput"), ("compile_catalogues",), ("collectstatic", "--noinput", "-v", "0"))
        run_together([programs.manage(python, env, *command) for command in commands], log)
        return subprocess.run([python, str(BENCH), *arguments], cwd=CLONE, env=env).returncode


def _throw_away(places: Places) -> None:
    postgres.stop_stale(places.postgres)
    valkey.forget_stale(places)
    delete(places)
