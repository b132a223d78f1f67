"""The mail sink takes mails, shows them, and fails in every way a real server does."""

import http.client
import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from launcher.mail_sink import MailSink


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[MailSink]:
    with MailSink(tmp_path / "mails", http_port=0) as running:
        yield running


def a_mail(subject: str = "Një detyrë ju pret", text: str = "Hapni: http://localhost:8000/inbox/\n.pikë në fillim\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "no-reply@demo.example", "director@demo.example", subject
    message["Message-ID"] = "<fixed-1@demo.example>"
    message.set_content(text)
    return message


def send(sink: MailSink, message: EmailMessage | None = None) -> None:
    with smtplib.SMTP("127.0.0.1", sink.smtp_port, timeout=3) as client:
        client.send_message(message or a_mail())


def get(sink: MailSink, path: str, host: str = "localhost") -> tuple[int, str]:
    assert sink.http_port is not None
    link = http.client.HTTPConnection("127.0.0.1", sink.http_port, timeout=5)
    link.request("GET", path, headers={"Host": host})
    answer = link.getresponse()
    body = answer.read().decode()
    link.close()
    return answer.status, body


def test_a_mail_is_kept_as_it_was_sent(sink: MailSink) -> None:
    send(sink)

    (mail,) = sink.mails()
    assert mail.subject == "Një detyrë ju pret"
    assert ".pikë në fillim" in mail.text
    assert mail.recipients == ("director@demo.example",)
    assert mail.message_id == "<fixed-1@demo.example>"
    assert mail.confirmed


def test_refuse_means_that_nobody_listens_until_the_mode_changes_back(sink: MailSink) -> None:
    sink.mode = "refuse"
    with pytest.raises(ConnectionRefusedError):
        send(sink)

    sink.mode = "ok"
    send(sink)

    assert len(sink.mails()) == 1


def test_421_is_said_instead_of_a_greeting(sink: MailSink) -> None:
    sink.mode = "421"

    with pytest.raises(smtplib.SMTPConnectError) as refused:
        send(sink)

    assert refused.value.smtp_code == 421
    assert sink.mails() == []


def test_550_refuses_the_recipient_for_good(sink: MailSink) -> None:
    sink.mode = "550"

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sink)

    assert refused.value.recipients["director@demo.example"][0] == 550
    assert sink.mails() == []


def test_451_is_a_temporary_no_after_the_text(sink: MailSink) -> None:
    sink.mode = "451"

    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(sink)

    assert refused.value.smtp_code == 451
    assert sink.mails() == []


def test_close_after_data_leaves_the_sender_in_doubt_but_the_mail_arrived(sink: MailSink) -> None:
    sink.mode = "close-after-data"

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(sink)

    (mail,) = sink.mails()
    assert not mail.confirmed


def test_never_answer_runs_into_the_senders_own_timeout(sink: MailSink) -> None:
    sink.mode = "never-answer"

    client = smtplib.SMTP("127.0.0.1", sink.smtp_port, timeout=0.3)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        client.send_message(a_mail())
    client.close()

    assert not sink.mails()[0].confirmed


def test_delay_holds_every_answer(sink: MailSink) -> None:
    sink.mode = "delay 1"

    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtplib.SMTP("127.0.0.1", sink.smtp_port, timeout=0.2)


def test_a_mode_file_decides_while_the_sink_runs(tmp_path: Path) -> None:
    mode = tmp_path / "mode"
    mode.write_text("550")

    with MailSink(tmp_path / "mails", mode_file=mode) as sink:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(sink)
        mode.write_text("ok")
        send(sink)

        assert len(sink.mails()) == 1


def test_an_unknown_mode_is_refused(sink: MailSink) -> None:
    with pytest.raises(ValueError, match="no such mode"):
        sink.mode = "explode"


def test_only_the_newest_mails_are_kept(tmp_path: Path) -> None:
    with MailSink(tmp_path / "mails", keep=2) as sink:
        for number in range(4):
            send(sink, a_mail(subject=f"mail {number}"))

        assert [mail.subject for mail in sink.mails()] == ["mail 2", "mail 3"]


def test_the_page_shows_newest_first_in_the_language_of_each_mail(sink: MailSink) -> None:
    send(sink, a_mail(subject="A duty waits for you", text="Open the inbox.\n"))
    send(sink)

    status, body = get(sink, "/")

    assert status == 200
    assert body.index("Një detyrë") < body.index("A duty waits")
    assert '<h2 lang="sq">Një detyrë ju pret</h2>' in body
    assert '<h2 lang="en">A duty waits for you</h2>' in body
    assert '<a href="http://localhost:8000/inbox/">' in body


def test_what_a_mail_says_is_text_never_markup(sink: MailSink) -> None:
    send(sink, a_mail(subject="<script>alert(1)</script>", text="<b>x</b> http://localhost/?a=1&b=2\n"))

    body = get(sink, "/")[1]

    assert "<script>" not in body
    assert "<b>" not in body
    assert "http://localhost/?a=1&amp;b=2" in body


def test_a_foreign_website_cannot_read_the_mails(sink: MailSink) -> None:
    send(sink)

    assert get(sink, "/", host="evil.example")[0] == 403


def test_programs_read_the_mails_as_json(sink: MailSink) -> None:
    send(sink)

    rows = json.loads(get(sink, "/mails.json")[1])

    assert rows[0]["to"] == ["director@demo.example"]
    assert get(sink, "/nothing")[0] == 404
