"""One SMTP connection that tells a sure failure from a perhaps: the moment of the final dot decides (RFC 5321 §6.1)."""

import re
import smtplib
import ssl
from types import TracebackType

from django.conf import settings

from deadlines.running import mail_domain


class ServerAway(Exception):
    """The server did not take the mail, for reasons that are not the recipient's: surely not delivered, every mail must wait."""


class TryLater(Exception):
    """A temporary no to this recipient: surely not delivered."""


class Refused(Exception):
    """A permanent no to this recipient: surely not delivered, and asking again is useless."""


class Unknown(Exception):
    """The connection was lost between the final dot and the server's answer: perhaps delivered."""


class SmtpLine:
    """Connects with the first mail, keeps the connection while all goes well, and drops it after any trouble."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "SmtpLine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._hang_up()

    def send(self, *, sender: str, recipient: str, message: bytes) -> None:
        """Deliver one message to one recipient, or raise one of the four troubles above."""
        try:
            smtp = self._smtp = self._smtp or _connect()
            _answer(smtp.mail(sender), about_recipient=False)
            _answer(smtp.rcpt(recipient), about_recipient=True)
            _answer(smtp.docmd("DATA"), about_recipient=True, wanted=354)
            smtp.send(_dotted(message))
        except (ServerAway, TryLater, Refused):
            self._hang_up()
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise ServerAway(type(error).__name__) from error
        self._await_acceptance(smtp)

    def _await_acceptance(self, smtp: smtplib.SMTP) -> None:
        try:
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise Unknown(type(error).__name__) from error
        try:
            _answer(answer, about_recipient=True)
        except (ServerAway, TryLater, Refused):
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _connect() -> smtplib.SMTP:
    smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=mail_domain(), timeout=settings.EMAIL_TIMEOUT)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _answer(reply: tuple[int, bytes], *, about_recipient: bool, wanted: int | None = None) -> None:
    """A no to our own name or address is the server's trouble with us, and must not make one recipient's mail fail for good."""
    code = reply[0]
    if code == wanted or (wanted is None and 200 <= code < 300):
        return
    if code == 421 or not about_recipient or not 400 <= code < 600:
        raise ServerAway(str(code))
    raise TryLater(str(code)) if code < 500 else Refused(str(code))


def _dotted(message: bytes) -> bytes:
    """The message as DATA wants it: CRLF, leading dots doubled, and the final dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    doubled = re.sub(rb"(?m)^\.", b"..", lines)
    return doubled + (b"" if doubled.endswith(b"\r\n") else b"\r\n") + b".\r\n"
