"""The short forms of handling: one question and one button each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.choices import Danger, Doing, SafetyAction, Situation
from cases.workflow import ReportStatus
from common.localtime import ImpossibleHour, to_utc
from common.widgets import DateInput3, HourInput
from people.models import Municipality, User

SHORT, LONG = 500, 10_000
NO_DATE = _("Give a real date, for example 2 12 2026.")
NO_HOUR = _("Give a time, for example 10:30.")


def text_area(rows: int = 3) -> forms.Textarea:
    """A box of that many lines."""
    return forms.Textarea(attrs={"rows": rows})


def due_instant(form: forms.Form, day: date | None, hour: time | None, *, field: str, now: datetime) -> datetime | None:
    """A local date and hour as an instant still to come; what is wrong with it becomes an error at its field."""
    if day is None:
        return None
    try:
        instant = to_utc(day, hour or time(17, 0))
    except ImpossibleHour:
        form.add_error(f"{field}_hour", _("This hour does not exist on that day, because the clocks go forward. Give another."))
        return None
    if instant <= now:
        form.add_error(f"{field}_on", _("Give a time that is still to come."))
        return None
    return instant


class UserChoice(forms.ChoiceField):
    """A choice among the given users, by their external code; cleans to the User."""

    def __init__(self, *, users: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offer(users)

    def offer(self, users: Iterable[User]) -> None:
        """Whom to choose from."""
        self.users = {user.reference: user for user in users}
        self.choices = [("", _("Choose")), *((code, user.get_full_name()) for code, user in self.users.items())]

    def clean(self, value: Any) -> User | None:
        """The account behind the code."""
        return self.users.get(super().clean(value))


class AcknowledgeDangerForm(forms.Form):
    """What the person who confirms a danger is doing now (R-40)."""

    doing = forms.ChoiceField(
        label=_("What are you doing now?"),
        choices=Doing.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you are doing now.")},
    )


class SafetyForm(forms.Form):
    """The named action that ends the safety task (R-40)."""

    action = forms.ChoiceField(
        label=_("What made the child safe?"),
        choices=SafetyAction.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what made the child safe. Nothing else closes this task.")},
    )
    note = forms.CharField(label=_("What exactly was done, and by whom?"), max_length=LONG, required=False, widget=text_area())


class HoldForm(forms.Form):
    """May the person whose notices are held see this report (A-03)?"""

    conflict = forms.ChoiceField(
        label=_("May this person see the report?"),
        choices=[("no", _("Yes. It is not about them, nor about someone close to them")), ("yes", _("No. Leave them out for good"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=LONG, widget=text_area(), error_messages={"required": _("Write one sentence on why.")}
    )


class SecondPersonForm(forms.Form):
    """The second person's answer to "not a concern" (R-79)."""

    agree = forms.ChoiceField(
        label=_("Do you agree that this is not a concern?"),
        choices=[("yes", _("Yes, finish it")), ("no", _("No, look at it again"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = forms.CharField(label=_("Why, if you do not agree?"), max_length=LONG, required=False, widget=text_area())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("agree") == "no" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Write why it should be looked at again."))
        return cleaned


class StepForm(forms.Form):
    """What, who, by when (R-31)."""

    what = forms.CharField(
        label=_("What has to be done?"), max_length=LONG, widget=text_area(2), error_messages={"required": _("Write what has to be done.")}
    )
    owner = UserChoice(label=_("Who does it?"), error_messages={"required": _("Choose who does it.")})
    due_on = forms.DateField(
        label=_("By which day?"), widget=DateInput3(), error_messages={"required": _("Give a day."), "invalid": NO_DATE}
    )
    due_hour = forms.TimeField(
        label=_("By what time?"),
        required=False,
        widget=HourInput(),
        help_text=_("Without a time: 17:00."),
        error_messages={"invalid": NO_HOUR},
    )

    def __init__(self, *args: Any, owners: Sequence[User], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["owner"].offer(owners)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["due_at"] = due_instant(self, cleaned.get("due_on"), cleaned.get("due_hour"), field="due", now=self.now)
        return cleaned


class ReferralForm(forms.Form):
    """The authority has it, under this number (R-78)."""

    number = forms.CharField(
        label=_("Number or name you were given"),
        max_length=SHORT,
        help_text=_("The reference number, or who took the call and when."),
        error_messages={"required": _("Write the number, or who took the call and when.")},
    )


class NamesForm(forms.Form):
    """Names open only for a stated reason, which is recorded (R-74)."""

    which = forms.ChoiceField(
        label=_("Which names?"),
        choices=[("people", _("Children and others named in it")), ("reporter", _("The person who reported"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which names.")},
    )
    why = forms.CharField(
        label=_("Why do you need them now?"),
        max_length=SHORT,
        widget=text_area(2),
        help_text=_("Your answer is recorded with your name."),
        error_messages={"required": _("Write why you need the names.")},
    )


class GrantForm(forms.Form):
    """Who, why, until when (R-74)."""

    holder = UserChoice(label=_("Who?"), error_messages={"required": _("Choose a person.")})
    why = forms.CharField(
        label=_("What do they need it for?"),
        max_length=LONG,
        widget=text_area(2),
        error_messages={"required": _("Write what they need it for.")},
    )
    until_on = forms.DateField(
        label=_("Until which day?"), widget=DateInput3(), error_messages={"required": _("Give a day."), "invalid": NO_DATE}
    )

    def __init__(self, *args: Any, holders: Sequence[User], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["holder"].offer(holders)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["until_at"] = due_instant(self, cleaned.get("until_on"), time(23, 59), field="until", now=self.now)
        return cleaned


class IdentifyForm(forms.Form):
    """A name to look for on the register of people."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("Search the register of people. Two letters are enough."),
        error_messages={"required": _("Write a name.")},
    )


class ReportFilter(forms.Form):
    """Narrows the list; whatever does not make sense is left out, never an error page."""

    hide_optional = True

    q = forms.CharField(label=_("Name, year of birth or number"), max_length=100, required=False)
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("open", pgettext_lazy("reports", "Open")), *((str(code), name) for code, name in ReportStatus.choices)],
    )
    danger = forms.ChoiceField(label=_("Danger"), required=False, choices=[("", _("All")), (Danger.YES.value, _("Danger now"))])
    situation = forms.ChoiceField(label=_("Situation"), required=False, choices=[("", _("All")), *Situation.choices])
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), required=False, queryset=Municipality.objects.none(), empty_label=_("All"), to_field_name="name_sq"
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.all()  # type: ignore[attr-defined]
