"""Who may ask what: a row for every address, every role, GET and POST. An address without a row fails."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from people.models import User
from tests.access_table import TABLE
from tests.access_world import ROLES, World, the_world

pytestmark = pytest.mark.django_db


def addresses() -> Iterator[str]:
    """The name of every address, with its namespace."""

    def walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            else:
                yield f"{space}{pattern.name}"

    yield from walk(get_resolver().url_patterns)


class _Undo(Exception):
    """Takes back what a request wrote."""


def answer(client: Client, method: str, address: str) -> int:
    """The status of one request, whose writes are taken back."""
    status = 0
    try:
        with transaction.atomic():
            status = client.generic(method, address, content_type="application/x-www-form-urlencoded").status_code
            raise _Undo
    except _Undo:
        return status


def just_signed_in(client: Client, user: User) -> None:
    """As after a fresh password: exports, grants and roles then ask only the role."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def measured(world: World, name: str) -> dict[str, dict[int, str]]:
    """What each role gets: status by method, as the table writes it."""
    address = reverse(name, kwargs=world.addresses.get(name, {}))
    got: dict[str, dict[int, list[str]]] = {"GET": {}, "POST": {}}
    for role in ROLES:
        client = Client()
        if role != "nobody":
            client.force_login(getattr(world.cast, role), backend="people.backends.SignIn")
            just_signed_in(client, getattr(world.cast, role))
        for method, by_status in got.items():
            by_status.setdefault(answer(client, method, address), []).append(role)
    return {method: _folded(by_status) for method, by_status in got.items()}


def _folded(by_status: dict[int, list[str]]) -> dict[int, str]:
    """As the table writes it: everyone, everyone signed in, and the largest group as "rest"."""
    if len(by_status) == 1:
        return dict.fromkeys(by_status, "everyone")
    largest = max(by_status, key=lambda status: len(by_status[status]))
    folded = {status: " ".join(roles) for status, roles in sorted(by_status.items())}
    folded[largest] = "signed-in" if by_status[largest] == list(ROLES[1:]) else "rest"
    return folded


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(set(addresses())) == sorted(TABLE)


@pytest.fixture
def world(settings: Any) -> World:
    settings.MFA_REQUIRED = False
    return the_world()


NAMES = sorted(TABLE)


@pytest.mark.parametrize("start", range(0, len(NAMES), 10), ids=lambda start: NAMES[start])
def test_each_role_gets_what_the_table_says(start: int, world: World) -> None:
    """Ten addresses a test, so that a world is built a dozen times and not a hundred."""
    names = NAMES[start : start + 10]

    assert {name: measured(world, name) for name in names} == {name: TABLE[name] for name in names}
