"""The sweep, the drain and the inbox ask their partial indexes, whatever the planner believes (deadlines.md, fact 7)."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from deadlines import mail_sql, sql
from deadlines.permissions import notices_visible_to
from deadlines.queries import not_barred
from deadlines.running import prepared
from people.models import Person
from tests.deadlines.conftest import Cast
from tests.faults.seeding import overdue

pytestmark = pytest.mark.django_db

ALL = {"now": None, "source": "test", "limit": 500, "domain": "x", "to_reporters": [], "host": "x"}


def plan(statement: str, **values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement, {**ALL, **values})
        return json.dumps(cursor.fetchone()[0])


def plan_of(rows: QuerySet[Any]) -> str:
    return str(rows.explain(format="json"))


@pytest.fixture
def many_waiting(cast: Cast) -> None:
    """Mostly far in the future, as in life; statistics are fresh."""
    overdue(30_000, in_seconds=86_400)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO deadlines_notice
                (row_type, row_pk, kind, step, episode, user_id, channel, state, created_at, not_before, message_id)
            SELECT 'people.person', n, 'test', 0, 1, %s, way, 'sent', now(), now(), 'x'
            FROM generate_series(1, 10000) AS n, unnest(ARRAY['mail', 'inapp']) AS way""",
            [cast.officer.pk],
        )


@pytest.mark.usefixtures("many_waiting")
def test_the_sweep_reads_what_is_due_from_its_partial_index() -> None:
    shown = plan(prepared(sql.FIRE, narrowed=""))

    assert "deadline_to_fire" in shown
    assert "deadline_to_fire" in plan(prepared(sql.LOOK))
    assert "deadline_to_fire" in plan(prepared(sql.DUE_IDS))


@pytest.mark.usefixtures("many_waiting")
def test_a_ladder_is_settled_by_its_unique_index() -> None:
    shown = plan(prepared(sql.SETTLE, stamp="satisfied_at"), row_type="people.person", row_pk=7, kind="k", state="met")

    assert "deadline_one_per_step" in shown


@pytest.mark.usefixtures("many_waiting")
def test_the_heartbeat_finds_the_oldest_overdue_step_by_index() -> None:
    assert "deadline_pending_due" in plan(prepared(sql.BEAT))


@pytest.mark.usefixtures("many_waiting")
def test_the_drain_claims_and_reclaims_by_partial_indexes() -> None:
    assert "notice_to_send" in plan(prepared(mail_sql.CLAIM), token=uuid.uuid4(), lease=60)
    assert "notice_leased" in plan(prepared(mail_sql.RECLAIM), strict=False)


@pytest.mark.usefixtures("many_waiting")
def test_the_inbox_and_its_count_are_read_from_their_indexes(cast: Cast) -> None:
    visible = notices_visible_to(cast.deputy)

    assert "notice_inbox" in plan_of(visible.order_by("-created_at", "-id")[:20])
    assert "notice_unread" in plan_of(visible.filter(seen_at=None)[:100])


def test_bars_are_an_anti_join_on_the_index_of_active_ones(cast: Cast) -> None:
    shown = plan_of(not_barred(Person.objects.filter(pk__in=[1, 2, 3]), cast.officer))

    assert "Anti" in shown
