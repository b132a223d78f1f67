"""Answers of the report form in words: the question's label and the answer's, for the check page and for those who read reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from cases.forms.report_fields import StepForm
from cases.forms.report_named import AllegedForm, ChildForm
from cases.forms.report_routing import WHO
from cases.forms.report_steps import QUESTIONS
from common.localtime import show

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*[+-]\d\d:\d\d$")


def rows_of(form: StepForm) -> list[tuple[str, str]]:
    """Each answered question of a filled form with its answer; what could not be read stands as it was typed."""
    form.full_clean()
    rows = []
    for name, field in form.fields.items():
        value = form.cleaned_data[name] if name in form.cleaned_data else form[name].value()
        if text := in_words(field, value):
            rows.append((str(field.label), text))
    return rows


def in_words(field: forms.Field | None, value: Any) -> str:
    """One answer as a person reads it."""
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.MultipleChoiceField):
        return "; ".join(_choice(field, each) for each in value)
    if isinstance(field, forms.ChoiceField):
        return _choice(field, value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return " ".join(str(each) for each in value)
    if isinstance(value, str) and _INSTANT.match(value):
        return show(datetime.fromisoformat(value))
    day = parse_date(value) if isinstance(value, str) and len(value) == 10 and value[4] == "-" else value
    if isinstance(day, date):
        return f"{day.day}.{day.month}.{day.year}"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _choice(field: forms.ChoiceField, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    choices: Any = field.choices
    labels = {str(key): str(label) for key, label in choices}
    return labels.get(str(value), str(value))


@cache
def _fields() -> Mapping[str, Mapping[str, forms.Field]]:
    """Every field of the form by kind of row and name; labels stay lazy and follow the reader's language."""
    single: dict[str, forms.Field] = {}
    for question in QUESTIONS:
        if not question.repeats:
            single |= question.form(now=timezone.now()).fields
    return {"report": single, "child": dict(ChildForm.base_fields), "alleged": dict(AllegedForm.base_fields)}


def details_in_words(details: Mapping[str, Any], *, of: str = "report") -> list[tuple[str, str]]:
    """The lesser answers kept in `details` of a report, an addition, a child ("child") or a person ("alleged"), as label and text."""
    fields, rows = _fields()[of], []
    for name, value in details.items():
        if name == "as_typed" and isinstance(value, Mapping):
            rows += [(_label(fields, typed), str(text)) for typed, text in value.items()]
        elif not name.startswith(WHO) and (text := in_words(fields.get(name), value)):
            rows.append((_label(fields, name), text))
    return rows


def _label(fields: Mapping[str, forms.Field], name: str) -> str:
    field = fields.get(name)
    more = {"aware_from": _("Learned of it at"), "told_at": _("Told this person at")}
    return str(field.label) if field is not None else more.get(name, name)
