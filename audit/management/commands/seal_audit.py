"""Seal every waiting audit event now."""

from typing import Any

from django.core.management.base import BaseCommand

from audit.sealing import head, seal_pending


class Command(BaseCommand):
    """For the console and for backups; the running system seals every minute by itself."""

    help = "Link all waiting audit events into the hash chain and print its head."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = 0
        while linked := seal_pending():
            sealed += linked
        end = head()
        self.stdout.write(f"{sealed} events sealed; head {end.seq}:{end.hash}")
