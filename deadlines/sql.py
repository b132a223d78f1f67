"""The engine's SQL: one statement claims, fires, opens reach, writes notices, alarms and audit events (deadlines.md, flow 2).

`{now}` is the database's clock unless a test gives another instant; `{user}` is the table of users.
"""

# ruff: noqa: S608  Constants are joined to constants here; every value is a parameter.

NOW = "coalesce(%(now)s::timestamptz, now())"

ACTIVE_BAR = """EXISTS (
    SELECT 1 FROM deadlines_barred b
    WHERE b.user_id = {who} AND b.row_type = {row}.row_type AND b.row_pk = {row}.row_pk AND b.lifted_at IS NULL)"""

HOLDS_NOW = "h.from_at <= {now} AND (h.until_at IS NULL OR h.until_at > {now})"

# A person asked for by name in a kind that concerns reporters, or by an outward step, gets mail only on request.
BY_MAIL = "u.email <> '' AND (a.by_post OR u.mail_reports OR NOT (f.outward OR f.kind = ANY(%(to_reporters)s)))"

# Every statement below ends in a CTE `told` with these columns; this writes what they are told, once.
WRITE_NOTICES = """
written AS (
    INSERT INTO deadlines_notice (row_type, row_pk, kind, episode, step, duty, user_id, channel, state,
        reference, message_id, created_at, due_at, delayed_since, not_before, sent_at)
    SELECT row_type, row_pk, kind, episode, step, duty, user_id, channel,
        CASE channel WHEN 'mail' THEN 'queued' ELSE 'sent' END, reference,
        CASE channel WHEN 'mail' THEN '<' || reference || '@' || %(domain)s || '>' END, {now}, due_at, delayed_since,
        CASE channel WHEN 'mail' THEN {now} END, CASE channel WHEN 'inapp' THEN {now} END
    FROM (SELECT told.*, way.channel, gen_random_uuid() AS reference
          FROM told CROSS JOIN (VALUES ('inapp'), ('mail')) AS way(channel)
          WHERE way.channel = 'inapp' OR told.by_mail OFFSET 0) AS one_each
    ORDER BY row_type, row_pk, kind, episode, step, user_id, channel
    ON CONFLICT DO NOTHING
    RETURNING channel)
"""

# Costs a tenth of planning the statement below, and nearly every sweep finds nothing. Subqueries and not EXISTS: that would drop
# the ORDER BY, and with it the index (deadlines.md, fact 7).
LOOK = """
SELECT (SELECT fire_at FROM deadlines_deadline WHERE fire_at <= {now} ORDER BY fire_at LIMIT 1),
    (SELECT id FROM deadlines_alarm WHERE closed_at IS NULL LIMIT 1)
"""

