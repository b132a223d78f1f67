"""What the person at the terminal reads: few, plain lines."""

import sys


class Problem(Exception):
    """Something the person at the terminal can put right; its text says how."""


def say(text: str = "") -> None:
    """Print one line at once, even when the output is a file."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print one line to the error output at once."""
    print(text, file=sys.stderr, flush=True)
