"""bin/fresh-root: makes a minimal Debian with only python3 and git, and runs the two commands in it from a clean clone.

Needs root and debootstrap. Where packages come from is read from this machine's own apt and pip configuration.
"""

import argparse
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Problem, say
from launcher.places import CLONE
from launcher.run_command import status_of

INSIDE = "ASET_FRESH_ROOT_INSIDE"
PORT = 8700
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PATIENCE = 900.0
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Person:
    """Who tries it, and where the clone lies; root's home is closed to others, as on a real machine."""

    name: str
    home: str

    @property
    def clone(self) -> str:
        """The clone as seen inside."""
        return f"{self.home}/safeguarding"


ROOT, NEWCOMER = Person("root", "/root"), Person("newcomer", "/home/newcomer")


def main(arguments: list[str]) -> int:
    """Build once, then try as root and as an ordinary user, each in a copy of its own."""
    parser = argparse.ArgumentParser(prog="bin/fresh-root", description="Try the two commands on a fresh minimal Debian.")
    parser.add_argument("folder", type=Path, help="where the fresh systems go (several GB); `base` in it is kept and used again")
    parser.add_argument("--suite", default="bookworm", help="Debian's name for the release (default bookworm, which is 12)")
    parser.add_argument("--as", dest="people", choices=("root", "newcomer", "both"), default="both", help="who tries it (default both)")
    parser.add_argument("--tests", nargs="*", metavar="ARGUMENT", help="run bin/test too, with these arguments")
    options = parser.parse_args(arguments)
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        raise Problem("This needs root and the program debootstrap: apt-get install debootstrap")
    if INSIDE not in os.environ:
        return _again_with_private_mounts()
    base = build_base(options.folder.resolve(), options.suite)
    people = [person for person in (ROOT, NEWCOMER) if options.people in {person.name, "both"}]
    results = [line for person in people for line in try_as(person, base, tests=options.tests)]
    say("\n" + "\n".join(results))
    return 1 if any("FAILED" in line for line in results) else 0


def _again_with_private_mounts() -> int:
    """What we mount is seen by us alone and gone when we end, however that happens."""
    command = ["unshare", "--mount", "--propagation", "private", sys.executable, str(CLONE / "bin" / "fresh-root"), *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | {INSIDE: "1"}).returncode


def build_base(folder: Path, suite: str) -> Path:
    """debootstrap's smallest variant with python3 and git, nothing else."""
    base = folder / "base"
    if not (base / "usr/bin/python3").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(base, ignore_errors=True)
        say(f"Building a minimal Debian ({suite}) in {base} …")
        run(["debootstrap", "--variant=minbase", "--include=python3,git", suite, str(base), mirror_for(suite)])
    return base


