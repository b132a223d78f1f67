"""Writes notices for named users and present post holders; the outbox and the inbox are the same rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Model

from common.rows import row_key
from deadlines import sql, waking
from deadlines.running import prepared, run


class HasKey(Protocol):
    """A user, as far as the engine knows."""

    pk: Any


def notify(
    row: Model,
    kind: str,
    *,
    users: Iterable[HasKey] = (),
    posts: Iterable[str] = (),
    duty: str = "",
    now: datetime | None,
    step: int = 0,
    episode: int = 1,
    mail: bool = True,
) -> int:
    """Tell users and current post holders something about a row, minus those barred from it; by mail too if they have an address.

    The same (row, kind, episode, step) tells a person once, ever: give another `step` for news of the same kind.
    Returns the number of notices written, both channels counted.
    """
    row_type, row_pk = row_key(row)
    people = {"users": [user.pk for user in users], "posts": [str(post) for post in posts]}
    link = {"row_type": row_type, "row_pk": row_pk, "kind": kind, "step": step, "episode": episode, "duty": duty, "mail": mail}
    return count_told(run(prepared(sql.TELL), now=now, **link, **people))


def count_told(told: tuple[Any, ...] | None) -> int:
    """Read the answer of a telling statement, and have mails sent after the commit."""
    notices, mails = told or (0, 0)
    send_soon(mails)
    return int(notices)


def send_soon(mails: int) -> None:
    """After the commit, ask Celery to send at once; whatever goes wrong there, the commit stands."""
    if mails:
        transaction.on_commit(waking.wake_up, robust=True)
