"""Migration operations that let the runtime role add rows and never change or remove them.

Grants are the barrier: aset_app owns nothing and cannot give itself the right back.
Triggers are the second line, for whoever else connects (architecture.md, "Writes").
"""

from __future__ import annotations

import re
from typing import Any

from django.db.migrations.operations import RunSQL

RUNTIME_ROLE = "aset_app"

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class _Protection(RunSQL):
    """Revoke some rights on a table and refuse the same by trigger, row by row and at once."""

    row_events: tuple[str, ...] = ()

    def __init__(self, table: str) -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,50}", table):
            raise ValueError(f"not a table name: {table}")
        self.table = table
        super().__init__(sql=self._forwards(), reverse_sql=self._backwards())

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        return type(self).__name__, [], {"table": self.table}

    def describe(self) -> str:
        return f"{type(self).__name__} {self.table}"

    @property
    def _rights(self) -> str:
        return ", ".join((*self.row_events, "TRUNCATE"))

    def _forwards(self) -> str:
        events = " OR ".join(self.row_events)
        return f"""{_FUNCTION}
        REVOKE {self._rights} ON {self.table} FROM {RUNTIME_ROLE};
        CREATE TRIGGER {self.table}_rows_stay BEFORE {events} ON {self.table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {self.table}_stays BEFORE TRUNCATE ON {self.table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""

    def _backwards(self) -> str:
        return f"""
        DROP TRIGGER {self.table}_rows_stay ON {self.table};
        DROP TRIGGER {self.table}_stays ON {self.table};
        GRANT {", ".join(self.row_events)} ON {self.table} TO {RUNTIME_ROLE};"""


class AppendOnly(_Protection):
    """INSERT and SELECT only: audit rows, chronology, reports as handed in, history (R-79)."""

    row_events = ("UPDATE", "DELETE")


class NeverDelete(_Protection):
    """Rows may change but never go: users, cases, appointments."""

    row_events = ("DELETE",)


def protect_history(table: str) -> AppendOnly:
    """A simple-history table keeps what it was told ("cases_historicalreport")."""
    return AppendOnly(table)


def never_delete(table: str) -> NeverDelete:
    """Rows of this table may change but never go."""
    return NeverDelete(table)
