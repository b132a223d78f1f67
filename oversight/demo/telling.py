"""Plays the stories in the order of their hours, with the sweep firing every step at its own time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Min

from cases.actions.intake import Account, receive_report
from cases.choices import Channel
from cases.models import Report
from deadlines.models import Channel as NoticeChannel
from deadlines.models import Deadline, Notice, NoticeState
from deadlines.sweeping import sweep
from oversight.demo import acts
from oversight.demo.stories import Later, Story
from people.models import Project, User

if TYPE_CHECKING:
    Event = tuple[datetime, Callable[[], object]]

STILL_IN_THE_POST = timedelta(hours=1)
_NAMESPACE = uuid.UUID("6d1f8c60-6f0c-4c0e-9a53-7f6b6a2d7a10")


def token_of(story: Story) -> uuid.UUID:
    """The same on every run, so that a second loading finds the reports of the first."""
    return uuid.uuid5(_NAMESPACE, story.code)


def play(stories: Iterable[Story], users: Mapping[str, User], *, now: datetime) -> int:
    """File what is not yet there and let its clocks run up to `now`; gives the number of reports filed."""
    known = set(Report.objects.values_list("client_token", flat=True))
    new = [story for story in stories if token_of(story) not in known]
    for at, happen in sorted((event for story in new for event in _events(story, users, now)), key=lambda event: event[0]):
        let_time_pass(at)
        deliver_mails(before=min(at, now - STILL_IN_THE_POST))
        happen()
    let_time_pass(now)
    deliver_mails(before=now - STILL_IN_THE_POST)
    return len(new)


def let_time_pass(until: datetime) -> None:
    """Sweep at each due time before `until`, as the tick would have done."""
    while (due := _next_due()) is not None and due <= until:
        sweep("escalator", now=due)


def deliver_mails(*, before: datetime) -> None:
    """Mails of past days were sent at their time; those of the last hour really leave when the demonstration starts."""
    waiting = Notice.objects.filter(channel=NoticeChannel.MAIL, state=NoticeState.QUEUED, created_at__lt=before)
    waiting.update(state=NoticeState.SENT, sent_at=F("created_at"), not_before=None)


def _next_due() -> datetime | None:
    due: datetime | None = Deadline.objects.filter(fire_at__isnull=False).aggregate(first=Min("fire_at"))["first"]
    return due


def _events(story: Story, users: Mapping[str, User], now: datetime) -> list[Event]:
    received = now - timedelta(hours=story.received)
    events: list[Event] = [(received, lambda: _file(story, users, received, now))]
    return events + [_event_of(story, later, users, now) for later in story.later]


def _event_of(story: Story, later: Later, users: Mapping[str, User], now: datetime) -> Event:
    at = now - timedelta(hours=later.hours)
    return at, lambda: acts.perform(later.act, Report.objects.get(client_token=token_of(story)), by=users[later.by], now=at)


def _file(story: Story, users: Mapping[str, User], received: datetime, now: datetime) -> Report:
    aware = now - timedelta(hours=story.aware)
    account = Account(
        danger=story.danger,
        account=story.account,
        exact_words=story.exact_words,
        aware_from=aware,
        aware_to=aware,
        danger_where=story.danger_where,
        danger_reach=story.danger_reach,
        readers=story.readers,
        about=[users[code] for code in story.about],
        situations=[story.situation],
        children=story.children,
        alleged=story.alleged,
        project=Project.objects.get(code=story.project),
    )
    return receive_report(
        account,
        token=token_of(story),
        by=users[story.by],
        reporter_kind=story.kind,
        channel=Channel.ALERT if story.danger == "yes" else Channel.STAFF_FORM,
        language=story.language,
        now=received,
    )
