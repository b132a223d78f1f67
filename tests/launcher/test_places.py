"""Where data goes, what is never deleted, and what is refused in plain words."""

import os
import stat
from pathlib import Path

import pytest
from launcher import keys, places
from launcher.console import Problem
from launcher.locks import AlreadyHeld, only_launcher, require_free_ports


@pytest.fixture(autouse=True)
def as_ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """What root does differently is tested with the real servers (test_servers.py)."""
    monkeypatch.setattr(places, "is_root", lambda: False)


def test_data_is_private_and_marked(tmp_path: Path) -> None:
    chosen = places.places_for("demo", tmp_path / "data")

    places.prepare(chosen)

    assert stat.S_IMODE(chosen.data.stat().st_mode) == 0o700
    assert (chosen.data / places.MARKER).exists()


def test_a_folder_with_other_files_is_neither_used_nor_deleted(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    chosen = places.places_for("demo", tmp_path)

    with pytest.raises(Problem, match="holds other files"):
        places.prepare(chosen)
    with pytest.raises(Problem, match="holds other files"):
        places.delete(chosen)

    assert (tmp_path / "thesis.txt").exists()


def test_fresh_deletes_the_data_but_not_what_a_link_in_it_points_at(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    chosen = places.places_for("demo", tmp_path / "data")
    places.prepare(chosen)
    (chosen.data / "link").symlink_to(outside)
    (chosen.postgres).mkdir()

    places.delete(chosen)

    assert (outside / "kept").exists()
    assert not chosen.postgres.exists()


def test_a_long_path_gets_its_sockets_in_a_short_private_folder(tmp_path: Path) -> None:
    chosen = places.places_for("demo", tmp_path / ("long" * 30))

    assert len(str(chosen.postgres_socket / ".s.PGSQL.5432")) < 107
    assert chosen.sockets == places.places_for("demo", tmp_path / ("long" * 30)).sockets


def test_a_link_planted_where_the_sockets_go_is_refused(tmp_path: Path) -> None:
    chosen = places.Places(data=tmp_path / "data", sockets=tmp_path / "planted")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "planted").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Problem, match="somebody else"):
        places.prepare(chosen)


def test_root_is_told_when_nobody_cannot_reach_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "is_root", lambda: True)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(Problem, match="--data"):
        places.prepare(places.places_for("demo", closed / "data"))


def test_two_launchers_on_the_same_data_get_a_plain_message(tmp_path: Path) -> None:
    with only_launcher(tmp_path), pytest.raises(AlreadyHeld, match=f"process {os.getpid()}"), only_launcher(tmp_path):
        pass


def test_a_taken_port_is_named_and_a_free_row_offered() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Problem, match=f"Port {port} is already in use") as problem:
            require_free_ports(port - 1)

    assert "python3 bin/run --port" in str(problem.value) or port > 64000


def test_keys_are_private_and_never_replaced(tmp_path: Path) -> None:
    first = keys.ensure(tmp_path / "keys")
    sealed_with = Path(first["ASET_FIELD_KEYS_FILE"]).read_text()

    again = keys.ensure(tmp_path / "keys")

    assert Path(again["ASET_FIELD_KEYS_FILE"]).read_text() == sealed_with
    assert all(stat.S_IMODE(Path(path).stat().st_mode) == 0o600 for path in again.values())
