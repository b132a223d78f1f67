"""Registers what cases tell the apps below: kinds of deadline, extra work at each tick, answers to hooks."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Report to triage; the rest of case work follows."""

    name = "cases"

    def ready(self) -> None:
        from cases import kinds

        kinds.register_kinds()
