"""What no Python wheel brings: found by trying, put in place where we may, otherwise the one line that does it."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Problem, say

LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Missing:
    """Packages by weight: without `needed` nothing runs; without `for_pdf` all but PDFs."""

    needed: tuple[str, ...]
    for_pdf: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """Everything that is missing."""
        return self.needed + self.for_pdf


def find_missing(*, for_tests: bool, venv_exists: bool) -> Missing:
    """Look for each thing itself, not for its package: a library put there in another way counts too."""
    needed = [] if venv_exists or has_venv() else ["python3-venv"]
    if for_tests:
        needed += [] if any(shutil.which(name) for name in CHROMIUM) else ["chromium"]
        needed += [] if shutil.which("redis-server") else ["redis-server"]
    return Missing(tuple(needed), tuple(package for package, library in LIBRARIES.items() if not loads(library)))


def has_venv() -> bool:
    """Debian's python3 comes without ensurepip, and then cannot make an environment that has pip."""
    return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None


def loads(library: str) -> bool:
    """True when the dynamic linker finds the library. Elsewhere than on Linux it is left to WeasyPrint to say."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def is_debian_like(release: Path = Path("/etc/os-release")) -> bool:
    """Debian, Ubuntu and what calls itself like them."""
    try:
        lines = release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    named = [line.split("=", 1)[1].strip('"').split() for line in lines if line.startswith(("ID=", "ID_LIKE="))]
    return any(word in {"debian", "ubuntu"} for words in named for word in words)


def the_line(packages: tuple[str, ...], *, as_root: bool) -> str:
    """The one line that installs them."""
    sudo = "" if as_root else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def may_sudo() -> bool:
    """True when sudo asks for no password."""
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


def ensure(*, for_tests: bool, venv_exists: bool) -> None:
    """Install what is missing, or say how. Raises Problem only when we cannot go on without."""
    missing = find_missing(for_tests=for_tests, venv_exists=venv_exists)
    if not missing.all():
        return
    as_root = os.geteuid() == 0
    if is_debian_like() and shutil.which("apt-get") and (as_root or may_sudo()):
        _install(missing.all(), as_root=as_root)
        missing = find_missing(for_tests=for_tests, venv_exists=venv_exists)
    if missing.needed:
        raise Problem(f"This machine lacks {', '.join(missing.all())}. This line installs them:\n\n  {_advice(missing.all())}\n")
    if missing.for_pdf:
        say(f"  PDF files cannot be made on this machine until this line has been run: {_advice(missing.for_pdf)}")


def _advice(packages: tuple[str, ...]) -> str:
    if is_debian_like():
        return the_line(packages, as_root=os.geteuid() == 0)
    return f"install with your system's package tool what Debian calls: {' '.join(packages)}"


def _install(packages: tuple[str, ...], *, as_root: bool) -> None:
    """apt-get with no questions asked. A failure is shown and judged afterwards by what is still missing."""
    say(f"  Installing {', '.join(packages)} …")
    begin = [] if as_root else ["sudo", "-n"]
    options = ["-y", "-q", "--no-install-recommends"]
    for command in (["apt-get", "update", "-q"], ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", *options, *packages]):
        done = subprocess.run([*begin, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            say("\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-5:]))
