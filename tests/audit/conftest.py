"""People and rows of the audit tests."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """Makes a plain account, in the test's transaction or in its committed database."""
    if "committed_db" in request.fixturenames:
        request.getfixturevalue("committed_db")
    else:
        request.getfixturevalue("db")

    def make(name: str) -> Any:
        from django.contrib.auth import get_user_model

        return get_user_model().objects.create_user(login_name=f"{name}@demo.example")

    return make
