"""`manage.py setup`: the first appointments of a new installation, asked on the terminal or read from a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people import roles
from people.actions.refusals import Refused
from people.actions.setup import SetUp, read_plan, set_up

_NEEDED = (roles.DIRECTOR, roles.BOARD_LEAD, roles.TECHNICAL_ADMIN)
_MAY_BE_VACANT = (roles.DEPUTY, roles.ALTERNATE)
_DETAILS = (("name", "Full name"), ("login_name", "Login name (e-mail or phone)"), ("email", "E-mail"), ("phone", "Phone"))


class Command(BaseCommand):
    """Needs a Director with the number of the act, one Board person and a technical admin; works only once."""

    help = "First appointments: Director and child protection officer, Board lead, technical admin, deputy, alternate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One optional file."""
        parser.add_argument("--from-file", type=Path, help="JSON as described in docs/operations.md, instead of questions")

    def handle(self, *args: Any, from_file: Path | None = None, **options: Any) -> None:
        """Reads, appoints, prints the first passwords once."""
        try:
            given = json.loads(from_file.read_text(encoding="utf-8")) if from_file else self._ask()
            made = set_up(read_plan(given), now=timezone.now())
        except (OSError, json.JSONDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self._tell(made)

    def _ask(self) -> dict[str, Any]:
        posts: dict[str, Any] = {}
        for post in (*_NEEDED, *_MAY_BE_VACANT):
            self.stdout.write(f"\n{roles.LABELS[post]}")
            until = input("Vacant by Board decision until (YYYY-MM-DD, empty = name someone): ") if post in _MAY_BE_VACANT else ""
            posts[post] = {"vacant_until": until} if until else {key: input(f"{label}: ").strip() for key, label in _DETAILS}
        self.stdout.write(f"\n{roles.LABELS[roles.CPO]}: the Director, by act")
        act = {"act_number": input("Number of the act: ").strip(), "act_on": input("Date of the act (YYYY-MM-DD): ").strip()}
        posts[roles.CPO] = {"same_as": roles.DIRECTOR, **act}
        self.stdout.write("\nBoard decision on the data protection impact assessment (empty = not yet; production will not start)")
        decision = {"number": input("Number: ").strip(), "decided_on": input("Date (YYYY-MM-DD): ").strip()}
        return {"posts": posts, "dpia_decision": decision}

    def _tell(self, made: SetUp) -> None:
        self.stdout.write("Done. First passwords, to be changed at the first sign-in and handed over in person:")
        for login_name, password in made.passwords.items():
            self.stdout.write(f"  {login_name}  {password}")
