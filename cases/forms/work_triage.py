"""The first assessment: what a triager must say, and what may stay open (requirements 3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.triage import Judgement, NextAction, Talk
from cases.choices import AuthorityKind, Category, Concerned, RiskLevel, Safety, Tag, Tie, WayOut, YesNoUnknown
from cases.forms.work import LONG, NO_DATE, NO_HOUR, SHORT, UserChoice, due_instant, text_area
from cases.models import AllegedPerson, Case
from common.widgets import DateInput3, Hinted, HourInput
from people.models import User

SHORTEST_REASONING = 20
NOT_RULED_OUT = (YesNoUnknown.YES, YesNoUnknown.UNKNOWN)
TAKEN_OVER = (
    "safety",
    "categories",
    "tags",
    "concerned",
    "risk_level",
    "possible_crime",
    "best_interests",
    "wishes",
    "guardian_informed",
    "way_out",
    "reasons",
)

CATEGORY_HINTS = {
    Category.PHYSICAL: _("Hitting, shaking, burning or any force that harms a child."),
    Category.PSYCHOLOGICAL: _("Humiliating, threatening, rejecting or isolating a child again and again."),
    Category.SEXUAL: _("Any sexual act with or before a child, also online, also by another child who has power over them."),
    Category.NEGLECT: _("A child's basic needs are not met although the means are there; also leaving a child alone."),
    Category.EXPLOITATION: _("A child is used for someone's gain: work, begging, sexual favours."),
    Category.NOT_SURE: _("Allowed until the first review."),
}


class ReasonedText(forms.CharField):
    """Reasoning in at least twenty characters; a word is no reason (R-27)."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value.strip()) < SHORTEST_REASONING:
            raise forms.ValidationError(_("Write at least 20 characters: why is this best for the child?"))


