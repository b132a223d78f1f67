"""What all commands share at their door: a plain message instead of a traceback for what a person can put right."""

import sys
from collections.abc import Callable

from launcher.console import Problem, complain
from launcher.stopping import Stopped


def guarded(command: Callable[[list[str]], int]) -> int:
    """Run a command with the arguments given; 1 and a plain message on a Problem, 130 when stopped."""
    try:
        return command(sys.argv[1:])
    except Problem as problem:
        complain(f"\n{problem}")
        return 1
    except (KeyboardInterrupt, Stopped):
        return 130
