"""Concerns for tests: what somebody hands in, and reports that have come in by the real way."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from cases.actions.intake import Account, receive_report
from cases.choices import Channel, ReporterKind
from cases.models import Report, ReportDraft
from people.models import User
from tests.factories.people import a_user

FILED = datetime(2026, 12, 1, 10, 20, tzinfo=UTC)
AWARE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def an_account(**parts: Any) -> Account:
    """What a reporter hands in: no danger, about none of the recipients, aware at 10:00 in Tirana."""
    return Account(**{"account": "E pashë duke qarë pas stërvitjes.", "aware_from": AWARE, "aware_to": AWARE, **parts})


def a_report(
    *,
    by: User | None = None,
    now: datetime = FILED,
    token: uuid.UUID | None = None,
    reporter_kind: str = ReporterKind.VOLUNTEER,
    channel: str = Channel.STAFF_FORM,
    language: str = "sq",
    **parts: Any,
) -> Report:
    """A report just handed in, an hour and twenty minutes after its reporter became aware; `parts` as in `an_account`."""
    if "aware_from" not in parts:
        parts |= {"aware_from": now - timedelta(minutes=80), "aware_to": now - timedelta(minutes=80)}
    parts.setdefault("aware_to", parts["aware_from"])
    return receive_report(
        an_account(**parts),
        token=token or uuid.uuid4(),
        by=by or a_user(),
        reporter_kind=reporter_kind,
        channel=channel,
        language=language,
        now=now,
    )


def a_draft(author: User | None = None, *, now: datetime = FILED, **steps: dict[str, list[str]]) -> ReportDraft:
    """A report being written; `steps` are answers as posted: `a_draft(user, account={"account": ["…"]})`."""
    answers = {slug.replace("_", "-"): answer for slug, answer in steps.items()}
    return ReportDraft.objects.create(author=author or a_user(), answers=answers, started_at=now, updated_at=now)
