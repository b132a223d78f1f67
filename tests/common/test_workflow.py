"""A workflow is a table, and the table alone decides."""

import pytest

from common.workflow import MoveNotAllowed, Workflow

DOOR = Workflow({"open": ({"closed"}, "open"), "close": ({"open"}, "closed"), "lock": ({"closed"}, "locked")})


def test_a_move_leads_from_its_start_to_its_end() -> None:
    assert DOOR.target("open", "closed") == "open"


def test_a_move_from_another_state_is_refused() -> None:
    with pytest.raises(MoveNotAllowed, match="cannot open from locked"):
        DOOR.target("open", "locked")


def test_a_move_that_is_not_in_the_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        DOOR.target("paint", "closed")


def test_the_button_shows_only_where_the_move_may_start() -> None:
    assert DOOR.allows("open", "closed")
    assert not DOOR.allows("open", "open")


def test_the_table_knows_all_its_states() -> None:
    assert DOOR.states() == {"open", "closed", "locked"}
