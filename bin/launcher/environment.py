"""The virtual environment: made once, filled by hash, filled again only when the lock file changes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from launcher.console import Problem, say
from launcher.locks import waiting_for
from launcher.places import CLONE

FOLDER = CLONE / ".venv"
RUN_LOCK, DEV_LOCK = "requirements-run.txt", "requirements-dev.txt"
INCLUDED = {DEV_LOCK: (DEV_LOCK, RUN_LOCK), RUN_LOCK: (RUN_LOCK,)}
"""Installing the first brings everything of the others."""


def python_of(folder: Path = FOLDER) -> Path:
    """The environment's interpreter."""
    return folder / "bin" / "python"


def digest_of(lock: Path) -> str:
    """Names what must be installed: the lock's content and the interpreter's version."""
    version = ".".join(str(part) for part in sys.version_info[:2])
    return hashlib.sha256(version.encode() + b"\n" + lock.read_bytes()).hexdigest()


def stamped(folder: Path) -> dict[str, str]:
    """What was installed, by lock file; empty when nothing or nonsense was recorded."""
    try:
        found = json.loads((folder / "installed.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def is_current(folder: Path, root: Path, lock: str) -> bool:
    """True when this lock is installed already and the interpreter still runs (an OS upgrade may take it away)."""
    return stamped(folder).get(lock) == digest_of(root / lock) and works(folder)


def works(folder: Path) -> bool:
    """True when the environment's interpreter is there and is the version that runs us."""
    python = python_of(folder)
    minor = f"python3.{sys.version_info.minor}"
    return python.exists() and os.access(python, os.X_OK) and (folder / "lib" / minor).is_dir()


def stamp(folder: Path, root: Path, lock: str) -> None:
    """Record what has just been installed. Other locks are forgotten: their packages may have been replaced."""
    found = {name: digest_of(root / name) for name in INCLUDED[lock]}
    (folder / "installed.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


def ensure(lock: str) -> Path:
    """Return the interpreter of an environment in which exactly this lock file is installed."""
    with waiting_for(CLONE / "var" / "environment.lock"):
        if not is_current(FOLDER, CLONE, lock):
            _fill(lock)
    return python_of()


def _fill(lock: str) -> None:
    if not works(FOLDER):
        shutil.rmtree(FOLDER, ignore_errors=True)
    say(f"  Installing the Python packages of {lock} …")
    uv = shutil.which("uv")
    if uv is None or not _fill_with_uv(uv, lock):
        _fill_with_pip(lock)
    stamp(FOLDER, CLONE, lock)


def _fill_with_uv(uv: str, lock: str) -> bool:
    """Quicker; on any failure pip takes over, whose configuration may know more (mirrors, certificates)."""
    python = str(python_of())
    made = works(FOLDER) or _quiet([uv, "venv", "-q", "--python", sys.executable, str(FOLDER)])
    return made and _quiet([uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", lock])


def _quiet(command: list[str]) -> bool:
    return subprocess.run(command, cwd=CLONE, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def _fill_with_pip(lock: str) -> None:
    if not works(FOLDER) or not (FOLDER / "bin" / "pip").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], "The virtual environment could not be made")
    command = [str(python_of()), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    _run([*command, "--require-hashes", "-r", lock], "The Python packages could not be installed")


def _run(command: list[str], complaint: str) -> None:
    done = subprocess.run(command, cwd=CLONE, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        last = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).strip().splitlines()[-12:])
        raise Problem(f"{complaint}:\n{last}")
