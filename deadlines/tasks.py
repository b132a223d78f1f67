"""Celery only wakes: the tick and the drain ask PostgreSQL what is due, and may run twice (deadlines.md, "The design")."""

import logging

logger = logging.getLogger(__name__)


def wake_up() -> None:
    """Ask a worker to send queued mails now."""
