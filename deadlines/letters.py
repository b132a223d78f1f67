"""The words of a mail: the kind of duty and a link to the inbox, nothing else (deadlines.md, decided (g); R-80)."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from deadlines import kinds

SOMETHING = _("Something in the system needs you.")


def letter(*, message_id: str, kind_code: str, recipient: str, language: str, written_at: datetime, is_delayed: bool = False) -> bytes:
    """The whole message, the same bytes each time it is made: a retransmission is recognisable as the same mail.

    Raises ValueError for an address that cannot stand in a header.
    """
    kind = kinds.get(kind_code)
    context = {
        "urgent": kind is not None and kind.urgent,
        "mail_line": kind.mail_line if kind else SOMETHING,
        "is_delayed": is_delayed,
        "inbox": settings.BASE_URL + reverse("deadlines:inbox"),
    }
    mail = EmailMessage(policy=SMTP)
    with translation.override(language or settings.LANGUAGE_CODE):
        mail["Subject"] = render_to_string("deadlines/mail/subject.txt", context).strip()
        body = render_to_string("deadlines/mail/body.txt", context)
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = recipient
    mail["Date"] = format_datetime(written_at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="quoted-printable")
    return mail.as_bytes()
