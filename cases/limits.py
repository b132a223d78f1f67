"""Durations that the policy itself fixes; everything else is a setting that the Board confirms."""

from datetime import timedelta

REPORT_WITHIN = timedelta(hours=24)
CLOCK_TOLERANCE = timedelta(minutes=5)
