"""The fixed cast, signed in; the second factor and the fresh sign-in have tests of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from people.models import User
from tests.factories.people import Organisation, the_organisation


@pytest.fixture
def cast(db: None) -> Organisation:
    return the_organisation()


@pytest.fixture
def browser(settings: Any) -> Callable[[User], Client]:
    """A browser in which this person has signed in a moment ago."""
    settings.MFA_REQUIRED = False

    def signed_in(user: User) -> Client:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(user, backend="people.backends.SignIn")
        client.cookies["language"] = "en"
        return client

    return signed_in


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The password was asked for a moment ago."""
    monkeypatch.setattr("people.reauthentication.is_fresh", lambda _request: True)


@pytest.fixture
def quiet_jobs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    """Jobs wait until the test runs them; their files go to a folder of this test."""
    settings.FILES_DIR = tmp_path
    monkeypatch.setattr("jobs.actions._send", lambda _pk: None)
