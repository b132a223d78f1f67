"""Reads settings from the environment, and says in plain words what is missing or wrong."""

import base64
import binascii
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_REQUIRED = object()


def text(name: str, default: Any = _REQUIRED) -> str:
    """The value of NAME, or the content of the file NAME_FILE points at (secrets as files)."""
    if name in os.environ:
        return os.environ[name]
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE points at {path}, which cannot be read: {error.strerror}.") from error
    if default is _REQUIRED:
        raise ImproperlyConfigured(
            f"{name} is not set. Start with `python3 bin/run` or `python3 bin/manage`, "
            f"or set {name} (or {name}_FILE) as docs/operations.md describes."
        )
    return str(default)


def flag(name: str, *, default: bool) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off and empty; anything else is refused."""
    value = text(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def key_bytes(name: str, value: str) -> bytes:
    """32 bytes from base64."""
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must hold 32 bytes in base64, not {len(key)}.")
    return key


def key_ring(name: str) -> list[tuple[int, bytes]]:
    """Keys written `id:base64`, one a line or comma-separated; the first one seals, all of them open."""
    ring: list[tuple[int, bytes]] = []
    for line in text(name).replace(",", "\n").split():
        number_, _, value = line.partition(":")
        if not number_.isdigit():
            raise ImproperlyConfigured(f"{name} must hold lines of the form `1:<base64 of 32 bytes>`.")
        ring.append((int(number_), key_bytes(name, value)))
    if not ring:
        raise ImproperlyConfigured(f"{name} holds no key.")
    return ring


def database(url: str, name: str) -> dict[str, Any]:
    """Django's settings of a PostgreSQL address such as `postgres://role@/aset?host=/run/socket`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgres:// (one PostgreSQL holds everything).")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "aset"},
        "TEST": {"SERIALIZE": False},
    }


def celery_broker(redis_url: str) -> str:
    """Celery writes Unix sockets as redis+socket://, the cache as unix://."""
    return redis_url.replace("unix://", "redis+socket://", 1) if redis_url.startswith("unix://") else redis_url
