"""PostgreSQL stopped without mercy under load: fault 7 of deadlines.md, §3."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from deadlines.models import Channel, Deadline, Notice, NoticeState
from people.models import Person
from tests.faults import ledger
from tests.faults.servers import Processes, ThrowAwayPostgres, said, until

pytestmark = pytest.mark.fault

TRIES = 120


@pytest.fixture
def cluster(committed_db: Any, template_database: str) -> Iterator[ThrowAwayPostgres]:
    """A cluster of its own, and Django's connection turned to it for the test."""
    server = ThrowAwayPostgres(template_database)
    settings_dict = connections["default"].settings_dict
    before = dict(settings_dict)
    host = server.url("aset_app").split("host=")[1]
    connections["default"].close()
    settings_dict.update(NAME="aset", USER="aset_app", HOST=host, PORT="", PASSWORD="")
    yield server
    connections["default"].close()
    settings_dict.update(before)
    server.end()


def test_7_three_immediate_stops_under_load_lose_no_receipt_and_no_step(cluster: ThrowAwayPostgres, sink: Any) -> None:
    from people import roles
    from tests.factories.people import a_user

    a_user(roles.CPO)
    a_user(roles.BOARD_LEAD)
    connections["default"].close()
    here = {"DATABASE_URL": cluster.url("aset_app"), "OWNER_DATABASE_URL": cluster.url("aset_owner")}
    processes = Processes(os.environ | here | {"EMAIL_PORT": str(sink.smtp_port), "REDIS_URL": "unix:///tmp/nowhere.sock"})
    try:
        receipts = _senders_and_three_falls(processes, cluster)
        until(lambda: _settled(len(receipts) * 2), seconds=20, what="every step is settled after the last return")
        _two_minutes_pass_for_leases()
        until(lambda: _unsent() == 0, seconds=20, what="every mail is out")
    finally:
        processes.end()

    ledger.check(steps=len(receipts) * 2, receipts=receipts)
    assert len(receipts) == Person.objects.filter(full_name__contains="-").count() == 2 * TRIES, "a retry made a second row"
    arrived = [mail.message_id for mail in sink.mails()]
    assert len(set(arrived)) == len(receipts) * 2
    assert len(arrived) - len(set(arrived)) <= 3, "only a mail under way at a fall may go twice, with its own Message-ID"


def _senders_and_three_falls(processes: Processes, cluster: ThrowAwayPostgres) -> list[str]:
    """Receipts of two senders, between which the database falls three times."""
    processes.escalator()
    senders = [processes.worker("submit", f"sender{number}", str(TRIES)) for number in (1, 2)]
    for sender in senders:
        said(sender, "ready")
    receipts = []
    for part in range(4):
        for sender in senders:
            receipts += [said(sender, "receipt").split()[1] for _ in range(TRIES // 4)]
        if part < 3:
            cluster.stop_immediately()
            cluster.start()
    return receipts


def _two_minutes_pass_for_leases() -> None:
    """A drain cut off from the database cannot give its claims back; they are free when their lease is over."""
    Notice.objects.filter(state=NoticeState.SENDING).update(lease_until=timezone.now())


def _unsent() -> int:
    return Notice.objects.filter(channel=Channel.MAIL).exclude(state=NoticeState.SENT).count()


def _settled(steps: int) -> bool:
    connections["default"].close()
    return Deadline.objects.exclude(state="pending").count() == steps
