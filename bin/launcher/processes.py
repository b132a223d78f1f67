"""A child process in a group of its own: started tethered to the launcher, stopped with all its descendants."""

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.console import Problem
from launcher.log import Log

TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True)
class Program:
    """What to run, as whom, and the signal that ends it cleanly."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path | None = None
    account: pwd.struct_passwd | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    """Seconds it gets to end by itself before SIGKILL."""
    serves_others: bool = False
    """A database or queue: stopped only when all that use it have stopped."""


@dataclass
class Child:
    """One running program."""

    program: Program
    process: subprocess.Popen[bytes]
    started_at: float
    output: threading.Thread
    """Copies what it says to the log."""

    def alive(self) -> bool:
        """False as soon as the program itself has ended; descendants may linger until `kill_rest`."""
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the program its own stop signal."""
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.program.stop_signal)

    def kill_rest(self) -> None:
        """End whatever is left of the group, then collect the program."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def tethered(program: Program) -> list[str]:
    """The command line that ties the program to this process and drops root when it has an account."""
    account = program.account.pw_name if program.account else "-"
    python = [sys.executable, "-I", "-S", str(TETHER)]
    return [*python, str(os.getpid()), program.stop_signal.name, account, *program.argv]


def start(program: Program, log: Log) -> Child:
    """Start a program; its output goes to the log under its name. Call from the main thread only:
    the tether reacts to the end of the thread that started it."""
    process = subprocess.Popen(
        tethered(program),
        env=dict(program.env),
        cwd=program.cwd or "/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - for the type checker; PIPE was asked for
    return Child(program, process, time.monotonic(), log.follow(program.name, process.stdout))


def stop_all(children: Sequence[Child]) -> None:
    """Ask all of them to stop, wait for each one's grace, then kill what is left."""
    for child in children:
        child.ask_to_stop()
    begun = time.monotonic()
    for child in children:
        remaining = child.program.grace - (time.monotonic() - begun)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.0, remaining))
        child.kill_rest()


def run_to_end(program: Program, log: Log) -> None:
    """Run a program that ends by itself. Raises Problem with its last lines when it fails."""
    run_together([program], log)


def run_together(programs: Sequence[Program], log: Log) -> None:
    """Run programs that end by themselves, side by side. Raises Problem with the last lines of the first that failed."""
    children: list[Child] = []
    try:
        for program in programs:
            children.append(start(program, log))  # noqa: PERF401 - one by one, so that a stop in between finds them
        codes = [child.process.wait() for child in children]
    finally:
        stop_all(children)
    for child, code in zip(children, codes, strict=True):
        child.output.join(timeout=2)
        if code:
            last = "\n".join(f"  {line}" for line in log.recent(name=child.program.name))
            raise Problem(f"{child.program.name} failed (exit {code}). Its last lines:\n{last}\nThe whole log: {log.path}")
