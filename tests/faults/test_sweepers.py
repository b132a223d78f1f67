"""Sweepers killed and racing: faults 1, 3, 21 and 27 of deadlines.md, §3."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.models import Event
from bin.launcher.mail_sink import MailSink
from deadlines import mailing, sweeping, telling, waking
from deadlines.actions import satisfy, start_clock
from deadlines.clocks import Step
from deadlines.models import Channel, Deadline, Escalation, Notice, NoticeState
from deadlines.sweeping import sweep
from people import roles
from people.models import Person, User
from tests.faults import ledger
from tests.faults.seeding import FIRST, KIND, overdue
from tests.faults.servers import Processes, Valkey, said, tell_all, until

pytestmark = pytest.mark.fault


def test_1_a_worker_killed_in_mid_batch_leaves_its_rows_to_the_next_sweep(processes: Processes) -> None:
    overdue(700)
    victim = processes.worker("sweep-and-hang")
    said(victim, "inside")
    assert sweep("other").fired == 200, "the victim holds its batch of 500"

    processes.kill(victim)

    fired = 0

    def rest_fires() -> bool:
        nonlocal fired
        fired += sweep("next").fired
        return fired == 500

    assert until(rest_fires, seconds=5, what="the killed worker's rows fire") < 2
    ledger.check(steps=700)


def test_3_both_triggers_four_sweepers_and_people_acting_settle_ten_thousand_steps_once(
    processes: Processes, valkey: Valkey, tmp_path: Any
) -> None:
    sweepers = [processes.worker("sweep") for _ in range(4)]
    people = [processes.worker("ack", str(FIRST), "400"), processes.worker("ack", str(FIRST + 300), "400")]
    processes.celery_worker(REDIS_URL=valkey.url)
    processes.beat(tmp_path, REDIS_URL=valkey.url)
    overdue(10_000)
    processes.escalator()

    tell_all(sweepers + people)

    met = sum(int(said(person, "met").split()[1]) for person in people)
    fired = sum(int(said(sweeper, "fired").split()[1]) for sweeper in sweepers)
    until(lambda: not Deadline.objects.filter(state="pending").exists(), seconds=30, what="all are settled")
    assert Deadline.objects.filter(state="met").count() == met
    assert fired > 0
    ledger.check(steps=10_000)


@pytest.fixture
def paused_sweep(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """(inside, go on): the sweep stops in its transaction, after firing and before the commit."""
    inside, go_on = threading.Event(), threading.Event()
    tell = sweeping.alarms.tell

    def pause(*args: Any, **kwargs: Any) -> None:
        inside.set()
        assert go_on.wait(10)
        tell(*args, **kwargs)

    monkeypatch.setattr(sweeping.alarms, "tell", pause)
    return inside, go_on


def in_thread(run: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run with a database connection of its own."""
    results: list[object] = []

    def work() -> None:
        try:
            results.append(run())
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread, results


def rolled_back(run: Callable[[], object]) -> None:
    """Run in a transaction that fails at its end."""
    try:
        with transaction.atomic():
            run()
            raise LookupError
    except LookupError:
        return


def test_21_acting_just_after_a_step_fired_finds_it_fired_once_and_takes_back_its_mail(
    officer_and_lead: tuple[User, User], paused_sweep: tuple[threading.Event, threading.Event]
) -> None:
    inside, go_on = paused_sweep
    overdue(1)
    sweeper, fired = in_thread(lambda: sweep("test").fired)
    assert inside.wait(5)

    actor, met = in_thread(lambda: satisfy(Person(pk=FIRST), KIND, now=timezone.now()))
    time.sleep(0.3)
    assert actor.is_alive(), "acting waits for the sweep"
    go_on.set()
    sweeper.join(5)
    actor.join(5)

    assert (fired, met) == ([1], [0])
    assert Deadline.objects.get().state == "fired"
    assert Deadline.objects.get().satisfied_at is not None
    assert set(Notice.objects.filter(channel=Channel.MAIL).values_list("state", flat=True)) == {NoticeState.VOID}
    assert Notice.objects.filter(channel=Channel.INAPP).count() == 2
    ledger.check(steps=1)


def test_21_acting_just_before_a_step_fires_meets_it_in_silence(officer_and_lead: tuple[User, User]) -> None:
    overdue(1)
    with transaction.atomic():
        assert satisfy(Person(pk=FIRST), KIND, now=timezone.now()) == 1
        sweeper, fired = in_thread(lambda: sweep("test").fired)
        sweeper.join(5)
        assert not sweeper.is_alive(), "the sweep waits for nobody"

    assert fired == [0]
    assert sweep("test").fired == 0
    assert not Notice.objects.exists()
    ledger.check(steps=1)


def test_21_acting_that_is_rolled_back_leaves_the_step_to_the_next_sweep(officer_and_lead: tuple[User, User]) -> None:
    overdue(1)

    def acting() -> None:
        satisfy(Person(pk=FIRST), KIND, now=timezone.now())

    rolled_back(acting)

    assert sweep("test").fired == 1
    ledger.check(steps=1)


def test_27_a_submission_that_is_rolled_back_leaves_no_ladder_no_notice_and_no_mail(
    officer_and_lead: tuple[User, User], sink: MailSink, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.smtp_port
    woken: list[bool] = []
    monkeypatch.setattr(waking, "wake_up", lambda: woken.append(True))
    now = timezone.now()

    def submitting() -> None:
        start_clock(Person.objects.create(full_name="Lost"), KIND, [Step(now, (roles.CPO,))], now=now)
        assert Notice.objects.count() == 2

    rolled_back(submitting)
    sweep("test")
    mailing.drain()

    assert telling.waking.wake_up
    assert (woken, sink.mails()) == ([], [])
    for nothing in (Deadline, Escalation, Notice):
        assert not nothing.objects.exists()
    assert not Event.objects.filter(kind="deadline.fired").exists()
    ledger.check(steps=0, sink=sink)
