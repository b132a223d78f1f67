"""The balance every fault test ends with: each due step settled once, each person told once, every mail its own (deadlines.md, §3)."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from audit.models import Event
from audit.sealing import seal_pending, verify
from bin.launcher.mail_sink import MailSink
from deadlines.models import Channel, Deadline, Escalation, Notice, NoticeState
from people.models import Person

ONCE = ("row_type", "row_pk", "kind", "episode", "step", "user_id", "channel")


def check(*, steps: int | None = None, sink: MailSink | None = None, receipts: Iterable[str] = ()) -> None:
    """Fails on anything lost, doubled, or unsettled; `receipts` are the names of rows whose sender saw a confirmation."""
    connection.close()
    _every_due_step_settled_once(steps)
    _every_person_told_once()
    _every_fired_step_audited_and_sealed()
    if sink is not None:
        _every_mail_its_own(sink)
    told = set(receipts)
    assert told <= set(Person.objects.filter(full_name__in=told).values_list("full_name", flat=True)), "a receipt without its row"


def _every_due_step_settled_once(steps: int | None) -> None:
    states = Counter(Deadline.objects.values_list("state", flat=True))
    assert not Deadline.objects.filter(state="pending", due_at__lte=timezone.now()).exists(), "a due step was missed"
    assert Escalation.objects.count() == states["fired"] == Escalation.objects.values("deadline").distinct().count()
    assert not Escalation.objects.exclude(deadline__state="fired").exists(), "a step was fired and met"
    if steps is not None:
        assert states["fired"] + states["met"] == steps, dict(states)


def _every_person_told_once() -> None:
    keys = Counter(Notice.objects.values_list(*ONCE))
    assert not [key for key, times in keys.items() if times > 1], "somebody was told twice"
    told = sum(Escalation.objects.values_list("told", flat=True))
    assert Notice.objects.filter(channel=Channel.INAPP).exclude(kind="engine.alarm").count() == told, "a fired step without its notices"


def _every_fired_step_audited_and_sealed() -> None:
    assert Event.objects.filter(kind="deadline.fired").count() == Escalation.objects.count()
    while seal_pending(1000):
        pass
    assert verify() is None, "the audit chain is broken"


def _every_mail_its_own(sink: MailSink) -> None:
    sent = set(Notice.objects.filter(channel=Channel.MAIL, state=NoticeState.SENT).values_list("message_id", flat=True))
    arrived = [mail.message_id for mail in sink.mails()]
    assert len(arrived) == len(set(arrived)), "a mail arrived twice"
    assert set(arrived) == sent, "mails sent and mails arrived differ"
