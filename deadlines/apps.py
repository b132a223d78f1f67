"""The deadline engine as a Django app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Due times and escalation (docs/architecture.md)."""

    name = "deadlines"

    def ready(self) -> None:
        """The engine's own kind of notice: something in the machinery needs the technical admin."""
        from deadlines import alarms

        alarms.register_kind()
