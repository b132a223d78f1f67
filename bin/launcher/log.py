"""One readable log of all processes: time, name, line."""

import io
import json
import os
import threading
from collections import deque
from datetime import datetime
from pathlib import Path
from typing import IO

ROTATE_AT = 20 * 1024 * 1024


def readable(text: str) -> str:
    """The application writes JSON for machines; here its lines become words for people."""
    if not text.startswith("{"):
        return text
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if not isinstance(found, dict) or "message" not in found:
        return text
    rest = " ".join(f"{name}={value}" for name, value in found.items() if name not in {"at", "level", "from", "message"})
    return f"{found.get('level', '')} {found.get('from', '')}: {found['message']} {rest}".strip()


class Log:
    """Lines from many processes in one file, readable by its owner alone. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open for appending; a file past 20 MiB is put aside first, replacing the one put aside before."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > ROTATE_AT:
            path.replace(path.with_suffix(".1.log"))
        self._file = open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")  # noqa: SIM115
        self._lock = threading.Lock()
        self._recent: deque[str] = deque(maxlen=200)
        self._followers: list[threading.Thread] = []

    def line(self, name: str, text: str) -> None:
        """Write one line under a process's name."""
        with self._lock:
            if self._file.closed:
                return
            now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
            self._file.write(f"{now} {name:<10} {text.rstrip()}\n")
            self._file.flush()
            self._recent.append(f"{name:<10} {text.rstrip()}")

    def follow(self, name: str, stream: IO[bytes]) -> threading.Thread:
        """Copy a process's output, line by line, until it ends."""

        def copy() -> None:
            with io.TextIOWrapper(stream, encoding="utf-8", errors="replace") as text:
                for line in text:
                    self.line(name, readable(line.rstrip()))

        follower = threading.Thread(target=copy, name=f"log-{name}", daemon=True)
        follower.start()
        self._followers = [thread for thread in self._followers if thread.is_alive()] + [follower]
        return follower

    def recent(self, count: int = 15, name: str | None = None) -> list[str]:
        """The last lines, of one process or of all."""
        with self._lock:
            lines = [line for line in self._recent if name is None or line.startswith(f"{name} ")]
        return lines[-count:]

    def said_by(self, name: str) -> list[str]:
        """What a process said lately, without its name."""
        return [line[len(name) :].strip() for line in self.recent(200, name) if line[len(name) :].strip()]

    def close(self) -> None:
        """Take what the ended processes still had to say, then close."""
        for follower in self._followers:
            follower.join(timeout=2)
        with self._lock:
            self._file.close()
