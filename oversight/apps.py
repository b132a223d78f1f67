"""The oversight app."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Home pages, exports and the demonstration organisation; it owns no tables."""

    name = "oversight"

    def ready(self) -> None:
        """The two kinds of document that are made as jobs."""
        from oversight import exports

        exports.register_kinds()
