"""Storing, opening and destroying files."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from audit.recording import record
from files import sealed_store
from files.clocks import ORPHANED_AFTER
from files.models import StoredFile
from files.sealed_store import FileDamaged, in_chunks


def store(content: bytes | BinaryIO, *, name: str, content_type: str, by: AbstractBaseUser | None) -> StoredFile:
    """Seal a file onto the disk, then write its row in the caller's transaction.

    The disk comes first: a row without its file would be a lost document. A file whose
    transaction was rolled back later is rubbish that `remove_orphans` takes away.
    """
    measured = _Measured(content)
    place = sealed_store.write(measured.chunks())
    try:
        with transaction.atomic():
            stored = StoredFile(
                sha256=measured.digest.digest(), size=measured.size, content_type=content_type, name=name[-255:], place=place
            )
            stored.stored_by_id = None if by is None else by.pk
            stored.save(force_insert=True)
            record("file.stored", stored, by=by, size=stored.size)
    except BaseException:
        sealed_store.remove(place)
        raise
    return stored


def open_file(stored: StoredFile) -> Iterator[bytes]:
    """The plain content in chunks, verified whole before the first byte is given out.

    Raises FileDamaged: better no download than half of one that looks complete. The caller
    has fetched the row that links to this file through its access rule.
    """
    if stored.place is None:
        raise FileDamaged("the file was destroyed")
    digest = hashlib.sha256()
    for chunk in sealed_store.read(stored.place):
        digest.update(chunk)
    if not hmac.compare_digest(digest.digest(), bytes(stored.sha256)):
        raise FileDamaged("the content is not what was stored")
    return sealed_store.read(stored.place)


@transaction.atomic
def destroy(stored: StoredFile, *, by: AbstractBaseUser | None, now: datetime) -> None:
    """Remove the content for good; a stub without name or place stays. Safe to run twice."""
    stored = StoredFile.objects.select_for_update().get(pk=stored.pk)
    if stored.place is None:
        return
    place, stored.place, stored.name, stored.destroyed_at = stored.place, None, None, now
    stored.save(update_fields=["place", "name", "destroyed_at"])
    record("file.destroyed", stored, by=by)
    transaction.on_commit(lambda: sealed_store.remove(place))


def remove_orphans(*, now: datetime) -> int:
    """Take away what no row points at: transactions rolled back, processes killed in the middle.

    Only what has lain for a day, since a row may be about to be written. Says how many.
    """
    removed = 0
    for place in sealed_store.places_older_than((now - ORPHANED_AFTER).timestamp()):
        if not StoredFile.objects.filter(place=place).exists():
            sealed_store.remove(place)
            removed += 1
    return removed


class _Measured:
    """Counts and digests plain content while it passes by on its way to the disk."""

    def __init__(self, content: bytes | BinaryIO) -> None:
        self._content = content
        self.size = 0
        self.digest = hashlib.sha256()

    def chunks(self) -> Iterator[bytes]:
        for chunk in in_chunks(self._content):
            self.size += len(chunk)
            self.digest.update(chunk)
            yield chunk
