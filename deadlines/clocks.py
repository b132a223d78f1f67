"""The shape of a ladder: owning apps compute its steps from their own table, the engine keeps and fires them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """One rung: at `due_at` the holders of the `audience` posts and the named user hear of it.

    Who holds a post is resolved when the step fires. `duty` is a code for what they are asked to do.
    `outward` marks the rung that tells the reporter that nobody inside has answered (R-40).
    """

    due_at: datetime
    audience: tuple[str, ...] = ()
    user_id: int | None = None
    duty: str = ""
    outward: bool = False