# `heard` counts by grouping and not by a join: the planner believes that one row fired and would compare 500 with 500, one by one.
FIRE = (
    """
WITH due AS (
    SELECT id FROM deadlines_deadline
    WHERE fire_at <= {now} {narrowed}
    ORDER BY fire_at LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED),
fired AS (
    UPDATE deadlines_deadline d SET state = 'fired', fire_at = NULL
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.row_type, d.row_pk, d.kind, d.episode, d.step, d.due_at, d.duty, d.outward, d.audience, d.audience_user_id),
seats AS (
    SELECT f.id AS deadline_id, f.row_type, f.row_pk, p.post, h.id AS holder_id, h.user_id
    FROM fired f CROSS JOIN LATERAL unnest(f.audience) AS p(post)
    LEFT JOIN deadlines_postholder h ON h.post = p.post AND """
    + HOLDS_NOW
    + """),
asked AS (
    SELECT deadline_id, user_id, bool_or(by_post) AS by_post FROM (
        SELECT deadline_id, user_id, true AS by_post FROM seats WHERE user_id IS NOT NULL
        UNION ALL SELECT id, audience_user_id, false FROM fired WHERE audience_user_id IS NOT NULL) AS everyone
    GROUP BY deadline_id, user_id),
told AS (
    SELECT f.id AS deadline_id, f.row_type, f.row_pk, f.kind, f.episode, f.step, f.duty, f.due_at, f.audience_user_id, a.user_id,
        CASE WHEN %(source)s <> 'start' AND {now} > f.due_at + interval '2 minutes' THEN f.due_at END AS delayed_since,
        """
    + BY_MAIL
    + """ AS by_mail
    FROM asked a JOIN fired f ON f.id = a.deadline_id JOIN {user} u ON u.id = a.user_id
    WHERE u.is_active AND NOT """
    + ACTIVE_BAR.format(who="a.user_id", row="f")
    + """),
"""
    + WRITE_NOTICES
    + """,
heard AS (
    SELECT id, row_type, row_pk, kind, episode, step, due_at, audience_user_id, sum(one) AS people FROM (
        SELECT id, row_type, row_pk, kind, episode, step, due_at, audience_user_id, 0 AS one FROM fired
        UNION ALL SELECT deadline_id, row_type, row_pk, kind, episode, step, due_at, audience_user_id, 1 FROM told) AS each_one
    GROUP BY id, row_type, row_pk, kind, episode, step, due_at, audience_user_id),
escalated AS (
    INSERT INTO deadlines_escalation (deadline_id, due_at, fired_at, source, told)
    SELECT id, due_at, {now}, %(source)s, people FROM heard
    ON CONFLICT DO NOTHING),
opened AS (
    INSERT INTO deadlines_postreach (row_type, row_pk, post, since, reason)
    SELECT DISTINCT ON (f.row_type, f.row_pk, p.post) f.row_type, f.row_pk, p.post, {now}, f.kind || '.' || f.step
    FROM fired f CROSS JOIN LATERAL unnest(f.audience) AS p(post)
    ORDER BY f.row_type, f.row_pk, p.post, f.step
    ON CONFLICT DO NOTHING),
stranded AS (SELECT * FROM heard WHERE people = 0),
brought_forward AS (
    UPDATE deadlines_deadline SET fire_at = {now} WHERE id IN (
        SELECT n.id FROM stranded s JOIN deadlines_deadline n ON n.id = (
            SELECT m.id FROM deadlines_deadline m
            WHERE m.row_type = s.row_type AND m.row_pk = s.row_pk AND m.kind = s.kind AND m.episode = s.episode
                AND m.step > s.step AND m.fire_at IS NOT NULL
            ORDER BY m.step LIMIT 1)
        WHERE n.fire_at > {now}
        FOR NO KEY UPDATE OF n SKIP LOCKED)
    RETURNING id),
troubles AS (
    SELECT 'post_unfilled.' || seats.post AS kind
    FROM seats JOIN stranded ON stranded.id = seats.deadline_id WHERE seats.holder_id IS NULL
    UNION SELECT 'holder_inactive.' || seats.post
    FROM seats JOIN stranded ON stranded.id = seats.deadline_id JOIN {user} u ON u.id = seats.user_id AND NOT u.is_active
    WHERE NOT """
    + ACTIVE_BAR.format(who="u.id", row="seats")
    + """
    UNION SELECT 'recipient_inactive'
    FROM stranded JOIN {user} u ON u.id = stranded.audience_user_id AND NOT u.is_active
    WHERE NOT """
    + ACTIVE_BAR.format(who="u.id", row="stranded")
    + """),
alarmed AS (
    INSERT INTO deadlines_alarm (kind, opened_at) SELECT kind, {now} FROM troubles ORDER BY kind
    ON CONFLICT (kind) WHERE closed_at IS NULL DO NOTHING
    RETURNING id),
recorded AS (
    INSERT INTO audit_event (kind, actor_id, row_type, row_pk, data, reason_digest, at)
    SELECT 'deadline.fired', NULL, row_type, row_pk, jsonb_build_object('deadline', kind, 'episode', episode,
        'step', step, 'told', people, 'source', %(source)s::text), ''::bytea, now()
    FROM heard ORDER BY due_at, step)
SELECT (SELECT count(*) FROM fired), (SELECT count(*) FROM written),
    (SELECT count(*) FROM written WHERE channel = 'mail'),
    (SELECT count(*) FROM brought_forward), ARRAY(SELECT id FROM alarmed)
"""
)

NARROWED_TO_LADDER = "AND row_type = %(row_type)s AND row_pk = %(row_pk)s AND kind = %(kind)s"
NARROWED_TO_IDS = "AND id = ANY(%(ids)s)"

DUE_IDS = "SELECT id FROM deadlines_deadline WHERE fire_at <= {now} ORDER BY fire_at LIMIT %(limit)s"

BACK_OFF = """
UPDATE deadlines_deadline SET attempts = attempts + 1, last_error = %(error)s,
    fire_at = {now} + least(interval '1 minute' * power(2, least(attempts, 4)), interval '10 minutes')
WHERE id = %(id)s AND fire_at IS NOT NULL
"""

