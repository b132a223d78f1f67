"""What allauth's own views and the pages of people need beyond their context."""

from django import template

from people import board, queries, roles
from people.permissions import can_see_settings, credential_changes_visible_to, holds_any, sees_register

register = template.Library()


@register.inclusion_tag("people/_cannot_get_in.html")
def cannot_get_in() -> dict[str, object]:
    """Officer, deputy, Board lead and alternate with their numbers, and whatever the Board added; two queries."""
    return {"cover_phones": queries.cover_phones(), "more_phones": board.value("phones.cover")}


@register.inclusion_tag("people/_links.html", takes_context=True)
def people_links(context: template.Context) -> dict[str, bool]:
    """The pages of people that this person may open."""
    user = context["request"].user
    return {
        "register": sees_register(user),
        "accounts": holds_any(user, {roles.TECHNICAL_ADMIN, roles.BOARD_LEAD, roles.ALTERNATE, roles.PEOPLE_OFFICER}),
        "sign_in": credential_changes_visible_to(user).exists(),
        "posts": can_see_settings(user),
    }


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@register.filter
def device(user_agent: str) -> str:
    """What a browser says of itself, as people call it ("Chrome · Android"); its own words where nothing is known."""
    names = [next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, names)) or user_agent


@register.filter
def in_fours(secret: str) -> list[str]:
    """A long code in groups of four, as one reads it out and as it fits a small screen."""
    return [secret[start : start + 4] for start in range(0, len(secret), 4)]
