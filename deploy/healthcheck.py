"""Tells the container engine whether a service does its work: `python deploy/healthcheck.py web|celery|escalator`."""

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

OLDEST_HEARTBEAT = 60
"""Seconds; the sweep runs every 15."""


def web() -> bool:
    """The web server answers and reaches its database. The proxy's redirect to TLS does not apply to this address."""
    host = os.environ["ASET_ALLOWED_HOSTS"].split(",")[0]
    request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def heartbeat(source: str) -> bool:
    """This trigger has finished a sweep lately: for `celery` that proves beat, queue and worker at once."""
    import psycopg2  # type: ignore[import-untyped]

    address = os.environ.get("DATABASE_URL") or Path(os.environ["DATABASE_URL_FILE"]).read_text(encoding="utf-8").strip()
    connection = psycopg2.connect(address, connect_timeout=4)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT last_ok_at > statement_timestamp() - make_interval(secs => %s) FROM deadlines_heartbeat WHERE source = %s",
                [OLDEST_HEARTBEAT, source],
            )
            row = cursor.fetchone()
            return bool(row and row[0])
    finally:
        connection.close()


if __name__ == "__main__":
    what = sys.argv[1]
    sys.exit(0 if (web() if what == "web" else heartbeat(what)) else 1)
