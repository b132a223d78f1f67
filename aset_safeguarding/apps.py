"""The project as an application: system checks that keep an unsafe production from starting."""

from django.apps import AppConfig


class AsetSafeguardingConfig(AppConfig):
    """Registers nothing else; rules live in the apps below."""

    name = "aset_safeguarding"
    verbose_name = "ASET Safeguarding"
