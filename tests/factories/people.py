"""People for tests: one account at a time, or the whole fixed cast with posts, roles and lines of management."""

import itertools
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from deadlines.actions import fill_post
from people import roles
from people.models import (
    Affiliation,
    AffiliationKind,
    Appointment,
    Child,
    ContactLevel,
    Country,
    Person,
    Project,
    RoleAssignment,
    Theme,
    User,
)

PASSWORD = "a calm river in spring"
LONG_AGO = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)

_numbers = itertools.count(1)


@cache
def _hashed() -> str:
    """Argon2 is slow on purpose: one hash serves every account of the run."""
    return make_password(PASSWORD)


def a_person(full_name: str = "", **fields_: Any) -> Person:
    """Somebody on the register."""
    return Person.objects.create(full_name=full_name or f"Person {next(_numbers)}", **fields_)


def a_user(*held: str, role: str = "", name: str = "", person: Person | None = None, from_at: datetime = LONG_AGO, **fields_: Any) -> User:
    """An active account with a person, a password and any posts or roles: `a_user(roles.CPO, name="Agim Hoxha")`."""
    number = next(_numbers)
    login_name = fields_.pop("login_name", f"user{number}@test.example")
    person = person or a_person(name or f"User {number}")
    fields_ = {"email": login_name if "@" in login_name else "", "language": "en", "password": _hashed()} | fields_
    user = User(login_name=login_name, person=person, **fields_)
    user.save()
    for each in (*held, *([role] if role else [])):
        give(user, each, from_at=from_at)
    return user


def give(user: User, role: str, *, from_at: datetime = LONG_AGO, until_at: datetime | None = None) -> None:
    """Appoint to a post or give a role, as setup does."""
    held = {"from_at": from_at, "until_at": until_at, "proposed_at": from_at, "approved_at": from_at, "at_setup": True}
    if role in roles.POSTS:
        Appointment.objects.create(post=role, user=user, act_number="12", **held)
        fill_post(role, user, from_at=from_at, until_at=until_at)
    elif role != roles.REPORTER:
        RoleAssignment.objects.create(role=role, user=user, **held)


def an_affiliation(person: Person, *, manager: Person | None = None, kind: str = AffiliationKind.STAFF, **fields_: Any) -> Affiliation:
    """A tie to ASET since long ago."""
    fields_ = {"contact_level": ContactLevel.NONE, "from_at": LONG_AGO} | fields_
    return Affiliation.objects.create(person=person, kind=kind, line_manager=manager, **fields_)


def a_project(lead: Person | None = None, **fields_: Any) -> Project:
    """A register entry with one theme, in Albania."""
    code = f"P{next(_numbers):03}"
    names = {"code": code, "name_sq": f"Projekti {code}", "name_en": f"Project {code}"}
    project = Project.objects.create(**{"lead": lead, "country": Country.objects.get(code="AL"), **names, **fields_})
    project.themes.add(Theme.objects.get(code="rural"))
    return project


def a_child(full_name: str = "", **fields_: Any) -> Child:
    """A child in an activity."""
    return Child.objects.create(full_name=full_name or f"Child {next(_numbers)}", **fields_)


@dataclass(frozen=True)
class Organisation:
    """The fixed cast; the officer is Director and child protection officer at once."""

    officer: User
    deputy: User
    board_lead: User
    alternate: User
    board_member: User
    board_member2: User
    outside: User
    investigator: User
    staff: User
    volunteer: User
    project_lead: User
    trainer: User
    communications: User
    people_officer: User
    data_protection: User
    technical_admin: User

    def everyone(self) -> dict[str, User]:
        """By name of the part."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


_CAST: dict[str, tuple[str, tuple[str, ...], str]] = {
    "officer": ("Agim Hoxha", (roles.DIRECTOR, roles.CPO), AffiliationKind.STAFF),
    "deputy": ("Besa Leka", (roles.DEPUTY,), AffiliationKind.STAFF),
    "board_lead": ("Çlirim Dervishi", (roles.BOARD_LEAD,), AffiliationKind.BOARD),
    "alternate": ("Dhurata Kola", (roles.ALTERNATE,), AffiliationKind.BOARD),
    "board_member": ("Edmond Prifti", (roles.BOARD_MEMBER,), AffiliationKind.BOARD),
    "board_member2": ("Flutura Gjini", (roles.BOARD_MEMBER,), AffiliationKind.BOARD),
    "outside": ("Genc Shehu", (roles.OUTSIDE_PERSON,), AffiliationKind.CONSULTANT),
    "investigator": ("Hana Marku", (roles.INVESTIGATOR,), AffiliationKind.CONSULTANT),
    "staff": ("Ilir Toska", (), AffiliationKind.STAFF),
    "volunteer": ("Jonida Rama", (), AffiliationKind.VOLUNTEER),
    "project_lead": ("Klea Bardhi", (roles.PROJECT_LEAD,), AffiliationKind.STAFF),
    "trainer": ("Luan Muça", (roles.TRAINER,), AffiliationKind.STAFF),
    "communications": ("Mira Zeka", (roles.COMMUNICATIONS,), AffiliationKind.STAFF),
    "people_officer": ("Nora Xhepa", (roles.PEOPLE_OFFICER,), AffiliationKind.STAFF),
    "data_protection": ("Olsi Vata", (roles.DATA_PROTECTION,), AffiliationKind.CONSULTANT),
    "technical_admin": ("Petrit Ndoja", (roles.TECHNICAL_ADMIN,), AffiliationKind.CONTRACTOR),
}


def the_organisation() -> Organisation:
    """Everyone, with posts and lines: staff under the officer, the volunteer under the project lead, the Board under nobody."""
    people = {}
    for number, (part, (name, held, _kind)) in enumerate(_CAST.items()):
        people[part] = a_user(*held, name=name, login_name=f"{part}@test.example", phone=f"+35569000{number:04}")
    officer, project_lead = people["officer"].person, people["project_lead"].person
    for part, (_name, _held, kind) in _CAST.items():
        outside_the_line = part == "officer" or kind in {AffiliationKind.BOARD, AffiliationKind.CONSULTANT, AffiliationKind.CONTRACTOR}
        manager = None if outside_the_line else project_lead if part == "volunteer" else officer
        an_affiliation(people[part].person, manager=manager, kind=kind)
    return Organisation(**people)