class TriageForm(forms.Form):
    """One page; bad input keeps everything that was typed. Ties are one field per alleged person (R-01)."""

    hide_optional = True

    safety = forms.ChoiceField(
        label=_("Is the child safe now?"),
        choices=Safety.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the child is safe now.")},
    )
    who_is_with = forms.CharField(
        label=_("Who is with the child? Is a doctor needed?"), max_length=LONG, required=False, widget=text_area(2)
    )
    categories = forms.MultipleChoiceField(
        label=_("What kind of harm?"),
        choices=[(code, Hinted(label, CATEGORY_HINTS[Category(code)])) for code, label in Category.choices],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one. “Not sure yet” is an answer.")},
    )
    carers_resources = forms.CharField(
        label=_("If neglect: what means do the carers have?"),
        help_text=_("Poverty alone is not neglect."),
        max_length=LONG,
        required=False,
        widget=text_area(2),
    )
    who_benefits = forms.CharField(label=_("If exploitation: who benefits?"), max_length=LONG, required=False, widget=text_area(2))
    tags = forms.MultipleChoiceField(
        label=_("What else describes it?"),
        choices=Tag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    concerned = forms.ChoiceField(
        label=_("Whom does it concern?"),
        choices=Concerned.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whom it concerns.")},
    )
    risk_level = forms.ChoiceField(
        label=_("How high is the risk?"),
        choices=RiskLevel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a level of risk.")},
    )
    possible_crime = forms.ChoiceField(
        label=_("Could it be a crime?"),
        help_text=_("“Not sure” opens a referral too. You do not need proof."),
        choices=[(YesNoUnknown.YES, _("Yes")), (YesNoUnknown.UNKNOWN, _("I am not sure")), (YesNoUnknown.NO, _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it could be a crime.")},
    )
    authority = forms.ChoiceField(
        label=_("If yes or not sure: which authority?"), choices=[("", _("Choose")), *AuthorityKind.choices], required=False
    )
    best_interests = ReasonedText(
        label=_("Why is this best for the child?"),
        max_length=LONG,
        widget=text_area(4),
        error_messages={"required": _("Write why this is best for the child.")},
    )
    wishes = forms.CharField(
        label=_("What does the child want?"),
        help_text=_("In the child's own words if you have them. If you do not know, write why."),
        max_length=LONG,
        widget=text_area(3),
        error_messages={"required": _("Write what the child wants, or why that is not known.")},
    )
    guardian_informed = forms.ChoiceField(
        label=_("Does a parent or guardian know?"),
        choices=[("done", _("Yes")), ("plan", _("Not yet, it is planned")), ("unsafe", _("No, telling them would not be safe"))],
        required=False,
        widget=forms.RadioSelect,
    )
    way_out = forms.ChoiceField(
        label=_("Where does this lead?"),
        choices=WayOut.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where this leads.")},
    )
    case = forms.ChoiceField(label=_("If it joins an open case: which one?"), required=False)
    reasons = forms.CharField(label=_("If it is not a concern: why?"), max_length=LONG, required=False, widget=text_area(3))
    next_what = forms.CharField(
        label=_("What happens next?"),
        max_length=LONG,
        required=False,
        widget=text_area(2),
        help_text=_("For a low-level concern: the talk."),
    )
    next_owner = UserChoice(label=_("Who does it?"), required=False)
    next_on = forms.DateField(label=_("By which day?"), required=False, widget=DateInput3(), error_messages={"invalid": NO_DATE})
    next_hour = forms.TimeField(
        label=_("By what time?"),
        required=False,
        widget=HourInput(),
        help_text=_("Without a time: 17:00."),
        error_messages={"invalid": NO_HOUR},
    )
    seen = forms.CharField(label=_("If low-level: what was seen?"), max_length=LONG, required=False, widget=text_area(2))
    talk_with = forms.CharField(label=_("If low-level: who is talked to?"), max_length=SHORT, required=False)

    def __init__(
        self,
        *args: Any,
        alleged: Iterable[AllegedPerson],
        owners: Sequence[User],
        cases: Iterable[Case],
        risk_hints: dict[str, str],
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.cases = {case.reference: case for case in cases}
        self.fields["case"].choices = [("", _("Choose")), *((code, code) for code in self.cases)]  # type: ignore[attr-defined]
        self.fields["next_owner"].offer(owners)  # type: ignore[attr-defined]
        risk: Any = self.fields["risk_level"]
        risk.choices = [(code, Hinted(label, risk_hints.get(code, ""))) for code, label in RiskLevel.choices]
        for person in list(alleged) or [AllegedPerson(position=0)]:
            self.fields[f"tie_{person.position}"] = _tie_field(person)

    @property
    def tie_fields(self) -> list[forms.BoundField]:
        """One for each alleged person, in their order."""
        return [self[name] for name in self.fields if name.startswith("tie_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("possible_crime") in NOT_RULED_OUT and not cleaned.get("authority"):
            self.add_error("authority", _("Choose the authority that must hear of it."))
        cleaned["next_at"] = due_instant(self, cleaned.get("next_on"), cleaned.get("next_hour"), field="next", now=self.now)
        self._clean_way_out(cleaned)
        return cleaned

    def _clean_way_out(self, cleaned: dict[str, Any]) -> None:
        """What each way out cannot do without; a possible crime is never put aside."""
        way_out = cleaned.get("way_out")
        if way_out in (WayOut.LOW_LEVEL, WayOut.NOT_A_CONCERN) and cleaned.get("possible_crime") in NOT_RULED_OUT:
            self.add_error("way_out", _("If it could be a crime, it needs a case."))
        needed: dict[str, Any] = {}
        if way_out == WayOut.NOT_A_CONCERN:
            needed["reasons"] = _("Write why this is not a concern.")
        elif way_out:
            needed |= {"next_owner": _("Choose who does it."), "next_on": _("Give a day.")}
            if way_out == WayOut.LOW_LEVEL:
                needed |= {"seen": _("Write what was seen."), "talk_with": _("Write who is talked to.")}
            else:
                needed["next_what"] = _("Write what happens next.")
            if way_out == WayOut.EXISTING_CASE:
                needed["case"] = _("Choose the case.")
        for name, message in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)

    def warnings(self) -> list[Any]:
        """Answers that would help and may stay blank (R-26)."""
        chosen = self.cleaned_data["categories"]
        found = []
        if Category.NEGLECT in chosen and not self.cleaned_data["carers_resources"].strip():
            found.append(_("Saved. Please find out what means the carers have: poverty alone is not neglect."))
        if Category.EXPLOITATION in chosen and not self.cleaned_data["who_benefits"].strip():
            found.append(_("Saved. Please find out who benefits from the exploitation."))
        return found

    def judgement(self) -> Judgement:
        """What the action takes."""
        given = self.cleaned_data
        details = {name: given[name] for name in ("who_is_with", "carers_resources", "who_benefits") if given[name]}
        details["ties"] = {name.removeprefix("tie_"): given[name] for name in self.fields if name.startswith("tie_")}
        is_crime = given["possible_crime"] != YesNoUnknown.NO
        return Judgement(
            **{name: given[name] for name in TAKEN_OVER},
            authority=given["authority"] if is_crime else "",
            details=details,
            next_action=self._next_action(),
            case=self.cases.get(given["case"]),
            talk=self._talk(),
        )

    def _next_action(self) -> NextAction | None:
        given = self.cleaned_data
        whole = given["next_what"] and given["next_owner"] and given["next_at"]
        if given["way_out"] in (WayOut.LOW_LEVEL, WayOut.NOT_A_CONCERN) or not whole:
            return None
        return NextAction(what=given["next_what"], owner=given["next_owner"], due_at=given["next_at"])

    def _talk(self) -> Talk | None:
        given = self.cleaned_data
        if given["way_out"] != WayOut.LOW_LEVEL:
            return None
        return Talk(seen=given["seen"], by_user=given["next_owner"], talk_with=given["talk_with"], due_at=given["next_at"])


def _tie_field(person: AllegedPerson) -> forms.ChoiceField:
    """Blank at triage cannot be saved (R-01); what the reporter said is offered, their "I do not know" is not taken over."""
    label = (
        _("Person %(number)s: what are they to the child?") % {"number": person.position}
        if person.position
        else _("The person who may have caused it: what are they to the child?")
    )
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose")), *Tie.choices],
        initial="" if person.tie == Tie.UNKNOWN else person.tie,
        error_messages={"required": _("Say what this person is to the child. “I do not know” is an answer.")},
    )
