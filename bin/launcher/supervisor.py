"""Keeps the long-running processes up: a crashed one is started again, with growing pauses."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from launcher.console import say
from launcher.log import Log
from launcher.processes import Child, Program, start, stop_all

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
STEADY_AFTER = 60.0
"""Seconds a process must live before its earlier crashes are forgotten."""


def pause_before(crashes: int) -> float:
    """1, 2, 4 … 30 seconds: quick for an accident, slow for something that cannot work."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (crashes - 1)))


@dataclass
class Watched:
    """A program with its present process, or the instant at which it is started again."""

    program: Program
    child: Child | None
    crashes: int = 0
    due: float = 0.0


class Supervisor:
    """Starts programs in order, restarts those which end, stops all in reverse order."""

    def __init__(self, log: Log, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._log, self._clock = log, clock
        self._watched: list[Watched] = []

    def add(self, program: Program) -> Child:
        """Start a program and keep it up from now on."""
        child = start(program, self._log)
        self._watched.append(Watched(program, child))
        return child

    def check(self) -> None:
        """Look once at every process. Call a few times a second."""
        for watched in self._watched:
            if watched.child is not None and not watched.child.alive():
                self._note_crash(watched, watched.child)
            elif watched.child is None and self._clock() >= watched.due:
                watched.child = start(watched.program, self._log)
                self._log.line("launcher", f"{watched.program.name} started again")

    def _note_crash(self, watched: Watched, child: Child) -> None:
        child.kill_rest()
        steady = self._clock() - child.started_at > STEADY_AFTER
        watched.crashes = 1 if steady else watched.crashes + 1
        pause = pause_before(watched.crashes)
        watched.child, watched.due = None, self._clock() + pause
        text = f"{watched.program.name} ended unexpectedly ({describe_exit(child.process.returncode)}); starting it again in {pause:.0f} s"
        self._log.line("launcher", text)
        if watched.crashes in {1, 5}:
            say(f"  {text}. See {self._log.path}")

    def crashes(self, name: str) -> int:
        """How often in a row a program has ended by itself."""
        return next(watched.crashes for watched in self._watched if watched.program.name == name)

    def stop(self) -> None:
        """Stop the application at once, then the servers it used."""
        children = [watched.child for watched in reversed(self._watched) if watched.child is not None]
        self._watched.clear()
        stop_all([child for child in children if not child.program.serves_others])
        stop_all([child for child in children if child.program.serves_others])


def describe_exit(code: int | None) -> str:
    """`exit 1` or `signal 9`."""
    return f"signal {-code}" if code is not None and code < 0 else f"exit {code}"
