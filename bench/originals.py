"""A few hundred reports made by the real road, which the seeding then multiplies: sealed fields, clocks, notices, events."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from cases.actions.intake import Account, NamedChild, NamedPerson, receive_report
from cases.actions.response import acknowledge_report
from cases.choices import Channel, ReporterKind
from cases.models import Case, Report
from oversight.demo import acts
from oversight.demo.organisation import build_organisation
from people.models import User

CLOSED, OPEN = 198, 2
FIRST_NAMES = "Era Noel Ajla Jon Drita Luan Sara Erion Besa Klea Dion Arba Enis Rina Ledi Amar Tea Gent Mira Ylli".split()  # noqa: SIM905
LAST_NAMES = "Lushi Kurti Brahimi Hysa Sopi Gashi Koçi Muça Tafa Leka Prifti Marku Shehu Dervishi Rama Zeneli Bushati".split()  # noqa: SIM905
WORDS = "fëmija punëtoria tha pa kthye shtëpia mësuesja frikë pyeta telefoni mbrëmje kampi grupi vonë qante foli heshti".split()  # noqa: SIM905
REPORTERS = ("staff", "volunteer", "project", "trainer", "communications")


@transaction.atomic
def make_organisation(now: datetime) -> dict[str, User]:
    """The fictional people of the demonstration."""
    return build_organisation(now=now)


def make_closed(users: Mapping[str, User], *, now: datetime, number: int = CLOSED) -> None:
    """Finished reports of the last two months: kept as low-level, no concern, or in a case."""
    chance = random.Random(7)
    for index in range(number):
        received = now - timedelta(days=chance.uniform(3, 60))
        report = _file(users, received, chance, hours=chance.choice([1, 2, 5, 9, 20, 30]))
        confirmed = received + timedelta(minutes=chance.uniform(5, 110))
        with transaction.atomic():
            acknowledge_report(report, by=users["director"], now=confirmed)
            judged = confirmed + timedelta(hours=chance.uniform(1, 12))
            acts.ACTS[_way_out(index)](Report.objects.get(pk=report.pk), by=users["director"], now=judged)
            _finish(Report.objects.get(pk=report.pk), index, users, judged + timedelta(hours=20))


def _way_out(index: int) -> str:
    return ("keep_as_low_level", "propose_not_a_concern", "open_case")[index % 3]


def _finish(report: Report, index: int, users: Mapping[str, User], at: datetime) -> None:
    if index % 3 == 1:
        acts.ACTS["confirm_not_a_concern"](report, by=users["lead"], now=at)
    if index % 3 == 0:
        acts.ACTS["talk"](report, by=users["director"], now=at)
    if index % 3 == 2:
        acts.ACTS["refer"](report, by=users["director"], now=at)
        acts.ACTS["talk"](report, by=users["director"], now=at)
        Case.objects.filter(reports=report).update(status="closed")


def make_open(users: Mapping[str, User], *, now: datetime, number: int = OPEN) -> None:
    """Reports of the last hours: one waits for confirmation, the next for its assessment."""
    chance = random.Random(11)
    for index in range(number):
        report = _file(users, now - timedelta(minutes=20), chance, hours=1)
        if index % 2:
            acknowledge_report(report, by=users["director"], now=now - timedelta(minutes=5))


def _file(users: Mapping[str, User], received: datetime, chance: random.Random, *, hours: float) -> Report:
    aware = received - timedelta(hours=hours)
    account = Account(
        account=" ".join(chance.choices(WORDS, k=120)),
        exact_words=" ".join(chance.choices(WORDS, k=20)),
        aware_from=aware,
        aware_to=aware,
        situations=[chance.choice(["1", "2", "3", "4", "other"])],
        children=[
            NamedChild(name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}", born_on=f"{chance.randint(2009, 2019)}-05-02")
        ],
        alleged=[NamedPerson(name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}")],
    )
    by = users[chance.choice(REPORTERS)]
    kind = ReporterKind.VOLUNTEER if by == users["volunteer"] else ReporterKind.STAFF
    return receive_report(
        account,
        token=uuid.UUID(int=chance.getrandbits(128)),
        by=by,
        reporter_kind=kind,
        channel=Channel.STAFF_FORM,
        language="sq",
        now=received,
    )
