"""References are random, can be read out on the phone, and say nothing."""

import re

from hypothesis import given
from hypothesis import strategies as st

from common.references import ALPHABET, REFERENCE_LENGTH, new_reference, read_reference


def test_a_reference_is_two_groups_of_four_after_its_prefix() -> None:
    assert re.fullmatch(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}", new_reference("R"))
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", new_reference())


def test_no_vowel_and_no_letter_that_looks_like_a_digit() -> None:
    assert not set("AEIOUL") & set(ALPHABET)


def test_ten_thousand_references_are_all_different() -> None:
    assert len({new_reference("R") for _ in range(10_000)}) == 10_000


def test_the_longest_prefix_fits_its_column() -> None:
    assert len(new_reference("CASES")) <= REFERENCE_LENGTH


@given(st.sampled_from(["", "R", "C"]))
def test_a_reference_typed_by_hand_is_understood(prefix: str) -> None:
    reference = new_reference(prefix)
    typed = reference.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert read_reference(typed) == reference
