"""The parts of a page that need arguments: fields, error summary, times, tags, tables, bars (templates/components/README.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import localtime

register = template.Library()

TONES = frozenset({"act", "wait", "calm", "good", "aside", "strong"})

# Colour only repeats what the word says (WCAG 1.4.1). A state that is not listed is shown on plain sand.
TAG_TONES: Mapping[str, str] = {
    "danger": "act",
    "escalated": "act",
    "overdue": "act",
    "late": "act",
    "failed": "act",
    "high": "act",
    "received": "wait",
    "new": "wait",
    "draft": "wait",
    "pending": "wait",
    "queued": "wait",
    "held": "wait",
    "medium": "wait",
    "acknowledged": "calm",
    "running": "calm",
    "triaged": "calm",
    "in_progress": "calm",
    "open": "calm",
    "low": "calm",
    "closed": "good",
    "finished": "good",
    "done": "good",
    "met": "good",
    "on_time": "good",
    "low_level": "aside",
    "not_a_concern": "aside",
    "drill": "strong",
}


# --- Forms -------------------------------------------------------------------------------


@register.simple_tag
def widget_class(widget: Mapping[str, Any], base: str) -> str:
    """The classes of one form control: its kind, its error look, and what the form asked for."""
    attrs = widget.get("attrs", {})
    wrong = f"{base}--error" if attrs.get("aria-invalid") == "true" else ""
    return " ".join(filter(None, [base, wrong, str(attrs.get("class") or "")]))


@register.simple_tag
def text_limit(widget: Mapping[str, Any]) -> int | None:
    """The length to count down from under a text area, or None."""
    limit = widget.get("attrs", {}).get("maxlength")
    return int(limit) if limit else None


@register.simple_tag
def text_attrs(widget: Mapping[str, Any]) -> SafeString:
    """A text area's attributes without maxlength: a browser would cut a pasted account short without a word."""
    attrs = {name: value for name, value in widget.get("attrs", {}).items() if name not in {"class", "maxlength"}}
    if text_limit(widget) and attrs.get("id"):
        attrs["aria-describedby"] = f"{attrs.get('aria-describedby', '')} {attrs['id']}-info".strip()
    shown = {name: name if value is True else value for name, value in attrs.items() if value is not False}
    return format_html_join("", ' {}="{}"', shown.items())


@register.simple_tag
def count_words() -> SafeString:
    """What the counter under a text area says, for its script; %{count} is filled in there."""
    words = {
        "characters-under-limit.one": _("You have %{count} character left"),
        "characters-under-limit.other": _("You have %{count} characters left"),
        "characters-at-limit": _("You have no characters left"),
        "characters-over-limit.one": _("You have %{count} character too many"),
        "characters-over-limit.other": _("You have %{count} characters too many"),
    }
    return format_html_join("", ' data-i18n.{}="{}"', words.items())


@register.filter
def is_text_group(widget: forms.Widget) -> bool:
    """Several text boxes under one legend; screen readers then need the role to read the hint."""
    return isinstance(widget, forms.MultiWidget)


@register.filter
def first_input_id(field: BoundField) -> str:
    """Where a link in the error summary leads: the control itself, or the first of a group."""
    if isinstance(field.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.MultiWidget)):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.inclusion_tag("components/field.html")
def field(bound_field: BoundField, *, heading: bool = False) -> dict[str, Any]:
    """One form field; `heading=True` makes its label the page's heading (one question a page)."""
    return {"field": bound_field, "heading": heading}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: forms.BaseForm | Iterable[forms.BaseForm]) -> dict[str, Any]:
    """What is wrong in any of these forms (or formsets), each line a link to its field."""
    lines: list[tuple[str, str]] = []
    for source in sources:
        for form in _forms_of(source):
            lines += _error_lines(form)
    return {"lines": lines}


@register.simple_tag
def error_prefix(*sources: forms.BaseForm | Iterable[forms.BaseForm]) -> str:
    """ "Error: " in front of the page title when something is wrong, so that it is heard first."""
    has_errors = any(form.errors for source in sources for form in _forms_of(source))
    return _("Error:") + " " if has_errors else ""


