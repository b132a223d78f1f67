"""Runs the engine's SQL on Django's connection, with the names only Django knows filled in."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from deadlines import kinds, sql


@cache
def prepared(statement: str, **names: str) -> str:
    """The statement with the table of users, the clock and the given fragments written into it."""
    user_table = connection.ops.quote_name(get_user_model()._meta.db_table)
    return statement.format(now=sql.NOW, user=user_table, **names)


def mail_domain() -> str:
    """The right-hand side of our Message-IDs."""
    return urlsplit(getattr(settings, "BASE_URL", "")).hostname or "localhost"


def run(statement: str, *, now: datetime | None, **values: Any) -> tuple[Any, ...] | None:
    """Execute one prepared statement; `now=None` means the database's own clock. Returns its row, if it has one."""
    params: Mapping[str, Any] = {"now": now, "domain": mail_domain(), "to_reporters": kinds.codes_to_reporters(), **values}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone() if cursor.description else None
