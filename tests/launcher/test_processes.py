"""Whatever ends the launcher, nothing is left running; what crashes comes back."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from launcher.console import Problem
from launcher.log import Log, readable
from launcher.processes import Program, run_to_end, start, stop_all
from launcher.supervisor import Supervisor, pause_before

BIN = Path(__file__).resolve().parent.parent.parent / "bin"
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("family", child.pid, flush=True)
time.sleep(60)
"""
LAUNCHER = """
import sys, time
sys.path.insert(0, {bin!r})
from pathlib import Path
from launcher.log import Log
from launcher.processes import Program
from launcher.stopping import Stopped, ignore, on_signal
from launcher.supervisor import Supervisor
on_signal()
supervisor = Supervisor(Log(Path({log!r})))
try:
    for name in ("one", "two"):
        print(supervisor.add(Program(name, [sys.executable, "-c", "import time; time.sleep(60)"])).process.pid, flush=True)
    time.sleep(60)
except Stopped:
    supervisor.stop()
"""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    opened = Log(tmp_path / "aset.log")
    yield opened
    opened.close()


def eventually(claim: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if claim():
            return True
        time.sleep(0.02)
    return claim()


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    return False


@contextlib.contextmanager
def launcher(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A small launcher with two children, in a process of its own."""
    script = LAUNCHER.format(bin=str(BIN), log=str(tmp_path / "aset.log"))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        children = [int(process.stdout.readline()) for _ in range(2)]
        assert all(alive(pid) for pid in children)
        yield process, children
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_whatever_ends_the_launcher(tmp_path: Path, number: signal.Signals) -> None:
    with launcher(tmp_path) as (process, children):
        time.sleep(0.2)

        process.send_signal(number)

        assert process.wait(10) == (-signal.SIGKILL if number == signal.SIGKILL else 0)
        assert eventually(lambda: not any(alive(pid) for pid in children))


def test_descendants_are_stopped_with_their_program(log: Log) -> None:
    child = start(Program("family", [sys.executable, "-c", FAMILY]), log)
    assert eventually(lambda: any("family" in line.split(maxsplit=1)[1] for line in log.recent(name="family")))
    grandchild = int(log.recent(name="family")[0].split()[-1])

    stop_all([child])

    assert eventually(lambda: not alive(grandchild))


def test_a_program_deaf_to_its_signal_is_killed_after_its_grace(log: Log) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = start(Program("deaf", [sys.executable, "-c", deaf], grace=0.2), log)
    assert eventually(lambda: bool(log.recent(name="deaf")))

    stop_all([child])

    assert child.process.returncode == -signal.SIGKILL


def test_a_crashed_program_is_started_again_and_the_log_says_so(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    supervisor = Supervisor(log, clock=lambda: now[0])
    child = supervisor.add(Program("web", [sys.executable, "-c", "import time; time.sleep(60)"]))
    os.kill(child.process.pid, signal.SIGKILL)
    assert eventually(lambda: not child.alive())

    supervisor.check()
    now[0] += 1.1
    supervisor.check()

    text = "\n".join(log.recent())
    supervisor.stop()
    assert "web ended unexpectedly (signal 9); starting it again in 1 s" in text
    assert "web started again" in text
    assert "web ended unexpectedly" in capsys.readouterr().out


def test_the_pauses_between_crashes_grow_to_half_a_minute() -> None:
    assert [pause_before(crashes) for crashes in (1, 2, 3, 9)] == [1, 2, 4, 30]


def test_a_failed_step_shows_its_last_lines(log: Log) -> None:
    with pytest.raises(Problem, match="no such table"):
        run_to_end(Program("migrate", [sys.executable, "-c", "import sys; print('no such table'); sys.exit(3)"]), log)


def test_the_applications_json_becomes_words_in_the_log() -> None:
    line = '{"at": "2026-11-23T20:33:07+00:00", "level": "ERROR", "from": "deadlines", "message": "mail refused", "code": 550}'

    assert readable(line) == "ERROR deadlines: mail refused code=550"
    assert readable("{not json") == "{not json"


def test_the_log_names_the_process_on_every_line(log: Log) -> None:
    run_to_end(Program("hello", [sys.executable, "-c", "print('a'); print('ë')"]), log)

    assert eventually(lambda: [line.split()[-1] for line in log.recent(name="hello")] == ["a", "ë"])
    assert log.path.stat().st_mode & 0o077 == 0
