"""The virtual environment is filled again exactly when it must be, and OS packages are named in one line."""

import sys
from pathlib import Path

import pytest
from launcher import environment, os_packages
from launcher.console import Problem
from launcher.surroundings import external_servers


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with both locks and something that looks like a finished environment."""
    (tmp_path / environment.RUN_LOCK).write_text("django==1\n")
    (tmp_path / environment.DEV_LOCK).write_text("django==1\npytest==1\n")
    venv = tmp_path / ".venv"
    (venv / "lib" / f"python3.{sys.version_info.minor}").mkdir(parents=True)
    (venv / "bin").mkdir()
    (venv / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def test_an_unstamped_environment_is_filled(clone: Path) -> None:
    assert not environment.is_current(clone / ".venv", clone, environment.RUN_LOCK)


def test_a_stamped_environment_is_left_alone(clone: Path) -> None:
    environment.stamp(clone / ".venv", clone, environment.RUN_LOCK)

    assert environment.is_current(clone / ".venv", clone, environment.RUN_LOCK)
    assert not environment.is_current(clone / ".venv", clone, environment.DEV_LOCK)


def test_what_the_tests_need_includes_what_running_needs(clone: Path) -> None:
    environment.stamp(clone / ".venv", clone, environment.DEV_LOCK)

    assert environment.is_current(clone / ".venv", clone, environment.RUN_LOCK)


def test_a_changed_lock_is_installed_again(clone: Path) -> None:
    environment.stamp(clone / ".venv", clone, environment.RUN_LOCK)
    (clone / environment.RUN_LOCK).write_text("django==2\n")

    assert not environment.is_current(clone / ".venv", clone, environment.RUN_LOCK)


def test_a_vanished_interpreter_makes_the_environment_anew(clone: Path) -> None:
    environment.stamp(clone / ".venv", clone, environment.RUN_LOCK)
    (clone / ".venv" / "bin" / "python").unlink()

    assert not environment.is_current(clone / ".venv", clone, environment.RUN_LOCK)


def test_a_damaged_stamp_counts_as_none(clone: Path) -> None:
    (clone / ".venv" / "installed.json").write_text("{half")

    assert environment.stamped(clone / ".venv") == {}


def test_missing_packages_are_one_line_to_copy() -> None:
    line = os_packages.the_line(("python3-venv", "chromium"), as_root=False)

    assert line == "sudo apt-get update && sudo apt-get install -y --no-install-recommends python3-venv chromium"


def test_what_cannot_be_installed_and_is_needed_stops_with_that_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os_packages, "find_missing", lambda **_: os_packages.Missing(("python3-venv",), ("libpango-1.0-0",)))
    monkeypatch.setattr(os_packages, "is_debian_like", lambda: True)
    monkeypatch.setattr(os_packages, "may_sudo", lambda: False)
    monkeypatch.setattr(os_packages.os, "geteuid", lambda: 1000)

    with pytest.raises(Problem, match="sudo apt-get install -y --no-install-recommends python3-venv libpango"):
        os_packages.ensure(for_tests=False, venv_exists=False)


def test_missing_pdf_libraries_do_not_stop_the_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os_packages, "find_missing", lambda **_: os_packages.Missing((), ("libharfbuzz-subset0",)))
    monkeypatch.setattr(os_packages, "is_debian_like", lambda: False)

    os_packages.ensure(for_tests=False, venv_exists=True)

    assert "libharfbuzz-subset0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "expected"), [("ID=debian\n", True), ('ID=mint\nID_LIKE="ubuntu debian"\n', True), ("ID=fedora\n", False)]
)
def test_debian_and_its_family_are_recognised(tmp_path: Path, text: str, expected: bool) -> None:
    (tmp_path / "os-release").write_text(text)

    assert os_packages.is_debian_like(tmp_path / "os-release") is expected


def test_an_external_database_needs_both_roles() -> None:
    with pytest.raises(Problem, match="OWNER_DATABASE_URL"):
        external_servers({"DATABASE_URL": "postgres://aset_app@db/aset"})
