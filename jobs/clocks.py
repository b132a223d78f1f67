"""The times of a job."""

from datetime import timedelta

# How long a result can be fetched.
KEPT = timedelta(hours=24)
# A run that shows no progress for so long is taken for dead, and begun again.
LEASE = timedelta(minutes=5)
# A message that has not led to a run after so long is taken for lost.
LOST = timedelta(minutes=2)
# Progress reaches the database at most so often.
THROTTLE = timedelta(seconds=1)
ATTEMPTS = 3
