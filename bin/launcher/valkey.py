"""The embedded Valkey (Redis protocol): a private socket, memory only. Nothing of value lives in it."""

import signal
import socket
import time
from pathlib import Path

from launcher.console import Problem
from launcher.log import Log
from launcher.places import Places, server_account
from launcher.postgres import plain_env
from launcher.processes import Child, Program


def socket_of(places: Places) -> Path:
    """The server's only door."""
    return places.valkey_socket / "valkey.sock"


def url(places: Places) -> str:
    """The address as the application reads it."""
    return f"unix://{socket_of(places)}"


def program_for(binary: Path, places: Places) -> Program:
    """No port, no snapshot; `noeviction`, because a queue that silently drops entries is worse than one that says it is full."""
    options = {
        "port": "0",
        "unixsocket": str(socket_of(places)),
        "unixsocketperm": "700",
        "dir": str(places.valkey_socket),
        "save": "",
        "appendonly": "no",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "protected-mode": "yes",
    }
    argv = [str(binary), *(part for name, value in options.items() for part in (f"--{name}", value))]
    return Program("valkey", argv, env=plain_env(), account=server_account(), stop_signal=signal.SIGTERM, grace=5, serves_others=True)


def wait_until_ready(places: Places, child: Child, log: Log, timeout: float = 20.0) -> None:
    """Return when PING is answered. Raises Problem with the server's last lines otherwise."""
    end = time.monotonic() + timeout
    while time.monotonic() < end and child.alive():
        if answers(socket_of(places)):
            return
        time.sleep(0.02)
    child.output.join(timeout=1)
    last = "\n".join(f"  {line}" for line in log.recent(name="valkey"))
    raise Problem(f"Valkey did not start. Its last lines:\n{last}")


def answers(path: Path) -> bool:
    """True when the server behind the socket answers PING."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(1)
        try:
            link.connect(str(path))
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def forget_stale(places: Places) -> None:
    """Ask a server left by a killed launcher to go: an unlinked socket would leave it running for ever."""
    path = socket_of(places)
    if answers(path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(1)
            link.connect(str(path))
            link.sendall(b"SHUTDOWN NOSAVE\r\n")
    path.unlink(missing_ok=True)
