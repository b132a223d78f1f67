"""The quality gates that run before the tests: style, types, layers, templates, migrations."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from launcher.console import say
from launcher.places import CLONE


@dataclass(frozen=True)
class Gate:
    """One check: its name and command line; it passes when the command exits with 0."""

    name: str
    argv: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """What a gate said."""

    gate: Gate
    passed: bool
    seconds: float
    output: str


def gates(python: Path) -> list[Gate]:
    """All gates, the slow ones first so that two cores stay busy."""
    tools = python.parent

    def tool(name: str, *arguments: str) -> list[str]:
        return [str(tools / name), *arguments]

    return [
        Gate("mypy", tool("mypy", ".")),
        Gate("mypy bin", tool("mypy", "--config-file", "bin/launcher/mypy.ini", "bin/launcher")),
        Gate("djlint", tool("djlint", "templates", "--lint", "--quiet")),
        Gate("migrations", [str(python), "manage.py", "makemigrations", "--check", "--dry-run"]),
        Gate("layers", tool("lint-imports", "--no-cache")),
        Gate("ruff", tool("ruff", "check", "--no-cache", ".", *scripts())),
        Gate("ruff format", tool("ruff", "format", "--no-cache", "--check", ".", *scripts())),
    ]


def scripts() -> list[str]:
    """Python programs without an ending, which the tools would not find by themselves."""
    return [str(path.relative_to(CLONE)) for path in sorted((CLONE / "bin").iterdir()) if path.is_file() and _is_python(path)]


def _is_python(path: Path) -> bool:
    return path.read_bytes().startswith(b"#!/usr/bin/env python3")


def run_gate(gate: Gate, env: Mapping[str, str]) -> Outcome:
    """Run one gate and keep what it said."""
    begun = time.monotonic()
    done = subprocess.run(gate.argv, cwd=CLONE, env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return Outcome(gate, done.returncode == 0, time.monotonic() - begun, (done.stdout + done.stderr).strip())


def run_gates(python: Path, env: Mapping[str, str]) -> list[str]:
    """Run all gates, two at a time; show what the failing ones say; return their names."""
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(lambda gate: run_gate(gate, env), gates(python)):
            say(f"  {'passed' if outcome.passed else 'FAILED'}  {outcome.gate.name}  ({outcome.seconds:.1f} s)")
            if not outcome.passed:
                failed.append(outcome.gate.name)
                say("\n".join(f"    {line}" for line in outcome.output.splitlines()[-60:]))
    return failed
