"""Writing events: the one door through which anything enters the audit log."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Model

from audit.models import PAGE_VIEWED, Event, EventText, digest_of
from common.rows import row_key

_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_CODE = re.compile(r"[A-Za-z0-9_.:+/-]{0,80}")
ROWS_NAMED = 200


class NotACode(ValueError):
    """Somebody tried to write words into an event; words go into `reason`, which is sealed."""


def record(
    kind: str,
    /,
    row: Model | None = None,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    **codes: Any,
) -> Event:
    """Write one event in the caller's transaction (R-79).

    `kind` is "noun.verb" ("report.acknowledged"); `codes` hold ids, numbers, instants and
    codes without blanks of at most 80 characters: the chain is never destroyed, so nothing
    in it may tell of a person. Raises NotACode for anything else. `by=None` is the system.
    """
    if not _KIND.fullmatch(kind) or len(kind) > 60:
        raise NotACode(f"not a kind of event: {kind!r}")
    row_type, row_pk = row_key(row) if row is not None else ("", None)
    return _write(kind, row_type, row_pk, by, reason, _as_codes(codes))


def record_view(user: AbstractBaseUser, page: str, rows: Iterable[Model]) -> Event:
    """Write one access event for a page, naming the rows it showed (R-79).

    A page of one row is linked to that row. The first 200 rows are named, and how many
    there were is always said.
    """
    keys = [row_key(row) for row in rows]
    row_type, row_pk = keys[0] if len(keys) == 1 else ("", None)
    named = [list(key) for key in keys[:ROWS_NAMED]]
    data = _as_codes({"page": page, "rows": named, "shown": len(keys)})
    return _write(PAGE_VIEWED, row_type, row_pk, user, "", data)


def _write(
    kind: str,
    row_type: str,
    row_pk: int | None,
    by: AbstractBaseUser | None,
    reason: str,
    data: dict[str, Any],
) -> Event:
    salt = os.urandom(16) if reason else b""
    digest = digest_of(reason, salt) if reason else b""
    event = Event(kind=kind, row_type=row_type, row_pk=row_pk, data=data, reason_digest=digest)
    event.actor_id = None if by is None else by.pk
    with transaction.atomic():
        event.save(force_insert=True)
        if reason:
            EventText.objects.create(event=event, salt=salt, reason=reason)
    return event


def _as_codes(value: Any) -> Any:
    """The value as JSON holds it; raises NotACode for free text and unknown types."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {_as_codes(str(key)): _as_codes(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_codes(part) for part in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_as_codes(part) for part in value)
    # The offending value is not repeated: the message may end in a log.
    raise NotACode(f"an event holds codes only, not this {type(value).__name__}")
