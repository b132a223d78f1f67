"""Appointments and settings of the Board as they are proposed."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.localtime import day_bounds
from common.widgets import DateInput3
from people import board, roles
from people.models import User

FILE_KINDS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF", "application/pdf", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
)
"""First bytes, kind, and the ends of name that go with it."""


def _kind_of(file: Any) -> str:
    """The kind by content; raises ValidationError if it is none of ours or its name says another."""
    head = file.read(16)
    file.seek(0)
    for start, kind, ends in FILE_KINDS:
        if head.startswith(start) and file.name.lower().endswith(ends):
            return kind
    raise forms.ValidationError(gettext("This is not a PDF or a picture (PNG, JPEG). Choose another file."))


class AppointmentForm(forms.Form):
    """Who takes which post from when, by which act; or that the Board leaves it vacant until a day."""

    post = forms.ChoiceField(label=_("Post"), choices=list(roles.POSTS.items()))
    user = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        required=False,
        to_field_name="reference",
        empty_label=_("Nobody: vacant by Board decision"),
    )
    act_number = forms.CharField(label=_("Number of the act"), max_length=60, required=False)
    act_on = forms.DateField(label=_("Date of the act"), required=False, widget=DateInput3)
    act_file = forms.FileField(label=_("File of the act"), required=False, help_text=_("PDF or picture, at most 10 MB."))
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput3, help_text=_("Leave empty: from the approval on."))
    until_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput3, help_text=_("Needed only if the post stays vacant."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = User.objects.filter(is_active=True).select_related("person").order_by("person__sort_key", "login_name")
        self.fields["user"].queryset = accounts  # type: ignore[attr-defined]

    def clean_act_file(self) -> Any:
        """Small enough to keep sealed, and a PDF or picture by its content, whatever its name says (R-99)."""
        file = self.cleaned_data["act_file"]
        if file and file.size > 10 * 1024 * 1024:
            raise forms.ValidationError(gettext("The file is larger than 10 MB."))
        if file:
            file.content_type = _kind_of(file)
        return file

    def period(self, now: datetime) -> dict[str, datetime | None]:
        """The instants, from the days."""
        first, last = self.cleaned_data["from_on"], self.cleaned_data["until_on"]
        return {"from_at": max(day_bounds(first)[0], now) if first else now, "until_at": day_bounds(last)[1] if last else None}


class SettingForm(forms.Form):
    """One value, of the kind its key demands."""

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = board.KEYS[key]
        self.fields["value"] = self._field()

    def _field(self) -> forms.Field:
        label: Any = self.key.label
        if self.key.kind is int:
            return forms.IntegerField(label=label, help_text=self.limits())
        if self.key.kind is list:
            return forms.CharField(label=label, help_text=_("Whole numbers, separated by commas."), max_length=60)
        return forms.CharField(label=label, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def limits(self) -> str:
        """What the policy allows, in words."""
        return gettext("From %(least)s to %(most)s %(unit)s.") % {"least": self.key.least, "most": self.key.most, "unit": self.key.unit}

    def clean_value(self) -> Any:
        """A list of hours is typed with commas."""
        value = self.cleaned_data["value"]
        if self.key.kind is not list:
            return value
        try:
            return [int(part) for part in value.split(",")]
        except ValueError as error:
            raise forms.ValidationError(gettext("Give whole numbers, separated by commas.")) from error