def _forms_of(source: forms.BaseForm | Iterable[forms.BaseForm] | None) -> list[forms.BaseForm]:
    if not source and not isinstance(source, forms.BaseForm):
        return []
    if isinstance(source, forms.BaseForm):
        return [source]
    return [form for form in source or () if isinstance(form, forms.BaseForm)]


def _error_lines(form: forms.BaseForm) -> list[tuple[str, str]]:
    lines = [(str(error), "") for error in form.non_field_errors()]
    for bound in form:
        anchor = "" if bound.is_hidden else first_input_id(bound)
        lines += [(_with_label(bound, str(error)), anchor) for error in bound.errors]
    return lines


def _with_label(bound: BoundField, error: str) -> str:
    """Django's stock sentences ("This field is required.") say nothing without the question they belong to."""
    stock = {str(text) for part in type(bound.field).__mro__ for text in getattr(part, "default_error_messages", {}).values()}
    return f"{str(bound.label).rstrip(':')} – {error}" if error in stock else error


# --- Time --------------------------------------------------------------------------------


def _weekday_by(index: int) -> str:
    """The weekday after "by"; Albanian bends it."""
    return [
        pgettext("by weekday", "Mon"),
        pgettext("by weekday", "Tue"),
        pgettext("by weekday", "Wed"),
        pgettext("by weekday", "Thu"),
        pgettext("by weekday", "Fri"),
        pgettext("by weekday", "Sat"),
        pgettext("by weekday", "Sun"),
    ][index]


def _weekday(index: int) -> str:
    return [
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    ][index]


def _parts(instant: datetime) -> tuple[int, str, str]:
    local = instant.astimezone(localtime.TIRANE)
    return local.weekday(), f"{local.day}.{local.month}.{local.year}", f"{local:%H:%M}"


@register.filter
def until(from_at: datetime, until_at: datetime | None) -> str:
    """A span of days; an open end reads "from 19.10.2025", not as a dash into nothing."""
    begins = _parts(from_at)[1]
    return f"{begins} – {_parts(until_at)[1]}" if until_at else f"{_('from')} {begins}"


@register.filter
def by_time(instant: datetime | None) -> str:
    """Inside a sentence: "by Wed 2.12.2026, 10:00"; never a countdown, never seconds."""
    if instant is None:
        return ""
    weekday, day, hour = _parts(instant)
    return _("by %(weekday)s %(day)s, %(hour)s") % {"weekday": _weekday_by(weekday), "day": day, "hour": hour}


@register.filter
def at_time(instant: datetime | None) -> str:
    """An instant with its weekday: "Wed 2.12.2026, 10:00"."""
    if instant is None:
        return ""
    weekday, day, hour = _parts(instant)
    return _("%(weekday)s %(day)s, %(hour)s") % {"weekday": _weekday(weekday), "day": day, "hour": hour}


@register.filter
def hour(instant: datetime | None) -> str:
    """Only the hour, in Tirana: "11:42"."""
    return "" if instant is None else _parts(instant)[2]


@register.simple_tag
def due_time(due_at: datetime | None, *, now: datetime | None = None, done: bool = False) -> SafeString | str:
    """The due time as a calm line: "Due: Wed 2.12.2026, 10:00"; once passed "Was due: …". Never red."""
    if due_at is None:
        return ""
    passed = not done and due_at <= (now or timezone.now())
    text = _("Was due: %(time)s") if passed else _("Due: %(time)s")
    return format_html(
        '<time class="aset-due{}" datetime="{}">{}</time>',
        " aset-due--passed" if passed else "",
        due_at.isoformat(),
        text % {"time": at_time(due_at)},
    )


# --- Parts of a page ---------------------------------------------------------------------


@register.simple_tag
def status_tag(state: str, label: str = "") -> SafeString:
    """A state's word in a soft colour; the word alone carries the meaning."""
    word = str(state).lower()
    tone = word if word in TONES else TAG_TONES.get(word, "")
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{tone}" if tone else "", label or state)


@register.filter
def tel(number: str) -> str:
    """A telephone number as a tel: address takes it."""
    return "".join(sign for sign in str(number) if sign.isdigit() or sign == "+")


@register.filter
def spoken_number(number: str) -> str:
    """116111 is read and remembered as 116 111."""
    digits = str(number)
    return f"{digits[:3]} {digits[3:]}" if digits.isdigit() and len(digits) == 6 else digits


