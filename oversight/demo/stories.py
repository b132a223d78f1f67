"""What is reported in the demonstration: a dozen invented concerns, one at every point of the clock.

Times count back from the moment of loading. `aware` and `received` are hours before it; what happened
afterwards is in `later`, each act with the hours before loading at which somebody did it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.actions.intake import NamedChild, NamedPerson
from cases.choices import Danger, Readers, ReporterKind, Sex, Tie, YesNoUnknown

YES, NO, UNKNOWN = YesNoUnknown.YES, YesNoUnknown.NO, YesNoUnknown.UNKNOWN


@dataclass(frozen=True)
class Later:
    """One act after the report came in: what (a name in acts.py), who did it, how many hours before loading."""

    act: str
    by: str
    hours: float


@dataclass(frozen=True)
class Story:
    """One concern as its reporter handed it in."""

    code: str
    by: str
    kind: str
    language: str
    aware: float
    received: float
    account: str
    exact_words: str = ""
    danger: str = Danger.NO
    danger_where: str = ""
    danger_reach: str = ""
    readers: str = Readers.NOBODY
    about: tuple[str, ...] = ()
    situation: str = "2"
    project: str = "MAL-26"
    children: Sequence[NamedChild] = ()
    alleged: Sequence[NamedPerson] = ()
    later: Sequence[Later] = ()


_DAY = 24.0

STORIES: tuple[Story, ...] = (
    Story(
        code="just-in",
        by="volunteer",
        kind=ReporterKind.VOLUNTEER,
        language="sq",
        aware=2.0,
        received=0.15,
        situation="4",
        account="Gjatë punëtorisë së vizatimit Era nuk donte të kthehej në dhomë. Më tha se një djalë më i madh i merr telefonin "
        "dhe i kërkon fotografi. Nuk e pyeta më tej dhe i thashë se do t'i tregoj dikujt që mund ta ndihmojë.",
        exact_words="«Më thotë që po s'ia dërgova, do t'ua tregojë të gjithëve.»",
        children=(NamedChild(name="Era Lushi", born_on="2015-03-14", sex=Sex.GIRL, safe_now=YES),),
        alleged=(NamedPerson(name="", tie=Tie.CHILD, is_child=YES, still_has_access=YES),),
    ),
    Story(
        code="acknowledged",
        by="staff",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=9.0,
        received=5.0,
        project="SHE-26",
        account="Në vizitën shëndetësore Joni kishte të njëjtat rroba prej tri javësh dhe nuk kishte ngrënë mëngjes. Gjyshja thotë se "
        "nëna është në spital dhe se nuk ia dalin dot. Nuk kam parë shenja dhune.",
        children=(NamedChild(name="Jon Brahimi", born_on="2012-06-08", sex=Sex.BOY, safe_now=UNKNOWN),),
        alleged=(),
        later=(Later("acknowledge", "director", 4.2),),
    ),
    Story(
        code="two-hours-left",
        by="trainer",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=22.0,
        received=0.5,
        situation="2",
        project="ZAN-26",
        account="Dje, në mbyllje të trajnimit, një i rritur nga ekipi i skenës u bërtiti disa herë dy fëmijëve dhe njërin e kapi për "
        "krahu. Fëmijët u larguan vetë. Sot njëri prej tyre nuk erdhi.",
        children=(NamedChild(name="", sex=Sex.UNKNOWN, safe_now=UNKNOWN),),
        alleged=(NamedPerson(name="Petrit Nallbani", tie=Tie.ASET, is_child=NO, still_has_access=YES),),
    ),
    Story(
        code="escalated-to-deputy",
        by="project",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=8.0,
        received=7.0,
        situation="3",
        account="Partneri ynë në Shkodër na njoftoi se një prind është në merak: një mentor i dërgon vajzës së tij mesazhe private natën. "
        "Partneri ka folur me prindin, por jo me mentorin.",
        children=(NamedChild(name="Ajla Kurti", born_on="2013-11-27", sex=Sex.GIRL, safe_now=YES),),
        alleged=(NamedPerson(name="", tie=Tie.PARTNER, is_child=NO, still_has_access=UNKNOWN),),
    ),
    Story(
        code="escalated-to-board",
        by="communications",
        kind=ReporterKind.STAFF,
        language="en",
        aware=14.0,
        received=13.0,
        project="ZAN-26",
        account="A photograph from the crafts fair shows a girl asleep in the changing room. It was posted in a volunteers' group chat and "
        "commented on. I asked for it to be taken down; two people had already saved it.",
        children=(NamedChild(name="Drita Hysa", born_on="2016-01-19", sex=Sex.GIRL, safe_now=YES),),
        alleged=(NamedPerson(name="Bledar Çela", tie=Tie.ASET, is_child=NO, still_has_access=YES),),
    ),
    Story(
        code="late-at-birth",
        by="volunteer",
        kind=ReporterKind.VOLUNTEER,
        language="sq",
        aware=33.0,
        received=1.0,
        situation="4",
        account="Një fëmijë më tregoi dje në mëngjes se nuk do të kthehet në shtëpi, sepse babai pi dhe thyen gjëra. Nuk isha i sigurt "
        "nëse kjo duhet raportuar. Sot e pashë përsëri dhe mendova se duhet ta them.",
        exact_words="«Kur vjen natën, ne fshihemi te gjyshja.»",
        children=(NamedChild(name="Noel Lushi", born_on="2017-09-02", sex=Sex.BOY, safe_now=UNKNOWN),),
        alleged=(NamedPerson(name="", tie=Tie.FAMILY, is_child=NO, still_has_access=YES),),
    ),
    Story(
        code="danger-now",
        by="staff",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=0.25,
        received=0.2,
        danger=Danger.YES,
        danger_where="Para shkollës 9-vjeçare, Razëm",
        danger_reach="Në telefon, jam afër",
        situation="2",
        account="Një burrë që nuk e njohim po e pret Luanin te porta dhe e thërret në makinë. Luani ka frikë dhe ka ardhur tek unë.",
        children=(NamedChild(name="Luan Sopi", born_on="2011-04-30", sex=Sex.BOY, safe_now=NO),),
        alleged=(NamedPerson(name="", tie=Tie.STRANGER, is_child=NO, still_has_access=YES),),
    ),
    Story(
        code="conflict-hold",
        by="communications",
        kind=ReporterKind.STAFF,
        language="en",
        aware=3.0,
        received=0.4,
        readers=Readers.UNSURE,
        project="SHE-26",
        account="During a visit two senior colleagues joked about a teenager's body in front of her. I would rather not say yet who, "
        "because I do not know who reads this. The girl laughed, and then left early.",
        children=(NamedChild(name="", sex=Sex.GIRL, safe_now=YES),),
        alleged=(NamedPerson(name="", tie=Tie.ASET, is_child=NO, still_has_access=YES),),
    ),
    Story(
        code="about-the-director",
        by="project",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=6.0,
        received=4.5,
        readers=Readers.SOME,
        about=("director",),
        account="Drejtoresha e çoi vetë një fëmijë në shtëpi me makinën e saj, pa shoqërues dhe pa e njoftuar familjen, dhe më kërkoi të "
        "mos e shënoja. Fëmija është mirë, por rregulli është i qartë dhe kërkesa më shqetëson.",
        children=(NamedChild(name="Drita Hysa", born_on="2016-01-19", sex=Sex.GIRL, safe_now=YES),),
        alleged=(NamedPerson(name="Arta Lleshi", tie=Tie.ASET, is_child=NO, still_has_access=YES),),
        later=(Later("acknowledge", "lead", 4.0),),
    ),
    Story(
        code="case-opened",
        by="trainer",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=6 * _DAY + 3,
        received=6 * _DAY + 1.5,
        situation="4",
        account="Pas pushimit Ajla më tha se fqinji i familjes e prek kur janë vetëm. E dëgjova, nuk e pyeta për hollësi dhe i thashë se "
        "ka bërë mirë që foli. Nëna nuk e di.",
        exact_words="«Nuk dua të shkoj më atje. Mos i thuaj mamit, se do të qajë.»",
        children=(NamedChild(name="Ajla Kurti", born_on="2013-11-27", sex=Sex.GIRL, safe_now=UNKNOWN),),
        alleged=(NamedPerson(name="", tie=Tie.OTHER, is_child=NO, still_has_access=YES),),
        later=(
            Later("acknowledge", "director", 6 * _DAY + 1.1),
            Later("open_case", "director", 6 * _DAY - 2),
            Later("refer", "director", 6 * _DAY - 2.5),
        ),
    ),
    Story(
        code="same-case",
        by="staff",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=4 * _DAY + 5,
        received=4 * _DAY,
        situation="3",
        account="Mësuesja e Ajlës më tha se prej dy javësh vajza mungon në orët e fundit dhe se fqinji e pret shpesh te porta. Nuk e "
        "di nëse dikush tjetër e ka thënë këtë.",
        children=(NamedChild(name="Ajla Kurti", born_on="2013-11-27", sex=Sex.GIRL, safe_now=UNKNOWN),),
        later=(
            Later("acknowledge", "director", 4 * _DAY - 1),
            Later("add_to_case", "director", 4 * _DAY - 3),
        ),
    ),
    Story(
        code="waits-for-second-person",
        by="people",
        kind=ReporterKind.STAFF,
        language="sq",
        aware=2 * _DAY + 4,
        received=2 * _DAY + 2,
        project="ZAN-26",
        account="Një prind telefonoi i shqetësuar se vajza u kthye nga kampi me një gju të gërvishtur. Kujdestarja e kishte shënuar "
        "rrëzimin në fletore dhe e kishte njoftuar nënën po atë ditë.",
        children=(NamedChild(name="", sex=Sex.GIRL, safe_now=YES),),
        later=(
            Later("acknowledge", "director", 2 * _DAY + 1.5),
            Later("propose_not_a_concern", "director", 1 * _DAY + 6),
        ),
    ),
    Story(
        code="low-level",
        by="volunteer",
        kind=ReporterKind.VOLUNTEER,
        language="sq",
        aware=9 * _DAY + 10,
        received=9 * _DAY + 2,
        account="Një vullnetar i ri u jep fëmijëve numrin e tij personal dhe u shkruan për orarin. Mendoj se nuk e dinte rregullin, "
        "por duhet t'ia shpjegojë dikush.",
        alleged=(NamedPerson(name="Bledar Çela", tie=Tie.ASET, is_child=NO, still_has_access=YES),),
        later=(
            Later("acknowledge", "director", 9 * _DAY + 1.2),
            Later("keep_as_low_level", "director", 9 * _DAY - 5),
        ),
    ),
    Story(
        code="not-a-concern",
        by="communications",
        kind=ReporterKind.STAFF,
        language="en",
        aware=12 * _DAY + 20,
        received=12 * _DAY + 6,
        project="SHE-26",
        account="A caption on our page named the school of a child in the picture. It turned out to be the child's own art work with the "
        "family's written consent, and no school is named.",
        later=(
            Later("acknowledge", "deputy", 12 * _DAY - 1),
            Later("propose_not_a_concern", "director", 12 * _DAY - 8),
            Later("confirm_not_a_concern", "lead", 11 * _DAY),
        ),
    ),
)
