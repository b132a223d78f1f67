"""`manage.py escalator`: the second trigger of the sweep, alive when Redis and Celery are not."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from deadlines.escalating import run_until


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C, then finishes the mail at hand and ends with 0."""

    help = "Fires due deadlines every few seconds and sends waiting mails, without Redis or Celery."

    def handle(self, *args: Any, **options: Any) -> None:
        """Put the loop under the signals' control."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run_until(stop, period=float(getattr(settings, "ESCALATOR_PERIOD", 15)))
