"""Redis emptied, killed and repeating itself: faults 4 and 6 of deadlines.md, §3."""

import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone

from aset_safeguarding.environment import celery_broker
from bin.launcher.mail_sink import MailSink
from deadlines.models import Deadline, Heartbeat
from tests.faults import ledger
from tests.faults.seeding import FIRST, overdue
from tests.faults.servers import Processes, Valkey, said, until

pytestmark = pytest.mark.fault


def last_beat(source: str) -> datetime | None:
    return Heartbeat.objects.filter(source=source).values_list("last_ok_at", flat=True).first()


def all_settled() -> bool:
    return not Deadline.objects.filter(state="pending").exists()


class Supervised:
    """A worker that ends is started again, as bin/run, compose and systemd do: kombu 5.7 ends it with an AttributeError
    when Redis dies under a message that is not yet acknowledged."""

    def __init__(self, processes: Processes, worker: subprocess.Popen[str]) -> None:
        self._processes, self._worker = processes, worker

    def runs(self) -> bool:
        if self._worker.poll() is not None:
            self._worker = self._processes.celery_worker()
        return True


def test_4_redis_emptied_killed_and_restarted_delays_neither_reports_nor_escalations(
    processes: Processes, valkey: Valkey, sink: MailSink, tmp_path: Path
) -> None:
    processes.environ |= {"REDIS_URL": valkey.url, "EMAIL_PORT": str(sink.smtp_port)}
    processes.escalator()
    worker = processes.celery_worker()
    processes.beat(tmp_path)
    for source in ("escalator", "celery"):
        until(lambda source=source: last_beat(source), seconds=25, what=f"{source} beats")

    overdue(50, in_seconds=1)
    valkey.client().flushall()
    assert until(all_settled, seconds=8, what="steps fire though the queue was emptied") < 5

    valkey.kill()
    overdue(50, in_seconds=1, first=FIRST + 100)
    sender = processes.worker("submit", "during-outage", "5")
    said(sender, "ready")
    receipts = [said(sender, "receipt").split()[1] for _ in range(5)]
    assert float(said(sender, "done").split()[1]) < 2, "a report waits for nobody, on a machine that is busy"
    assert until(all_settled, seconds=8, what="steps fire without a queue") < 5

    valkey.start()
    back = timezone.now()
    supervised = Supervised(processes, worker)
    until(lambda: supervised.runs() and (last_beat("celery") or back) > back, seconds=60, what="the Celery path is back")
    until(lambda: len(sink.mails()) == 2 * 100 + 2 * 5, seconds=20, what="every mail is out")
    ledger.check(steps=110, sink=sink, receipts=receipts)


def test_6_the_same_message_delivered_six_times_fires_a_step_once(processes: Processes, valkey: Valkey, sink: MailSink) -> None:
    overdue(20)
    client = Celery(broker=celery_broker(valkey.url))
    for _ in range(6):
        client.send_task("deadlines.tasks.tick", task_id="00000000-0000-0000-0000-000000000001", queue="deadlines")

    processes.celery_worker(REDIS_URL=valkey.url, EMAIL_PORT=str(sink.smtp_port))

    until(lambda: valkey.client().llen("deadlines") == 0 and all_settled(), seconds=25, what="all six are consumed")
    until(lambda: len(sink.mails()) == 40, seconds=15, what="the mails of one firing arrive")
    until(lambda: valkey.client().hlen("unacked") == 0, seconds=10, what="nothing is under way")
    ledger.check(steps=20, sink=sink)
