"""The home page: what this person can do and what waits for them, in the four areas of the policy (R-30)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.permissions import receipts_visible_to
from cases.queries_drafts import open_drafts_of
from common.paging import CappedCount, capped_count
from oversight import operations
from oversight.figures import open_reports
from oversight.menu import WORKS_ON_REPORTS
from people import roles
from people.models import Affiliation, Appointment, Project, RoleAssignment, Setting
from people.permissions import affiliations_visible_to, can_propose_appointment, roles_of

if TYPE_CHECKING:
    from cases.models import Report
    from people.models import User

ENDS_SOON = timedelta(days=30)
SHOWN = 5
OWN_SHOWN = 3
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
    return open_drafts_of(user).count()


def latest_own(user: User) -> list[Report]:
    """What this person sent last; the whole list has a page of its own."""
    return list(receipts_visible_to(user).select_related("case").order_by("-received_at", "-pk")[:OWN_SHOWN])


def proposals_that_wait() -> int:
    """Appointments, roles and settings that nobody has decided; one statement."""
    settings = Setting.objects.filter(approved_at=None, declined_at=None)
    return (
        Appointment.objects.waiting()
        .order_by()
        .values("pk")
        .union(RoleAssignment.objects.waiting().order_by().values("pk"), settings.order_by().values("pk"), all=True)
        .count()
    )


def _response(user: User, now: datetime) -> Area:
    area = Area("response", _("Response"))
    held = roles_of(user)
    dashboard = reverse("cases:dashboard")
    if held & (WORKS_ON_REPORTS - {roles.INVESTIGATOR}):
        waiting = open_reports(user)
        area.tiles = [
            Tile(waiting.in_danger, _("danger, nobody has confirmed"), dashboard),
            Tile(waiting.unconfirmed, _("wait for confirmation"), dashboard),
            Tile(waiting.untriaged, _("wait for a first assessment"), dashboard),
            Tile(waiting.second_person, _("wait for a second person"), dashboard),
        ]
    if held & WORKS_ON_REPORTS:
        area.links.append(Link(_("What needs me now"), dashboard, _("Reports and cases that you may see, in order of harm")))
    if held & roles.BOARD:
        hint = _("Who was told, when, by which way, and whether it was read")
        area.links.append(Link(_("Escalations and what was done"), reverse("cases:board"), hint))
    return area


def _reporting(user: User, now: datetime) -> Area:
    area = Area("reporting", _("Reporting"))
    hint = _("What happens with what you sent, and a way to add to it")
    area.links.append(Link(_("My reports"), reverse("cases:my_reports"), hint))
    area.links.append(Link(_("When a child tells you something"), reverse("cases:when_a_child_tells"), _("What to say, and what not")))
    if roles_of(user) & ({roles.CPO, roles.TECHNICAL_ADMIN} | roles.BOARD):
        audit = reverse("oversight:export_reporting_audit")
        area.links.append(Link(_("24-hour reporting audit"), audit, _("A PDF document without names")))
    return area


def _prevention(user: User, now: datetime) -> Area:
    area = Area("prevention", _("Prevention"))
    held = roles_of(user)
    persons = reverse("people:persons")
    if roles.PEOPLE_OFFICER in held:
        ties = affiliations_visible_to(user)
        active = Affiliation.objects.active(now).filter(pk__in=ties)
        area.tiles = [
            Tile(capped_count(active), _("people with a tie to ASET"), persons),
            Tile(capped_count(active.filter(until_at__lte=now + ENDS_SOON)), _("ties that end within 30 days"), persons),
        ]
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
    if can_propose_appointment(user):
        waiting = proposals_that_wait()
        area.tiles.append(Tile(waiting, _("proposals wait for a second person"), reverse("people:appointments")))
    if roles.TECHNICAL_ADMIN in roles_of(user):
        area.tiles += [Tile(figure, label) for figure, label in operations.state(now)]
    return area
