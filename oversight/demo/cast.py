"""The fictional people of the demonstration: who they are, what they do, and under whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from people import roles
from people.models import AffiliationKind, ContactLevel

DOMAIN = "demo.example"


@dataclass(frozen=True)
class Member:
    """One account of the demonstration; `under` is the account of the line manager."""

    name: str
    language: str
    kind: str
    contact: str
    phone: str
    posts: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    under: str = ""


_BOARD, _STAFF = AffiliationKind.BOARD, AffiliationKind.STAFF
_NONE, _WATCHED, _ALONE, _DATA = ContactLevel.NONE, ContactLevel.SUPERVISED, ContactLevel.UNSUPERVISED, ContactLevel.DATA

CAST: Mapping[str, Member] = {
    "director": Member("Arta Lleshi", "sq", _STAFF, _WATCHED, "+355 69 200 0101", (roles.DIRECTOR, roles.CPO)),
    "deputy": Member("Ilir Kodra", "sq", _STAFF, _WATCHED, "+355 69 200 0102", (roles.DEPUTY,), under="director"),
    "lead": Member("Mimoza Dervishi", "sq", _BOARD, _NONE, "+355 69 200 0103", (roles.BOARD_LEAD,)),
    "alternate": Member("Besnik Leka", "sq", _BOARD, _NONE, "+355 69 200 0104", (roles.ALTERNATE,)),
    "board": Member("Teuta Marku", "sq", _BOARD, _NONE, "+355 69 200 0105", (roles.BOARD_MEMBER,)),
    "board2": Member("Agron Prifti", "en", _BOARD, _NONE, "+355 69 200 0106", (roles.BOARD_MEMBER,)),
    "outside": Member("Valbona Shehu", "en", AffiliationKind.CONSULTANT, _NONE, "+355 69 200 0107", (roles.OUTSIDE_PERSON,)),
    "investigator": Member("Genti Rama", "sq", AffiliationKind.CONSULTANT, _DATA, "+355 69 200 0108", given=(roles.INVESTIGATOR,)),
    "staff": Member("Ana Gjoka", "sq", _STAFF, _WATCHED, "+355 69 200 0109", under="project"),
    "volunteer": Member("Erion Tafa", "sq", AffiliationKind.VOLUNTEER, _WATCHED, "+355 69 200 0110", under="project"),
    "project": Member("Ledia Bushati", "sq", _STAFF, _ALONE, "+355 69 200 0111", given=(roles.PROJECT_LEAD,), under="director"),
    "trainer": Member("Klajdi Muça", "sq", _STAFF, _ALONE, "+355 69 200 0112", given=(roles.TRAINER,), under="deputy"),
    "people": Member("Dorina Koçi", "sq", _STAFF, _NONE, "+355 69 200 0113", given=(roles.PEOPLE_OFFICER,), under="director"),
    "communications": Member("Sara Ymeri", "en", _STAFF, _DATA, "+355 69 200 0114", given=(roles.COMMUNICATIONS,), under="director"),
    "privacy": Member("Fatos Zeneli", "sq", AffiliationKind.CONSULTANT, _DATA, "+355 69 200 0115", given=(roles.DATA_PROTECTION,)),
    "admin": Member("Altin Beqiri", "sq", AffiliationKind.CONTRACTOR, _NONE, "+355 69 200 0116", (roles.TECHNICAL_ADMIN,)),
}

WITHOUT_ACCOUNT = (
    ("Shpresa Bardhi", AffiliationKind.PARTNER_STAFF, _ALONE),
    ("Bledar Çela", AffiliationKind.VOLUNTEER, _WATCHED),
    ("Ornela Xhafa", AffiliationKind.INTERN, _WATCHED),
    ("Petrit Nallbani", AffiliationKind.CONTRACTOR, _NONE),
    ("Elira Muça", AffiliationKind.AMBASSADOR, _NONE),
)
"""On the register without an account; the first is the focal point of the partner organisation."""

CHILDREN = (
    ("Era Lushi", "2015-03-14", "girl", "Vera Lushi", "mother"),
    ("Noel Lushi", "2017-09-02", "boy", "Vera Lushi", "mother"),
    ("Ajla Kurti", "2013-11-27", "girl", "Skënder Kurti", "father"),
    ("Jon Brahimi", "2012-06-08", "boy", "Flora Brahimi", "grandparent"),
    ("Drita Hysa", "2016-01-19", "girl", "Mira Hysa", "mother"),
    ("Luan Sopi", "2011-04-30", "boy", "Edmond Sopi", "carer"),
)
"""Children of activities, with the guardian and the guardian's tie."""

PROJECTS = (
    ("MAL-26", "Kampi i maleve", "Mountain camp", "Razëm", "Malësi e Madhe", "environment"),
    ("ZAN-26", "Zanatet e gjyshërve", "Crafts of our grandparents", "Gjirokastër", "Gjirokastër", "culture"),
    ("SHE-26", "Shëndeti në shkollë", "Health at school", "Tiranë", "Tiranë", "health"),
)
"""Entries of the project register: code, both names, place, municipality, theme."""
