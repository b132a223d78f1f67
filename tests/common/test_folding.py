"""Albanian names are found however they are spelled, and sorted as Albanians sort them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.folding import fold, name_words, resembles, sort_key, spelling_key

ALPHABET = ["a", "b", "c", "ç", "d", "dh", "e", "ë", "f", "g", "gj", "h", "i", "j", "k", "l", "ll", "m", "n", "nj"]
ALPHABET += ["o", "p", "q", "r", "rr", "s", "sh", "t", "th", "u", "v", "x", "xh", "y", "z", "zh"]
DIGRAPHS = {letter for letter in ALPHABET if len(letter) == 2}

names = st.text(alphabet="aAeEëËiouçÇcCdhgjxlntrszkm ' -", max_size=30)


def test_the_alphabet_has_thirty_six_letters() -> None:
    assert len(set(ALPHABET)) == 36


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("  Gëzim   ÇELA ", "gezim cela"), ("E\u0308", "e"), ("Đorđe", "dorde"), ("Straße", "strasse"), ("", ""), ("😀", "😀")],
)
def test_folding_takes_off_case_marks_and_spare_blanks(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(names)
@example("Dhhimitraqiee")
def test_a_spelling_key_of_a_spelling_key_is_itself(name: str) -> None:
    assert spelling_key(spelling_key(name)) == spelling_key(name)


@given(st.text(max_size=60))
def test_no_text_breaks_a_key(text: str) -> None:
    assert sort_key(text).isascii()
    spelling_key(text)
    name_words(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gëzim", "Gezim"),
        ("Çela", "Qela"),
        ("Çela", "Chela"),
        ("Dhimitër", "Dimiter"),
        ("Xhevahir", "Gjevahir"),
        ("Thanas", "Tanas"),
        ("Hassan", "Hasan"),
        ("Agroni", "Agron"),
        ("Mirelë", "Mirela"),
        ("Besniku", "Besnik"),
    ],
)
def test_one_name_in_two_spellings_has_one_key(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(("one", "other"), [("Arta", "Arti"), ("Gëzim", "Kasem"), ("Shpresa", "Spartak"), ("Lum", "Luan")])
def test_two_names_keep_two_keys(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


def test_an_apostrophe_joins_and_a_hyphen_parts() -> None:
    assert name_words("Anna-Maria D’Ambra") == ["anna", "maria", "dambra"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gëzim Çela", "cela gezim"),
        ("Gëzim Ali Çela", "Gezim Çela"),
        ("Çela, Gëzim A.", "Gëzim Çela"),
        ("Gëzim Ali Çela", "Gëzim Omer Çela"),
        ("Agron", "Agroni"),
    ],
)
def test_names_of_one_person_resemble(one: str, other: str) -> None:
    assert resembles(one, other)
    assert resembles(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Gëzim Çela", "Gëzim Hoxha"), ("Gëzim", "Gëzim Çela"), ("", ""), ("", "Gëzim"), ("...", "???"), ("Ana Ana", "Ana Hoxha")],
)
def test_names_of_two_people_do_not(one: str, other: str) -> None:
    assert not resembles(one, other)


def test_words_sort_as_in_an_albanian_dictionary() -> None:
    words = ["cak", "çati", "dru", "dhi", "em", "ëmbël", "gur", "gjak", "lule", "llak", "nuse", "njeri", "xixë", "xham", "zog", "zhurmë"]

    backwards = words[::-1]

    assert sorted(backwards, key=sort_key) == words


def test_shorter_names_and_family_order_come_first() -> None:
    names = ["Ana", "Ana Bala", "Ana Çela", "Ana Zef", "Anada", "Anë", "Asim 2", "Asim 10"]

    assert sorted(names, key=sort_key) == ["Ana", "Ana Bala", "Ana Çela", "Ana Zef", "Anada", "Anë", "Asim 10", "Asim 2"]


@st.composite
def words(draw: st.DrawFn) -> list[str]:
    """Letters of the alphabet of which no two neighbours read as another letter."""
    letters: list[str] = []
    for letter in draw(st.lists(st.sampled_from(ALPHABET), max_size=8)):
        if letters and letters[-1][-1] + letter[0] in DIGRAPHS:
            continue
        letters.append(letter)
    return letters


@given(words(), words())
def test_keys_compare_as_the_alphabet_does(one: list[str], other: list[str]) -> None:
    in_alphabet = [ALPHABET.index(letter) for letter in one] < [ALPHABET.index(letter) for letter in other]

    assert (sort_key("".join(one)) < sort_key("".join(other))) == in_alphabet


def test_case_does_not_sort() -> None:
    assert sort_key("GJERGJ Ëmbël") == sort_key("gjergj ëmbël")
