"""Celery's way into the sealer."""

from celery import shared_task

from audit.sealing import BATCH, seal_pending


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def seal() -> None:
    """Seal what waits, a batch a transaction; whatever is left waits for the next beat."""
    for _ in range(20):
        if seal_pending(BATCH) < BATCH:
            return
