"""The people app: accounts, posts and the registers every other app refers to."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Makes its kinds of notice known, its checks, and the small work it asks of every tick."""

    name = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Nothing here touches the database."""
        from deadlines.hooks import on_tick
        from people import checks, clocks, keeping

        clocks.register_kinds()
        checks.register_checks()
        on_tick("people.kept_pages", keeping.forget_old)
