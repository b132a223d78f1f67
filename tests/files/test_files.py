"""Stored files: sealed on the disk, whole or not at all, and never half of one handed out."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit.models import Event
from files import sealed_store
from files.actions import destroy, open_file, remove_orphans, store
from files.models import StoredFile
from files.sealed_store import CHUNK, FileDamaged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def keep(content: bytes | io.BytesIO = b"Procesverbali: e tha vet\xc3\xab.", name: str = "procesverbal.pdf") -> StoredFile:
    return store(content, name=name, content_type="application/pdf", by=None)


def on_disk(stored: StoredFile, folder: Path) -> Path:
    return folder / str(stored.place)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_a_file_comes_back_byte_for_byte(size: int) -> None:
    content = os.urandom(size)

    from_bytes, from_stream = keep(content), keep(io.BytesIO(content))

    for stored in (from_bytes, from_stream):
        assert b"".join(open_file(stored)) == content
        assert stored.size == size


def test_nothing_readable_reaches_the_disk(folder: Path) -> None:
    stored = keep(b"the child's words " * 10_000)

    assert b"child" not in on_disk(stored, folder).read_bytes()
    assert "procesverbal" not in str(stored.place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM files_storedfile")
        assert b"procesverbal" not in bytes(cursor.fetchone()[0])


def test_only_the_application_may_read_the_folder_and_the_file(folder: Path) -> None:
    path = on_disk(keep(), folder)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_same_content_twice_is_two_files_with_nothing_alike(folder: Path) -> None:
    one, other = keep(), keep()

    assert one.place != other.place
    assert on_disk(one, folder).read_bytes() != on_disk(other, folder).read_bytes()


def test_storing_is_an_event_without_the_name() -> None:
    stored = keep(name="Gëzim Çela.pdf")

    event = Event.objects.get(kind="file.stored")

    assert event.row_pk == stored.pk
    assert "Gëzim" not in str(event.data)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_any_flipped_bit_is_noticed_before_anything_is_given_out(folder: Path, place: int, bit: int) -> None:
    stored = keep()
    path = on_disk(stored, folder)
    damaged = bytearray(path.read_bytes())
    damaged[place % len(damaged)] ^= 1 << bit
    path.write_bytes(bytes(damaged))

    with pytest.raises(FileDamaged):
        open_file(stored)


def chunks_of(path: Path) -> list[bytes]:
    data, parts = path.read_bytes(), []
    while data:
        end = 4 + int.from_bytes(data[:4], "big")
        parts.append(data[:end])
        data = data[end:]
    return parts


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts[:-1],
        lambda parts: [parts[1], parts[0], parts[2]],
        lambda parts: [*parts, parts[-1]],
        lambda parts: [parts[0], parts[0], parts[2]],
        lambda _parts: [],
        lambda parts: [parts[0], parts[1], parts[2][:-5]],
        lambda parts: [b"\xff\xff\xff\xff", *parts],
    ],
    ids=["cut", "swapped", "lengthened", "repeated", "emptied", "cut-in-a-chunk", "endless-chunk"],
)
def test_chunks_cannot_be_cut_swapped_or_added(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    stored = keep(os.urandom(2 * CHUNK + 10))
    path = on_disk(stored, folder)

    path.write_bytes(b"".join(change(chunks_of(path))))

    with pytest.raises(FileDamaged):
        list(sealed_store.read(str(stored.place)))
    with pytest.raises(FileDamaged):
        open_file(stored)


def test_one_file_put_in_the_place_of_another_is_noticed(folder: Path) -> None:
    one, other = keep(b"one"), keep(b"other")

    on_disk(one, folder).write_bytes(on_disk(other, folder).read_bytes())

    with pytest.raises(FileDamaged):
        list(sealed_store.read(str(one.place)))
    with pytest.raises(FileDamaged):
        open_file(one)


def test_a_row_pointed_at_another_file_is_noticed() -> None:
    one, other = keep(b"one"), keep(b"other")
    one.place = other.place

    with pytest.raises(FileDamaged, match="not what was stored"):
        open_file(one)


def test_a_file_that_is_gone_is_said_to_be_damaged(folder: Path) -> None:
    stored = keep()
    on_disk(stored, folder).unlink()

    with pytest.raises(FileDamaged):
        open_file(stored)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_source_that_breaks_off_leaves_nothing_behind(folder: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        keep(Broken(b"x"))

    assert files_in(folder) == []
    assert not StoredFile.objects.exists()


def test_a_row_that_cannot_be_written_takes_its_file_along(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("files.actions.record", refuse)

    with pytest.raises(DatabaseError):
        keep()

    assert files_in(folder) == []
    assert not StoredFile.objects.exists()


def test_a_file_that_is_there_is_never_written_into(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("files.sealed_store.secrets.token_hex", lambda _n: "ab" * 16)
    sealed_store.write([b"first"])

    with pytest.raises(FileExistsError):
        sealed_store.write([b"second"])

    assert b"".join(sealed_store.read("ab/ab/" + "ab" * 16)) == b"first"


def test_destroying_leaves_a_stub_without_name_or_content(folder: Path, django_capture_on_commit_callbacks: Any) -> None:
    stored = keep()

    with django_capture_on_commit_callbacks(execute=True):
        destroy(stored, by=None, now=timezone.now())
        destroy(stored, by=None, now=timezone.now())

    stored.refresh_from_db()
    assert (stored.name, stored.place) == (None, None)
    assert stored.destroyed_at is not None
    assert files_in(folder) == []
    assert Event.objects.filter(kind="file.destroyed").count() == 1
    with pytest.raises(FileDamaged, match="destroyed"):
        open_file(stored)


def test_a_rolled_back_destruction_destroys_nothing(folder: Path) -> None:
    stored = keep()

    with transaction.atomic():
        destroy(stored, by=None, now=timezone.now())
        transaction.set_rollback(True)

    stored.refresh_from_db()
    assert b"".join(open_file(stored))


def test_the_database_keeps_what_was_stored_as_it_was() -> None:
    stored = keep()

    for change in ({"sha256": b"x" * 32}, {"size": 1}, {"content_type": "text/html"}, {"reference": "F-X"}):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            StoredFile.objects.filter(pk=stored.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        stored.delete()


def test_half_a_stub_is_refused() -> None:
    stored = keep()

    with pytest.raises(IntegrityError, match="files_destroyed_is_a_stub"), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(destroyed_at=timezone.now())


def test_what_no_row_points_at_is_taken_away_after_a_day(folder: Path) -> None:
    kept = keep()
    lost = sealed_store.write([b"its transaction was rolled back"])
    half = folder / "ab" / "cd" / "killed.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"x")

    assert remove_orphans(now=timezone.now() + timedelta(hours=23)) == 0
    assert remove_orphans(now=timezone.now() + timedelta(hours=25)) == 2

    assert files_in(folder) == [on_disk(kept, folder)]
    assert not (folder / lost).exists()
