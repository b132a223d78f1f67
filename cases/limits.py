"""Durations that the policy itself fixes; everything else is a setting that the Board confirms."""

from datetime import timedelta

REPORT_WITHIN = timedelta(hours=24)
CLOCK_TOLERANCE = timedelta(minutes=5)
WRITING_TIME = timedelta(hours=1)
"""A report begun after its 24 hours: nobody is told of the draft while its author is still writing it."""
