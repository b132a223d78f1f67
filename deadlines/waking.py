"""Asks a Celery worker to send mails now instead of at the next tick; never makes anybody wait for Redis."""

import logging
import os
import threading

from celery import current_app

logger = logging.getLogger(__name__)

DRAIN = "deadlines.tasks.drain"
_wanted = threading.Event()
_lock = threading.Lock()
_waker: tuple[int, threading.Thread] | None = None


def wake_up() -> None:
    """Return at once: a thread of this process publishes. With Redis away nothing is lost, the tick finds what waits.

    A frozen Redis holds even a well-configured `.delay()` for its socket timeout (deadlines.md, fact 5): hence the thread.
    """
    _ensure_waker()
    _wanted.set()


def publish() -> bool:
    """Send the one task, without retry; False if Redis did not take it."""
    try:
        current_app.send_task(DRAIN, retry=False, ignore_result=True, expires=60, queue="deadlines")
    except Exception as error:
        # kombu lets errors of redis-py and of the socket through as they are; none of them may reach a reporter.
        logger.warning("waking the mail drain failed, the next tick will: %s", type(error).__name__)
        return False
    return True


def _ensure_waker() -> None:
    """Start the thread once a process; a forked child needs one of its own."""
    global _waker
    with _lock:
        if _waker is None or _waker[0] != os.getpid() or not _waker[1].is_alive():
            thread = threading.Thread(target=_publish_when_wanted, name="deadlines-waker", daemon=True)
            _waker = (os.getpid(), thread)
            thread.start()


def _publish_when_wanted() -> None:
    while True:
        _wanted.wait()
        _wanted.clear()
        publish()
