"""The first questions: is a child in danger now, and who must not read this (R-40, A-03)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.choices import Danger, Readers
from cases.forms.report_fields import StepForm, line, one_of, several_of
from common.widgets import Hinted

ABOUT, CLOSE, UNWANTED = "about", "close", "unwanted"
LEFT_OUT = [
    ("", _("May read this")),
    (ABOUT, _("It is about this person")),
    (CLOSE, _("Close to the person it is about")),
    (UNWANTED, _("I do not want this person to read it")),
]
WHO = "who_"


class DangerForm(StepForm):
    """Danger first; "not sure" counts as yes (R-40)."""

    danger = one_of(_("Is a child in danger now?"), Danger.choices, required=True)
    danger.error_messages["required"] = _("Please choose one. “I am not sure” is an answer too.")


class AlertForm(StepForm):
    """Two optional boxes and whom not to tell: nothing here may hold up an alert."""

    danger_where = line(_("Where is the child?"))
    danger_reach = line(_("How do we reach you?"), help_text=_("For example a phone number."))
    do_not_tell = several_of(
        _("Do not tell these people"),
        [],
        help_text=_("Tick anyone it is about, anyone close to them, or anyone you do not want to be told."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticks = self.fields["do_not_tell"]
        assert isinstance(ticks, forms.MultipleChoiceField)  # noqa: S101
        ticks.choices = [(each.reference, Hinted(each.name, each.role)) for each in self.recipients]


class ReadersForm(StepForm):
    """The present recipients by name and role, one choice for each; or nobody, or not sure (A-03)."""

    readers = one_of(
        _("Your answer"),
        [
            (Readers.NOBODY, _("It is about none of them. All of them may read it.")),
            (Readers.SOME, _("Leave out the people I chose above")),
            (Readers.UNSURE, Hinted(_("I am not sure"), _("Then someone of the Board first decides whether the Director may read it."))),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.recipients:
            self.fields[WHO + each.reference] = forms.ChoiceField(label=str(each), choices=LEFT_OUT, required=False)
        self.order_fields([*(name for name in self.fields if name.startswith(WHO)), "readers"])

    def clean(self) -> dict[str, Any]:
        """A choice at a name is an answer already; "leave out" without a name is not."""
        cleaned = super().clean() or {}
        chosen = any(cleaned.get(name) for name in self.fields if name.startswith(WHO))
        answer = cleaned.get("readers")
        if not answer and not chosen:
            self.add_error("readers", _("Please choose one. “I am not sure” is an answer too."))
        elif answer == Readers.SOME and not chosen:
            self.add_error("readers", _("Please choose at a name above what applies, or choose another answer."))
        if chosen and answer != Readers.UNSURE:
            cleaned["readers"] = Readers.SOME
        return cleaned
