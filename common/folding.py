"""Albanian words for finding and sorting: folded text, spelling keys, alphabet order.

The database sorts by code point (ç and ë after z) and its ICU collations are not on every
host, so names are folded and keyed here and stored beside the name (R-98).
"""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
_STUBBORN = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})

# One sound, several spellings: by dialect, by keyboard, by passport office.
_SAME_SOUND = (("gj", "g"), ("xh", "g"), ("dh", "d"), ("th", "t"), ("ch", "c"), ("q", "c"))
_DOUBLE = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = "aeiu"
_SHORTEST_STEM = 4

_LETTER = re.compile("dh|gj|ll|nj|rr|sh|th|xh|zh|.", re.DOTALL)


def fold(text: str) -> str:
    """Lower case without diacritics, single spaces: "  Gëzim ÇELA" -> "gezim cela"."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_STUBBORN)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())


def name_words(text: str) -> list[str]:
    """The folded words of a name; an apostrophe joins ("D'Ambra" -> "dambra"), a hyphen parts."""
    return _WORD.findall(re.sub(r"['’ʼ`]", "", fold(text)))


def spelling_key(text: str) -> str:
    """The words of a name as they sound, so that one name written two ways has one key.

    ë = e, ç = c = q = ch, dh = d, th = t, xh = gj = g, double letters single. The last
    vowels of a word of five letters or more are dropped: Albanian declines names, and
    "Agron" / "Agroni", "Mirela" / "Mirelë" / "Mirele" are one person. Too many matches cost
    a second look; a missed one hides a child or a conflict of interest.
    """
    return " ".join(_sound(word) for word in name_words(text))


def resembles(one: str, other: str) -> bool:
    """Whether two names may be the same person: same words in any order, or first and last.

    Also when the shorter, of two words or more, lies wholly within the longer. A single
    word matches only a single word: a first name alone points at nobody.
    """
    ours, theirs = spelling_key(one).split(), spelling_key(other).split()
    if not ours or not theirs:
        return False
    if set(ours) == set(theirs):
        return True
    shorter, longer = sorted((set(ours), set(theirs)), key=len)
    ends_meet = {ours[0], ours[-1]} == {theirs[0], theirs[-1]}
    return ends_meet or (len(shorter) >= 2 and shorter <= longer)


def sort_key(text: str) -> str:
    """A key of ASCII letters and digits that any collation sorts in Albanian order.

    Two characters a letter: "c0" for c, "c1" for ç; "d0" for d, "d1" for dh. Letters of
    other scripts come last, by code point; punctuation does not count.
    """
    letters = _LETTER.findall(_simplified(text))
    return "".join(_place(letter) for letter in letters)


def _sound(word: str) -> str:
    before = ""
    while word != before:
        before = word
        for spelling, sound in _SAME_SOUND:
            word = word.replace(spelling, sound)
        word = _DOUBLE.sub(r"\1", word)
        if len(word) > _SHORTEST_STEM and word[-1] in _ENDINGS:
            word = word[:-1]
    return word


def _simplified(text: str) -> str:
    """Folded, except for the two letters whose mark makes another letter."""
    composed = unicodedata.normalize("NFC", text).lower()
    kept = "".join(letter if letter in "çë" else _bare(letter) for letter in composed)
    return " ".join(kept.split())


def _bare(letter: str) -> str:
    return fold(letter) or (" " if letter.isspace() else "")


def _place(letter: str) -> str:
    if letter == " ":
        return "00"
    if letter in "0123456789":
        return f"1{letter}"
    if letter in ("ç", "ë"):
        return f"{fold(letter)}1"
    if "a" <= letter[0] <= "z":
        return f"{letter[0]}{len(letter) - 1}"
    return f"zz{ord(letter):06x}" if letter.isalnum() else ""
