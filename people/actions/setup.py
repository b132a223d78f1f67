"""The first appointments: made once, by whoever installs, before anybody can approve anything."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.recording import record
from common.localtime import day_bounds
from common.references import ALPHABET
from deadlines.actions import fill_post
from people import roles
from people.actions.refusals import Refused
from people.models import Appointment, BoardDecision, Person, User

_LOCK = 5_021_072


@dataclass(frozen=True)
class Newcomer:
    """Someone who gets an account at setup."""

    name: str
    login_name: str
    email: str = ""
    phone: str = ""
    language: str = "sq"
    password: str = ""


@dataclass(frozen=True)
class Filling:
    """A post with its first holder, or vacant by Board decision until an instant."""

    post: str
    who: Newcomer | None
    until_at: datetime | None = None
    act_number: str = ""
    act_on: date | None = None


@dataclass(frozen=True)
class Plan:
    """Everything setup needs: a Director, one Board person, a technical admin, and what the Board decided (R-90)."""

    fillings: tuple[Filling, ...]
    dpia_number: str = ""
    dpia_decided_on: date | None = None


@dataclass
class SetUp:
    """What setup made: the accounts, and the first passwords to hand over in person."""

    users: list[User] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def set_up(plan: Plan, *, now: datetime) -> SetUp:
    """Works only while no appointment exists, and is itself an event. Raises Refused in words for people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if Appointment.objects.exists():
        raise Refused(_("Setup was done already. From now on appointments are proposed and approved in the application."))
    _refuse_incomplete(plan)
    made = SetUp()
    accounts: dict[str, User] = {}
    for filling in plan.fillings:
        user = _account(filling.who, accounts, made) if filling.who else None
        _appoint(filling, user, now)
    if plan.dpia_number and plan.dpia_decided_on:
        BoardDecision.objects.create(subject=BoardDecision.DPIA, number=plan.dpia_number, decided_on=plan.dpia_decided_on, recorded_at=now)
    record("setup.done", None, by=None, posts=sorted(filling.post for filling in plan.fillings), accounts=len(accounts))
    return made


def _refuse_incomplete(plan: Plan) -> None:
    held = {filling.post for filling in plan.fillings if filling.who}
    decided = {filling.post for filling in plan.fillings}
    for post in (roles.DIRECTOR, roles.CPO, roles.TECHNICAL_ADMIN):
        if post not in held:
            raise Refused(_("Setup needs someone for this post: %(post)s.") % {"post": roles.LABELS[post]})
    if held.isdisjoint(roles.BOARD):
        raise Refused(_("Setup needs at least one person of the Board."))
    for post in (roles.DEPUTY, roles.BOARD_LEAD, roles.ALTERNATE):
        if post not in decided:
            raise Refused(_("Name someone, or say until when it is vacant by Board decision: %(post)s.") % {"post": roles.LABELS[post]})
    for filling in plan.fillings:
        if filling.who is None and filling.until_at is None:
            raise Refused(_("Say until when the post stays vacant."))
        if filling.post == roles.CPO and not filling.act_number.strip():
            raise Refused(_("The child protection officer is appointed by an act. Give its number."))
    _refuse_clashes(plan)


def _refuse_clashes(plan: Plan) -> None:
    posts_of: dict[str, set[str]] = {}
    for filling in plan.fillings:
        if filling.who:
            posts_of.setdefault(filling.who.login_name.lower(), set()).add(filling.post)
    for held in posts_of.values():
        pair = roles.clash(held)
        if pair is not None:
            names = {"one": roles.LABELS[pair[0]], "other": roles.LABELS[pair[1]]}
            raise Refused(_("One person cannot be %(one)s and %(other)s at once.") % names)


def _account(who: Newcomer, accounts: dict[str, User], made: SetUp) -> User:
    key = who.login_name.lower()
    if key not in accounts:
        password = who.password or first_password()
        person = Person.objects.create(full_name=who.name, email=who.email, phone=who.phone)
        user = User(login_name=who.login_name, person=person, email=who.email, phone=who.phone, language=who.language)
        user.must_change_password = True
        user.set_password(password)
        user.save()
        record("user.opened", user, by=None)
        accounts[key] = user
        made.users.append(user)
        made.passwords[user.login_name] = password
    return accounts[key]


def first_password() -> str:
    """Twenty places without vowels or look-alikes, in groups that can be read out; changed at the first sign-in."""
    places = [secrets.choice(ALPHABET.lower()) for _place in range(20)]
    return "-".join("".join(places[start : start + 5]) for start in range(0, 20, 5))


def _appoint(filling: Filling, user: User | None, now: datetime) -> None:
    appointment = Appointment.objects.create(
        post=filling.post,
        user=user,
        vacant=user is None,
        act_number=filling.act_number,
        act_on=filling.act_on,
        from_at=now,
        until_at=filling.until_at,
        proposed_at=now,
        approved_at=now,
        at_setup=True,
    )
    fill_post(filling.post, user, from_at=now, until_at=filling.until_at)
    record("appointment.at_setup", appointment, by=None, post=filling.post)


def read_plan(given: dict[str, Any]) -> Plan:
    """The plan from the JSON of `manage.py setup --from-file`; raises Refused naming what is missing or odd.

    A post is {"name", "login_name", "email", "phone", "language", "act_number", "act_on"} or {"vacant_until": "2026-12-31"};
    "DIRECTOR", "CHILD_PROTECTION_OFFICER" (may be the string "DIRECTOR": the same person), "BOARD_MEMBER": a list.
    """
    fillings: list[Filling] = []
    posts: dict[str, Any] = given.get("posts", {})
    for post, entry in posts.items():
        if post not in roles.POSTS:
            raise Refused(_("There is no such post: %(post)s.") % {"post": post})
        fillings += [_filling(post, one, posts) for one in (entry if isinstance(entry, list) else [entry])]
    decision = given.get("dpia_decision") or {}
    decided_on = _day(decision.get("decided_on"))
    return Plan(tuple(fillings), str(decision.get("number", "")), decided_on)


def _filling(post: str, entry: Any, posts: dict[str, Any]) -> Filling:
    details: dict[str, Any] = entry if isinstance(entry, dict) else {"same_as": entry}
    source = posts.get(details["same_as"], {}) if "same_as" in details else details
    if "vacant_until" in source:
        until = _day(source["vacant_until"])
        return Filling(post, None, until_at=_end_of(until) if until else None)
    try:
        who = Newcomer(**{name: str(source[name]) for name in Newcomer.__dataclass_fields__ if name in source})
    except TypeError as error:
        raise Refused(_("Name and login name are needed for this post: %(post)s.") % {"post": post}) from error
    return Filling(post, who, act_number=str(details.get("act_number", "")), act_on=_day(details.get("act_on")))


def _day(text: Any) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise Refused(_("This is not a date such as 2026-12-31: %(text)s.") % {"text": text}) from error


def _end_of(day: date) -> datetime:
    return day_bounds(day)[1]
