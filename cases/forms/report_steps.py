"""The questions of the staff form in their order, one group a page, and which of them apply (requirements 3.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.choices import Danger, Situation
from cases.forms import report_account as account
from cases.forms import report_event as event
from cases.forms import report_named as named
from cases.forms import report_routing as routing
from cases.forms.report_fields import Answer, StepForm, answer_of, as_posted, typed_before
from cases.recipients import Recipient

TOTAL = "form-TOTAL_FORMS"
"""Name of the control that says how many groups a page has."""

Answers = Mapping[str, Answer]
Applies = Callable[[Answers, bool], bool]


def _in_danger(answers: Answers, is_minor: bool) -> bool:
    return answers.get("danger", {}).get("danger", [""])[-1] in (Danger.YES, Danger.UNSURE)


def _has_clock(answers: Answers, is_minor: bool) -> bool:
    return not is_minor


def _in_situation(situation: str) -> Applies:
    def applies(answers: Answers, is_minor: bool) -> bool:
        return situation in answers.get("situation", {}).get("situations", [])

    return applies


def _always(answers: Answers, is_minor: bool) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """One page of the form; `repeats` if the group may be given any number of times."""

    slug: str
    title: str | Promise
    form: type[StepForm]
    applies: Applies = _always
    repeats: bool = False
    intro: str | Promise = ""
    another: str | Promise = ""

    def shown(self, answer: Answer, *, now: datetime, recipients: Sequence[Recipient] = ()) -> list[StepForm]:
        """The forms of this page with what was typed before, without errors; a repeatable group has at least one."""
        forms = []
        for number in range(max(1, group_count(answer)) if self.repeats else 1):
            prefix = f"form-{number}" if self.repeats else None
            blank = self.form(now=now, recipients=recipients, prefix=prefix)
            forms.append(self.form(now=now, recipients=recipients, prefix=prefix, initial=typed_before(blank, answer)))
        return forms

    def filled(self, answer: Answer, *, now: datetime, recipients: Sequence[Recipient] = ()) -> list[StepForm]:
        """The forms with the answer as if just posted: their errors and cleaned data can be asked."""
        data = as_posted(answer)
        if not self.repeats:
            return [self.form(data, now=now, recipients=recipients)]
        return [self.form(data, now=now, prefix=f"form-{number}") for number in range(group_count(answer))]

    def typed(self, posted: MultiValueDict[str, str], *, now: datetime, recipients: Sequence[Recipient] = ()) -> Answer:
        """What was typed on this page and nothing else; of a repeatable group the first fifty."""
        if not self.repeats:
            return answer_of(self.form(now=now, recipients=recipients), posted)
        count = min(_claimed_groups(posted), named.MOST_NAMED)
        return group_answer([answer_of(self.form(now=now, prefix=f"form-{number}"), posted) for number in range(count)])


def _claimed_groups(posted: MultiValueDict[str, str]) -> int:
    """How many groups the page, or a script, says it sends."""
    total = posted.get(TOTAL, "")
    return int(total) if total.isascii() and total.isdigit() and len(total) < 6 else 0


def has_too_many_groups(posted: MultiValueDict[str, str]) -> bool:
    """More than one report takes at a time."""
    return _claimed_groups(posted) > named.MOST_NAMED


def group_count(answer: Answer) -> int:
    """How many groups a kept answer has."""
    return int((answer.get(TOTAL) or ["0"])[0])


def groups_in(answer: Answer) -> list[Answer]:
    """The groups of a repeatable answer, each with its own prefix."""
    numbers = range(group_count(answer))
    return [{name: value for name, value in answer.items() if name.startswith(f"form-{number}-")} for number in numbers]


def group_answer(groups: Sequence[Answer]) -> Answer:
    """Number these groups anew and put them together as a formset posts them."""
    merged: Answer = {TOTAL: [str(len(groups))]}
    for number, group in enumerate(groups):
        merged |= {f"form-{number}-{name.split('-', 2)[2]}": values for name, values in group.items()}
    return merged


def filled_groups(answer: Answer) -> list[Answer]:
    """Without the groups in which nothing was written."""
    return [group for group in groups_in(answer) if any(value.strip() for values in group.values() for value in values)]


QUESTIONS: tuple[Question, ...] = (
    Question("danger", _("Is a child in danger now?"), routing.DangerForm),
    Question("danger-now", _("Call now"), routing.AlertForm, _in_danger),
    Question(
        "readers",
        _("Who will read this"),
        routing.ReadersForm,
        intro=_("These people receive reports. Whoever you leave out is not told, from the first moment on, and cannot find the report."),
    ),
    Question("what-happened", _("What happened"), account.WhatHappenedForm),
    Question(
        "aware",
        _("When you learned of it"),
        account.AwareForm,
        _has_clock,
        intro=_("Not when it happened, but when you saw it, heard of it or began to suspect it."),
    ),
    Question("situation", _("How you came to know"), account.SituationForm),
    Question("from-partner", _("Told by a partner or colleague"), account.FromPartnerForm, _in_situation(Situation.FROM_PARTNER)),
    Question("from-child", _("Told by a child"), account.FromChildForm, _in_situation(Situation.FROM_CHILD)),
    Question(
        "children",
        _("The child"),
        named.ChildForm,
        repeats=True,
        intro=_("Write only what you know. Do not ask the child in order to fill this in."),
        another=_("Add another child"),
    ),
    Question(
        "people",
        _("The person it is about"),
        named.AllegedForm,
        repeats=True,
        intro=_("You do not need to know who it was."),
        another=_("Add another person"),
    ),
    Question("event", _("More about what happened"), event.EventForm, intro=_("Write only what you know. Leave the rest empty.")),
    Question(
        "told",
        _("I already told someone"),
        event.ToldForm,
        intro=_("If you told one of these people before, that moment counts once they confirm it."),
    ),
    Question("done", _("Done so far"), event.DoneForm),
    Question("view", _("Your own view"), account.ViewForm),
    Question("contact", _("Reaching you"), account.ContactForm),
)
QUESTION_OF: Mapping[str, Question] = {question.slug: question for question in QUESTIONS}


def questions_for(answers: Answers, *, is_minor: bool) -> list[Question]:
    """Those that apply after what has been answered, in order."""
    return [question for question in QUESTIONS if question.applies(answers, is_minor)]


def neighbours(slug: str, answers: Answers, *, is_minor: bool) -> tuple[str, str]:
    """The pages before and after this one, "" at the ends."""
    slugs = [question.slug for question in questions_for(answers, is_minor=is_minor)]
    if slug not in slugs:
        return "", ""
    at = slugs.index(slug)
    return (slugs[at - 1] if at else ""), (slugs[at + 1] if at + 1 < len(slugs) else "")


def is_answered(answer: Any) -> bool:
    """Something was written on this page."""
    return any(value.strip() for name, values in (answer or {}).items() for value in values if name != TOTAL)
