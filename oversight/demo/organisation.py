"""Builds the fictional organisation: people, ties, posts, roles, projects, a partner and children. Safe to run again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from audit.recording import record
from deadlines import actions as engine
from deadlines.models import PostHolder
from oversight.demo.cast import CAST, CHILDREN, DOMAIN, PROJECTS, WITHOUT_ACCOUNT, Member
from people import roles
from people.models import (
    Affiliation,
    Appointment,
    Child,
    Country,
    Guardian,
    Municipality,
    Partner,
    Person,
    PersonRelation,
    Project,
    RelationKind,
    RoleAssignment,
    Theme,
    User,
)

IN_OFFICE_FOR = timedelta(days=400)


def build_organisation(*, now: datetime) -> dict[str, User]:
    """Everyone of the cast by the first part of their login name."""
    since = now - IN_OFFICE_FOR
    users = _accounts()
    for code, member in CAST.items():
        _tie(users[code], member, users, since)
    for code, member in CAST.items():
        _give(users[code], member, users, since)
    partner = _partner(since)
    _relations(users, since)
    _projects(users)
    _children()
    record("demonstration.loaded", None, by=None, accounts=len(users), partner=partner.pk)
    return users


def _accounts() -> dict[str, User]:
    """One hash serves all: argon2 is slow on purpose, and everyone has the same password here."""
    password = make_password(settings.DEMO_PASSWORD or None)
    users = {}
    for code, member in CAST.items():
        person, _new = Person.objects.get_or_create(full_name=member.name, defaults={"phone": member.phone, "email": f"{code}@{DOMAIN}"})
        users[code], _new = User.objects.get_or_create(
            login_name=f"{code}@{DOMAIN}",
            defaults={
                "email": f"{code}@{DOMAIN}",
                "phone": member.phone,
                "language": member.language,
                "person": person,
                "password": password,
            },
        )
    return users


def _tie(user: User, member: Member, users: Mapping[str, User], since: datetime) -> None:
    manager = users[member.under].person if member.under else None
    Affiliation.objects.get_or_create(
        person=user.person,
        kind=member.kind,
        defaults={"contact_level": member.contact, "line_manager": manager, "from_at": since},
    )


def _give(user: User, member: Member, users: Mapping[str, User], since: datetime) -> None:
    """Posts and roles as two people gave them, neither of them the holder."""
    proposer, approver = _two_others(user, users)
    decided = {"proposed_by": proposer, "proposed_at": since, "approved_by": approver, "approved_at": since}
    for number, post in enumerate(member.posts, start=1):
        act = f"BD-2025/{number + len(member.name)}" if post in roles.SINGLE_POSTS else ""
        _appointment, new = Appointment.objects.get_or_create(
            post=post,
            user=user,
            defaults={"from_at": since, "act_number": act, "act_on": since.date() if act else None, **decided},
        )
        if new and not PostHolder.objects.filter(post=post, user=user).exists():
            engine.fill_post(post, user, from_at=since)
    for role in member.given:
        RoleAssignment.objects.get_or_create(user=user, role=role, defaults={"from_at": since, **decided})


def _two_others(user: User, users: Mapping[str, User]) -> tuple[User, User]:
    first, second = [users[code] for code in ("admin", "lead", "alternate") if users[code] != user][:2]
    return first, second


def _partner(since: datetime) -> Partner:
    partner: Partner | None = None
    for name, kind, contact in WITHOUT_ACCOUNT:
        person, _new = Person.objects.get_or_create(full_name=name)
        if partner is None:
            partner, _new = Partner.objects.get_or_create(
                full_name="Shoqata Drita e Vogël",
                defaults={"focal_point": person, "country": _albania(), "municipality": _municipality("Shkodër")},
            )
        of_partner = partner if kind == "partner_staff" else None
        Affiliation.objects.get_or_create(
            person=person, kind=kind, partner=of_partner, defaults={"contact_level": contact, "from_at": since}
        )
    if partner is None:
        raise AssertionError("the demonstration names at least one person of a partner")
    return partner


def _relations(users: Mapping[str, User], since: datetime) -> None:
    """Declared ties, so that a conflict of interest can be shown."""
    ambassador = Person.objects.get(full_name="Elira Muça")
    pairs = (
        (users["trainer"].person, ambassador, RelationKind.SIBLING),
        (users["board2"].person, users["project"].person, RelationKind.CLOSE_FRIEND),
    )
    for a, b, kind in pairs:
        PersonRelation.objects.get_or_create(a=a, b=b, kind=kind, defaults={"declared_by": users["people"], "declared_at": since})


def _albania() -> Country:
    return Country.objects.get(code="AL")


def _municipality(name: str) -> Municipality:
    return Municipality.objects.get(name_sq=name)


def _projects(users: Mapping[str, User]) -> None:
    lead = users["project"].person
    team = Person.objects.filter(user__in=[users[code] for code in ("staff", "volunteer", "trainer")])
    for code, name_sq, name_en, place, town, theme in PROJECTS:
        project, new = Project.objects.get_or_create(
            code=code,
            defaults={
                "name_sq": name_sq,
                "name_en": name_en,
                "place": place,
                "country": _albania(),
                "municipality": _municipality(town),
                "lead": lead,
                "starts_on": date(2026, 3, 1),
                "ends_on": date(2027, 10, 31),
            },
        )
        if new:
            project.themes.set(Theme.objects.filter(code=theme))
            project.team.set(team)


def _children() -> None:
    for name, born_on, sex, guardian, tie in CHILDREN:
        child, new = Child.objects.get_or_create(full_name=name, defaults={"born_on": date.fromisoformat(born_on), "sex": sex})
        if new:
            person, _new = Person.objects.get_or_create(full_name=guardian)
            Guardian.objects.get_or_create(child=child, person=person, defaults={"tie": tie})
