"""What is asked after the receipt: why it was late, what else there is, why a draft is discarded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.choices import LateReason
from cases.forms.report_event import ToldForm
from cases.forms.report_fields import line, one_of, words


class LateReasonForm(forms.Form):
    """Ready answers; asked after the receipt, never before, and no answer is a wrong one (R-81)."""

    reason = one_of(_("What made it later than 24 hours?"), LateReason.choices, required=True)
    reason.error_messages["required"] = _("Please choose the answer that fits best.")
    reason_text = line(_("Would you like to add something?"))


class AdditionForm(forms.Form):
    """More facts, as an entry of their own; the first account stays as it came."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = words(_("What would you like to add?"), required=True, rows=6)
    text.error_messages["required"] = _("Please write what you would like to add.")


class DiscardForm(forms.Form):
    """Every concern counts, however small: so we ask why one is not sent."""

    reason = words(
        _("Why are you not sending it?"), help_text=_("For example: someone else has already reported it."), required=True, rows=3
    )
    reason.error_messages["required"] = _("Please say in a few words why.")


class ToldByPhoneForm(ToldForm):
    """Whom the author told instead of writing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_to"].required = self.fields["told_on"].required = True
        self.fields["told_to"].error_messages["required"] = _("Please choose whom you told.")
        self.fields["told_on"].error_messages["required"] = _("Please give the day on which you told this person.")
