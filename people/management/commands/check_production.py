"""`manage.py check_production`: is this installation fit to serve real data?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.checks import production_problems


class Command(BaseCommand):
    """Prints every problem; ends with an error if there is one."""

    help = "Refuses demonstration data, default keys, DEBUG, superusers, an owning database role, and a missing Board decision."

    def handle(self, *args: Any, **options: Any) -> None:
        """Asks settings and database as they are now."""
        problems = production_problems()
        for problem in problems:
            self.stderr.write(f"- {problem}")
        if problems:
            raise CommandError(f"{len(problems)} reason(s) why this installation may not serve real data.")
        self.stdout.write("This installation may serve.")
