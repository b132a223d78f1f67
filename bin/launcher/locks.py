"""One launcher on one set of data; a free port before anything starts."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.console import Problem


class AlreadyHeld(Problem):
    """Another launcher works on the same data."""


@contextmanager
def only_launcher(data: Path) -> Iterator[None]:
    """Hold the data folder. The lock dies with the process, so a crash never leaves it behind.

    Raises AlreadyHeld with the other launcher's process number.
    """
    handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            raise AlreadyHeld(
                f"Another launcher (process {holder}) is using {data}. "
                "Stop it first (Ctrl-C in its window), or choose another folder with --data."
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


@contextmanager
def waiting_for(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for whoever has it: two commands never install into one environment at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def port_is_free(port: int) -> bool:
    """True when we could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def require_free_ports(port: int) -> None:
    """The page, the mail page and the mail sink need three ports in a row.

    Raises Problem that names the taken one and offers a free row.
    """
    if not 1024 <= port <= 65533:
        raise Problem("--port must be a number from 1024 to 65533.")
    taken = next((p for p in range(port, port + 3) if not port_is_free(p)), None)
    if taken is None:
        return
    offer = next((p for p in range(port + 10, min(port + 1000, 65530), 10) if all(port_is_free(q) for q in range(p, p + 3))), None)
    hint = f" Try: python3 bin/run --port {offer}" if offer else ""
    raise Problem(f"Port {taken} is already in use by another program.{hint}")
