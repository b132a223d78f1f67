"""Production refuses to start when it is not fit for real children's data (R-88, R-90)."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
GOOD_KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
OTHER_KEY = "mHZUMhD+3LqYdlQyEP7cuph2VDIQ/ty6mHZUMhD+3Lo="


def production(environ: dict[str, str], **changes: str) -> dict[str, str]:
    good = {
        "ASET_MODE": "production",
        "ASET_SECRET_KEY": "Zr8vQ" * 12,
        "ASET_FIELD_KEYS": f"1:{GOOD_KEY}",
        "ASET_INDEX_KEY": OTHER_KEY,
        "ASET_BASE_URL": "https://aset.test.example",
    }
    return {**environ, **good, **changes}


def start(environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    code = "import aset_safeguarding.wsgi"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)


def test_an_empty_database_without_board_decision_is_refused(committed_db: Any) -> None:
    done = start(production(committed_db.environ))

    assert done.returncode != 0
    assert "data protection impact assessment" in done.stderr
    assert "Nobody holds a post that receives reports" in done.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ASET_DEBUG": "1"}, "ASET_DEBUG is on"),
        ({"ASET_SECRET_KEY": "change-me" * 9}, "ASET_SECRET_KEY is a default"),
        ({"ASET_FIELD_KEYS": "1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}, "is a default key"),
        ({"ASET_BASE_URL": "http://aset.test.example"}, "must begin with https"),
    ],
)
def test_unsafe_settings_are_named(committed_db: Any, changes: dict[str, str], words: str) -> None:
    done = start(production(committed_db.environ, **changes))

    assert done.returncode != 0
    assert words in done.stderr


def test_a_role_that_owns_tables_is_refused(committed_db: Any) -> None:
    done = start(production(committed_db.environ, DATABASE_URL=committed_db.owner_url))

    assert done.returncode != 0
    assert "owns tables" in done.stderr


def test_a_superuser_account_and_demonstration_data_are_refused(committed_db: Any) -> None:
    from tests.factories.people import a_user

    a_user(name="Someone", login_name="director@demo.example", is_superuser=True)

    done = start(production(committed_db.environ))

    assert "There is a superuser account" in done.stderr
    assert "demonstration organisation" in done.stderr


def test_a_missing_setting_is_named_with_its_remedy() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ASET_")}

    done = start(environ)

    assert "ASET_MODE is not set" in done.stderr
    assert "docs/operations.md" in done.stderr
