#!/usr/bin/env python3
"""Runs management commands; schema changes run as the owner of the tables, everything else as the runtime role."""

import os
import sys

SERVING_COMMANDS = {"escalator"}
OWNER_COMMANDS = {"migrate", "makemigrations", "flush", "sqlmigrate", "showmigrations"}


def main() -> None:
    """Choose the database role by command (architecture.md, "Three database roles"), then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aset_safeguarding.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("ASET_DB_ROLE", "owner")
    from django.core.management import execute_from_command_line

    if len(sys.argv) > 1 and sys.argv[1] in SERVING_COMMANDS:
        refuse_unsafe_start()
    execute_from_command_line(sys.argv)


def refuse_unsafe_start() -> None:
    """The escalator serves real data as much as a web server does (R-90)."""
    import django

    django.setup()
    from people.checks import refuse_unsafe_production

    refuse_unsafe_production()


if __name__ == "__main__":
    main()
