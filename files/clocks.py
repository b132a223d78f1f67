"""The times of stored files."""

from datetime import timedelta

# A file without a row is rubbish only after this long: its transaction may still be open.
ORPHANED_AFTER = timedelta(days=1)
