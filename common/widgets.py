"""Form controls for dates and times that take what people type and give it back unchanged when it is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan janar january",
            "shk shkurt feb february",
            "mar mars march",
            "pri prill apr april",
            "maj may",
            "qer qershor jun june",
            "korr korrik jul july",
            "gush gusht aug august",
            "sht shtator sep september",
            "tet tetor oct october",
            "nën nëntor nen nentor nov november",
            "dhj dhjetor dec december",
        ],
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True)
class Hinted:
    """A choice's label with a line under it: `("deputy", Hinted(name, _("Deputy of the Director")))`."""

    label: Any
    hint: Any = ""

    def __str__(self) -> str:
        return str(self.label)


class TypedDate(str):
    """Three boxes as one ISO text for the field to judge, with the parts as they were typed."""

    parts: tuple[str, str, str]

    def __new__(cls, day: str, month: str, year: str) -> TypedDate:
        day, month, year = day.strip(), month.strip(), year.strip()
        number = str(_MONTHS.get(month.lower().rstrip("."), month))
        text = f"{year}-{number}-{day}" if day or month or year else ""
        self = super().__new__(cls, text)
        self.parts = (day, month, year)
        return self


class DateInput3(forms.MultiWidget):
    """Day, month and year in three plain boxes (no calendar to fight with on a phone). Use with forms.DateField."""

    template_name = "django/forms/widgets/date_input3.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput({**box, "class": "govuk-date-input__input govuk-input--width-2"}),
                "month": forms.TextInput({**box, "class": "govuk-date-input__input govuk-input--width-2"}),
                "year": forms.TextInput({**box, "class": "govuk-date-input__input govuk-input--width-4"}),
            },
            attrs,
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each box carries its own label."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], (_("Day"), _("Month"), _("Year")), strict=True):
            part["label"] = label
        return context

    def decompress(self, value: Any) -> list[str]:
        """The three boxes of a date, of what was typed, or of an ISO text kept in a draft."""
        if isinstance(value, TypedDate):
            return list(value.parts)
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        if isinstance(value, str) and value.count("-") == 2:
            year, month, day = value.split("-")
            return [day.lstrip("0"), month.lstrip("0"), year]
        return ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """One text that forms.DateField can read; a whole date typed or pasted into the first box counts too."""
        day, month, year = (str(part or "") for part in super().value_from_datadict(data, files, name))
        if not month and not year and (whole := re.fullmatch(r"\s*(\d{1,2})[./ -]+(\d{1,2})[./ -]+(\d{4})\s*", day)):
            day, month, year = whole.groups()
        return TypedDate(day, month, year)


class HourInput(forms.TextInput):
    """An hour as people write it: 10:42, 10.42, 1042, "ora 10". Use with forms.TimeField."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "text", "autocomplete": "off", "class": "govuk-input--width-5", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """Hours and minutes; never seconds."""
        return f"{value:%H:%M}" if isinstance(value, time) else super().format_value(value)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """ "HH:MM" when that is plainly what was meant, otherwise the words as typed."""
        typed = super().value_from_datadict(data, files, name)
        found = re.fullmatch(r"\s*(?:ora\s*)?(\d{1,2})(?:\s*[:.,h ]\s*|(?=\d{2}\s*$))?(\d{2})?\s*", typed or "", re.IGNORECASE)
        if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
            return typed
        return f"{int(found[1]):02}:{found[2] or '00'}"
