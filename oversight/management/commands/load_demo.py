"""Loads the fictional organisation of the demonstration; safe to run again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from oversight.demo.cast import CAST, DOMAIN
from oversight.demo.earlier import earlier_stories
from oversight.demo.organisation import build_organisation
from oversight.demo.stories import STORIES
from oversight.demo.telling import play
from people import roles


class Command(BaseCommand):
    """Everything in one transaction: a half-loaded organisation would look like a broken one."""

    help = "Load the fictional organisation of the demonstration (never in production)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print-accounts", action="store_true", help="Only list the accounts and the password.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO and settings.MODE != "test":
            raise CommandError("This is not a demonstration: nothing was loaded.")
        if not options["print_accounts"]:
            now = timezone.now()
            with transaction.atomic(), translation.override("sq"):
                filed = play([*earlier_stories(), *STORIES], build_organisation(now=now), now=now)
            self.stdout.write(f"Demonstration organisation: {len(CAST)} accounts, {filed} reports filed.")
        self._print_accounts()

    def _print_accounts(self) -> None:
        with translation.override("en"):
            for code, member in CAST.items():
                held = ", ".join(str(roles.LABELS[role]) for role in (*member.posts, *member.given)) or str(roles.LABELS[roles.REPORTER])
                self.stdout.write(f"  {code + '@' + DOMAIN:<30} {member.name:<18} {held}")
        self.stdout.write(f"  Password of them all: {settings.DEMO_PASSWORD or '(none: set ASET_DEMO_PASSWORD)'}")
