"""The engine's own small cast, one row of no meaning, and a kind of duty to hang on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from bin.launcher.mail_sink import MailSink
from deadlines import kinds
from deadlines.models import Channel, Notice
from people import roles
from people.models import User
from tests.factories.people import a_person, a_user

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUTY = "test.duty"
FOR_REPORTERS = "test.for_reporters"


@dataclass(frozen=True)
class Cast:
    """Who hears of things in these tests."""

    officer: User
    deputy: User
    board_lead: User
    board_member: User
    technical_admin: User
    reporter: User


@pytest.fixture
def cast(db: None) -> Cast:
    """Four posts and the machinery's own, each with one holder, and someone without any."""
    return Cast(
        officer=a_user(roles.CPO),
        deputy=a_user(roles.DEPUTY),
        board_lead=a_user(roles.BOARD_LEAD),
        board_member=a_user(roles.BOARD_MEMBER),
        technical_admin=a_user(roles.TECHNICAL_ADMIN),
        reporter=a_user(),
    )


@pytest.fixture
def row(cast: Cast) -> Model:
    """Any row will do: the engine knows only its label and key."""
    return a_person("Somebody")


@pytest.fixture(autouse=True)
def two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of duty, as an app above the engine would register them."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    for code, to_reporter in ((DUTY, False), (FOR_REPORTERS, True)):
        kinds.register(
            kinds.Kind(
                code=code,
                label="A duty",
                mail_line="A duty waits.",
                row_url=lambda user, row: f"/rows/{row.pk}/" if user.is_active else None,
                to_reporter=to_reporter,
                duties={"act": "Please act"},
            )
        )


@pytest.fixture
def sink(tmp_path: Path, settings: Any) -> Iterator[MailSink]:
    """A real SMTP server that the drain talks to."""
    with MailSink(tmp_path / "mail") as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.smtp_port, 0.5
        yield server


def told(channel: Channel = Channel.INAPP) -> list[tuple[int, int]]:
    """(step, user) of every notice by that channel, in the order they were written."""
    return list(Notice.objects.filter(channel=channel).order_by("pk").values_list("step", "user_id"))
