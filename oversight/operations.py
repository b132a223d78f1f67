"""How the machinery is, in figures that tell nothing of any report, hidden or not."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.permissions import reports_clear_for_the_cpo
from deadlines.models import Channel, Heartbeat, Notice, NoticeState

FRESH = timedelta(minutes=1)
SOURCES = {
    "celery": gettext_lazy("watch over deadlines (queue)"),
    "escalator": gettext_lazy("watch over deadlines (second trigger)"),
}


def state(now: datetime) -> list[tuple[str, str | Promise]]:
    """Both triggers and the oldest mail that waits, each as (figure, what it is)."""
    beats = dict(Heartbeat.objects.values_list("source", "last_ok_at"))
    figures: list[tuple[str, str | Promise]] = [(_pulse(beats.get(source), now), label) for source, label in SOURCES.items()]
    return [*figures, (_age(oldest_unsent_mail_at(), now), gettext_lazy("oldest mail not yet sent"))]


def oldest_unsent_mail_at() -> datetime | None:
    """The same with and without a report hidden from the CPO.

    Only mails about reports of the one population that figures count, and about the machinery itself: the age of a mail
    about a hidden report would tell that there is one (architecture.md, "Nothing betrays a hidden row").
    """
    waiting = Notice.objects.filter(channel=Channel.MAIL, state__in=(NoticeState.QUEUED, NoticeState.SENDING))
    counted = Q(row_type="cases.report", row_pk__in=reports_clear_for_the_cpo().values("pk")) | ~Q(row_type__startswith="cases.")
    oldest: datetime | None = waiting.filter(counted).aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def _pulse(last_ok_at: datetime | None, now: datetime) -> str:
    if last_ok_at is None:
        return _("never seen")
    return _("runs") if now - last_ok_at <= FRESH else _age(last_ok_at, now)


def _age(since: datetime | None, now: datetime) -> str:
    if since is None:
        return _("none")
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 120:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
