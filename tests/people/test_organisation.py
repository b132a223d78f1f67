"""The fixed cast holds the posts and roles that everything else relies on."""

import pytest
from django.utils import timezone

from deadlines.models import Notice
from people import roles
from people.actions.affiliations import declare_relation
from people.permissions import reads_cases, roles_of
from people.queries import cover_phones, post_holder_names, reports_to
from tests.factories.people import the_organisation

pytestmark = pytest.mark.django_db


def test_the_cast_holds_its_posts_and_roles() -> None:
    cast = the_organisation()

    assert roles_of(cast.officer) == {roles.DIRECTOR, roles.CPO, roles.REPORTER}
    assert roles_of(cast.volunteer) == {roles.REPORTER}
    assert reads_cases(cast.investigator)
    assert not reads_cases(cast.technical_admin)
    assert {holder.post for holder in post_holder_names()} == set(roles.POSTS)
    assert [phone.name for phone in cover_phones()] == ["Agim Hoxha", "Besa Leka", "Çlirim Dervishi", "Dhurata Kola"]


def test_the_volunteer_reports_to_the_officer_through_the_project_lead() -> None:
    cast = the_organisation()

    under = reports_to(cast.officer.person, timezone.now())

    assert {cast.volunteer.pk, cast.project_lead.pk, cast.deputy.pk} <= under
    assert cast.board_lead.pk not in under
    assert cast.officer.pk not in under


def test_a_tie_of_a_board_member_is_never_declared_in_silence() -> None:
    cast = the_organisation()
    assert cast.board_member.person is not None
    assert cast.trainer.person is not None

    declare_relation(a=cast.board_member.person, b=cast.trainer.person, kind="sibling", by=cast.people_officer, now=timezone.now())

    told = Notice.objects.filter(kind="people.tie_declared", channel="inapp").values_list("user", flat=True)
    assert set(told) == {cast.board_member.pk, cast.trainer.pk, cast.board_lead.pk, cast.alternate.pk}
