"""The whole of bin/run: from nothing to a page, and back to nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from launcher.locks import port_is_free

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the servers' account can reach when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="aset-"))
    folder.chmod(0o711)
    yield folder / "d"
    shutil.rmtree(folder)


def free_row() -> int:
    return next(port for port in range(18000, 60000, 10) if all(port_is_free(port + step) for step in range(3)))


def clean_env() -> dict[str, str]:
    """As at a terminal: nothing of the tests' own settings."""
    return {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"} or name.startswith("PIP_")}


def read_until(process: subprocess.Popen[str], beginning: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith(beginning):
            return lines
    raise AssertionError("\n".join(lines))


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def processes_naming(text: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            found += [(path / "cmdline").read_bytes().decode(errors="replace"), (path / "environ").read_bytes().decode(errors="replace")]
        except OSError:
            continue
    return [line for line in found if text in line]


def test_the_demonstration_never_starts_on_a_production_installation() -> None:
    env = clean_env() | {"ASET_MODE": "production"}

    done = subprocess.run([sys.executable, "bin/run"], cwd=ROOT, env=env, capture_output=True, text=True)

    assert done.returncode == 1
    assert "is the demonstration" in done.stderr


@pytest.mark.fault
def test_one_command_serves_the_sign_in_page_and_leaves_nothing_behind(data: Path) -> None:
    port = free_row()
    command = [sys.executable, "bin/run", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(command, cwd=ROOT, env=clean_env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as launcher:
        said = read_until(launcher, "Every person")

        assert "password" in get(f"http://localhost:{port}/")
        assert isinstance(json.loads(get(f"http://localhost:{port + 1}/mails.json")), list)
        assert any(line.startswith("Ready in") for line in said)
        assert sum("@demo.example" in line for line in said) == 16
        second = subprocess.run(command, cwd=ROOT, env=clean_env(), capture_output=True, text=True)
        elsewhere = [*command[:-3], str(port + 3), *command[-2:]]
        third = subprocess.run(elsewhere, cwd=ROOT, env=clean_env(), capture_output=True, text=True)

        launcher.send_signal(signal.SIGTERM)
        launcher.communicate(timeout=60)

    assert f"Port {port} is already in use" in second.stderr
    assert "Another launcher" in third.stderr
    assert launcher.returncode == 0
    assert processes_naming(str(data)) == []
    assert (data / "postgres" / "PG_VERSION").exists()
