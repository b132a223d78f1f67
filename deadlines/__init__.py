"""Due times, ladders of escalation, the outbox and the in-app inbox; knows no case and no course."""
