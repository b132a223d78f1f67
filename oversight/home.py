"""The home page: what this person can do and what waits for them, in the four areas of the policy (R-30)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.permissions import drafts_visible_to
from common.paging import CappedCount, capped_count
from oversight import operations
from oversight.addresses import address_of
from oversight.figures import open_reports
from oversight.menu import WORKS_ON_REPORTS
from people import roles
from people.models import Affiliation, Appointment, Project, RoleAssignment, Setting
from people.permissions import affiliations_visible_to, can_propose_appointment, roles_of

if TYPE_CHECKING:
    from people.models import User

ENDS_SOON = timedelta(days=30)
SHOWN = 5
Words = str | Promise


@dataclass(frozen=True)
class Tile:
    """One figure, and where it leads."""

    figure: CappedCount | int | str
    label: Words
    url: str = ""


@dataclass(frozen=True)
class Link:
    """One thing this person can do."""

    label: Words
    url: str
    hint: Words = ""


@dataclass
class Area:
    """One of the four areas, or the system itself; shown only if it holds something."""

    code: str
    title: Words
    tiles: list[Tile] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.tiles or self.links or self.notes)


def areas_for(user: User, now: datetime) -> list[Area]:
    """Response first for those who act on reports; nobody is shown an area in which they have nothing to do."""
    makers: Iterable[Callable[[User, datetime], Area]] = (_response, _reporting, _prevention, _awareness, _system)
    return [area for area in (make(user, now) for make in makers) if not area.is_empty]


def unsent_drafts(user: User) -> int:
    """How many reports this person has begun and not sent."""
    return drafts_visible_to(user).count()


def _response(user: User, now: datetime) -> Area:
    area = Area("response", _("Response"))
    held = roles_of(user)
    dashboard, board = address_of("cases:dashboard"), address_of("cases:board")
    if held & (WORKS_ON_REPORTS - {roles.INVESTIGATOR}):
        waiting = open_reports(user)
        area.tiles = [
            Tile(waiting.in_danger, _("danger, nobody has confirmed"), dashboard),
            Tile(waiting.unconfirmed, _("wait for confirmation"), dashboard),
            Tile(waiting.untriaged, _("wait for a first assessment"), dashboard),
            Tile(waiting.second_person, _("wait for a second person"), dashboard),
        ]
    if held & WORKS_ON_REPORTS and dashboard:
        area.links.append(Link(_("What needs me now"), dashboard, _("Reports and cases that you may see, in order of harm")))
    if held & roles.BOARD and board:
        area.links.append(Link(_("Escalations and what was done"), board, _("Who was told, when, by which way, and whether it was read")))
    return area


def _reporting(user: User, now: datetime) -> Area:
    area = Area("reporting", _("Reporting"))
    if mine := address_of("cases:my_reports"):
        area.links.append(Link(_("My reports"), mine, _("What happens with what you sent, and a way to add to it")))
    if roles_of(user) & ({roles.CPO, roles.TECHNICAL_ADMIN} | roles.BOARD):
        audit = address_of("oversight:export_reporting_audit")
        area.links.append(Link(_("24-hour reporting audit"), audit, _("A PDF document without names")))
    return area


def _prevention(user: User, now: datetime) -> Area:
    area = Area("prevention", _("Prevention"))
    held = roles_of(user)
    persons = address_of("people:persons")
    if roles.PEOPLE_OFFICER in held:
        ties = affiliations_visible_to(user)
        active = Affiliation.objects.active(now).filter(pk__in=ties)
        area.tiles = [
            Tile(capped_count(active), _("people with a tie to ASET"), persons),
            Tile(capped_count(active.filter(until_at__lte=now + ENDS_SOON)), _("ties that end within 30 days"), persons),
        ]
        if persons:
            area.links.append(Link(_("Register of people"), persons, _("Persons, their ties to ASET, and who is close to whom")))
    if roles.PROJECT_LEAD in held and user.person is not None:
        projects = Project.objects.filter(lead=user.person).order_by("code")[:SHOWN]
        area.notes = [str(project) for project in projects]
    return area


def _awareness(user: User, now: datetime) -> Area:
    """What everyone has to know stands on everyone's page; the documents and training follow with their apps."""
    area = Area("awareness", _("Awareness"))
    area.notes = [
        _("Report within 24 hours of becoming aware. A doubt is enough; you need no proof."),
        _("Listen, and write down the child's exact words. Do not question the child further."),
        _("Do not investigate, do not confront anyone, and do not promise to keep it secret."),
    ]
    return area


def _system(user: User, now: datetime) -> Area:
    area = Area("system", _("The system"))
    if can_propose_appointment(user) and (url := address_of("people:appointments")):
        waiting = Appointment.objects.waiting().count() + RoleAssignment.objects.waiting().count()
        waiting += Setting.objects.filter(approved_at=None, declined_at=None).count()
        area.tiles.append(Tile(waiting, _("proposals wait for a second person"), url))
    if roles.TECHNICAL_ADMIN in roles_of(user):
        area.tiles += [Tile(figure, label) for figure, label in operations.state(now)]
    return area
