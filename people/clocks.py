"""Kinds of notice that people send."""
