"""Sealed chunks on disk: nothing readable is ever written, and nothing half-written is ever read.

A file is a sequence of: length (4 bytes), sealed chunk of at most 1 MiB. Each chunk is bound
to its file, its number and whether it is the last, so that none can be changed, moved,
swapped or cut off.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from common.crypto import SealBroken, seal, unseal

CHUNK = 1024 * 1024
_LENGTH = 4
_OVERHEAD = 64


class FileDamaged(Exception):
    """What lies on the disk is not what was stored: changed, cut short, or gone."""


def write(content: Iterable[bytes]) -> str:
    """Seal content onto the disk and give its place; either the whole file is there or nothing."""
    token = secrets.token_hex(16)
    place = f"{token[:2]}/{token[2:4]}/{token}"
    target = _root() / place
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(".part")
    try:
        _write_draft(draft, content, token)
        # A link and not a rename: it fails where something lies already.
        os.link(draft, target)
        _sync(target.parent)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    return place


def read(place: str) -> Iterator[bytes]:
    """The plain chunks in order; raises FileDamaged at the first that does not open."""
    token = place.rsplit("/", 1)[-1]
    try:
        with (_root() / place).open("rb") as source:
            number = -1
            for number, (sealed, is_last) in enumerate(_marking_last(_sealed_chunks(source))):
                yield unseal(sealed, context=_context(token, number, is_last=is_last))
            if number < 0:
                raise FileDamaged("the file is empty")
    except (OSError, SealBroken) as fault:
        raise FileDamaged(str(type(fault).__name__)) from fault


def remove(place: str) -> None:
    """Take the file off the disk; it is no error if that was done before."""
    with suppress(FileNotFoundError):
        (_root() / place).unlink()


def places_older_than(timestamp: float) -> Iterator[str]:
    """Every file that has lain here since before that moment, half-written ones included."""
    for path in _root().glob("*/*/*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < timestamp:
                yield path.relative_to(_root()).as_posix()


def in_chunks(source: BinaryIO | bytes) -> Iterator[bytes]:
    """Bytes or a stream, one mebibyte at a time."""
    if isinstance(source, bytes):
        yield from (source[start : start + CHUNK] for start in range(0, len(source), CHUNK))
        return
    while chunk := source.read(CHUNK):
        yield chunk


def _root() -> Path:
    return Path(settings.FILES_DIR)


def _context(token: str, number: int, *, is_last: bool) -> str:
    return f"files.chunk/{token}/{number}/{'last' if is_last else 'more'}"


def _write_draft(draft: Path, content: Iterable[bytes], token: str) -> None:
    # O_EXCL: an existing file is never written into, whoever put it there.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        for number, (chunk, is_last) in enumerate(_marking_last(content, if_empty=b"")):
            sealed = seal(chunk, context=_context(token, number, is_last=is_last))
            target.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        target.flush()
        os.fsync(target.fileno())


def _sealed_chunks(source: BinaryIO) -> Iterator[bytes]:
    """The sealed chunks as they lie there; raises FileDamaged if one is cut short or oversized."""
    while prefix := source.read(_LENGTH):
        length = int.from_bytes(prefix, "big")
        if len(prefix) < _LENGTH or length > CHUNK + _OVERHEAD:
            raise FileDamaged("not a sealed chunk")
        sealed = source.read(length)
        if len(sealed) < length:
            raise FileDamaged("the file is cut short")
        yield sealed


def _marking_last(chunks: Iterable[bytes], *, if_empty: bytes | None = None) -> Iterator[tuple[bytes, bool]]:
    """Each chunk with whether it is the last; `if_empty` stands in for no chunk at all."""
    waiting = if_empty
    for number, chunk in enumerate(chunks):
        if number and waiting is not None:
            yield waiting, False
        waiting = chunk
    if waiting is not None:
        yield waiting, True


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
