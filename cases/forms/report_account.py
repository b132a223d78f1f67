"""What happened, and since when the reporter knows: the two answers without which nothing can be sent (R-24, R-80)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.choices import Mode, Situation, YesNoUnknown
from cases.forms.report_fields import StepForm, day, hour, line, one_of, several_of, words
from cases.limits import CLOCK_TOLERANCE
from common.localtime import ImpossibleHour, day_bounds, local_day, to_utc

FUTURE = _("This cannot be later than now. Please check the day and the hour.")
NO_SUCH_HOUR = _("That hour did not exist: the clocks were put forward that night. Please give the hour before or after it.")

KNOWN_BY = [
    ("saw", _("I saw or noticed it")),
    ("child", _("A child told me")),
    ("other", _("Someone else told me")),
    ("document", _("From a paper or a message")),
    ("online", _("I saw it online")),
]


class WhatHappenedForm(StepForm):
    """The account in the reporter's words, and the child's exact words kept apart."""

    hide_optional = False
    account = words(
        _("What happened, or what worries you?"),
        help_text=_("In your own words. You do not need proof and you do not need to be sure."),
        required=True,
        rows=8,
    )
    account.error_messages["required"] = _("Please write a few words about what happened or what worries you.")
    exact_words = words(
        _("If a child said something: the child's exact words"),
        help_text=_("As the child said it, in the child's language. Do not improve anything."),
    )


class AwareForm(StepForm):
    """When the reporter learned of it: date and hour, or the date alone (A-06, A-07)."""

    hide_optional = False
    aware_on = day(_("On which day did you learn of it?"), required=True)
    aware_on.error_messages["required"] = _("Please give the day. If you are not sure, give the day that is most likely.")
    aware_time = hour(_("At what time?"), help_text=_("For example 10:30. Leave it empty if you do not remember."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = local_day(self.now)
        self.fields["aware_on"].help_text = _("Today is %(day)s.") % {"day": f"{today.day}.{today.month}.{today.year}"}

    def clean(self) -> dict[str, Any]:
        """Adds `aware_from` and `aware_to`; refuses the future and hours that never were."""
        cleaned = super().clean() or {}
        on, at = cleaned.get("aware_on"), cleaned.get("aware_time")
        if on is None or "aware_time" in self.errors:
            return cleaned
        try:
            cleaned["aware_from"], cleaned["aware_to"] = span_of(on, at)
        except ImpossibleHour:
            self.add_error("aware_time", NO_SUCH_HOUR)
            return cleaned
        if cleaned["aware_from"] > self.now + CLOCK_TOLERANCE:
            self.add_error("aware_time" if at and on <= local_day(self.now) else "aware_on", FUTURE)
        return cleaned


def span_of(on: date, at: time | None) -> tuple[datetime, datetime]:
    """The instant twice, or the two ends of the day. Raises ImpossibleHour."""
    if at is None:
        return day_bounds(on)
    instant = to_utc(on, at)
    return instant, instant


class SituationForm(StepForm):
    """The four situations of the policy (R-82), how the reporter knows, and whose matter it is (R-83)."""

    situations = several_of(_("Which of these fits?"), Situation.choices, help_text=_("Choose all that fit."))
    known_by = several_of(_("How do you know?"), KNOWN_BY)
    mode = one_of(_("Whose work does it concern?"), Mode.choices)


class FromPartnerForm(StepForm):
    """Situation 3: our clock starts when we were told, and the partner's own time is kept too (A-06)."""

    partner = line(_("Which organisation or colleague told you?"))
    partner_knew_on = day(_("Since when did they know?"))
    partner_told_on = day(_("When did they tell you?"))


class FromChildForm(StepForm):
    """Situation 4: how the child's words reached us."""

    words_language = line(_("In which language did the child speak?"))
    words_heard_by = line(_("Who heard it from the child?"))
    words_hands = one_of(
        _("How many people passed it on before it reached you?"),
        [("0", _("None: the child told me")), ("1", _("One")), ("2", _("Two or more")), ("unknown", _("I do not know"))],
    )
    child_knows = one_of(_("Does the child know that you are telling us?"), YesNoUnknown.choices, inline=True)


class ViewForm(StepForm):
    """What the reporter thinks, apart from what was seen and heard."""

    opinion = words(_("What do you think about it?"), help_text=_("Your own view, kept apart from what you saw and heard."))


class ContactForm(StepForm):
    """A safe way back to the reporter."""

    safe_contact = words(
        _("How and when can we reach you safely?"),
        help_text=_("For example: call after 17:00, do not write messages, do not ask at the office."),
        rows=2,
    )
    wants_feedback = one_of(_("Would you like to hear from us?"), [("yes", _("Yes")), ("no", _("No"))], inline=True)