# Someone who was left out, and is not any more, hears of the steps that fired meanwhile; by mail while the ladder is open.
TELL_LATER = (
    """
WITH missed AS (
    SELECT d.*, (d.satisfied_at IS NULL AND d.voided_at IS NULL) AS is_open,
        EXISTS (SELECT 1 FROM deadlines_postholder h WHERE h.user_id = %(who)s AND h.post = ANY(d.audience) AND """
    + HOLDS_NOW
    + """) AS by_post
    FROM deadlines_deadline d JOIN deadlines_escalation e ON e.deadline_id = d.id
    WHERE d.row_type = %(row_type)s AND d.row_pk = %(row_pk)s AND e.fired_at >= %(since)s),
told AS (
    SELECT f.row_type, f.row_pk, f.kind, f.episode, f.step, f.duty, f.due_at, u.id AS user_id,
        NULL::timestamptz AS delayed_since, f.is_open AND """
    + BY_MAIL.replace("a.by_post", "f.by_post")
    + """ AS by_mail
    FROM missed f JOIN {user} u ON u.id = %(who)s
    WHERE u.is_active AND (f.by_post OR f.audience_user_id = u.id) AND NOT """
    + ACTIVE_BAR.format(who="u.id", row="f")
    + """),
"""
    + WRITE_NOTICES
    + """
SELECT count(*), count(*) FILTER (WHERE channel = 'mail') FROM written
"""
)

TELL = (
    """
WITH f AS (SELECT %(row_type)s::text AS row_type, %(row_pk)s::bigint AS row_pk, %(kind)s::text AS kind, %(episode)s::int AS episode,
    %(step)s::int AS step, %(duty)s::text AS duty, false AS outward),
asked AS (
    SELECT user_id, bool_or(by_post) AS by_post FROM (
        SELECT h.user_id, true AS by_post FROM deadlines_postholder h
        WHERE h.post = ANY(%(posts)s) AND h.user_id IS NOT NULL AND """
    + HOLDS_NOW
    + """ UNION ALL SELECT unnest(%(users)s::bigint[]), false) AS everyone
    GROUP BY user_id),
told AS (
    SELECT f.*, a.user_id, NULL::timestamptz AS due_at, NULL::timestamptz AS delayed_since,
        %(mail)s AND """
    + BY_MAIL
    + """ AS by_mail
    FROM asked a CROSS JOIN f JOIN {user} u ON u.id = a.user_id
    WHERE u.is_active AND NOT """
    + ACTIVE_BAR.format(who="a.user_id", row="f")
    + """),
"""
    + WRITE_NOTICES
    + """
SELECT count(*), count(*) FILTER (WHERE channel = 'mail') FROM written
"""
)

# Locks the ladder in order of its steps, as the sweep's skipping of locked rows needs (no two can wait for each other).
SETTLE = """
WITH ladder AS (
    SELECT id FROM deadlines_deadline
    WHERE row_type = %(row_type)s AND row_pk = %(row_pk)s AND kind = %(kind)s AND satisfied_at IS NULL AND voided_at IS NULL
    ORDER BY episode, step FOR NO KEY UPDATE),
settled AS (
    UPDATE deadlines_deadline d SET fire_at = NULL, {stamp} = %(now)s,
        state = CASE d.state WHEN 'pending' THEN %(state)s ELSE d.state END
    FROM ladder WHERE d.id = ladder.id
    RETURNING d.state)
SELECT count(*) FROM settled WHERE state = %(state)s
"""

# A mail under way is only marked: the drain decides by this mark whether it may ever queue it again.
UNWANT_MAILS = """
UPDATE deadlines_notice SET unwanted = true, state = CASE state WHEN 'queued' THEN 'void' ELSE state END
WHERE row_type = %(row_type)s AND row_pk = %(row_pk)s AND channel = 'mail' AND state IN ('queued', 'sending') AND {whose}
"""

BEAT = """
INSERT INTO deadlines_heartbeat (source, last_ok_at, oldest_overdue_at, host)
VALUES (%(source)s, {now}, (SELECT due_at FROM deadlines_deadline WHERE state = 'pending' AND due_at <= {now}
    ORDER BY due_at LIMIT 1), %(host)s)
ON CONFLICT (source) DO UPDATE SET last_ok_at = excluded.last_ok_at, oldest_overdue_at = excluded.oldest_overdue_at, host = excluded.host
"""
