"""The event itself, who was told already, and what has been done so far (requirements 3.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.choices import ToldHow
from cases.forms.report_account import FUTURE, NO_SUCH_HOUR, span_of
from cases.forms.report_fields import StepForm, day, hour, line, one_of, several_of, words
from cases.limits import CLOCK_TOLERANCE
from common.localtime import ImpossibleHour
from people.models import Municipality, Project

DONE = [
    ("medical", _("Doctor or hospital")),
    ("police", _("Police (129 or 112)")),
    ("alo", _("ALO 116 111")),
    ("unit", _("Child protection unit of the municipality (NJMF)")),
    ("parent", _("Parent or guardian")),
    ("other", _("Someone else")),
]


class EventForm(StepForm):
    """When, where, how often; what was seen. No photo is asked for, and nobody undresses a child."""

    happened_when = one_of(
        _("When did it happen?"),
        [("exact", _("I know the day")), ("about", _("About that day")), ("unknown", _("I do not know, or it has not happened yet"))],
    )
    happened_on = day(_("Which day?"))
    happened_place = line(_("Where, or on which website or app?"))
    frequency = one_of(_("How often?"), [("once", _("Once")), ("repeated", _("More than once")), ("unknown", _("I do not know"))])
    act = one_of(
        _("Was something done, or was something left undone?"),
        [
            ("act", _("Something was done")),
            ("omission", _("Something was left undone")),
            ("both", _("Both")),
            ("unknown", _("I do not know")),
        ],
    )
    injuries = words(_("Injuries you saw"), help_text=_("In words. Take no photos and never undress a child."), rows=2)
    behaviour = words(_("How the child behaved"), rows=2)
    witnesses = words(_("Who else saw or heard it?"), rows=2)
    evidence = words(
        _("Messages, links or things that show it"),
        help_text=_("Say where they are. Do not copy or forward sexual images of children: keep the device and call the police."),
        rows=2,
    )
    project = forms.ModelChoiceField(
        Project.objects.order_by("code"),
        label=_("Project or activity"),
        required=False,
        to_field_name="code",
        empty_label=_("None, or I do not know"),
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.order_by("sort_key"),
        label=_("Municipality"),
        required=False,
        to_field_name="name_sq",
        empty_label=_("I do not know"),
    )


class ToldForm(StepForm):
    """ "I already told someone": whom, when and how; confirmed by the person told, that moment counts (A-08)."""

    told_to = forms.ChoiceField(label=_("Whom did you tell?"), required=False)
    told_on = day(_("On which day?"))
    told_time = hour(_("At what time?"))
    told_how = one_of(_("How?"), ToldHow.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told_to = self.fields["told_to"]
        assert isinstance(told_to, forms.ChoiceField)  # noqa: S101
        told_to.choices = [("", _("Nobody yet")), *((each.reference, str(each)) for each in self.recipients)]

    def clean(self) -> dict[str, Any]:
        """Adds `told_at`: the hour given, or the end of the day given, and never the future."""
        cleaned = super().clean() or {}
        on, at = cleaned.get("told_on"), cleaned.get("told_time")
        if not cleaned.get("told_to") or "told_on" in self.errors or "told_time" in self.errors:
            return cleaned
        if on is None:
            self.add_error("told_on", _("Please give the day on which you told this person."))
            return cleaned
        try:
            start, end = span_of(on, at)
        except ImpossibleHour:
            self.add_error("told_time", NO_SUCH_HOUR)
            return cleaned
        if start > self.now + CLOCK_TOLERANCE:
            self.add_error("told_on", FUTURE)
        cleaned["told_at"] = min(end, self.now)
        return cleaned


class DoneForm(StepForm):
    """What has been done so far, by whom and when."""

    done = several_of(_("Who has been asked for help so far?"), DONE)
    done_text = words(_("By whom, when, and a reference number if there is one"), rows=3)
