"""The outbox's SQL: claim under a lease, renew by token, settle by token (deadlines.md, flow 4)."""

# ruff: noqa: S608  Constants are joined to constants here; every value is a parameter.

from deadlines.sql import ACTIVE_BAR

STILL_MINE = "id = %(id)s AND lease_token = %(token)s AND state = 'sending'"
LET_GO = "in_flight = false, lease_until = NULL, lease_token = NULL"

# Perhaps delivered: once more with the same Message-ID, then a person must look. The strict setting never sends twice.
PERHAPS_DELIVERED = """CASE WHEN unwanted THEN 'void' WHEN %(strict)s OR ambiguous >= 1 THEN 'held' ELSE 'queued' END"""

# A drainer died. Mails it had only claimed go back; the one it was transmitting was perhaps delivered.
RECLAIM = f"""
UPDATE deadlines_notice SET
    state = CASE WHEN in_flight THEN {PERHAPS_DELIVERED} WHEN unwanted THEN 'void' ELSE 'queued' END,
    ambiguous = ambiguous + in_flight::int, not_before = {{now}}, {LET_GO}
WHERE id IN (SELECT id FROM deadlines_notice WHERE state = 'sending' AND lease_until < {{now}}
    ORDER BY lease_until LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING state
"""

CLAIM = """
WITH mine AS (
    SELECT id FROM deadlines_notice WHERE state = 'queued' AND not_before <= {now}
    ORDER BY not_before, id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED),
claimed AS (
    UPDATE deadlines_notice n SET state = 'sending', lease_until = {now} + %(lease)s * interval '1 second', lease_token = %(token)s
    FROM mine WHERE n.id = mine.id
    RETURNING n.id, n.message_id, n.kind, n.duty, n.created_at, n.delayed_since, n.user_id)
SELECT c.id, c.message_id, c.kind, c.duty, c.created_at, c.delayed_since, u.email, u.language
FROM claimed c JOIN {user} u ON u.id = c.user_id ORDER BY c.id
"""

# Right before each message. It finds no row when the lease was lost, the duty is done, or the person must not hear of it.
RENEW = f"""
UPDATE deadlines_notice n SET lease_until = {{now}} + %(lease)s * interval '1 second', in_flight = true, attempts = attempts + 1
WHERE {STILL_MINE} AND NOT unwanted AND NOT {ACTIVE_BAR.format(who="n.user_id", row="n")}
    AND EXISTS (SELECT 1 FROM {{user}} u WHERE u.id = n.user_id AND u.is_active AND u.email <> '')
RETURNING id
"""

DROP = f"UPDATE deadlines_notice SET state = 'void', {LET_GO} WHERE {STILL_MINE}"

SENT = f"UPDATE deadlines_notice SET state = 'sent', sent_at = {{now}}, last_error = '', {LET_GO} WHERE {STILL_MINE}"

REFUSED = f"UPDATE deadlines_notice SET state = 'failed_perm', last_error = %(error)s, {LET_GO} WHERE {STILL_MINE}"

# 30 s, 1, 2, 4, 8, then every 10 minutes, without limit.
DEFER = f"""
UPDATE deadlines_notice SET state = CASE WHEN unwanted THEN 'void' ELSE 'queued' END, last_error = %(error)s,
    not_before = {{now}} + least(interval '30 seconds' * power(2, least(attempts, 6) - 1), interval '10 minutes'), {LET_GO}
WHERE {STILL_MINE}
"""

UNKNOWN = f"""
UPDATE deadlines_notice SET state = {PERHAPS_DELIVERED}, ambiguous = ambiguous + 1, last_error = %(error)s,
    not_before = {{now}} + interval '30 seconds', {LET_GO}
WHERE {STILL_MINE} RETURNING state
"""

RELEASE = f"""
UPDATE deadlines_notice SET state = CASE WHEN unwanted THEN 'void' ELSE 'queued' END, {LET_GO}
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s AND state = 'sending' AND NOT in_flight
"""
