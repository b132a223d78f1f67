"""The roles of requirements §3.9: posts held by appointment, and roles given to an account."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deadlines.posts import Post

DIRECTOR = "DIRECTOR"
CPO = "CHILD_PROTECTION_OFFICER"
DEPUTY = "DEPUTY"
BOARD_LEAD = "BOARD_LEAD"
ALTERNATE = "ALTERNATE"
BOARD_MEMBER = "BOARD_MEMBER"
OUTSIDE_PERSON = "OUTSIDE_PERSON"
TECHNICAL_ADMIN = "TECHNICAL_ADMIN"

INVESTIGATOR = "INVESTIGATOR"
PEOPLE_OFFICER = "PEOPLE_OFFICER"
TRAINER = "TRAINER"
PROJECT_LEAD = "PROJECT_LEAD"
COMMUNICATIONS = "COMMUNICATIONS"
DATA_PROTECTION = "DATA_PROTECTION"

REPORTER = "REPORTER"
"""Every active account is at least this: anyone may file a concern and follow their own."""

POSTS: Mapping[str, str | Promise] = dict(Post.choices)
"""Filled by a dated appointment which two people make (R-72, A-01, A-05)."""

GIVEN_ROLES: Mapping[str, str | Promise] = {
    INVESTIGATOR: _("Investigator"),
    PEOPLE_OFFICER: _("People officer"),
    TRAINER: _("Trainer"),
    PROJECT_LEAD: _("Project lead"),
    COMMUNICATIONS: _("Communications officer"),
    DATA_PROTECTION: _("Data protection contact"),
}
"""Given to an account by the technical administrator; those that read cases need a second person (R-88)."""

LABELS: Mapping[str, str | Promise] = {**POSTS, **GIVEN_ROLES, REPORTER: _("Reporter")}

SINGLE_POSTS = frozenset({DIRECTOR, CPO, DEPUTY, BOARD_LEAD, ALTERNATE, OUTSIDE_PERSON})
"""Posts with one active holder at a time: the database refuses a second one."""

BOARD = frozenset({BOARD_LEAD, ALTERNATE, BOARD_MEMBER})
"""The Board case group (A-02)."""

CASE_POSTS = frozenset({CPO, DEPUTY, OUTSIDE_PERSON}) | BOARD
"""Posts whose holders receive reports; their password, login and second factor change only with a second person."""

READS_CASES = CASE_POSTS | {INVESTIGATOR, DATA_PROTECTION}
"""Roles that can come to read case text, if only by grant: 15 minutes idle, never with the technical administrator."""

TWO_PERSON_ROLES = frozenset({INVESTIGATOR, DATA_PROTECTION})
"""Given roles for which proposer and approver must differ."""

FORBIDDEN_PAIRS: tuple[tuple[str, str], ...] = (
    (CPO, BOARD_LEAD),
    (CPO, ALTERNATE),
    *((TECHNICAL_ADMIN, role) for role in sorted(READS_CASES)),
)
"""Two hats no one person wears: who handles reports does not oversee the handling, who runs the machine reads no case."""


def clash(roles: frozenset[str] | set[str]) -> tuple[str, str] | None:
    """The first forbidden pair among ROLES, or None."""
    return next((pair for pair in FORBIDDEN_PAIRS if pair[0] in roles and pair[1] in roles), None)
