"""What people of the demonstration did with a report, through the same actions as the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

ACTS: Mapping[str, Callable[..., Any]] = {}


def do(act: str, *args: Any, **kw: Any) -> None:
    if act in ACTS:
        ACTS[act](*args, **kw)
