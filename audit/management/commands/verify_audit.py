"""Walk the audit chain and name the first row that does not hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.sealing import Head, head, verify, waiting_too_long


class Command(BaseCommand):
    """Exit code 1 when the chain is broken; late sealing is only a warning."""

    help = "Verify the audit chain; give a head noted earlier as --anchor SEQ:HASH to prove that nothing was cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", default="", metavar="SEQ:HASH")

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


def _anchor(text: str) -> Head | None:
    if not text:
        return None
    seq, _, digest = text.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise CommandError("an anchor is SEQ:HASH, as printed on a report or by seal_audit")
    return Head(int(seq), digest.lower())
