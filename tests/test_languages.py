"""Albanian and English are equal: every string a person can see has its Albanian, and the catalogue is compiled from it."""

import re
import subprocess
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "sq" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def wanted() -> set[tuple[str, str]]:
    """Every string marked for translation in our own code and templates, as (context, text)."""
    from aset_safeguarding.catalogues import marked_strings

    return marked_strings()


def test_every_marked_string_has_its_albanian(wanted: set[tuple[str, str]]) -> None:
    have = {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(CATALOGUE)) if entry.translated() and not entry.obsolete}

    assert sorted(wanted - have) == []


def test_translations_keep_their_placeholders() -> None:
    broken = []
    for entry in polib.pofile(str(CATALOGUE)):
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        for text in filter(None, texts):
            wanted_names = set(re.findall(r"%\((\w+)\)[sd]", entry.msgid + entry.msgid_plural))
            if set(re.findall(r"%\((\w+)\)[sd]", text)) - wanted_names or (
                not entry.msgid_plural and wanted_names - set(re.findall(r"%\((\w+)\)[sd]", text))
            ):
                broken.append(entry.msgid)

    assert broken == []


def test_albanian_uses_the_words_of_practitioners() -> None:
    """The words the field does not use (terms-sq.md), as whole words."""
    avoid = re.compile(r"\b(triazh\w*|denoncim\w*|kallëzim\w*|i dyshuar\w*|përshkallëzim\w*|ankes[ëa]\w*|sinjalizues\w*)\b", re.IGNORECASE)
    found = [entry.msgstr for entry in polib.pofile(str(CATALOGUE)) if avoid.search(entry.msgstr)]

    assert found == []


def test_the_compiled_catalogue_is_not_committed() -> None:
    """It is made from the .po at start, so that the two can never disagree."""
    tracked = subprocess.run(["git", "ls-files", "*.mo"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert tracked == ""