@register.inclusion_tag("components/phone_list.html")
def phone_list(phones: Any = None, *, small: bool = False) -> dict[str, Any]:
    """Whom to call, tap-to-call. Without a list the three national numbers stand, so that no page is ever without."""
    return {"phones": _phones(phones), "small": small}


def _phones(phones: Any) -> list[dict[str, str]]:
    if phones:
        return list(phones)
    numbers = getattr(settings, "HELP_PHONES", {})
    return [
        {"number": numbers.get("112", "112"), "label": _("Emergency")},
        {"number": numbers.get("129", "129"), "label": _("Police")},
        {"number": numbers.get("116111", "116111"), "label": _("Child helpline (ALO)")},
    ]


@register.simple_tag
def phones_in_words(phones: Any = None) -> str:
    """The same numbers as one line of text, for scripts that speak while the link is down."""
    return ", ".join(f"{phone['label']} {spoken_number(phone['number'])}" for phone in _phones(phones))


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Keys and values; rows are (key, value) or (key, value, change address)."""
    return {"rows": [(*row, "")[:3] for row in rows]}


@register.inclusion_tag("components/table.html")
def table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, caption: str, stack: bool = True) -> dict[str, Any]:
    """A table with its caption; on a phone each row becomes a small card unless `stack=False` (then it scrolls inside itself)."""
    return {"caption": caption, "head": head, "stack": stack, "rows": [list(zip(head, row, strict=False)) for row in rows]}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Any, name: str = "cursor") -> dict[str, Any]:
    """Previous and next of a common.paging.KeysetPage; the filters in the address stay."""
    request = context.get("request")
    asked = request.GET.copy() if request is not None else None

    def address(cursor: str) -> str:
        if not cursor or asked is None:
            return ""
        asked[name] = cursor
        return f"?{asked.urlencode()}"

    return {"previous_url": address(page.previous_cursor), "next_url": address(page.next_cursor)}


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(bars: Iterable[Sequence[Any]], *, caption: str, unit: str = "") -> dict[str, Any]:
    """Flat bars and the same figures as a table; bars are (label, value) or (label, value, tone).

    A value of None is a suppressed cell: it gets a word and no bar, so that nothing can be read off its length.
    """
    given = [(*bar, "")[:3] for bar in bars]
    largest = max((value for _label, value, _tone in given if value), default=0)
    rows = []
    for index, (label, value, tone) in enumerate(given):
        rows.append(
            {
                "label": label,
                "shown": _("fewer than 5") if value is None else number_format(value, use_l10n=True),
                "tone": tone,
                "text_y": 18 + index * 56,
                "bar_y": 26 + index * 56,
                "width": round(270 * value / largest) if value and largest else 0,
                "value_x": 8 + (round(270 * value / largest) if value and largest else 0),
                "value_y": 42 + index * 56,
            }
        )
    return {"caption": caption, "unit": unit, "rows": rows, "height": 56 * len(rows) + 4}


@register.simple_tag
def form_watch(*, retry: bool = False, autosave_url: str = "", draft_url: str = "", phones: Any = None) -> SafeString:
    """The attributes that let a form survive a lost link, keep a draft, and be kept when the session ends."""
    attrs: dict[str, Any] = {}
    if retry:
        attrs["data-retry"] = "1"
        attrs["data-sending-text"] = _("Sending…")
        attrs["data-retry-text"] = _(
            "The connection is down. Your words are still here and will be sent by themselves. Leave this page open."
        )
        attrs["data-offline-text"] = _("The connection is down. You can go on writing; leave this page open.")
        attrs["data-retry-call"] = _("If a child is in danger now, call:")
        attrs["data-retry-phones"] = _("If a child is in danger now, call: %(phones)s") % {"phones": phones_in_words(phones)}
    if autosave_url:
        attrs["data-autosave-url"] = autosave_url
        attrs["data-autosave-text"] = _("Saved at %(time)s")
        attrs["data-autosave-failed"] = _("Not saved yet. Trying again.")
    if draft_url:
        attrs["data-keep-draft"] = "1"
        attrs["data-draft-url"] = draft_url
    return format_html_join("", ' {}="{}"', attrs.items())
