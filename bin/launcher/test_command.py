"""bin/test: quality gates and tests on servers of their own; CI runs exactly this."""

import os
import shutil
import subprocess
from pathlib import Path

from launcher import environment, os_packages, postgres
from launcher.console import say
from launcher.gates import run_gates
from launcher.locks import only_launcher
from launcher.places import CLONE, Places, places_for, prepare
from launcher.stopping import on_signal
from launcher.surroundings import External, Servers, temporary_servers, variables

ONE_TEST = "python3 bin/test tests/launcher/test_mail_sink.py -k refuse"

MANY_DATABASES = 40


def main(arguments: list[str]) -> int:
    """Without arguments everything; with arguments pytest alone, and gates are left out."""
    on_signal()
    places = places_for("test")
    prepare(places)
    with only_launcher(places.data):
        os_packages.ensure(for_tests=True, venv_exists=environment.works(environment.FOLDER))
        python = environment.ensure(environment.DEV_LOCK)
        forget_old_databases(places)
        ours = External(redis=os.environ.get("REDIS_URL", ""))
        with temporary_servers(places, python, settings=postgres.FAST_AND_LOSSY, external=ours) as (servers, log):
            env = test_variables(places, servers)
            say(f"Servers for the tests are up (their log: {log.path}). One test alone: {ONE_TEST}")
            return run_tests(python, env, arguments)


def forget_old_databases(places: Places) -> None:
    """Every set of migrations leaves a template behind, every killed run its copies: past a number, begin anew."""
    databases = places.postgres / "base"
    if databases.is_dir() and len(list(databases.iterdir())) > MANY_DATABASES:
        postgres.stop_stale(places.postgres)
        shutil.rmtree(places.postgres)


def test_variables(places: Places, servers: Servers) -> dict[str, str]:
    """The tests make their own databases, as the superuser of their own cluster."""
    env = variables(places, servers, mode="test")
    if servers.cluster is not None:
        env["ASET_TEST_SUPERUSER_URL"] = servers.cluster.url(postgres.SUPERUSER, "postgres")
    env["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return env


def run_tests(python: Path, env: dict[str, str], arguments: list[str]) -> int:
    """The exit status is pytest's, or 1 when only a gate failed. Skipped and xfailed tests fail (tests/conftest.py)."""
    if arguments:
        say("-- quality gates left out: only pytest was asked for\n")
        return run_pytest(python, env, arguments)
    say("Quality gates:")
    failed = run_gates(python, env)
    say()
    status = run_pytest(python, env, ["-n", "2"])
    if failed:
        say(f"\nThese gates failed: {', '.join(failed)}. What they said stands above the tests.")
    return status or (1 if failed else 0)


def run_pytest(python: Path, env: dict[str, str], arguments: list[str]) -> int:
    """Run pytest at the terminal."""
    return subprocess.run([python, "-m", "pytest", *arguments], cwd=CLONE, env=env).returncode
