"""A job is done once, told how far it is, survives a lost message and a killed worker, and can be stopped."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import kombu.exceptions
import pytest
import redis.exceptions
from django.conf import settings
from django.db import IntegrityError, connection, connections, transaction
from django.utils import translation

from audit.models import Event, EventText
from audit.recording import NotACode
from common.workflow import MoveNotAllowed
from files.actions import open_file
from files.models import StoredFile
from jobs import actions, tasks
from jobs.clocks import ATTEMPTS, KEPT, LEASE, LOST
from jobs.models import Job
from jobs.permissions import can_download, jobs_visible_to
from jobs.registry import Progress
from jobs.workflow import State
from tests.jobs.conftest import Work

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Account = Callable[[str], Any]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: int) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def job(work: Work, account: Account) -> Job:
    return actions.start("test.document", by=account("director"), params={"report": "R-7KQ4-M2XD"}, purpose="Board meeting")


def test_starting_a_job_is_an_event_with_its_purpose_sealed(job: Job) -> None:
    event = Event.objects.get(kind="job.started")

    assert event.actor_id == job.owner_id
    assert event.data == {"job_kind": "test.document", "params": {"report": "R-7KQ4-M2XD"}}
    assert EventText.objects.get(event=event).reason == "Board meeting"
    with connection.cursor() as cursor:
        cursor.execute("SELECT purpose FROM jobs_job")
        assert b"Board" not in bytes(cursor.fetchone()[0])


def test_a_kind_that_nobody_registered_is_refused(work: Work, account: Account) -> None:
    with pytest.raises(KeyError):
        actions.start("nobodys.kind", by=account("director"), params={}, purpose="x")


def test_words_are_refused_as_params(work: Work, account: Account) -> None:
    with pytest.raises(NotACode), transaction.atomic():
        actions.start("test.document", by=account("director"), params={"name": "Gëzim Çela"}, purpose="x")


def test_a_done_job_has_its_result_for_a_day(job: Job, clock: Clock) -> None:
    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.progress, job.expires_at) == (State.DONE, 100, NOW + KEPT)
    assert job.result is not None
    assert b"".join(open_file(job.result)) == b"%PDF the result"
    assert Event.objects.filter(kind="job.finished").count() == 1


def test_two_messages_make_one_run(job: Job, work: Work, clock: Clock) -> None:
    actions.run(job.pk, clock=clock)
    actions.run(job.pk, clock=clock)

    assert len(work.runs) == 1
    assert StoredFile.objects.count() == 1


def test_a_message_for_no_job_does_nothing(work: Work, db: None) -> None:
    actions.run(123456)

    assert work.runs == []


def test_the_document_is_in_the_language_it_was_asked_in(work: Work, account: Account, clock: Clock) -> None:
    seen = []
    work.does = lambda _job, _progress: (seen.append(translation.get_language()), b"x")[1]
    with translation.override("en"):
        job = actions.start("test.document", by=account("director"), params={}, purpose="x")

    with translation.override("sq"):
        actions.run(job.pk, clock=clock)

    assert seen == ["en"]


def test_progress_is_written_at_most_once_a_second_and_renews_the_lease(job: Job, work: Work, clock: Clock) -> None:
    seen: list[tuple[int, datetime | None]] = []

    def steps(job: Job, progress: Progress) -> bytes:
        for percent in range(0, 100, 10):
            clock.forward(milliseconds=400)
            progress(percent)
            row = Job.objects.get(pk=job.pk)
            seen.append((row.progress, row.lease_until))
        return b"x"

    work.does = steps
    actions.run(job.pk, clock=clock)

    assert [percent for percent, _ in seen] == [0, 0, 20, 20, 20, 50, 50, 50, 80, 80]
    assert seen[-1][1] == NOW + timedelta(milliseconds=9 * 400) + LEASE


def test_a_cancelled_run_stops_at_its_next_step_and_leaves_nothing(job: Job, work: Work, clock: Clock) -> None:
    reached = []

    def steps(job: Job, progress: Progress) -> bytes:
        actions.cancel(job, by=job.owner, now=clock())
        clock.forward(seconds=2)
        progress(50)
        reached.append("after")
        return b"x"

    work.does = steps
    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.result, reached) == (State.CANCELLED, None, [])


def test_a_run_that_notices_too_late_is_thrown_away(job: Job, work: Work, clock: Clock) -> None:
    work.does = lambda job, _progress: (actions.cancel(job, by=job.owner, now=clock()), b"x")[1]

    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, StoredFile.objects.count()) == (State.CANCELLED, 0)


def test_a_job_that_is_over_cannot_be_cancelled(job: Job, clock: Clock) -> None:
    actions.run(job.pk, clock=clock)

    with pytest.raises(MoveNotAllowed):
        actions.cancel(job, by=job.owner, now=NOW)


def test_a_failed_job_says_the_kind_of_fault_and_none_of_its_words(job: Job, work: Work, clock: Clock, caplog: Any) -> None:
    def fail(_job: Job, _progress: Progress) -> bytes:
        raise ValueError("Gëzim Çela, born 2014")

    work.does = fail
    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.failure, job.ended_at) == (State.FAILED, "ValueError", NOW)
    assert "Çela" not in caplog.text
    assert Event.objects.get(kind="job.failed").data == {"failure": "ValueError"}


def killed(job: Job, work: Work, clock: Clock) -> None:
    """A worker that was killed in the middle: the row says running, and nobody is."""

    class Killed(BaseException):
        pass

    def die(_job: Job, _progress: Progress) -> bytes:
        raise Killed

    before, work.does = work.does, die
    with pytest.raises(Killed):
        actions.run(job.pk, clock=clock)
    work.does = before


def test_a_killed_run_is_begun_again_when_its_lease_is_over(job: Job, work: Work, clock: Clock) -> None:
    killed(job, work, clock)
    actions.run(job.pk, clock=clock)
    assert len(work.runs) == 1

    clock.forward(seconds=int(LEASE.total_seconds()))
    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)


def test_a_job_that_kills_its_workers_is_given_up(job: Job, work: Work, clock: Clock) -> None:
    for _ in range(ATTEMPTS):
        killed(job, work, clock)
        clock.forward(seconds=int(LEASE.total_seconds()))

    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.failure, len(work.runs)) == (State.FAILED, "TooManyAttempts", ATTEMPTS)


def test_a_worker_thought_dead_cannot_overwrite_the_result_of_its_successor(job: Job, work: Work, clock: Clock) -> None:
    def slow(job: Job, _progress: Progress) -> bytes:
        work.does = lambda _job, _progress: b"successor"
        clock.forward(seconds=int(LEASE.total_seconds()) + 1)
        actions.run(job.pk, clock=clock)
        return b"late"

    work.does = slow
    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert job.result is not None
    assert b"".join(open_file(job.result)) == b"successor"
    assert StoredFile.objects.count() == 1


def test_a_worker_thought_dead_cannot_end_the_run_of_its_successor(job: Job, work: Work, clock: Clock) -> None:
    def slow(job: Job, _progress: Progress) -> bytes:
        clock.forward(seconds=int(LEASE.total_seconds()) + 1)
        assert actions._begin(job.pk, now=clock()) is not None
        return b"late"

    work.does = slow
    actions.run(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.result) == (State.RUNNING, None)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, work: Work) -> list[int]:
    messages: list[int] = []
    monkeypatch.setattr("jobs.actions._send", messages.append)
    return messages


def test_a_worker_is_woken_only_after_commit(
    work: Work, account: Account, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.start("test.document", by=account("director"), params={}, purpose="x")
        assert sent == []

    assert sent == [job.pk]


def test_a_lost_message_is_sent_again_once_in_a_while(job: Job, sent: list[int], django_capture_on_commit_callbacks: Any) -> None:
    assert job.sent_at is not None
    later = job.sent_at + LOST

    with django_capture_on_commit_callbacks(execute=True):
        early = actions.run_pending(now=later - timedelta(seconds=1))
        due = actions.run_pending(now=later)
        again = actions.run_pending(now=later + timedelta(seconds=30))

    assert (early, due, again, sent) == (0, 1, 0, [job.pk])


def test_a_killed_run_is_sent_again(job: Job, work: Work, sent: list[int]) -> None:
    assert job.sent_at is not None
    clock = Clock()
    clock.now = job.sent_at
    killed(job, work, clock)

    assert actions.run_pending(now=job.sent_at + LOST) == 0
    assert actions.run_pending(now=job.sent_at + LEASE) == 1


@pytest.mark.parametrize("fault", [kombu.exceptions.OperationalError, redis.exceptions.ConnectionError, TimeoutError])
def test_no_broker_keeps_nobody_from_starting(monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:
    asked = []

    def refuse(*args: Any, **_kwargs: Any) -> None:
        asked.append(args[1:])
        raise fault

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)

    actions._send(1)

    assert asked == [("jobs.tasks.run_job",)]


def test_the_messages_name_tasks_that_exist() -> None:
    assert tasks.run_job.name == "jobs.tasks.run_job"
    assert tasks.run_waiting.name == settings.CELERY_BEAT_SCHEDULE["jobs"]["task"]


def test_the_task_runs_the_job(job: Job) -> None:
    tasks.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == State.DONE


def test_an_expired_result_is_destroyed_and_the_row_stays(job: Job, clock: Clock, django_capture_on_commit_callbacks: Any) -> None:
    actions.run(job.pk, clock=clock)

    actions.run_pending(now=NOW + KEPT - timedelta(seconds=1))
    job.refresh_from_db()
    assert job.state == State.DONE
    with django_capture_on_commit_callbacks(execute=True):
        actions.run_pending(now=NOW + KEPT)

    job.refresh_from_db()
    assert job.state == State.EXPIRED
    assert job.result is not None
    assert job.result.destroyed_at == NOW + KEPT
    assert job.result.place is None


def test_a_job_shows_to_its_owner_alone(job: Job, account: Account) -> None:
    assert list(jobs_visible_to(job.owner)) == [job]
    assert not jobs_visible_to(account("deputy")).exists()


def test_the_kinds_own_rule_is_asked_again_at_every_download(job: Job, work: Work, account: Account) -> None:
    assert can_download(job.owner, job)
    assert not can_download(account("deputy"), job)
    work.allowed = False
    assert not can_download(job.owner, job)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"state": "running"},
        {"state": "done"},
        {"state": "expired"},
        {"state": "failed"},
        {"state": "cancelled"},
        {"progress": 101},
    ],
)
def test_the_database_refuses_a_state_without_what_it_needs(job: Job, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)


def test_four_workers_at_once_do_the_work_once(committed_db: Any, work: Work, account: Account) -> None:
    job = actions.start("test.document", by=account("director"), params={}, purpose="x")
    start = threading.Barrier(4)

    def worker() -> None:
        start.wait(10)
        actions.run(job.pk)
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    job.refresh_from_db()
    assert (len(work.runs), job.state, job.attempts) == (1, State.DONE, 1)
