"""Take files off the disk that no row points at."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from files.actions import remove_orphans


class Command(BaseCommand):
    """For a daily timer of the operating system; safe while the system runs."""

    help = "Remove sealed files older than a day that belong to no record."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remove_orphans(now=timezone.now())} files removed")
