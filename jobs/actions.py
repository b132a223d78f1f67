"""Starting, running, cancelling and expiring jobs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from celery import current_app
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from audit.recording import record
from files.actions import destroy, store
from jobs.clocks import ATTEMPTS, KEPT, LEASE, LOST, THROTTLE
from jobs.models import Job
from jobs.registry import is_registered, kind_of
from jobs.workflow import JOB_WORKFLOW, State

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Stopped(Exception):
    """The job was cancelled, or another worker took it over: the work is to end here."""


@transaction.atomic
def start(kind: str, *, by: AbstractBaseUser, params: Mapping[str, Any], purpose: str, language: str = "") -> Job:
    """Write the job and wake a worker after commit; `params` are codes, the purpose is sealed.

    The result is made in `language`, by default that of the page. Raises KeyError for a
    kind that nobody registered and NotACode for params that hold words.
    """
    if not is_registered(kind):
        raise KeyError(kind)
    job = Job(kind=kind, params=dict(params), purpose=purpose, sent_at=timezone.now())
    job.owner_id, job.language = by.pk, language or translation.get_language() or "sq"
    job.save(force_insert=True)
    record("job.started", job, by=by, reason=purpose, job_kind=kind, params=job.params)
    _send_after_commit(job.pk)
    return job


@transaction.atomic
def cancel(job: Job, *, by: AbstractBaseUser, now: datetime) -> Job:
    """Stop a job; a run under way notices at its next step and its result is thrown away."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    _end(job, "cancel", now=now)
    record("job.cancelled", job, by=by)
    return job


def run(job_pk: int, *, clock: Clock = timezone.now) -> None:
    """Do the work, if no one else is doing it. Safe to call twice and after a killed run.

    The work itself runs outside any transaction, under a lease that progress renews.
    """
    job = _begin(job_pk, now=clock())
    if job is None:
        return
    try:
        with translation.override(job.language):
            content = kind_of(job).run(job, _Progress(job, clock))
        _finish(job, content, now=clock())
    except Stopped:
        logger.info("job %s stopped", job.reference)
    except Exception as fault:
        # The message of an exception may quote a record: only its kind is kept.
        logger.error("job %s failed: %s", job.reference, type(fault).__name__)
        _fail(job, type(fault).__name__, now=clock())


def run_pending(*, now: datetime) -> int:
    """Send again what a lost message or a killed worker left behind, and expire old results.

    Called by the tick; returns how many were sent. Redis may be wiped at any time.
    """
    lost = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lte=now)
    with transaction.atomic():
        waiting = Job.objects.select_for_update(skip_locked=True).filter(lost, sent_at__lte=now - LOST)
        keys = list(waiting.order_by("sent_at").values_list("pk", flat=True)[:100])
        Job.objects.filter(pk__in=keys).update(sent_at=now)
        for key in keys:
            _send_after_commit(key)
    for job in Job.objects.filter(state=State.DONE, expires_at__lte=now).order_by("expires_at")[:100]:
        _expire(job, now=now)
    return len(keys)


class _Progress:
    """Writes progress at most once a second, renews the lease, and notices a cancelled job."""

    def __init__(self, job: Job, clock: Clock) -> None:
        self._job, self._clock = job, clock
        self._written_at = clock()

    def __call__(self, percent: int, /) -> None:
        now = self._clock()
        if now - self._written_at < THROTTLE:
            return
        self._written_at = now
        held = _held_by(self._job)
        if not held.update(progress=max(0, min(99, percent)), lease_until=now + LEASE):
            raise Stopped


def _held_by(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, run_token=job.run_token)


@transaction.atomic
def _begin(job_pk: int, *, now: datetime) -> Job | None:
    """Take the lease; None if the job is over, held by another, or has been tried too often."""
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lte=now)
    job = Job.objects.select_for_update(skip_locked=True).filter(free, pk=job_pk).first()
    if job is None:
        return None
    if job.attempts >= ATTEMPTS:
        _end(job, "fail", now=now, failure="TooManyAttempts")
        record("job.failed", job, by=None, failure=job.failure)
        return None
    job.state = JOB_WORKFLOW.target("begin", job.state)
    job.attempts, job.progress = job.attempts + 1, 0
    job.lease_until, job.run_token = now + LEASE, secrets.token_hex(16)
    job.save()
    return job


@transaction.atomic
def _finish(job: Job, content: bytes, *, now: datetime) -> None:
    """Keep the result, unless the job was cancelled or taken over meanwhile."""
    held = _held_by(job).select_for_update().first()
    if held is None:
        raise Stopped
    kind = kind_of(held)
    held.result = store(content, name=kind.filename(held), content_type=kind.content_type, by=None)
    held.progress, held.expires_at = 100, now + KEPT
    _end(held, "finish", now=now)
    record("job.finished", held, by=None)


@transaction.atomic
def _fail(job: Job, failure: str, *, now: datetime) -> None:
    held = _held_by(job).select_for_update().first()
    if held is None:
        return
    _end(held, "fail", now=now, failure=failure)
    record("job.failed", held, by=None, failure=held.failure)


@transaction.atomic
def _expire(job: Job, *, now: datetime) -> None:
    """Destroy the result of a job whose hour has passed; the row stays and says so."""
    due = Job.objects.select_for_update(skip_locked=True).filter(pk=job.pk, state=State.DONE).first()
    if due is None or due.result is None:
        return
    destroy(due.result, by=None, now=now)
    due.state = JOB_WORKFLOW.target("expire", due.state)
    due.save()
    record("job.expired", due, by=None)


def _end(job: Job, move: str, *, now: datetime, failure: str = "") -> None:
    job.state = JOB_WORKFLOW.target(move, job.state)
    job.ended_at, job.lease_until, job.failure = now, None, failure[:60]
    job.save()


def _send_after_commit(job_pk: int) -> None:
    transaction.on_commit(lambda: _send(job_pk), robust=True)


def _send(job_pk: int) -> None:
    """Wake a worker; with the broker down nothing is lost, the next tick sends again."""
    try:
        current_app.send_task("jobs.tasks.run_job", args=[job_pk], retry=False, ignore_result=True)
    except Exception as error:
        # kombu lets errors of redis-py and of the socket through as they are; none may reach the page.
        logger.warning("a job waits for the next tick, no message could be sent: %s", type(error).__name__)
