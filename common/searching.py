"""A typed name never stands in an address: addresses stay in the history of a shared phone (ASVS 14.2.1)."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from common.crypto import SealBroken, seal, unseal

WORDS, SEALED = "q", "find"
LONGEST = 200
_CONTEXT = "common.searching"


def to_sealed_address(request: HttpRequest) -> HttpResponseRedirect:
    """The search form is posted, and leads to the same page with the words sealed and the other filters plain."""
    asked = request.POST.copy()
    asked.pop("csrfmiddlewaretoken", None)
    words = str(asked.pop(WORDS, [""])[-1])[:LONGEST].strip()
    if words:
        asked[SEALED] = base64.urlsafe_b64encode(seal(words.encode(), context=_CONTEXT)).decode().rstrip("=")
    return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")


def asked_for(request: HttpRequest) -> QueryDict:
    """The filters of a list with the words opened; a token that does not open asks for nothing."""
    asked = request.GET.copy()
    sealed = str(asked.pop(SEALED, [""])[-1])
    if sealed:
        try:
            asked[WORDS] = unseal(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), context=_CONTEXT).decode()
        except (SealBroken, binascii.Error, ValueError):
            asked.pop(WORDS, None)
    return asked
