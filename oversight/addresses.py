"""Addresses of pages that a later part of the product brings: until then whoever links to one leaves the entry out."""

from django.urls import NoReverseMatch, reverse


def address_of(name: str) -> str:
    """The address of a page, or "" while no app has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
