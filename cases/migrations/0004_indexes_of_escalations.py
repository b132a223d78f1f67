"""Partial indexes over the engine's table for the questions that the dashboard and the Board's page ask."""

from django.db import migrations

ESCALATIONS_BY_TIME = """
CREATE INDEX cases_escalations_by_time ON deadlines_deadline (due_at DESC, id DESC)
    WHERE row_type = 'cases.report' AND state = 'fired' AND audience && ARRAY['BOARD_LEAD', 'ALTERNATE', 'BOARD_MEMBER']::varchar(40)[]
    AND duty IN ('not_acknowledged', 'time_over', 'danger_unconfirmed', 'safety_task_open', 'triage_open', 'next_action_open',
        'told_unconfirmed');
"""
OPEN_ESCALATIONS = """
CREATE INDEX cases_open_escalations ON deadlines_deadline (row_pk)
    WHERE row_type = 'cases.report' AND kind = 'cases.acknowledge' AND state = 'fired' AND satisfied_at IS NULL
    AND voided_at IS NULL AND duty IN ('not_acknowledged', 'time_over');
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_receipt"), ("deadlines", "0001_initial")]

    operations = [
        migrations.RunSQL(ESCALATIONS_BY_TIME, "DROP INDEX IF EXISTS cases_escalations_by_time"),
        migrations.RunSQL(OPEN_ESCALATIONS, "DROP INDEX IF EXISTS cases_open_escalations"),
    ]
