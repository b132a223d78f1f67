"""bin/new-secrets: the secret files docker-compose.yml reads, made once and never overwritten."""

import argparse
import secrets
from pathlib import Path

from launcher import keys
from launcher.console import Problem, say
from launcher.places import CLONE

PASSWORDS = ("postgres_password", "owner_password", "app_password", "redis_password")


def main(arguments: list[str]) -> int:
    """Fill a folder that its owner alone can enter."""
    parser = argparse.ArgumentParser(prog="bin/new-secrets", description="Make the secret files for docker-compose.yml.")
    parser.add_argument("folder", nargs="?", type=Path, default=CLONE / "secrets", help="default: secrets/ beside docker-compose.yml")
    folder = parser.parse_args(arguments).folder
    if folder.is_dir() and any(folder.iterdir()):
        raise Problem(f"{folder} holds files already. Secrets in use are never replaced: what they sealed could not be read again.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    for name, value in make().items():
        keys.write_private(folder / name, value)
        # Containers run under their own numbers and must read the file; the folder is what keeps others on this host out.
        (folder / name).chmod(0o444)
    say(f"Made {folder}. Write the password of your mail account into {folder / 'email_password'}.")
    say("Keep a copy of field_keys and index_key away from this server: without them the database cannot be read.")
    return 0


def make() -> dict[str, str]:
    """Name and content of every file. Passwords are hex, so that they stand in addresses and SQL as they are."""
    values = {name: secrets.token_hex(24) for name in PASSWORDS}
    values |= {name: keys.fresh(name) for name in keys.NAMES}
    values["database_url"] = f"postgres://aset_app:{values['app_password']}@postgres:5432/aset"
    values["owner_database_url"] = f"postgres://aset_owner:{values['owner_password']}@postgres:5432/aset"
    values["redis_url"] = f"redis://:{values['redis_password']}@redis:6379/0"
    values["email_password"] = ""
    return values
