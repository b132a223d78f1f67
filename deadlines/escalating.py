"""The loop that needs neither Redis nor Celery: sweep every few seconds of monotonic time, and kick the errands."""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from deadlines import hooks, mailing
from deadlines.sweeping import sweep

logger = logging.getLogger(__name__)

SOURCE = "escalator"
LAST_WORDS_SECONDS = 15


class Errand:
    """Work beside the sweep in a thread and database connection of its own: a slow mail server must not delay a deadline."""

    def __init__(self, name: str, run: Callable[[], object]) -> None:
        self.name, self._run = name, run
        self._kicked, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def kick(self) -> None:
        """Once more, as soon as the last time is finished."""
        self._kicked.set()

    def finish(self, seconds: float) -> None:
        """End after the step at hand; wait for it, but not for ever."""
        self._over.set()
        self._kicked.set()
        self._thread.join(seconds)

    def _work(self) -> None:
        while self._kicked.wait() and not self._over.is_set():
            self._kicked.clear()
            attempt(self.name, self._run)
        connection.close()


def attempt(name: str, run: Callable[[], object]) -> bool:
    """Run, and outlive any failure: log it and start with a fresh connection next time."""
    try:
        run()
    except Exception as error:
        # The loop is the last one awake: whatever goes wrong, it must come round again.
        logger.error("%s failed and will be tried again: %s", name, type(error).__name__, exc_info=settings.DEBUG)
        connection.close()
        return False
    return True


def run_until(stop: threading.Event, *, period: float) -> None:
    """Sweep, kick the errands, sleep; a database that went away is found again at the next round (deadlines.md, §2)."""
    errands = [Errand("drain", lambda: mailing.drain(stop=stop.is_set))]
    errands += [Errand(name, run) for name, run in hooks.tick_work()]
    while not stop.is_set():
        began = time.monotonic()
        attempt("sweep", lambda: sweep(SOURCE))
        for errand in errands:
            errand.kick()
        stop.wait(max(0.0, period - (time.monotonic() - began)))
    last_words = time.monotonic() + LAST_WORDS_SECONDS
    for errand in errands:
        errand.finish(max(0.0, last_words - time.monotonic()))
    connection.close()
