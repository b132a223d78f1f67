"""The outbox against a real SMTP server: nothing lost, nothing twice, nothing said (deadlines.md, flow 4; R-80)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from bin.launcher.mail_sink import MailSink
from deadlines import kinds, mailing
from deadlines.actions import bar, notify, satisfy, start_clock
from deadlines.clocks import Step
from deadlines.letters import letter
from deadlines.mailing import drain
from deadlines.models import Alarm, Channel, Notice, NoticeState
from deadlines.smtp_line import Refused, ServerAway, SmtpLine, TryLater, _answer, _dotted
from people import roles
from tests.deadlines.conftest import DUTY, HOUR, NOW, Cast

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def mail_to(person: Any) -> Notice:
    return Notice.objects.get(channel=Channel.MAIL, user=person)


def open_alarms() -> set[str]:
    return set(Alarm.objects.filter(closed_at=None).values_list("kind", flat=True))


@pytest.fixture
def queued(row: Model, cast: Cast) -> Notice:
    """One mail to the officer waits."""
    notify(row, DUTY, users=[cast.officer], duty="act", now=NOW)
    return mail_to(cast.officer)


def test_a_waiting_mail_is_sent_once_with_its_own_message_id(sink: MailSink, queued: Notice, cast: Cast) -> None:
    assert drain(now=NOW).sent == 1
    assert drain(now=NOW).sent == 0

    (mail,) = sink.mails()
    assert mail.recipients == (cast.officer.email,)
    assert mail.message_id == queued.message_id
    assert mail_to(cast.officer).state == NoticeState.SENT


def test_each_recipient_gets_a_message_of_their_own(sink: MailSink, row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer, cast.deputy, cast.board_lead], now=NOW)

    drain(now=NOW)

    assert sorted(mail.recipients for mail in sink.mails()) == sorted((u.email,) for u in (cast.officer, cast.deputy, cast.board_lead))


@pytest.mark.parametrize(
    ("language", "urgent", "subject"),
    [
        ("en", False, "Deadline – please sign in"),
        ("en", True, "URGENT – please sign in"),
        ("sq", False, "Afat – hyni në sistem"),
        ("sq", True, "URGJENT – hyni në sistem"),
    ],
)
def test_a_mail_names_the_kind_of_duty_in_the_readers_language_and_links_to_the_inbox_only(
    sink: MailSink, row: Model, cast: Cast, settings: Any, language: str, urgent: bool, subject: str
) -> None:
    settings.BASE_URL = "https://mbrojtja.example"
    kinds.register(kinds.Kind("test.words", "Label", "A duty waits.", lambda _user, _row: None, urgent=urgent))
    cast.officer.language = language
    cast.officer.save()
    notify(row, "test.words", users=[cast.officer], duty="act", now=NOW)

    drain(now=NOW)

    (mail,) = sink.mails()
    assert mail.subject == subject
    assert "A duty waits." in mail.text
    assert [word for word in mail.text.split() if "://" in word] == ["https://mbrojtja.example/inbox/"]
    for betraying in ("Somebody", str(Notice.objects.filter(channel=Channel.INAPP).get().reference)):
        assert betraying not in mail.text + mail.subject


def test_a_late_notice_says_that_the_system_was_late(sink: MailSink, row: Model, cast: Cast) -> None:
    from deadlines.sweeping import sweep

    start_clock(row, DUTY, [Step(NOW, (roles.CPO,))], now=NOW - HOUR)
    sweep("test", now=NOW + 3 * HOUR)

    drain(now=NOW + 3 * HOUR)

    assert "late because the system was not available" in " ".join(sink.mails()[0].text.split())


def test_the_same_letter_made_twice_is_the_same_bytes() -> None:
    words = {"message_id": "<1@x>", "kind_code": DUTY, "recipient": "a@x.example", "language": "sq", "written_at": NOW}

    assert letter(**words) == letter(**words)


def test_an_address_that_cannot_stand_in_a_header_is_refused_and_holds_nothing_up(sink: MailSink, row: Model, cast: Cast) -> None:
    cast.officer.email = "a@x.example\nBcc: everyone@x.example"
    cast.officer.save()
    notify(row, DUTY, users=[cast.officer, cast.deputy], now=NOW)

    result = drain(now=NOW)

    assert (result.sent, result.refused) == (1, 1)
    assert open_alarms() == {mailing.MAIL_REFUSED}


def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    assert _dotted(b".a\n..b\r\nc") == b"..a\r\n...b\r\nc\r\n.\r\n"


@pytest.mark.parametrize(
    ("reply", "about_recipient", "trouble"),
    [
        (421, True, ServerAway),
        (451, True, TryLater),
        (550, True, Refused),
        (550, False, ServerAway),
        (354, True, ServerAway),
    ],
)
def test_only_a_no_to_the_recipient_can_be_final(reply: int, about_recipient: bool, trouble: type[Exception]) -> None:
    with pytest.raises(trouble):
        _answer((reply, b""), about_recipient=about_recipient)


@pytest.mark.parametrize("mode", ["refuse", "421", "451"])
def test_a_mail_surely_not_delivered_waits_and_is_sent_when_the_server_is_back(
    sink: MailSink, queued: Notice, cast: Cast, mode: str
) -> None:
    sink.mode = mode
    assert drain(now=NOW).deferred == 1
    assert drain(now=NOW + timedelta(seconds=29)).deferred == 0
    assert mail_to(cast.officer).state == NoticeState.QUEUED

    sink.mode = "ok"
    assert drain(now=NOW + timedelta(seconds=30)).sent == 1
    assert len(sink.mails()) == 1


def test_the_pause_between_tries_grows_to_ten_minutes_and_there_is_no_last_try(sink: MailSink, queued: Notice, cast: Cast) -> None:
    sink.mode = "451"
    at, pauses = NOW, []
    for _ in range(9):
        drain(now=at)
        after = mail_to(cast.officer).not_before
        pauses.append((after - at).total_seconds())
        at = after

    assert pauses == [30, 60, 120, 240, 480, 600, 600, 600, 600]


def test_a_server_that_is_away_is_asked_once_a_round_and_opens_one_alarm(sink: MailSink, row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer, cast.deputy, cast.board_lead], now=NOW)
    sink.mode = "refuse"

    drain(now=NOW)

    assert Notice.objects.filter(channel=Channel.MAIL, attempts=1).count() == 1
    assert open_alarms() == {mailing.MAIL_SERVER}
    sink.mode = "ok"
    drain(now=NOW + MINUTE)
    assert open_alarms() == set()
    assert len({mail.message_id for mail in sink.mails()}) == len(sink.mails()) == 3


def test_a_refused_recipient_is_not_asked_again_and_the_notice_stays_in_the_application(sink: MailSink, queued: Notice, cast: Cast) -> None:
    sink.mode = "550"

    assert drain(now=NOW).refused == 1

    sink.mode = "ok"
    drain(now=NOW + HOUR)
    assert mail_to(cast.officer).state == NoticeState.FAILED_PERM
    assert open_alarms() == {mailing.MAIL_REFUSED}
    assert Notice.objects.get(channel=Channel.INAPP, user=cast.officer).state == NoticeState.SENT


@pytest.mark.parametrize("mode", ["close-after-data", "never-answer"])
def test_a_mail_in_doubt_is_sent_once_more_as_the_same_mail_and_then_held(sink: MailSink, queued: Notice, cast: Cast, mode: str) -> None:
    sink.mode = mode
    assert drain(now=NOW).deferred == 1
    assert drain(now=NOW + MINUTE).held == 1
    sink.mode = "ok"
    drain(now=NOW + HOUR)

    in_doubt = [mail for mail in sink.mails() if mail.recipients == (cast.officer.email,)]
    assert [mail.message_id for mail in in_doubt] == [queued.message_id] * 2
    assert in_doubt[0].message.as_bytes().split(b"\n\n", 1)[1] == in_doubt[1].message.as_bytes().split(b"\n\n", 1)[1]
    assert mail_to(cast.officer).state == NoticeState.HELD
    assert open_alarms() == {mailing.MAIL_HELD}


def test_the_strict_setting_never_sends_a_mail_in_doubt_again(sink: MailSink, queued: Notice, cast: Cast, settings: Any) -> None:
    settings.DEADLINES_STRICT_MAIL = True
    sink.mode = "close-after-data"

    assert drain(now=NOW).held == 1
    drain(now=NOW + HOUR)

    assert len([mail for mail in sink.mails() if mail.recipients == (cast.officer.email,)]) == 1


class Stolen(SmtpLine):
    """While this line transmits, something else happens to the row."""

    def __init__(self, meanwhile: Any) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def send(self, **message: Any) -> None:
        self._meanwhile()
        super().send(**message)


def test_a_duty_done_while_its_mail_is_under_way_is_not_mailed_again(
    sink: MailSink, row: Model, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_clock(row, DUTY, [Step(NOW, (roles.CPO,))], now=NOW)
    sink.mode = "451"
    monkeypatch.setattr(mailing, "SmtpLine", lambda: Stolen(lambda: satisfy(row, DUTY, now=NOW)))

    drain(now=NOW)

    assert mail_to(cast.officer).state == NoticeState.VOID


def test_a_person_barred_between_claim_and_sending_gets_no_mail(
    sink: MailSink, row: Model, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    notify(row, DUTY, users=[cast.officer], now=NOW)
    claim = mailing._claim

    def claimed_then_barred(*args: Any) -> Any:
        mails = claim(*args)
        bar(row, cast.officer, reason_code="named", now=NOW)
        return mails

    monkeypatch.setattr(mailing, "_claim", claimed_then_barred)

    assert drain(now=NOW).dropped == 1
    assert sink.mails() == []
    assert mail_to(cast.officer).state == NoticeState.VOID


def test_a_leaver_gets_no_mail(sink: MailSink, queued: Notice, cast: Cast) -> None:
    cast.officer.is_active = False
    cast.officer.save()

    assert drain(now=NOW).dropped == 1
    assert sink.mails() == []


def test_a_mail_only_claimed_by_a_dead_drainer_goes_back_and_is_sent_once(sink: MailSink, queued: Notice, cast: Cast) -> None:
    import uuid

    mailing._claim(NOW, uuid.uuid4())

    assert drain(now=NOW + MINUTE).sent == 0
    assert drain(now=NOW + 3 * MINUTE).sent == 1


@pytest.mark.parametrize(("strict", "state", "sent"), [(False, NoticeState.SENT, 1), (True, NoticeState.HELD, 0)])
def test_a_mail_a_dead_drainer_was_transmitting_is_in_doubt(
    sink: MailSink, queued: Notice, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, strict: bool, state: str, sent: int
) -> None:
    settings.DEADLINES_STRICT_MAIL = strict

    def die() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "SmtpLine", lambda: Stolen(die))
        with pytest.raises(KeyboardInterrupt):
            drain(now=NOW)

    assert drain(now=NOW + 3 * MINUTE).sent == sent
    assert mail_to(cast.officer).state == state


def test_a_lease_lost_to_another_drainer_is_not_sent(sink: MailSink, queued: Notice, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = mailing._claim

    def claimed_too_late(now: Any, token: Any) -> Any:
        mails = claim(now, token)
        Notice.objects.filter(channel=Channel.MAIL).update(lease_token="00000000-0000-0000-0000-000000000000")
        return mails

    monkeypatch.setattr(mailing, "_claim", claimed_too_late)

    assert drain(now=NOW).dropped == 1
    assert sink.mails() == []
    assert mail_to(cast.officer).state == NoticeState.SENDING


def test_a_drain_told_to_stop_gives_back_what_it_had_not_begun(sink: MailSink, row: Model, cast: Cast) -> None:
    notify(row, DUTY, users=[cast.officer, cast.deputy], now=NOW)

    drain(now=NOW, stop=lambda: bool(sink.mails()))

    assert len(sink.mails()) == 1
    assert sorted(Notice.objects.filter(channel=Channel.MAIL).values_list("state", flat=True)) == ["queued", "sent"]
