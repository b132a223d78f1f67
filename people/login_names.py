"""One spelling of a login name, however it is typed: capitals, spaces in phone numbers, 069 or +355 69."""

import re
import unicodedata

_PHONE = re.compile(r"[+(]?[\d\s()/.\-]+")
_HOME_PREFIX = "+355"


def normalise(typed: str) -> str:
    """The stored form of a login name: lower case; a phone number as +355691234567."""
    text = unicodedata.normalize("NFKC", typed).strip()
    digits = re.sub(r"\D", "", text)
    if not _PHONE.fullmatch(text) or len(digits) < 7:
        return " ".join(text.lower().split())
    if text.startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if digits.startswith("0"):
        return f"{_HOME_PREFIX}{digits[1:]}"
    return digits
