"""A sealed value opens for its own field with its own key, and for nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto import SealBroken, index_token, seal, sealed_under, unseal

OLD, NEW = (1, b"o" * 32), (2, b"n" * 32)


@given(data=st.binary(max_size=300), context=st.text(min_size=1, max_size=30))
def test_what_was_sealed_opens_again(data: bytes, context: str) -> None:
    assert unseal(seal(data, context=context), context=context) == data


def test_the_same_words_never_look_the_same_twice() -> None:
    assert seal(b"same", context="a.b.c") != seal(b"same", context="a.b.c")


def test_the_plain_words_are_not_in_the_sealed_value() -> None:
    assert b"secret words" not in seal(b"secret words", context="a.b.c")


def test_a_value_moved_to_another_field_does_not_open() -> None:
    sealed = seal(b"words", context="cases.report.account")

    with pytest.raises(SealBroken):
        unseal(sealed, context="cases.report.exact_words")


@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_any_flipped_bit_breaks_the_seal(place: int, bit: int) -> None:
    sealed = bytearray(seal(b"words of a child", context="a.b.c"))
    sealed[place % len(sealed)] ^= 1 << bit

    with pytest.raises(SealBroken):
        unseal(bytes(sealed), context="a.b.c")


@pytest.mark.parametrize("rubbish", [b"", b"plain text that somebody stored", b"\x01", bytes(40)])
def test_what_was_never_sealed_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(rubbish, context="a.b.c")


def test_an_older_key_still_opens_and_the_first_key_seals(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    sealed = seal(b"words", context="a.b.c")

    settings.FIELD_KEYS = [NEW, OLD]

    assert unseal(sealed, context="a.b.c") == b"words"
    assert (sealed_under(sealed), sealed_under(seal(b"words", context="a.b.c"))) == (1, 2)


def test_without_its_key_a_value_is_broken_and_not_shown(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    sealed = seal(b"words", context="a.b.c")

    settings.FIELD_KEYS = [NEW]

    with pytest.raises(SealBroken, match="key 1"):
        unseal(sealed, context="a.b.c")


def test_another_key_under_the_same_id_does_not_open(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    sealed = seal(b"words", context="a.b.c")

    settings.FIELD_KEYS = [(1, b"x" * 32)]

    with pytest.raises(SealBroken):
        unseal(sealed, context="a.b.c")


def test_a_token_finds_the_name_however_it_was_typed() -> None:
    assert index_token("  Gëzim ÇELA ", kind="name") == index_token("gezim cela", kind="name")


def test_tokens_of_two_kinds_or_two_keys_do_not_meet(settings: Any) -> None:
    before = index_token("Gëzim", kind="name")

    assert before != index_token("Gëzim", kind="place")
    settings.INDEX_KEY = b"another key".ljust(32)
    assert before != index_token("Gëzim", kind="name")


def test_a_token_is_sixteen_bytes() -> None:
    assert len(index_token("Gëzim", kind="name")) == 16
