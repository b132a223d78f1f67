"""Waking Celery costs a request nothing and cannot fail it (deadlines.md, fact 5)."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from kombu.exceptions import OperationalError

from deadlines import tasks, waking
from deadlines.actions import start_clock
from deadlines.clocks import Step
from people import roles
from tests.deadlines.conftest import DUTY, HOUR, NOW, Cast


class Broker:
    """Stands for Celery's application: takes the message, refuses it, or freezes."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.thaw = threading.Event()
        self.thaw.set()
        self.fails: Exception | None = None

    def send_task(self, name: str, **options: Any) -> None:
        self.sent.append({"name": name, **options})
        self.thaw.wait(5)
        if self.fails:
            raise self.fails


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    fake = Broker()
    monkeypatch.setattr(waking, "current_app", fake)
    yield fake
    fake.thaw.set()


def sent_within(broker: Broker, count: int) -> bool:
    ends = time.monotonic() + 3
    while len(broker.sent) < count and time.monotonic() < ends:
        time.sleep(0.01)
    return len(broker.sent) == count


def test_waking_sends_the_drain_without_retry(broker: Broker) -> None:
    tasks.wake_up()

    assert sent_within(broker, 1)
    assert broker.sent[0]["name"] == tasks.drain.name
    assert broker.sent[0]["retry"] is False


@pytest.mark.parametrize("error", [OperationalError("refused"), ConnectionError(), TimeoutError()])
def test_a_broker_that_refuses_is_nobodys_trouble(broker: Broker, error: Exception) -> None:
    broker.fails = error

    tasks.wake_up()

    assert sent_within(broker, 1)
    assert waking.publish() is False


def test_a_frozen_broker_holds_up_nobody_and_is_asked_once(broker: Broker) -> None:
    broker.thaw.clear()
    began = time.monotonic()
    for _ in range(50):
        tasks.wake_up()

    assert time.monotonic() - began < 0.5
    assert sent_within(broker, 1)


@pytest.mark.django_db
def test_nothing_is_woken_before_the_commit(row: Model, cast: Cast, broker: Broker, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        start_clock(row, DUTY, [Step(NOW, (roles.CPO,)), Step(NOW + HOUR, (roles.CPO,))], now=NOW)

    assert broker.sent == []
    assert callbacks == [waking.wake_up]


@pytest.mark.django_db
def test_a_ladder_that_mails_nobody_wakes_nobody(row: Model, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        start_clock(row, DUTY, [Step(NOW + HOUR, (roles.CPO,))], now=NOW)

    assert callbacks == []