def mirror_for(suite: str) -> str:
    """The address this machine itself uses for the release."""
    for file in sorted(Path("/etc/apt").glob("sources.list.d/*.sources")):
        for paragraph in file.read_text(encoding="utf-8").split("\n\n"):
            fields = dict(line.split(":", 1) for line in paragraph.splitlines() if ":" in line and not line.startswith("#"))
            if suite in fields.get("Suites", "").split():
                return fields["URIs"].split()[0]
    for file in (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt").glob("sources.list.d/*.list"))):
        for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
            found = re.match(rf"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+{suite}\s", line)
            if found:
                return found.group(1)
    raise Problem(f"This machine's apt sources name no mirror for {suite}.")


def copy_configuration(root: Path) -> None:
    """How this machine reaches its packages: apt sources of Debian, certificates, names, pip's settings."""
    for name in ("etc/resolv.conf", "etc/hosts", "etc/pip.conf"):
        if Path("/", name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path("/", name), root / name)
    if CERTIFICATES.exists():
        # Under another name: installing the package ca-certificates would overwrite it.
        shutil.copy(CERTIFICATES, root / "etc/host-certificates.crt")
    for source in sorted(Path("/etc/apt").glob("sources.list.d/debian.sources")):
        (root / "etc/apt/sources.list").unlink(missing_ok=True)
        shutil.copy(source, root / "etc/apt/sources.list.d" / source.name)
    for user_config in (Path.home() / ".config/pip/pip.conf", Path.home() / ".pip/pip.conf"):
        if user_config.exists() and not (root / "etc/pip.conf").exists():
            shutil.copy(user_config, root / "etc/pip.conf")


def local_folders() -> list[Path]:
    """Folders on this machine that pip's settings name as sources of packages."""
    said = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    named = {Path(match) for match in re.findall(r"(?:file://|[='\s])(/[\w./+-]+)", said)}
    return sorted(path for path in named if path.is_dir())


@contextmanager
def fresh_copy(base: Path, person: Person) -> Iterator[Path]:
    """A copy of the base with what a booted system has: proc, shared memory, terminals, an account, a clean clone."""
    root = base.with_name(f"as-{person.name}")
    shutil.rmtree(root, ignore_errors=True)
    run(["cp", "-a", str(base), str(root)])
    copy_configuration(root)
    run(["mount", "-t", "proc", "proc", str(root / "proc")])
    run(["mount", "-t", "tmpfs", "tmpfs", str(root / "dev/shm")])
    for folder in local_folders():
        inside = root / folder.relative_to("/")
        inside.mkdir(parents=True, exist_ok=True)
        run(["mount", "--bind", "-o", "ro", str(folder), str(inside)])
    if person is not ROOT:
        run(["chroot", str(root), "useradd", "--create-home", "--shell", "/bin/bash", person.name])
    (root / person.home.lstrip("/")).chmod(0o700)
    run(["git", "clone", "-q", "--no-hardlinks", str(CLONE), str(root / person.clone.lstrip("/"))])
    run(["chroot", str(root), "chown", "-R", f"{person.name}:", person.clone])
    yield root


def inside(root: Path, person: Person, command: list[str]) -> list[str]:
    """A command line in the fresh system, with nothing of our environment but pip's settings."""
    kept = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("PIP_") and name != "PIP_CERT"]
    if (root / "etc/host-certificates.crt").exists():
        kept.append("PIP_CERT=/etc/host-certificates.crt")
    script = f"cd {shlex.quote(person.clone)} && exec {shlex.join(command)}"
    env = ["env", "-i", f"HOME={person.home}", f"PATH={PATH}", f"USER={person.name}", *kept]
    return ["chroot", f"--userspec={person.name}:{person.name}", str(root), *env, "sh", "-c", script]


def try_as(person: Person, base: Path, *, tests: list[str] | None) -> list[str]:
    """First start, second start, and the tests if wanted; each line says how long it took."""
    results = []
    with fresh_copy(base, person) as root:
        for start in ("first start", "second start"):
            seconds = time_to_first_page(root, person)
            results.append(f"{person.name:<10} {start:<14} {f'{seconds:.1f} s to the first page' if seconds else 'FAILED'}")
            left = left_running(root)
            if left:
                results.append(f"{person.name:<10} FAILED: still running after the stop: {', '.join(left)}")
        if tests is not None:
            begun = time.monotonic()
            passed = run_tests(root, person, tests)
            results.append(f"{person.name:<10} {'bin/test':<14} {'passed' if passed else 'FAILED'} in {time.monotonic() - begun:.0f} s")
    return results


def time_to_first_page(root: Path, person: Person) -> float | None:
    """Seconds until the page answers and the data is there. If it asks for packages, root types that line and the clock starts anew."""
    command = inside(root, person, ["python3", "bin/run", "--port", str(PORT)])
    for _attempt in range(2):
        begun = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            while process.poll() is None and time.monotonic() - begun < PATIENCE:
                if status_of(PORT, "/") == 200:
                    await_ready(process)
                    seconds = time.monotonic() - begun
                    process.send_signal(signal.SIGTERM)
                    say(process.communicate(timeout=60)[0])
                    return seconds
                time.sleep(0.1)
            process.terminate()
            said = process.communicate(timeout=60)[0]
        say(said)
        if not install_as_told(root, said):
            return None
    return None


def await_ready(process: subprocess.Popen[str]) -> None:
    """Read up to the line that says everything has been started."""
    assert process.stdout is not None  # noqa: S101 - for the type checker; PIPE was asked for
    for line in process.stdout:
        say(line.rstrip())
        if line.startswith("Every person"):
            return


def install_as_told(root: Path, said: str) -> bool:
    """Type the one line that was printed, as the machine's administrator would."""
    found = re.search(r"^\s*(sudo apt-get update && .+)$", said, re.MULTILINE)
    if not found:
        return False
    line = found.group(1).replace("sudo ", "")
    say(f"(root types: {line})")
    command = ["chroot", str(root), "env", "-i", f"PATH={PATH}", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", line]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def run_tests(root: Path, person: Person, arguments: list[str]) -> bool:
    """Run bin/test; its output goes to the terminal."""
    command = inside(root, person, ["python3", "bin/test", *arguments])
    for _attempt in range(2):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
        say(done.stdout)
        if done.returncode == 0 or not install_as_told(root, done.stdout):
            return done.returncode == 0
    return False


def left_running(root: Path) -> list[str]:
    """Programs that still have the fresh system as their root folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "root").readlink() == root:
                found.append((process / "comm").read_text(encoding="utf-8").strip())
        except OSError:
            continue
    return found


def run(command: list[str]) -> None:
    """Run a step. Raises Problem with what it said when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Problem(f"{shlex.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
