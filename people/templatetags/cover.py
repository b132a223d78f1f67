"""Phone numbers for people who cannot get in: allauth's own views know nothing of them."""

from django import template

from people import board, queries

register = template.Library()


@register.inclusion_tag("people/_cannot_get_in.html")
def cannot_get_in() -> dict[str, object]:
    """Officer, deputy, Board lead and alternate with their numbers, and whatever the Board added; two queries."""
    return {"cover_phones": queries.cover_phones(), "more_phones": board.value("phones.cover")}
