"""Settings that the Board confirms, each with its default and the limit the policy sets (requirements §2.1).

A looser value than the limit is refused here, whoever proposes it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import Setting

HOURS, MINUTES, DAYS, TEXT, SWITCH = _("hours"), _("minutes"), _("days"), "", ""


class TooLoose(ValueError):
    """The value is outside the policy's limit or of the wrong kind; the message says which limit, for people."""


@dataclass(frozen=True)
class Key:
    """One setting: what it is called, its value until the Board confirms another, and the policy's limits."""

    label: str | Promise
    default: Any
    unit: str | Promise = ""
    least: int | None = None
    most: int | None = None

    @property
    def kind(self) -> type:
        """bool, int, str or list, after the default."""
        return type(self.default)


def _hours(label: str | Promise, default: int, most: int = 24) -> Key:
    return Key(label, default, HOURS, 1, most)


KEYS: Mapping[str, Key] = {
    "report.remind_hours": _hours(_("Reminder to the Director about a report nobody has confirmed"), 2),
    "report.deputy_hours": _hours(_("The deputy hears of a report nobody has confirmed"), 6),
    "report.board_hours": _hours(_("The Board lead hears of a report nobody has confirmed"), 12),
    "report.late_deputy_hours": _hours(_("Report that arrives late: the deputy hears"), 2),
    "report.late_board_hours": _hours(_("Report that arrives late: the Board hears"), 4),
    "report.board_remind_hours": _hours(_("Report past the Director: reminder to the Board lead"), 4),
    "report.alternate_hours": _hours(_("Report past the Director: the alternate hears"), 8),
    "report.all_members_hours": _hours(_("Report past the Director: every member hears"), 12),
    "report.triage_hours": _hours(_("First assessment after receipt"), 24),
    "report.hold_minutes": Key(_("Decision whether a person is left out of a report"), 60, MINUTES, 5, 60),
    "report.told_confirm_hours": _hours(_("The person told by word of mouth confirms"), 24),
    "danger.escalate_minutes": Key(_("Danger: deputy and Board lead hear if nobody has confirmed"), 30, MINUTES, 5, 30),
    "danger.outward_minutes": Key(_("Danger: the reporter is told to call 129 or 112"), 45, MINUTES, 5, 60),
    "danger.safety_task_minutes": Key(_("Danger: the safety task is due"), 60, MINUTES, 5, 60),
    "draft.remind_hours": Key(_("Reminders about an unsent report, hours after awareness"), [6, 12, 20], HOURS, 1, 23),
    "action.escalate_hours": _hours(_("A next action that is overdue: the Board lead hears"), 24, 72),
    "referral.hours": _hours(_("Referral after the first assessment"), 24),
    "risk.high_contact_hours": _hours(_("High risk: contact with the child"), 24),
    "risk.high_review_hours": _hours(_("High risk: review"), 72, 72),
    "risk.medium_contact_days": Key(_("Medium risk: contact with the child"), 3, DAYS, 1, 3),
    "risk.medium_review_days": Key(_("Medium risk: review"), 14, DAYS, 1, 14),
    "risk.low_contact_days": Key(_("Low risk: contact with the child"), 7, DAYS, 1, 7),
    "risk.low_review_days": Key(_("Low risk: review"), 30, DAYS, 1, 31),
    "session.idle_case_minutes": Key(_("Idle time before the page locks, for roles that read cases"), 15, MINUTES, 5, 15),
    "session.idle_minutes": Key(_("Idle time before the page locks, for all others"), 60, MINUTES, 5, 60),
    "session.absolute_hours": Key(_("Longest time signed in"), 8, HOURS, 1, 8),
    "mfa.trusted_device_days": Key(_("Own device trusted without the second factor (0 = never)"), 7, DAYS, 0, 7),
    "post.officer_title": Key(_("Title of the child protection officer, in the words of the appointing act"), ""),
    "phones.cover": Key(_("More phone numbers on the sign-in page, one a line"), ""),
}


def value(key: str, now: datetime | None = None) -> Any:
    """What is in force at that instant: the newest confirmed value, else the default. KeyError for an unknown key."""
    spec = KEYS[key]
    read = _read.get()
    if read is not None:
        return read[key]
    rows = Setting.objects.filter(key=key, approved_at__isnull=False, valid_from__lte=now or timezone.now())
    found = rows.order_by("-valid_from", "-pk").values_list("value", flat=True).first()
    return spec.default if found is None else found


def values(now: datetime | None = None) -> dict[str, Any]:
    """Everything in force at that instant, in one query."""
    rows = Setting.objects.filter(approved_at__isnull=False, valid_from__lte=now or timezone.now()).order_by("valid_from", "pk")
    confirmed = dict(rows.values_list("key", "value"))
    return {key: confirmed.get(key, spec.default) for key, spec in KEYS.items()}


_read: ContextVar[dict[str, Any] | None] = ContextVar("settings_read", default=None)


@contextmanager
def read_once(now: datetime | None = None) -> Iterator[None]:
    """Within this block every setting comes from one query: for an action that asks a dozen of them."""
    token = _read.set(values(now))
    try:
        yield
    finally:
        _read.reset(token)


def checked(key: str, given: Any) -> Any:
    """The value as it may be stored; raises TooLoose with a message for people, KeyError for an unknown key."""
    spec = KEYS[key]
    if type(given) is not spec.kind:
        raise TooLoose(gettext("This value is of the wrong kind."))
    numbers = given if isinstance(given, list) else [given] if isinstance(given, int) and not isinstance(given, bool) else []
    if spec.kind is list and (not numbers or any(type(number) is not int for number in numbers)):
        raise TooLoose(gettext("Give whole numbers, separated by commas."))
    for number in numbers:
        if spec.least is not None and number < spec.least:
            raise TooLoose(gettext("The policy allows no less than %(limit)s.") % {"limit": spec.least})
        if spec.most is not None and number > spec.most:
            raise TooLoose(gettext("The policy allows no more than %(limit)s.") % {"limit": spec.most})
    if isinstance(given, str) and len(given) > 1000:
        raise TooLoose(gettext("This text is too long."))
    return sorted(given) if isinstance(given, list) else given
