"""Was a report made within 24 hours of becoming aware? The three answers of R-80, and the hours between."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.limits import REPORT_WITHIN


class Timeliness(models.TextChoices):
    """Shown by name to Director and Board lead only; everyone else sees counts (R-81)."""

    ON_TIME = "on_time", _("on time")
    LATE = "late", _("late")
    CANNOT_TELL = "cannot_tell", _("cannot tell")
    NO_CLOCK = "no_clock", _("no clock")


def timeliness(aware_from: datetime | None, aware_to: datetime | None, reported_at: datetime) -> Timeliness:
    """A date alone is on time before its start + 24 h, late after its end + 24 h, in between nobody can tell (A-07)."""
    if aware_from is None or aware_to is None:
        return Timeliness.NO_CLOCK
    if reported_at <= aware_from + REPORT_WITHIN:
        return Timeliness.ON_TIME
    if reported_at > aware_to + REPORT_WITHIN:
        return Timeliness.LATE
    return Timeliness.CANNOT_TELL
