"""What the processes of the fault tests do: `python -m tests.faults.worker <command> …`."""

import contextlib
import os
import random
import sys
import time
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aset_safeguarding.settings")

import django

django.setup()

from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from deadlines import alarms, sweeping  # noqa: E402
from deadlines.actions import satisfy, start_clock  # noqa: E402
from deadlines.clocks import Step  # noqa: E402
from deadlines.models import Deadline  # noqa: E402
from people import roles  # noqa: E402
from people.models import Person  # noqa: E402

KIND = "test.fault"


def say(*words: object) -> None:
    """One line to the test."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def wait_for_go() -> None:
    """All processes are up before the first one starts."""
    connection.ensure_connection()
    say("ready")
    sys.stdin.readline()


def sweep_and_hang() -> None:
    """Stop inside the transaction, after the statement that fires: here the test kills us."""

    def hang(*_args: Any, **_kwargs: Any) -> None:
        say("inside")
        time.sleep(600)

    sweeping.alarms.tell = hang
    sweeping.sweep("hanging")


def sweep_all() -> None:
    """Sweep as long as anything is due."""
    wait_for_go()
    fired = 0
    while Deadline.objects.filter(fire_at__lte=timezone.now()).order_by("fire_at").values("pk").first():
        fired += sweeping.sweep("sweeper").fired
    say("fired", fired)


def ack_all(first: str, count: str) -> None:
    """Do the duty of so many rows, in any order, while others fire them."""
    wait_for_go()
    rows = list(range(int(first), int(first) + int(count)))
    random.Random(7).shuffle(rows)
    met = sum(satisfy(Person(pk=pk), KIND, now=timezone.now()) for pk in rows)
    say("met", met)


def submit(prefix: str, count: str) -> None:
    """Hand in rows with a clock, each until it is confirmed; a repeated try must find its own row (fact 12)."""
    say("ready")
    longest = 0.0
    for number in range(int(count)):
        began = time.monotonic()
        token = f"{prefix}-{number}"
        while not _handed_in(token):
            time.sleep(0.1)
        longest = max(longest, time.monotonic() - began)
        say("receipt", token)
    say("done", f"{longest:.3f}")


def _handed_in(token: str) -> bool:
    try:
        with transaction.atomic():
            if not Person.objects.filter(full_name=token).exists():
                now = timezone.now()
                row = Person.objects.create(full_name=token)
                steps = [Step(now, (roles.CPO,)), Step(now + timedelta(seconds=1), (roles.BOARD_LEAD,))]
                start_clock(row, KIND, steps, now=now)
        return True
    except DatabaseError:
        with contextlib.suppress(DatabaseError):
            connection.close()
        return False


COMMANDS = {"sweep-and-hang": sweep_and_hang, "sweep": sweep_all, "ack": ack_all, "submit": submit}

if __name__ == "__main__":
    assert alarms
    COMMANDS[sys.argv[1]](*sys.argv[2:])
