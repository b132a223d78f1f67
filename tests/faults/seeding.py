"""Due steps by the thousand, written as the runtime role."""

from django.db import connection

from people import roles

KIND = "test.fault"
FIRST = 1_000_001
"""Far from the keys of rows that a test really makes."""


def overdue(count: int, *, in_seconds: float = 0, first: int = FIRST, audience: tuple[str, ...] = (roles.CPO, roles.BOARD_LEAD)) -> None:
    """One step for each of `count` rows, due so many seconds from now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO deadlines_deadline (row_type, row_pk, kind, episode, step, from_at, due_at, fire_at, state, audience,
                duty, outward, policy_version, attempts, last_error)
            SELECT 'people.person', n, %(kind)s, 1, 0, now(), at, at, 'pending', %(audience)s, '', false, '', 0, ''
            FROM generate_series(%(first)s, %(first)s + %(count)s - 1) AS n,
                (SELECT now() + %(wait)s * interval '1 second' AS at) AS due""",
            {"kind": KIND, "audience": list(audience), "first": first, "count": count, "wait": in_seconds},
        )
