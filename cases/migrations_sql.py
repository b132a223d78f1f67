"""SQL of this app's migrations that Django has no words for."""

ESCALATIONS_BY_TIME = """
CREATE INDEX cases_escalations_by_time ON deadlines_deadline (due_at DESC, id DESC)
    WHERE row_type = 'cases.report' AND state = 'fired' AND audience && ARRAY['BOARD_LEAD', 'ALTERNATE', 'BOARD_MEMBER']::varchar(40)[]
    AND duty IN ('not_acknowledged', 'time_over', 'danger_unconfirmed', 'safety_task_open', 'triage_open', 'next_action_open',
        'told_unconfirmed');
"""
"""The Board's page: what reached the Board, newest first, without looking at anything else."""

OPEN_ESCALATIONS = """
CREATE INDEX cases_open_escalations ON deadlines_deadline (row_pk)
    WHERE row_type = 'cases.report' AND kind = 'cases.acknowledge' AND state = 'fired' AND satisfied_at IS NULL
    AND voided_at IS NULL AND duty IN ('not_acknowledged', 'time_over');
"""
"""The dashboard: the few reports that nobody has confirmed although others were asked, however many there are in all."""
