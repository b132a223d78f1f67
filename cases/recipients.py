"""Who would read a report today, as the form names them: once each, by name and plain role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from people import roles
from people.queries import post_holder_names

if TYPE_CHECKING:
    from people.models import User

READS_REPORTS = roles.CASE_POSTS - {roles.OUTSIDE_PERSON}


@dataclass(frozen=True)
class Recipient:
    """Someone in a post that receives reports, known to the form by a random reference."""

    user: User
    name: str
    role: str

    @property
    def reference(self) -> str:
        """Not a key of the database."""
        return str(self.user.reference)

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


def present_recipients(author: User, now: datetime) -> list[Recipient]:
    """Everyone in such a post now but the author; a person with two posts stands there once, with both (A-03)."""
    held: dict[User, dict[str, str]] = {}
    for holder in post_holder_names(now):
        if holder.post in READS_REPORTS | {roles.DIRECTOR} and holder.user.pk != author.pk:
            held.setdefault(holder.user, {})[holder.post] = holder.plain_role
    return [
        Recipient(user, user.get_full_name(), ", ".join(posts.values())) for user, posts in held.items() if READS_REPORTS & posts.keys()
    ]
