"""Keys of a demonstration or test, made on first start and kept with the data they seal."""

import base64
import os
import secrets
from pathlib import Path

NAMES = ("secret_key", "field_keys", "index_key")


def fresh(name: str) -> str:
    """A new value in the form the settings read."""
    if name == "secret_key":
        return secrets.token_urlsafe(50)
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return f"1:{key}" if name == "field_keys" else key


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    draft.replace(path)


def ensure(folder: Path) -> dict[str, str]:
    """Make the missing keys; return the variables that point the settings at the files.

    A key that exists is never replaced: what it sealed could not be read again.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in NAMES:
        if not (folder / name).exists():
            write_private(folder / name, fresh(name))
    return {f"ASET_{name.upper()}_FILE": str(folder / name) for name in NAMES}
