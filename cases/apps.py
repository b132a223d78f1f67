"""Registers what cases tell the apps below: kinds of deadline, extra work at each tick, answers to hooks."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Report to triage; the rest of case work follows."""

    name = "cases"

    def ready(self) -> None:
        from audit.hooks import show_events_of
        from cases import kinds, leaving, permissions
        from cases.models import Case, Report

        kinds.register_kinds()
        leaving.register()
        show_events_of(Report, permissions.reports_visible_to)
        show_events_of(Case, permissions.cases_visible_to)
