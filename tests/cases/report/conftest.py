"""The cast, a signed-in browser a person, and the steps of the form as a person would fill them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cases.models import ReportDraft
from common.localtime import TIRANE
from tests.factories.people import Organisation, the_organisation

Browser = Callable[[Any], Client]


@pytest.fixture
def cast(db: None) -> Organisation:
    return the_organisation()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Forms are also asked outside a page here; their words are checked in one language."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    """The second factor is tested where it belongs; here everyone has signed in."""
    settings.MFA_REQUIRED = False


@pytest.fixture
def browser_of(settings: Any) -> Browser:
    def signed_in(user: Any) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return signed_in


def aware(hours_ago: float = 2) -> dict[str, str]:
    """The boxes of "when did you learn of it", so many hours before now, on the clock of Tirana."""
    at = (timezone.now() - timedelta(hours=hours_ago)).astimezone(TIRANE)
    return {"aware_on_day": str(at.day), "aware_on_month": str(at.month), "aware_on_year": str(at.year), "aware_time": f"{at:%H:%M}"}


class Form:
    """One person filling in the form, page by page."""

    def __init__(self, client: Client, *, danger: str = "no") -> None:
        self.client, self.token = client, uuid.uuid4()
        self.last: Any = client.post(reverse("cases:report_start"), {"token": str(self.token), "danger": danger})

    def url(self, step: str) -> str:
        return reverse("cases:report_step", args=[self.token, step])

    def fill(self, step: str, **answers: Any) -> Any:
        self.last = self.client.post(self.url(step), answers)
        return self.last

    def fill_what_is_needed(self, *, hours_ago: float = 2, account: str = "E pashë duke qarë.") -> "Form":
        self.fill("readers", readers="nobody")
        self.fill("what-happened", account=account)
        self.fill("aware", **aware(hours_ago))
        return self

    def send(self) -> Any:
        self.last = self.client.post(reverse("cases:report_send", args=[self.token]))
        return self.last

    @property
    def draft(self) -> ReportDraft:
        return ReportDraft.objects.get(token=self.token)


@pytest.fixture
def form(cast: Organisation, browser_of: Browser) -> Form:
    """The volunteer has begun; no danger."""
    return Form(browser_of(cast.volunteer))
