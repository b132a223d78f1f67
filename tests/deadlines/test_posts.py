"""Who holds a post is a dated fact; the database keeps one holder in each single post."""

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from deadlines.actions import fill_post, leave_post
from deadlines.models import PostHolder
from deadlines.queries import holder_of, holds_post, is_vacant_by_decision, posts_of
from people import roles
from tests.deadlines.conftest import HOUR, NOW, Cast
from tests.factories.people import a_user

pytestmark = pytest.mark.django_db


def test_the_database_refuses_a_second_holder_of_a_single_post(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="postholder_one_at_a_time"), transaction.atomic():
        fill_post(roles.CPO, cast.deputy, from_at=NOW)


def test_a_vacancy_and_a_holder_exclude_each_other(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="postholder_one_at_a_time"), transaction.atomic():
        fill_post(roles.CPO, None, from_at=NOW)


def test_a_shared_post_has_many_holders_but_each_once(cast: Cast) -> None:
    fill_post(roles.BOARD_MEMBER, cast.deputy, from_at=NOW)

    with pytest.raises(IntegrityError, match="postholder_once_per_person"), transaction.atomic():
        fill_post(roles.BOARD_MEMBER, cast.deputy, from_at=NOW + HOUR)


def test_a_post_is_held_from_its_first_instant_up_to_its_last(cast: Cast) -> None:
    leave_post(roles.CPO, cast.officer, at=NOW)
    fill_post(roles.CPO, cast.deputy, from_at=NOW, until_at=NOW + HOUR)

    assert holder_of(roles.CPO, NOW) == cast.deputy
    assert holds_post(cast.deputy, roles.CPO, NOW)
    assert not holds_post(cast.officer, roles.CPO, NOW)
    assert holder_of(roles.CPO, NOW + HOUR) is None
    assert posts_of(cast.deputy, NOW) == {roles.CPO, roles.DEPUTY}


def test_a_vacancy_by_decision_is_not_the_same_as_nobody(cast: Cast) -> None:
    leave_post(roles.CPO, cast.officer, at=NOW)
    assert not is_vacant_by_decision(roles.CPO, NOW)

    fill_post(roles.CPO, None, from_at=NOW)
    assert is_vacant_by_decision(roles.CPO, NOW)
    assert holder_of(roles.CPO, NOW) is None


def test_a_holding_that_has_not_begun_can_be_taken_back(cast: Cast) -> None:
    someone = a_user()
    leave_post(roles.CPO, cast.officer, at=NOW + 9999 * HOUR)
    fill_post(roles.CPO, someone, from_at=NOW + 9999 * HOUR)

    assert leave_post(roles.CPO, someone, at=NOW) == 1

    assert not PostHolder.objects.filter(user=someone).exists()


def test_a_holding_that_began_can_neither_be_deleted_nor_dated_back(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PostHolder.objects.filter(user=cast.officer).delete()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        PostHolder.objects.filter(user=cast.officer).update(from_at=NOW)
