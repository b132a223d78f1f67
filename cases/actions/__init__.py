"""Every write that matters about reports and cases: lock, check the move, write, record, notify."""
