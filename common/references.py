"""Random references: what people read out on the phone instead of a primary key."""

from __future__ import annotations

import re
import secrets

# Crockford's digits and letters without vowels: nothing looks alike, nothing spells a word.
ALPHABET = "0123456789BCDFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 16
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference(prefix: str = "") -> str:
    """Eight random places (39 bits): "7KQ4-M2XD", with a prefix "R" "R-7KQ4-M2XD".

    It tells nothing: neither how many there are nor which came first. Unguessable enough
    behind the access rule, never in place of it.
    """
    places = "".join(secrets.choice(ALPHABET) for _ in range(8))
    reference = f"{places[:4]}-{places[4:]}"
    return f"{prefix.rstrip('-')}-{reference}" if prefix else reference


def read_reference(text: str) -> str:
    """A reference as someone typed it: case, blanks, and O for 0 or I for 1 forgiven."""
    places = re.sub(r"[^0-9A-Z]", "", text.upper())
    prefix, code = places[:-8], places[-8:].translate(_MISREAD)
    parts = [prefix, code[:4], code[4:]]
    return "-".join(part for part in parts if part)
