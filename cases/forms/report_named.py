"""The children and the people a report is about: any number of each, every part optional (R-23, R-25)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.choices import Sex, Tie, YesNoUnknown
from cases.forms.report_fields import StepForm, day, line, one_of, words

MOST_NAMED = 50
TOO_MANY = _("One report takes up to 50 at a time. The first 50 are kept; please add the others after sending, as a text.")


def age(label: Any) -> forms.IntegerField:
    """An estimated age; anything a person can be."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )


class ChildForm(StepForm):
    """A child believed harmed or at risk; may be unnamed. Unknown age counts as a child (R-23)."""

    name = line(_("Name, or how you would describe the child"))
    sex = one_of(_("Girl or boy?"), Sex.choices, inline=True)
    born_on = day(_("Date of birth"), help_text=_("If you know it."))
    age = age(_("Or about how old?"))
    safe_now = one_of(_("Is the child safe now?"), YesNoUnknown.choices, inline=True)
    place = line(_("Address, or where the child can be found"))
    school = line(_("School or kindergarten"))
    guardians = line(_("Parents or guardians, and how to reach them"))
    lives_with = line(_("Who lives with the child?"))
    language = line(_("Language the child speaks"))
    needs = line(_("Disability, or help the child needs to be understood"))
    knows = one_of(_("Does the child know that you are telling us?"), YesNoUnknown.choices, inline=True)
    guardian_told = one_of(_("Have the parents or guardians been told?"), YesNoUnknown.choices, inline=True)
    guardian_told_why = line(_("If not: why?"), help_text=_("It may be unsafe to tell them. Then do not."))


class AllegedForm(StepForm):
    """The person the concern is about; may be a child, may be unknown. Never called anything worse (R-25)."""

    name = line(_("Name, or how you would describe the person"))
    role = line(_("What the person does"), help_text=_("For example trainer, teacher, neighbour."))
    tie = one_of(_("Who is it to the child?"), Tie.choices)
    is_child = one_of(_("Is this person under 18?"), YesNoUnknown.choices, inline=True)
    age = age(_("About how old?"))
    still_has_access = one_of(_("Can this person still get to the child?"), YesNoUnknown.choices, inline=True)
    others_at_risk = words(_("Are other children at risk?"), rows=2)
