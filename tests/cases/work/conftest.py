"""The cast and one browser a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cases.actions.response import acknowledge_report
from cases.models import Report
from tests.factories.cases import a_report
from tests.factories.people import Organisation, the_organisation

Browser = Callable[[Any], Client]

TRIAGE = {
    "safety": "safe",
    "categories": ["physical"],
    "concerned": "family",
    "tie_0": "family",
    "risk_level": "high",
    "possible_crime": "no",
    "best_interests": "The child can stay with the grandmother while we find out more.",
    "wishes": "She wants to go on with the training.",
    "way_out": "new_case",
    "next_what": "Visit the family.",
}


@pytest.fixture
def cast(db: None) -> Organisation:
    return the_organisation()


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    """The second factor is tested where it belongs; here everyone has signed in."""
    settings.MFA_REQUIRED = False


@pytest.fixture
def browser_of() -> Browser:
    def signed_in(user: Any) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return signed_in


@pytest.fixture
def report(cast: Organisation) -> Report:
    """Just in, an hour and twenty minutes after its reporter became aware."""
    return a_report(by=cast.volunteer, now=timezone.now())


@pytest.fixture
def acknowledged(cast: Organisation, report: Report) -> Report:
    return acknowledge_report(report, by=cast.officer, now=timezone.now())


def triage_answers(cast: Organisation, **changed: Any) -> dict[str, Any]:
    """A complete first assessment as a browser posts it; a value of None leaves the answer out."""
    day = timezone.now() + timedelta(days=2)
    next_on = {"next_on_day": str(day.day), "next_on_month": str(day.month), "next_on_year": str(day.year)}
    answers = TRIAGE | next_on | {"next_owner": cast.officer.reference} | changed
    return {name: value for name, value in answers.items() if value is not None}
