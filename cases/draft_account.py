"""What a draft says: its answers read through the forms, tolerant of everything but the two answers that start a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.translation import gettext as _

from cases.actions.intake import Account, NamedChild, NamedPerson
from cases.choices import Danger, Readers, Situation
from cases.forms.report_fields import Answer, StepForm
from cases.forms.report_routing import ABOUT, WHO
from cases.forms.report_steps import QUESTION_OF, groups_in, is_answered
from cases.models import ReportDraft
from cases.recipients import present_recipients
from common.localtime import TIRANE
from people.models import User
from people.models.persons import eighteenth_birthday

if TYPE_CHECKING:
    from cases.recipients import Recipient

_COLUMNS = """danger danger_where danger_reach do_not_tell readers account exact_words aware_on aware_time aware_from aware_to
situations mode told_to told_on told_time told_how told_at opinion safe_contact project municipality"""
COLUMN_NAMES = frozenset(_COLUMNS.split())
NAMED_COLUMNS = frozenset({"name", "born_on", "sex", "safe_now", "tie", "is_child", "still_has_access"})


def cleaned_of(draft: ReportDraft, slug: str, *, now: datetime, recipients: Sequence[Recipient] = ()) -> dict[str, Any]:
    """What is valid in the answer of one page; a field that is not is left out."""
    answer = draft.answers.get(slug)
    if not answer:
        return {}
    (form,) = QUESTION_OF[slug].filled(answer, now=now, recipients=recipients)
    form.full_clean()
    return dict(form.cleaned_data)


def awareness_of(draft: ReportDraft, *, now: datetime) -> tuple[datetime, datetime] | None:
    """The span in which the author became aware, if a valid one was given (R-80)."""
    answer = draft.answers.get("aware")
    if not answer:
        return None
    (form,) = QUESTION_OF["aware"].filled(answer, now=now)
    return (form.cleaned_data["aware_from"], form.cleaned_data["aware_to"]) if form.is_valid() else None


def missing_answers(draft: ReportDraft, *, now: datetime, is_minor: bool) -> list[str]:
    """The pages that must be answered before sending: what happened and, where a clock runs, since when it is known.

    After an alert nothing is missing: the report exists.
    """
    if draft.report_id:
        return []
    needed = ["what-happened"] if is_minor else ["what-happened", "aware"]
    return [slug for slug in needed if not _is_valid(draft, slug, now)]


def _is_valid(draft: ReportDraft, slug: str, now: datetime) -> bool:
    answer = draft.answers.get(slug)
    return bool(answer) and all(form.is_valid() for form in QUESTION_OF[slug].filled(answer, now=now))


def typed_names(draft: ReportDraft) -> list[str]:
    """The names in the who-did-it fields, as typed."""
    groups = groups_in(draft.answers.get("people") or {})
    names = [values[-1].strip() for group in groups for name, values in group.items() if name.endswith("-name") and values]
    return [name for name in names if name]


@dataclass(frozen=True)
class LeftOut:
    """Whom the author left out, and the answer to "is it about one of them"."""

    readers: str = ""
    about: list[User] = field(default_factory=list)
    unwanted: list[User] = field(default_factory=list)


def left_out(draft: ReportDraft) -> LeftOut:
    """The ticks of both pages, also of people who have left their post since; no answer at all counts as "not sure" (A-03)."""
    answer = draft.answers.get("readers") or {}
    chosen = {name.removeprefix(WHO): values[-1] for name, values in answer.items() if name.startswith(WHO) and values and values[-1]}
    ticked = (draft.answers.get("danger-now") or {}).get("do_not_tell", [])
    users = {user.reference: user for user in User.objects.filter(reference__in=[*chosen, *ticked]).select_related("person")}
    about = [user for reference, user in users.items() if chosen.get(reference) == ABOUT]
    unwanted = [user for user in users.values() if user not in about]
    said = (answer.get("readers") or [""])[-1]
    if said != Readers.UNSURE and users:
        said = Readers.SOME
    return LeftOut(said if said in Readers.values else Readers.UNSURE, about, unwanted)


def account_of(draft: ReportDraft, *, now: datetime) -> Account:
    """The whole draft as what `receive_report` takes; whatever could not be read stays as typed among the details."""
    recipients = present_recipients(draft.author, now)
    single = [slug for slug, question in QUESTION_OF.items() if not question.repeats]
    said: dict[str, Any] = {}
    for slug in single:
        said |= cleaned_of(draft, slug, now=now, recipients=recipients)
    out = left_out(draft)
    rest: dict[str, Any] = {name: said.get(name) for name in ("aware_from", "aware_to", "project", "municipality")}
    rest |= {name: said.get(name, "") for name in ("account", "exact_words", "opinion", "danger_where", "danger_reach", "safe_contact")}
    people = {each.reference: each.user for each in recipients}
    told_to = people.get(said.get("told_to", ""))
    return Account(
        danger=said.get("danger") or (Danger.UNSURE if draft.answers.get("danger-now") else Danger.NO),
        readers=out.readers,
        about=out.about,
        unwanted=out.unwanted,
        situations=said.get("situations") or [Situation.OTHER],
        mode=said.get("mode") or "direct",
        told_to=told_to,
        told_at=said.get("told_at") if told_to else None,
        told_how=said.get("told_how", "") if told_to else "",
        children=[_child(each) for each in _named(draft, "children", now)],
        alleged=[_alleged(each) for each in _named(draft, "people", now)],
        details=_rest(said) | _unread(draft, now, recipients),
        **rest,
    )


def _named(draft: ReportDraft, slug: str, now: datetime) -> list[dict[str, Any]]:
    """The groups of a repeatable page in which something was written."""
    answer: Answer = draft.answers.get(slug) or {}
    found = []
    for group, form in zip(groups_in(answer), QUESTION_OF[slug].filled(answer, now=now), strict=True):
        if is_answered(group):
            form.full_clean()
            found.append(dict(form.cleaned_data) | ({"as_typed": _wrong(form)} if form.errors else {}))
    return found


def _child(said: Mapping[str, Any]) -> NamedChild:
    born_on = said.get("born_on")
    return NamedChild(
        name=said.get("name", ""),
        born_on=born_on.isoformat() if born_on else "",
        sex=said.get("sex") or "unknown",
        safe_now=said.get("safe_now") or "unknown",
        details=_rest(said, NAMED_COLUMNS),
    )


def _alleged(said: Mapping[str, Any]) -> NamedPerson:
    return NamedPerson(
        name=said.get("name", ""),
        tie=said.get("tie") or "unknown",
        is_child=said.get("is_child") or "unknown",
        still_has_access=said.get("still_has_access") or "unknown",
        details=_rest(said, NAMED_COLUMNS),
    )


def _rest(said: Mapping[str, Any], columns: frozenset[str] = COLUMN_NAMES) -> dict[str, Any]:
    """The lesser answers, as JSON holds them."""
    kept = {name: value for name, value in said.items() if name not in columns and not name.startswith(WHO)}
    return {name: _plain(value) for name, value in kept.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Model) else value


def _unread(draft: ReportDraft, now: datetime, recipients: Sequence[Recipient]) -> dict[str, Any]:
    """Optional answers that make no date or hour, as typed: nothing written is lost, and nothing holds up a report."""
    wrong: dict[str, str] = {}
    for slug, question in QUESTION_OF.items():
        if not question.repeats and draft.answers.get(slug):
            (form,) = question.filled(draft.answers[slug], now=now, recipients=recipients)
            wrong |= _wrong(form)
    return {"as_typed": wrong} if wrong else {}


def _wrong(form: StepForm) -> dict[str, str]:
    typed = {name: form[name].value() for name in form.errors if name in form.fields}
    shown = {name: " ".join(value) if isinstance(value, list) else str(value or "") for name, value in typed.items()}
    return {name: text.strip("- ") for name, text in shown.items() if text.strip("- ")}


def warnings_about(draft: ReportDraft, *, now: datetime) -> list[str]:
    """What looks odd and is taken all the same: known before it happened, an adult's birth date, one in the future (R-23, R-80)."""
    said = []
    span, event = awareness_of(draft, now=now), cleaned_of(draft, "event", now=now)
    happened_on = event.get("happened_on")
    if span and happened_on and span[1].astimezone(TIRANE).date() < happened_on:
        said.append(_("You learned of it before the day on which it happened. You can send it like this: harm may still be to come."))
    today = now.astimezone(TIRANE).date()
    for child in _named(draft, "children", now):
        said += _about_birth(child.get("born_on"), happened_on or today, today)
    return said


def _about_birth(born_on: date | None, on: date, today: date) -> list[str]:
    if born_on is None:
        return []
    if born_on > today:
        return [_("A date of birth lies in the future. You can send it like this.")]
    if eighteenth_birthday(born_on) <= on:
        return [_("By the date of birth this person was over 18: recorded as a matter of the past or of an adult, and read just the same.")]
    return []
