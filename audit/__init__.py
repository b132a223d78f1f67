"""Who did or read what, when and why: append-only events, sealed into a hash chain."""
