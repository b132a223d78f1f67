"""A mail server that is away or refuses: fault 15 of deadlines.md, §3."""

import pytest
from django.db import connection
from django.utils import timezone

from bin.launcher.mail_sink import MailSink
from deadlines.actions import start_clock
from deadlines.clocks import Step
from deadlines.mailing import MAIL_REFUSED, MAIL_SERVER
from deadlines.models import Alarm, Channel, Notice, NoticeState
from people import roles
from people.models import Person, User
from tests.faults import ledger
from tests.faults.seeding import KIND
from tests.faults.servers import Processes, until

pytestmark = pytest.mark.fault


def report() -> None:
    """Something is handed in that the officer must hear of."""
    now = timezone.now()
    start_clock(Person.objects.create(full_name="Row"), KIND, [Step(now, (roles.CPO,))], now=now)


def has_alarm(kind: str) -> bool:
    return Alarm.objects.filter(kind=kind, closed_at=None).exists()


def test_15_with_the_mail_server_away_the_inbox_knows_at_once_and_the_mail_follows_on_return(
    processes: Processes, officer_and_lead: tuple[User, User], sink: MailSink
) -> None:
    sink.mode = "refuse"
    processes.escalator(EMAIL_PORT=str(sink.smtp_port))

    report()
    assert Notice.objects.filter(channel=Channel.INAPP, user=officer_and_lead[0]).count() == 1
    until(lambda: has_alarm(MAIL_SERVER), seconds=15, what="the alarm opens")
    assert Notice.objects.get(channel=Channel.MAIL).state == NoticeState.QUEUED

    sink.mode = "ok"
    with connection.cursor() as cursor:  # half a minute passes
        cursor.execute("UPDATE deadlines_notice SET not_before = now() WHERE state = 'queued'")
    until(sink.mails, seconds=10, what="the mail arrives")
    until(lambda: not has_alarm(MAIL_SERVER), seconds=10, what="the alarm closes")
    ledger.check(steps=1, sink=sink)


def test_15_a_refused_mail_is_not_repeated_alarms_and_leaves_the_inbox_as_it_was(
    processes: Processes, officer_and_lead: tuple[User, User], sink: MailSink
) -> None:
    sink.mode = "550"
    processes.escalator(EMAIL_PORT=str(sink.smtp_port))

    report()
    until(lambda: has_alarm(MAIL_REFUSED), seconds=15, what="the alarm opens")
    sink.mode = "ok"
    report()
    until(sink.mails, seconds=10, what="the next mail is not held up")

    states = list(Notice.objects.filter(channel=Channel.MAIL).order_by("pk").values_list("state", flat=True))
    assert states == [NoticeState.FAILED_PERM, NoticeState.SENT]
    assert Notice.objects.filter(channel=Channel.INAPP, user=officer_and_lead[0]).count() == 2
    ledger.check(steps=2, sink=sink)
