"""The kinds of job: each owning app says how its work is done and who may fetch the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from jobs.models import Job


class Progress(Protocol):
    """Given to the work: tells how far it is, keeps the lease, and raises when it is to stop."""

    def __call__(self, percent: int, /) -> None: ...


Run = Callable[["Job", Progress], bytes]


@dataclass(frozen=True)
class Kind:
    """One kind of job; `may_download` is asked again at every download, after the owner check."""

    code: str
    run: Run
    label: Any
    may_download: Callable[[Any, Job], bool]
    filename: Callable[[Job], str]
    content_type: str


_kinds: dict[str, Kind] = {}


def register(
    code: str,
    run: Run,
    *,
    may_download: Callable[[Any, Job], bool],
    label: Any = "",
    filename: Callable[[Job], str] | None = None,
    content_type: str = "application/pdf",
) -> Kind:
    """Called in AppConfig.ready(). `run` may run twice: it reads, and gives back the bytes.

    `may_download` has no default: whoever lost a role since must not fetch what it made.
    """
    kind = Kind(code, run, label or code, may_download, filename or _default_filename, content_type)
    _kinds[code] = kind
    return kind


def kind_of(job: Job) -> Kind:
    """The kind of this job; raises KeyError for one that no app registered."""
    return _kinds[job.kind]


def is_registered(code: str) -> bool:
    """Whether some app does work of this kind."""
    return code in _kinds


def _default_filename(job: Job) -> str:
    return f"{job.reference}.pdf"
