"""Sends the outbox: no mail is lost, none is sent twice unless the server left us in doubt (deadlines.md, flow 4)."""

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import connection

from deadlines import alarms, mail_sql
from deadlines.letters import letter
from deadlines.running import prepared, run
from deadlines.smtp_line import Refused, ServerAway, SmtpLine, TryLater, Unknown

logger = logging.getLogger(__name__)

LEASE_SECONDS = 120
CLAIM = 20
MAIL_SERVER, MAIL_REFUSED, MAIL_HELD = "mail_server_away", "mail_refused", "mail_perhaps_sent"


@dataclass(frozen=True)
class DrainResult:
    """How many mails ended how; `deferred` will be tried again, `held` wait for a person."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    held: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class _Mail:
    """A claimed row of the outbox."""

    id: int
    message_id: str
    kind: str
    duty: str
    created_at: datetime
    delayed_since: datetime | None
    email: str
    language: str


def drain(*, now: datetime | None = None, seconds: float | None = None, stop: Callable[[], bool] = lambda: False) -> DrainResult:
    """Send what waits, oldest first, one recipient a message, until nothing waits or the server is away.

    Safe to run in any number of processes and to be killed anywhere. `seconds` and `stop` end it between two messages.
    Must not run inside a transaction that could roll back: the rows say what the outside world has seen.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    outcome: Counter[str] = Counter()
    _reclaim(now)
    with SmtpLine() as line:
        while mails := _claim(now, token := uuid.uuid4()):
            went_on = _send_all(line, mails, token, now, outcome, lambda: stop() or (ends is not None and time.monotonic() > ends))
            if not went_on:
                break
    if outcome["sent"]:
        alarms.close_alarm(MAIL_SERVER, now=now)
    return DrainResult(**{name: outcome[name] for name in ("sent", "deferred", "refused", "held", "dropped")})


def _reclaim(now: datetime | None) -> None:
    states = _rows(mail_sql.RECLAIM, now, strict=settings.DEADLINES_STRICT_MAIL)
    if ("held",) in states:
        alarms.open_alarm(MAIL_HELD, now=now)


def _claim(now: datetime | None, token: uuid.UUID) -> list[_Mail]:
    return [_Mail(*row) for row in _rows(mail_sql.CLAIM, now, token=token, lease=LEASE_SECONDS, limit=CLAIM)]


def _send_all(
    line: SmtpLine, mails: list[_Mail], token: uuid.UUID, now: datetime | None, outcome: Counter[str], over: Callable[[], bool]
) -> bool:
    """Send the claimed mails; False if the server is away or time is up, and what was not begun is given back."""
    for position, mail in enumerate(mails):
        result = "stopped" if over() else _send(line, mail, token, now)
        outcome[result] += 1
        if result in {"stopped", "server_away"}:
            outcome["deferred"] += result == "server_away"
            rest = [each.id for each in mails[position:]]
            run(prepared(mail_sql.RELEASE), now=now, ids=rest, token=token)
            return False
    return True


def _send(line: SmtpLine, mail: _Mail, token: uuid.UUID, now: datetime | None) -> str:
    """Renew the lease, transmit, and write down what happened: the name of the outcome."""
    mine: dict[str, Any] = {"id": mail.id, "token": token}
    if run(prepared(mail_sql.RENEW), now=now, lease=LEASE_SECONDS, **mine) is None:
        run(prepared(mail_sql.DROP), now=now, **mine)
        return "dropped"
    try:
        line.send(sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1], recipient=mail.email, message=_letter(mail))
    except ServerAway as error:
        run(prepared(mail_sql.DEFER), now=now, error=str(error), **mine)
        alarms.open_alarm(MAIL_SERVER, now=now)
        return "server_away"
    except TryLater as error:
        run(prepared(mail_sql.DEFER), now=now, error=str(error), **mine)
        return "deferred"
    except (Refused, ValueError) as error:
        run(prepared(mail_sql.REFUSED), now=now, error=str(error)[:200] if isinstance(error, Refused) else "address", **mine)
        alarms.open_alarm(MAIL_REFUSED, now=now)
        return "refused"
    except Unknown as error:
        return _in_doubt(error, mine, now)
    run(prepared(mail_sql.SENT), now=now, **mine)
    return "sent"


def _in_doubt(error: Unknown, mine: dict[str, Any], now: datetime | None) -> str:
    logger.warning("a mail was perhaps delivered: %s", error)
    row = run(prepared(mail_sql.UNKNOWN), now=now, error=str(error), strict=settings.DEADLINES_STRICT_MAIL, **mine)
    if row == ("held",):
        alarms.open_alarm(MAIL_HELD, now=now)
        return "held"
    return "deferred"


def _letter(mail: _Mail) -> bytes:
    return letter(
        message_id=mail.message_id,
        kind_code=mail.kind,
        recipient=mail.email,
        language=mail.language,
        written_at=mail.created_at,
        is_delayed=mail.delayed_since is not None,
    )


def _rows(statement: str, now: datetime | None, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(prepared(statement), {"now": now, **values})
        return list(cursor.fetchall())
