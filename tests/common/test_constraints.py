"""The shared conditions say in SQL what they say in words."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint

from common.constraints import one_of, requires, together, two_people


class Ticket(models.Model):
    """A model of this test alone, in an app that is not installed."""

    state = models.CharField(max_length=10)
    closed_at = models.IntegerField(null=True)
    closed_by = models.IntegerField(null=True)
    approved_by = models.IntegerField(null=True)

    class Meta:
        app_label = "tickets"
        constraints = [
            CheckConstraint(condition=one_of("state", {"open", "closed"}), name="ticket_state"),
            CheckConstraint(condition=requires("state", {"closed"}, "closed_at", "closed_by"), name="ticket_closed"),
            CheckConstraint(condition=together("closed_at", "closed_by"), name="ticket_whole"),
            CheckConstraint(condition=two_people("closed_by", "approved_by"), name="ticket_two"),
        ]


@pytest.fixture
def tickets(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE tickets_ticket (id bigserial PRIMARY KEY, state text, closed_at int, closed_by int, approved_by int)"
        )
        with connection.schema_editor(collect_sql=True) as editor:
            for constraint in Ticket._meta.constraints:
                cursor.execute(str(constraint.create_sql(Ticket, editor)))


@pytest.mark.parametrize(
    "row",
    [
        {"state": "open"},
        {"state": "closed", "closed_at": 1, "closed_by": 1},
        {"state": "open", "closed_at": 1, "closed_by": 1, "approved_by": 2},
        {"state": "open", "approved_by": 2},
    ],
)
def test_what_the_rules_allow_is_stored(tickets: None, row: dict[str, object]) -> None:
    Ticket.objects.create(**row)


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        ({"state": "lost"}, "ticket_state"),
        ({"state": "closed"}, "ticket_closed"),
        ({"state": "closed", "closed_at": 1}, "ticket_closed"),
        ({"state": "open", "closed_at": 1}, "ticket_whole"),
        ({"state": "open", "closed_at": 1, "closed_by": 1, "approved_by": 1}, "ticket_two"),
    ],
)
def test_what_they_forbid_is_refused_by_the_database(tickets: None, row: dict[str, object], broken: str) -> None:
    with pytest.raises(IntegrityError, match=broken), transaction.atomic():
        Ticket.objects.create(**row)
