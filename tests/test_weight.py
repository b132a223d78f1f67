"""What a first visit weighs: the page, and everything it makes a browser fetch, as the web server sends it (R-96)."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.access_world import World, the_world
from tests.world_pages import client_of

pytestmark = pytest.mark.django_db

MOST = 100 * 1024
LINKED = re.compile(r'(?:href|src)="/static/([^"]+)"')
INSIDE = re.compile(rb"url\(['\"]?\.\./([^'\")?#]+)")


@pytest.fixture
def shipped(settings: Any, tmp_path: Path) -> Path:
    """The static files as production makes them: a digest in each name, and a compressed copy beside each."""
    settings.MFA_REQUIRED = False
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return Path(settings.STATIC_ROOT)


def sent(file: Path) -> int:
    """Bytes that leave the server: the brotli copy, or the file itself where that is no smaller."""
    smaller = file.with_name(file.name + ".br")
    return (smaller if smaller.exists() else file).stat().st_size


def weight(shipped: Path, client: Client, address: str) -> dict[str, int]:
    """By file; the page itself is counted as it is, uncompressed."""
    page = client.get(address)
    assert page.status_code == 200
    files = {shipped / name for name in LINKED.findall(page.content.decode())}
    fonts = {shipped / name.decode() for file in files if file.suffix == ".css" for name in INSIDE.findall(file.read_bytes())}
    return {"page": len(page.content)} | {file.name: sent(file) for file in files | fonts}


@pytest.mark.parametrize("language", ["sq", "en"])
def test_a_first_visit_to_the_sign_in_page_is_light(shipped: Path, language: str) -> None:
    client = Client()
    client.cookies["language"] = language

    found = weight(shipped, client, reverse("account_login"))

    assert any(name.endswith(".woff2") for name in found)
    assert sum(found.values()) <= MOST, found


@pytest.mark.parametrize("name", ["home", "cases:report_start", "cases:report_step"])
def test_a_first_visit_to_the_form_is_light(shipped: Path, name: str) -> None:
    world: World = the_world()

    found = weight(shipped, client_of(world, "staff"), reverse(name, kwargs=world.addresses.get(name, {})))

    assert sum(found.values()) <= MOST, found
