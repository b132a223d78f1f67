"""docs/security.md keeps its word: every requirement has a row, and every file and test it names exists."""

import re

import pytest

from tests.environment import ROOT

STATES = {"met", "not applicable", "open"}
NUMBERS = (ROOT / "docs" / "asvs-5.0-level-2.txt").read_text(encoding="utf-8").split()
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if re.match(r"\| \d+\.\d+\.\d+ \|", line)]


def test_every_requirement_of_level_two_has_one_row_in_order() -> None:
    assert [row[0] for row in ROWS] == NUMBERS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_says_what_is_asked_how_it_stands_and_where(row: list[str]) -> None:
    number, asks, state, where = row

    assert 2 <= len(asks.split()) <= 10, number
    assert state in STATES, number
    assert where, number
    assert state != "met" or re.search(r"`[^`]+`|above", where), f"{number} is met: where?"


def test_every_file_and_test_that_is_named_exists() -> None:
    missing = []
    for named in re.findall(r"`([\w./-]+\.(?:py|md|txt|yml|html|conf|sql|js)|deploy/[\w./-]+|bin/[\w-]+)(?:::(\w+))?`", TEXT):
        path, test = named
        file = ROOT / path
        if not file.exists() or (test and f"def {test}(" not in file.read_text(encoding="utf-8")):
            missing.append("::".join(filter(None, named)))

    assert missing == []


def test_no_row_names_a_test_without_its_file() -> None:
    assert not re.search(r"`test_\w+`", TEXT)


def test_the_sum_at_the_top_is_the_sum_of_the_rows() -> None:
    counts = {state: sum(row[2] == state for row in ROWS) for state in STATES}

    assert f"**{counts['met']} met, {counts['not applicable']} not applicable, {counts['open']} open**" in TEXT
