"""Measures speed on a throw-away database; nothing here is part of the application."""
