"""What fired and who was told cannot be rewritten by the role the application runs as (R-79)."""

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.db.utils import DatabaseError

from deadlines.actions import bar, satisfy, start_clock
from deadlines.clocks import Step
from deadlines.models import Deadline
from people import roles
from tests.deadlines.conftest import DUTY, HOUR, NOW, Cast

pytestmark = pytest.mark.django_db

FORBIDDEN = [
    "UPDATE deadlines_escalation SET fired_at = now()",
    "DELETE FROM deadlines_escalation",
    "TRUNCATE deadlines_escalation",
    "UPDATE deadlines_postreach SET since = now()",
    "DELETE FROM deadlines_postreach",
    "UPDATE deadlines_deadline SET due_at = now()",
    "UPDATE deadlines_deadline SET audience = '{}'",
    "DELETE FROM deadlines_deadline",
    "TRUNCATE deadlines_deadline CASCADE",
    "UPDATE deadlines_notice SET user_id = user_id + 1",
    "UPDATE deadlines_notice SET message_id = 'x'",
    "DELETE FROM deadlines_notice",
    "UPDATE deadlines_barred SET user_id = user_id + 1",
    "DELETE FROM deadlines_barred",
    "SET session_replication_role = replica",
    "ALTER TABLE deadlines_escalation DISABLE TRIGGER ALL",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_runtime_role_cannot_rewrite_what_happened(row: Model, cast: Cast, statement: str) -> None:
    start_clock(row, DUTY, [Step(NOW, (roles.CPO,))], now=NOW)
    bar(row, cast.deputy, reason_code="named", now=NOW)

    with pytest.raises(DatabaseError, match=r"permission denied|append-only|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_settled_step_cannot_be_unsettled(row: Model, cast: Cast) -> None:
    start_clock(row, DUTY, [Step(NOW, (roles.CPO,)), Step(NOW + HOUR, (roles.CPO,))], now=NOW)
    satisfy(row, DUTY, now=NOW)

    for step in (0, 1):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Deadline.objects.filter(step=step).update(state="pending", fire_at=NOW)
