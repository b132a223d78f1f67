"""The project as an application: system checks that keep an unsafe production from starting."""

from django.apps import AppConfig
from django.utils import timezone


class AsetSafeguardingConfig(AppConfig):
    """Hangs on the escalator's loop what must go on when Celery is away; rules live in the apps below."""

    name = "aset_safeguarding"
    verbose_name = "ASET Safeguarding"

    def ready(self) -> None:
        from audit.sealing import seal_pending
        from cases.actions.access import end_lapsed_grants
        from deadlines.hooks import on_tick

        on_tick("seal", seal_pending)
        on_tick("grants", lambda: end_lapsed_grants(timezone.now()))
