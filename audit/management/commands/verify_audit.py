"""Walk the audit chain and name the first row that does not hold."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.sealing import head, verify, waiting_too_long


class Command(BaseCommand):
    """Exit code 1 when the chain is broken; late sealing is only a warning."""

    help = "Verify the audit chain; give a head noted earlier as --anchor to prove that nothing was cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", default="", metavar="HASH", help="the hash printed on a report, or SEQ:HASH")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify(anchor=_anchor(options["anchor"]))
        if broken:
            raise CommandError(f"audit chain broken at {broken}", returncode=1)
        late = waiting_too_long()
        if count := late.count():
            first = late.values_list("event_id", flat=True).first()
            self.stderr.write(self.style.WARNING(f"{count} events unsealed for more than 5 minutes, the first is event {first}"))
        end = head()
        self.stdout.write(f"audit chain whole; head {end.seq}:{end.hash}")


def _anchor(text: str) -> str:
    """The hash alone: it already commits to its place in the chain."""
    digest = text.rpartition(":")[2].strip().lower()
    if text and not re.fullmatch("[0-9a-f]{64}", digest):
        raise CommandError("an anchor is the hash of 64 digits printed on a report, or SEQ:HASH")
    return digest
