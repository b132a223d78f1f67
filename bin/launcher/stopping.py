"""Ctrl-C, SIGTERM and a closed terminal all mean the same: stop cleanly, once."""

import signal
from types import FrameType


class Stopped(BaseException):
    """Somebody asked the launcher to stop: a request, which no `except Exception` may swallow."""


def on_signal() -> None:
    """Turn the first signal into Stopped in the main thread; more of them do not disturb the stopping."""

    def handler(number: int, frame: FrameType | None) -> None:
        ignore()
        raise Stopped(signal.Signals(number).name)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def ignore() -> None:
    """From here on only SIGKILL interrupts."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
