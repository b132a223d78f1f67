"""The few kinds of question the report form is made of; none but three in the whole form must be answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from cases.recipients import Recipient
from common.widgets import DateInput3, HourInput

Text = Any
"""A string or a lazy translation of one."""
Choices = Iterable[tuple[Any, Any]]
Answer = dict[str, list[str]]
"""What was typed in one step, as posted: name of the control to its values. Kept even when it is wrong."""

LONGEST_TEXT = 200_000
LONGEST_LINE = 500
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


class StepForm(forms.Form):
    """One question group. `now` judges times, `recipients` are the people who would read the report.

    Nearly everything is optional, so the word stands only where something else on the page is not.
    """

    hide_optional = True

    def __init__(self, *args: Any, now: datetime, recipients: Sequence[Recipient] = (), **kwargs: Any) -> None:
        self.now, self.recipients = now, recipients
        super().__init__(*args, **kwargs)


class PlainDate(forms.DateField):
    """A date in three boxes; a year nobody lives in is asked for again before any clock reckons with it."""

    default_error_messages = {"invalid": _("Please check this date: day, month and year."), "year": _("Please check the year.")}

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise forms.ValidationError(self.error_messages["year"], code="year")
        return day


def words(label: Text, *, help_text: Text = "", required: bool = False, rows: int = 4) -> forms.CharField:
    """A text of any length a person can write."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": _("This text is too long for one report. Please send the first part and add the rest afterwards.")},
    )


def line(label: Text, *, help_text: Text = "") -> forms.CharField:
    """A few words."""
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONGEST_LINE)


def one_of(label: Text, choices: Choices, *, help_text: Text = "", required: bool = False, inline: bool = False) -> forms.ChoiceField:
    """One answer of a list."""
    widget = forms.RadioSelect(attrs={"class": "govuk-radios--small" + (" govuk-radios--inline" if inline else "")})
    return forms.ChoiceField(label=label, choices=list(choices), help_text=help_text, required=required, widget=widget)


def several_of(label: Text, choices: Choices, *, help_text: Text = "") -> forms.MultipleChoiceField:
    """Any number of answers of a list."""
    widget = forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})
    return forms.MultipleChoiceField(label=label, choices=list(choices), help_text=help_text, required=False, widget=widget)


def day(label: Text, *, help_text: Text = "", required: bool = False) -> PlainDate:
    """A date."""
    return PlainDate(label=label, help_text=help_text, required=required, widget=DateInput3())


def hour(label: Text, *, help_text: Text = "") -> forms.TimeField:
    """An hour of the clock, as people write it."""
    messages = {"invalid": _("Please write the hour like this: 10:30.")}
    return forms.TimeField(label=label, help_text=help_text, required=False, widget=HourInput(), error_messages=messages)


def controls_of(field: forms.Field, name: str) -> list[str]:
    """The names under which this field's boxes are posted."""
    suffixes: list[str] = getattr(field.widget, "widgets_names", [""])
    return [name + suffix for suffix in suffixes]


def answer_of(form: forms.Form, posted: MultiValueDict[str, str]) -> Answer:
    """What was typed into this form, and nothing else that was posted; NUL, which nothing can store, is dropped."""
    names = [form.add_prefix(control) for name, field in form.fields.items() for control in controls_of(field, name)]
    return {name: [value.replace("\x00", "") for value in posted.getlist(name)] for name in names if name in posted}


def as_posted(answer: Mapping[str, list[str]]) -> MultiValueDict[str, str]:
    """A kept answer as if it had just been posted."""
    return MultiValueDict({name: list(values) for name, values in answer.items()})


def typed_before(form: forms.Form, answer: Mapping[str, list[str]]) -> dict[str, Any]:
    """The kept answer as initial values: what was typed comes back as it was, right or wrong, without an error shown."""
    data = as_posted(answer)
    return {name: field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name)) for name, field in form.fields.items()}
