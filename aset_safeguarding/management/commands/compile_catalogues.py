"""Compiles the translations with polib, so that no machine needs gettext's tools."""

from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Writes a .mo beside every .po."""

    help = "Compile locale/*/LC_MESSAGES/django.po."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for file in sorted(folder.glob("*/LC_MESSAGES/*.po")):
                polib.pofile(str(file)).save_as_mofile(str(file.with_suffix(".mo")))
                self.stdout.write(f"compiled {file.relative_to(folder)}")
