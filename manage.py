#!/usr/bin/env python3
"""Runs management commands; schema changes run as the owner of the tables, everything else as the runtime role."""

import os
import sys

OWNER_COMMANDS = {"migrate", "makemigrations", "flush", "sqlmigrate", "showmigrations"}


def main() -> None:
    """Choose the database role by command (architecture.md, "Three database roles"), then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aset_safeguarding.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("ASET_DB_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
