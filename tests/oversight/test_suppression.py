"""Small figures are not shown, and nobody can work them out."""

import itertools

import pytest

from oversight.suppression import Cell, share, shown, split


def test_one_to_four_are_not_shown_and_nought_and_five_are() -> None:
    cells = shown({"a": 0, "b": 1, "c": 4, "d": 5, "e": 40})

    assert {name: cell.text for name, cell in cells.items()} == {"a": "0", "b": "<5", "c": "<5", "d": "5", "e": "40"}


def test_a_single_small_figure_takes_the_next_smallest_out_of_sight() -> None:
    cells = shown({"on_time": 30, "late": 2, "cannot_tell": 9})

    assert cells["late"].text == "<5"
    assert cells["cannot_tell"].text == "–"
    assert cells["on_time"].text == "30"


def test_two_small_figures_that_can_only_be_one_each_take_another_with_them() -> None:
    cells = shown({"a": 1, "b": 1, "c": 20, "d": 7})

    assert cells["d"].text == "–"


@pytest.mark.parametrize("cells", list(itertools.product([0, 1, 2, 4, 5, 6, 9], repeat=3)))
def test_no_small_figure_follows_from_the_total_and_what_is_printed(cells: tuple[int, ...]) -> None:
    printed = shown(dict(zip("abc", cells, strict=True)))

    fitting = [
        guess
        for guess in itertools.product(range(sum(cells) + 1), repeat=3)
        if sum(guess) == sum(cells) and all(_fits(cell, number) for cell, number in zip(printed.values(), guess, strict=True))
    ]

    if sum(cells) < 5:
        return  # the document gives no breakdown of so small a total
    for place, number in enumerate(cells):
        if 0 < number < 5:
            assert len({guess[place] for guess in fitting}) > 1


def _fits(cell: Cell, number: int) -> bool:
    """What a reader knows who knows the rule: "<5" is one to four, a dash is anything but nought."""
    if cell.number is not None:
        return cell.number == number
    return 0 < number < 5 if cell.text == "<5" else number > 0


def test_a_share_is_given_only_of_figures_that_are_printed() -> None:
    assert share(Cell("30", 30), Cell("10", 10)) == 75
    assert share(Cell("30", 30), Cell("<5", None)) is None
    assert share(Cell("0", 0), Cell("0", 0)) is None


def test_a_figure_is_withheld_when_what_is_missing_from_its_total_is_small() -> None:
    assert split(28, 30).text == "–"
    assert split(25, 30).text == "25"
    assert split(3, 30).text == "<5"
