"""The escalator as a process: clean end, errands of other apps, a database that comes back."""

import signal
import threading
import time
from typing import Any

import pytest
from django.db import DatabaseError

from deadlines import escalating, hooks
from deadlines.models import Heartbeat
from tests.faults.servers import Processes, until


@pytest.mark.fault
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_escalator_beats_and_ends_cleanly_on_a_signal(processes: Processes, number: signal.Signals) -> None:
    escalator = processes.escalator()
    until(Heartbeat.objects.filter(source="escalator").exists, seconds=15, what="the escalator beats")

    escalator.send_signal(number)

    assert escalator.wait(10) == 0


@pytest.fixture
def no_errands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_on_tick", {})
    monkeypatch.setattr(escalating.mailing, "drain", lambda **_: None)


def run_for(seconds: float, *, period: float = 0.02) -> None:
    stop = threading.Event()
    loop = threading.Thread(target=escalating.run_until, args=(stop,), kwargs={"period": period})
    loop.start()
    time.sleep(seconds)
    stop.set()
    loop.join(5)
    assert not loop.is_alive()


@pytest.mark.usefixtures("no_errands")
def test_the_loop_outlives_every_error_of_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[str] = []

    def sweep(source: str) -> None:
        rounds.append(source)
        raise DatabaseError

    monkeypatch.setattr(escalating, "sweep", sweep)

    run_for(0.3)

    assert len(rounds) > 3


@pytest.mark.usefixtures("no_errands")
def test_errands_of_other_apps_run_beside_the_sweep_and_a_slow_one_delays_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeps: list[str] = []
    quick: list[bool] = []
    thaw = threading.Event()
    monkeypatch.setattr(escalating, "sweep", sweeps.append)
    hooks.on_tick("slow", lambda: thaw.wait(0.5))
    hooks.on_tick("quick", lambda: quick.append(True))
    hooks.on_tick("broken", lambda: 1 / 0)

    run_for(0.4)

    assert len(sweeps) > 5
    assert len(quick) > 5


def test_an_errand_asked_for_while_it_runs_runs_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    go_on = threading.Event()

    def run() -> None:
        ran.append(1)
        go_on.wait(2)

    errand = escalating.Errand("test", run)
    for _ in range(5):
        errand.kick()
        time.sleep(0.02)
    go_on.set()
    time.sleep(0.1)
    errand.finish(2)

    assert len(ran) == 2
