"""Reports of the past months, all finished: without them the figures of a demonstration would be too small to show."""

from __future__ import annotations

from collections.abc import Iterator

from cases.choices import ReporterKind
from oversight.demo.stories import Later, Story

_DAY = 24.0
_TEXTS = (
    ("2", "SHE-26", "Gjatë vizitës disa të rritur u tallën me peshën e një nxënësi. U ndërhy menjëherë dhe u fol me ta."),
    ("4", "MAL-26", "Një fëmijë tha se ka frikë të flejë në dhomë me të tjerët. U gjet një dhomë tjetër dhe u njoftua familja."),
    ("3", "ZAN-26", "Shkolla na tha se një prind nuk pajtohet me mënyrën si u ndanë grupet. Asnjë fëmijë nuk është dëmtuar."),
    ("2", "MAL-26", "Një i rritur mbeti vetëm me dy fëmijë për gjysmë ore, sepse shoqëruesi u sëmur. U shënua dhe u sqarua rregulli."),
    ("1", "SHE-26", "U vu re një shenjë në krah; prindi dhe mjeku dhanë të njëjtin shpjegim: rrëzim nga biçikleta."),
    ("4", "ZAN-26", "Një vajzë tregoi se një shoqe ia lexon mesazhet pa leje. U fol me të dyja dhe me familjet."),
)
_REPORTERS = (
    ("volunteer", ReporterKind.VOLUNTEER),
    ("staff", ReporterKind.STAFF),
    ("trainer", ReporterKind.STAFF),
    ("project", ReporterKind.STAFF),
    ("communications", ReporterKind.STAFF),
)
HOW_MANY = 24


def earlier_stories() -> Iterator[Story]:
    """One every four days or so, back from three weeks ago; every fourth late, every fifth confirmed only after the deputy heard."""
    for number in range(HOW_MANY):
        received = (21 + 4 * number) * _DAY + 7 * number % 24
        late, slow = number % 4 == 3, number % 5 == 2
        by, kind = _REPORTERS[number % len(_REPORTERS)]
        situation, project, text = _TEXTS[number % len(_TEXTS)]
        confirmed = received - (7.5 if slow else 0.4 + number % 3)
        yield Story(
            code=f"earlier-{number}",
            by=by,
            kind=kind,
            language="sq",
            aware=received + (26.0 + number if late else 1.5 + number % 9),
            received=received,
            situation=situation,
            project=project,
            account=text,
            later=(
                Later("acknowledge", "deputy" if slow else "director", confirmed),
                Later("keep_as_low_level" if number % 2 else "propose_not_a_concern", "director", confirmed - 5 - number % 11),
                *(() if number % 2 else (Later("confirm_not_a_concern", "lead", confirmed - 40),)),
                *((Later("talk", "director", confirmed - 150),) if number % 2 else ()),
            ),
        )
