"""The menu of every signed-in page: one line an entry, cheap enough to ask on each request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people import roles
from people.permissions import roles_of

if TYPE_CHECKING:
    from people.models import User

WORKS_ON_REPORTS = frozenset({roles.CPO, roles.DEPUTY, roles.INVESTIGATOR}) | roles.BOARD
EXPORTS = frozenset({roles.CPO, roles.TECHNICAL_ADMIN}) | roles.BOARD
KEEPS_REGISTER = frozenset({roles.PEOPLE_OFFICER, roles.CPO, roles.DEPUTY, roles.TECHNICAL_ADMIN})
DECIDES_POSTS = frozenset({roles.TECHNICAL_ADMIN, roles.DIRECTOR, roles.CPO}) | roles.BOARD


Entry = tuple[str | Promise, str, bool, int]
"""Label, address, whether it is the present page, and how much waits there: as templates/components/menu.html unpacks it."""


@dataclass(frozen=True)
class Line:
    """Which page, under which words, for whom; everyone who is signed in is a reporter."""

    label: str | Promise
    page: str
    for_roles: frozenset[str] = frozenset({roles.REPORTER})


LINES = (
    Line(_("Home"), "home"),
    Line(_("Report a concern"), "cases:report_start"),
    Line(_("My reports"), "cases:my_reports"),
    Line(_("Inbox"), "deadlines:inbox"),
    Line(_("Reports and cases"), "cases:dashboard", WORKS_ON_REPORTS),
    Line(_("Board"), "cases:board", roles.BOARD),
    Line(_("People"), "people:persons", KEEPS_REGISTER),
    Line(_("Posts and settings"), "people:appointments", DECIDES_POSTS),
    Line(_("PDF documents"), "oversight:exports", EXPORTS),
)


def menu_of(user: User, *, path: str = "", unread: int = 0) -> list[Entry]:
    """What this person can open (R-30), two queries at most; `path` marks the present page, `unread` counts the inbox."""
    held = roles_of(user)
    lines = [(line, reverse(line.page)) for line in LINES if held & line.for_roles]
    here = _deepest(path, (url for _line, url in lines))
    return [(line.label, url, url == here, unread if line.page == "deadlines:inbox" else 0) for line, url in lines]


def _deepest(path: str, urls: Iterable[str]) -> str:
    """The entry whose address leads furthest towards this page: "/" is only itself."""
    leading = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(leading, key=len, default="")
