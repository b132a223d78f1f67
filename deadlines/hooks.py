"""Work that other apps ask the escalator's loop to do besides sweeping (sealing the audit chain, waiting jobs)."""

from collections.abc import Callable

OnTick = Callable[[], object]

_on_tick: dict[str, OnTick] = {}


def on_tick(name: str, run: OnTick) -> None:
    """Run `run()` after every sweep of the escalator; it must be short and safe to run twice. Its errors are logged, not raised."""
    _on_tick[name] = run


def tick_work() -> list[tuple[str, OnTick]]:
    """Everything registered, in order of registration."""
    return list(_on_tick.items())
