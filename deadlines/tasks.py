"""Celery only wakes: tick and drain ask PostgreSQL what is due, and may run twice (deadlines.md, "The design")."""

from celery import shared_task

from deadlines import mailing, waking
from deadlines.sweeping import sweep
from deadlines.waking import wake_up

__all__ = ["drain", "tick", "wake_up"]

DRAIN_SECONDS = 20
"""Well under the task's time limit, so that no limit strikes between the final dot and its answer."""


@shared_task(name="deadlines.tasks.tick")  # type: ignore[untyped-decorator]
def tick() -> None:
    """Every 15 s, from beat: fire what is due, then have the mails sent."""
    sweep("celery")
    waking.publish()


@shared_task(name="deadlines.tasks.drain")  # type: ignore[untyped-decorator]
def drain() -> None:
    """Send what waits in the outbox."""
    mailing.drain(seconds=DRAIN_SECONDS)
