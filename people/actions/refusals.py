"""Why a write was refused, in words for the person who tried."""

from datetime import datetime

from django.utils.translation import gettext as _

from people import roles
from people.models import User
from people.permissions import roles_of


class Refused(Exception):
    """The rule forbids it; the message may be shown."""


def refuse_clash(user: User, role: str, at: datetime) -> None:
    """Two hats no one person wears (R-88)."""
    pair = roles.clash(roles_of(user, at) | {role})
    if pair is not None:
        names = {"one": roles.LABELS[pair[0]], "other": roles.LABELS[pair[1]]}
        raise Refused(_("One person cannot be %(one)s and %(other)s at once.") % names)


def refuse_self(user: User | None, by: User) -> None:
    """Nobody gives themselves a post or a role (R-88)."""
    if user is not None and user.pk == by.pk:
        raise Refused(_("Nobody decides about themselves. Ask another person."))


def refuse_same(first_id: int | None, by: User) -> None:
    """Two pairs of eyes."""
    if first_id == by.pk:
        raise Refused(_("You proposed this yourself. Another person must decide."))


def refuse_decided(is_open: bool) -> None:
    """Somebody was faster."""
    if not is_open:
        raise Refused(_("Someone has already decided this."))
