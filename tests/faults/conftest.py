"""Real processes, servers and a committed database for the faults of deadlines.md, §3."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BIN = str(Path(__file__).resolve().parent.parent.parent / "bin")
if BIN not in sys.path:
    sys.path.insert(0, BIN)

from bin.launcher.mail_sink import MailSink  # noqa: E402
from people import roles  # noqa: E402
from people.models import User  # noqa: E402
from tests.faults.servers import Processes, Valkey  # noqa: E402


@pytest.fixture
def officer_and_lead(committed_db: Any) -> tuple[User, User]:
    """Two post holders whom the ladders of these tests tell."""
    from tests.factories.people import a_user

    return a_user(roles.CPO), a_user(roles.BOARD_LEAD)


@pytest.fixture
def processes(committed_db: Any, officer_and_lead: tuple[User, User]) -> Iterator[Processes]:
    """Processes on this test's database; nothing listens where they would send mail or ask Redis, unless a test says so."""
    nowhere = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": "9", "REDIS_URL": "unix:///tmp/nowhere.sock"}
    started = Processes(committed_db.environ | nowhere)
    yield started
    started.end()


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A queue server of this test's own."""
    server = Valkey()
    yield server
    server.end()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[MailSink]:
    """A real SMTP server that keeps every mail."""
    with MailSink(tmp_path / "mail", keep=100_000) as server:
        yield server
