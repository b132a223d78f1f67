"""Celery's way into the jobs; safe to run twice."""

from celery import shared_task
from django.utils import timezone

from jobs import actions

# A long PDF takes half a minute; longer than this it is not coming.
SOFT_LIMIT, HARD_LIMIT = 15 * 60, 16 * 60


@shared_task(ignore_result=True, acks_late=True, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)  # type: ignore[untyped-decorator]
def run_job(job_pk: int) -> None:
    """Run one job, if it still waits."""
    actions.run(job_pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def run_waiting() -> None:
    """Send again what was lost, expire what is old."""
    actions.run_pending(now=timezone.now())
