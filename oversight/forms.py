"""What is asked before a document leaves the system: what for, in which language, and for which period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.localtime import local_day
from common.widgets import DateInput3
from oversight.reporting_audit import default_period

LONGEST = timedelta(days=3 * 366)


class PurposeForm(forms.Form):
    """Taking a document out needs a purpose, which is kept sealed beside the event (R-74)."""

    purpose = forms.CharField(
        label=_("What do you need this document for?"),
        help_text=_("For example: meeting of the Board on 3 December. Do not name a child."),
        min_length=8,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label=_("Language of the document"),
        choices=[("sq", _("Albanian")), ("en", _("English"))],
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = (get_language() or "sq")[:2]


class ReportingAuditForm(PurposeForm):
    """The period of the reporting audit: whole days in Tirana, both included."""

    since = forms.DateField(label=_("From"), widget=DateInput3())
    until = forms.DateField(label=_("Up to and including"), widget=DateInput3())
    field_order = ["since", "until", "purpose", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = local_day(timezone.now())
        self.fields["since"].initial, self.fields["until"].initial = default_period(self.today)

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since.year < 2000:
            raise forms.ValidationError(_("Give a year after 2000."))
        return since

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until > self.today:
            raise forms.ValidationError(_("The period cannot end in the future."))
        return until

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The period must end after it begins."))
        elif since and until and until - since > LONGEST:
            self.add_error("since", _("Choose at most three years."))
        return cleaned
