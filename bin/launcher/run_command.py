"""bin/run: from a clean clone to a page that answers, with one command."""

import argparse
import http.client
import os
import time
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

from launcher import environment, keys, os_packages, postgres, programs, valkey
from launcher.console import Problem, say
from launcher.demo import DEMO_PASSWORD
from launcher.locks import only_launcher, require_free_ports
from launcher.log import Log
from launcher.places import Places, delete, places_for, prepare
from launcher.processes import run_to_end, run_together
from launcher.stopping import Stopped, ignore, on_signal
from launcher.supervisor import Supervisor
from launcher.surroundings import external_servers, start_servers, variables

ACCOUNTS = "demonstration-accounts.txt"
"""Written when the demonstration organisation has been loaded: who can sign in."""
PATIENCE = 180.0
"""Seconds the first page may take once the web server has been started."""


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options, each with a plain explanation."""
    parser = argparse.ArgumentParser(prog="bin/run", description="Run the whole system on this machine with a fictional organisation.")
    parser.add_argument("--port", type=int, default=8000, help="page on this port, mails on the next one (default 8000)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the data in this folder")
    parser.add_argument("--fresh", action="store_true", help="delete the data of earlier runs first")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run until somebody stops it."""
    begun = time.monotonic()
    options = parse(arguments)
    on_signal()
    try:
        with ExitStack() as stack:
            _run(options, stack, begun)
    except Stopped:
        say("Stopped. Nothing is left running; the data is kept.")
    finally:
        ignore()
    return 0


def _run(options: argparse.Namespace, stack: ExitStack, begun: float) -> None:
    if os.environ.get("ASET_MODE") == "production":
        raise Problem("bin/run is the demonstration, and ASET_MODE says production. docs/operations.md tells how to deploy.")
    external = external_servers(os.environ)
    require_free_ports(options.port)
    places = places_for("demo", options.data)
    prepare(places)
    stack.enter_context(only_launcher(places.data))
    if options.fresh:
        start_over(places)
    say(f"ASET safeguarding, demonstration. Data: {places.data}")
    os_packages.ensure(for_tests=False, venv_exists=environment.works(environment.FOLDER))
    python = environment.ensure(environment.RUN_LOCK)

    log = Log(places.log)
    stack.callback(log.close)
    supervisor = Supervisor(log)
    stack.callback(supervisor.stop)
    stack.callback(ignore)
    servers = start_servers(places, python, supervisor, log, settings=postgres.SAFE, external=external)
    env = variables(places, servers, mode="demo", port=options.port)
    (places.run / "port").write_text(str(options.port), encoding="utf-8")
    prepare_application(places, python, env, log)
    serve(places, python, env, supervisor, options.port, log)
    say_ready(options.port, places, time.monotonic() - begun)
    watch(supervisor)


def start_over(places: Places) -> None:
    """--fresh: delete the data, after making sure that no server of a killed launcher still uses it."""
    postgres.stop_stale(places.postgres)
    valkey.forget_stale(places)
    delete(places)
    prepare(places)


def prepare_application(places: Places, python: Path, env: dict[str, str], log: Log) -> None:
    """Schema, texts and static files, side by side."""
    say("  Preparing the database …")
    steps = [
        programs.manage(python, env, "migrate", "--noinput", "-v", "1"),
        programs.manage(python, env, "compile_catalogues"),
        programs.manage(python, env, "collectstatic", "--noinput", "-v", "0"),
    ]
    run_together(steps, log)


def load_demonstration(places: Places, python: Path, env: dict[str, str], log: Log) -> None:
    """On the first start the demonstration organisation; what it says of its accounts is kept for later starts."""
    if (places.data / ACCOUNTS).exists():
        return
    say("  Loading the demonstration organisation …")
    run_to_end(programs.manage(python, env, "load_demo"), log)
    keys.write_private(places.data / ACCOUNTS, "\n".join(accounts_in(log.said_by("load_demo"))))


def accounts_in(lines: list[str]) -> list[str]:
    """The lines of load_demo's output that name an account."""
    return [line.strip() for line in lines if "@" in line.split(maxsplit=1)[0]] if lines else []


def serve(places: Places, python: Path, env: dict[str, str], supervisor: Supervisor, port: int, log: Log) -> None:
    """Start everything; return when the first page has been served. The web server starts up while the data is loaded."""
    supervisor.add(programs.mail_sink(places, port))
    supervisor.add(programs.web(python, env, port))
    load_demonstration(places, python, env, log)
    await_first_page(supervisor, port, log)
    for program in (
        programs.escalator(python, env),
        programs.worker(python, env),
        programs.jobs_worker(python, env),
        programs.beat(python, env, places),
    ):
        supervisor.add(program)


def await_first_page(supervisor: Supervisor, port: int, log: Log) -> None:
    """Ask for the page until it comes. Raises Problem with the log's last lines when it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and supervisor.crashes("web") < 3:
        supervisor.check()
        if status_of(port, "/") == 200:
            return
        time.sleep(0.05)
    last = "\n".join(f"  {line}" for line in log.recent())
    raise Problem(f"The page does not come. The log's last lines:\n{last}\nThe whole log: {log.path}")


def status_of(port: int, path: str, hops: int = 5) -> int | None:
    """The status at the end of the redirects on our own server; None when nothing answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as link:
        try:
            link.request("GET", path, headers={"Host": f"localhost:{port}"})
            answer = link.getresponse()
        except (OSError, http.client.HTTPException):
            return None
    target = urlsplit(answer.headers.get("Location", ""))
    if answer.status in {301, 302, 303, 307} and hops and target.netloc in {"", f"localhost:{port}"}:
        return status_of(port, target.path or "/", hops - 1)
    return answer.status


def say_ready(port: int, places: Places, seconds: float) -> None:
    """Where to go and who can sign in."""
    say(f"\nReady in {seconds:.1f} s\n")
    say(f"  Page   http://localhost:{port}/")
    say(f"  Mails  http://localhost:{port + 1}/")
    say(f"  Log    {places.log}\n")
    say(f"Sign in as any of these, password {DEMO_PASSWORD}\n")
    for line in (places.data / ACCOUNTS).read_text(encoding="utf-8").splitlines():
        say(f"  {line}")
    say("\nEvery person and child here is invented. Stop with Ctrl-C.")


def watch(supervisor: Supervisor) -> None:
    """Keep everything up until somebody stops it."""
    while True:
        supervisor.check()
        time.sleep(0.25)
