"""The rows that speed is measured on are whole: every copy is a report of its own that the application can read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bench import multiply, originals
from cases.models import Report, SearchToken
from deadlines.models import Deadline, Notice
from deadlines.sweeping import sweep
from people.models import User
from tests.conftest import SUPERUSER_URL, CommittedDatabase
from tests.factories.cases import a_report


@pytest.fixture
def seeded(committed_db: CommittedDatabase) -> int:
    """Three finished reports and two open ones, each with two copies."""
    connection = multiply.connect(SUPERUSER_URL.replace("/postgres?", f"/{committed_db.name}?"))
    now = timezone.now()
    users = originals.make_organisation(now)
    start = multiply.last_keys(connection)
    originals.make_closed(users, now=now, number=3)
    originals.make_open(users, now=now, number=2)
    end = multiply.last_keys(connection)
    sources = multiply.Originals({name: (start[name], end[name]) for name in start}, max(end.values()) + 1)
    with multiply.without_indexes(connection):
        multiply.multiply(connection, sources, range(1, 3), seconds_apart=3600)
    multiply.set_sequences(connection, beyond=sources.stride * 4)
    connection.close()
    return 15


def test_copies_are_reports_of_their_own_with_their_own_clocks(seeded: int) -> None:
    reports = list(Report.objects.order_by("pk"))

    assert len(reports) == len({report.reference for report in reports}) == seeded
    assert all(report.account for report in reports)
    first, copy = reports[0], reports[5]
    assert first.received_at - copy.received_at == timedelta(hours=1)
    assert copy.children.get().name == first.children.get().name
    ladders = [Deadline.objects.filter(row_type="cases.report", row_pk=report.pk).count() for report in (first, copy)]
    assert ladders[0] == ladders[1] > 0


def test_the_application_works_on_after_the_copies(seeded: int) -> None:
    sweep("bench")

    a_report(by=User.objects.get(login_name="staff@demo.example"), now=timezone.now())

    assert Report.objects.count() == seeded + 1
    assert Deadline.objects.filter(fire_at__lte=timezone.now()).count() == 0
    assert (
        Notice.objects.values("message_id").exclude(message_id=None).distinct().count() == Notice.objects.exclude(message_id=None).count()
    )
    assert SearchToken.objects.exists()
