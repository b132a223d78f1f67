"""What each kind of deadline is called and where its notices lead; the owning apps fill it in `AppConfig.ready()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

Words = Any
"""A string or a lazy translation of one."""

RowUrl = Callable[[Any, Model], str | None]
"""Given the reader and the row: the page to open, or None if the row does not exist for that reader."""


@dataclass(frozen=True)
class Kind:
    """One kind of duty.

    `label` heads the notice in the inbox and `duties` says what each duty code asks; neither may hold anything of the row.
    `mail_line` is the one sentence of the mail about the kind of duty (deadlines.md, decided (g)).
    `to_reporter`: notices to the named person (not to posts) go by mail only if that person asked for it.
    """

    code: str
    label: Words
    mail_line: Words
    row_url: RowUrl
    urgent: bool = False
    to_reporter: bool = False
    duties: Mapping[str, Words] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; the same code twice is a mistake in the code."""
    known = _kinds.get(kind.code)
    if known is not None and known != kind:
        raise ValueError(f"deadline kind {kind.code!r} is registered twice")
    _kinds[kind.code] = kind


def get(code: str) -> Kind | None:
    """The kind of that code, or None when its app is no longer installed (old rows stay readable)."""
    return _kinds.get(code)


def codes_to_reporters() -> list[str]:
    """Kinds whose personal notices are mailed only on request."""
    return sorted(code for code, kind in _kinds.items() if kind.to_reporter)
