"""Ties a process to the launcher: it gets a signal when the launcher dies, even by SIGKILL, then becomes the program.

Run as `python3 tether.py PARENT SIGNAL ACCOUNT PROGRAM [ARGUMENT …]`; ACCOUNT is `-` or the name to run as.
A program of its own because code between fork and exec is unsafe in a process with threads.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1


def become(account: str) -> None:
    """Give up root for good."""
    entry = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def die_with_parent(parent: int, number: int) -> None:
    """Linux only; elsewhere a killed launcher is cleaned up after by the next start."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the launcher is gone")


def main(arguments: list[str]) -> None:
    """Drop privileges, tie to the parent, become the program."""
    parent, number, account, *program = arguments
    if account != "-":
        become(account)
    die_with_parent(int(parent), signal.Signals[number])
    try:
        os.execvp(program[0], program)  # noqa: S606
    except OSError as error:
        sys.exit(f"cannot start {program[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
