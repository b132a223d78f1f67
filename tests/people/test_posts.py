"""Posts, roles and settings: two people each time, one holder a post, and the engine always knows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit.models import Event
from deadlines.models import Notice, PostHolder
from deadlines.queries import holder_of
from people import actions, board, roles
from people.actions import Refused
from people.hooks import _on_leaving, on_leaving
from people.models import Appointment, CredentialChange, RoleAssignment, User
from people.permissions import counts_as_board_signature, holds, roles_of
from people.queries import post_holder_names, relatives_of, reports_to, users_holding
from tests.factories.people import PASSWORD, a_person, a_user, an_affiliation, give, the_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return the_organisation()


@pytest.fixture
def now():
    return timezone.now()


def proposed(cast, now, *, post=roles.DEPUTY, user=None, **more) -> Appointment:
    return actions.propose_appointment(
        post=post, user=user or cast.staff, by=cast.technical_admin, from_at=now, now=now, act_number="77/2026", **more
    )


def test_an_approved_appointment_takes_the_post_from_the_one_before_in_the_same_moment(cast, now) -> None:
    appointment = proposed(cast, now)
    assert holder_of(roles.DEPUTY, now) == cast.deputy

    actions.approve_appointment(appointment, by=cast.board_lead, now=now)

    assert holder_of(roles.DEPUTY, now) == cast.staff
    assert holds(cast.staff, roles.DEPUTY, now)
    assert not holds(cast.deputy, roles.DEPUTY, now)
    assert holds(cast.deputy, roles.DEPUTY, now - timedelta(minutes=1))


def test_proposer_and_appointee_cannot_approve(cast, now) -> None:
    own = actions.propose_appointment(post=roles.BOARD_MEMBER, user=cast.outside, by=cast.board_lead, from_at=now, now=now)
    with pytest.raises(Refused):
        actions.approve_appointment(own, by=cast.board_lead, now=now)
    with pytest.raises(Refused):
        actions.approve_appointment(own, by=cast.outside, now=now)
    with pytest.raises(Refused):
        actions.propose_appointment(post=roles.DEPUTY, user=cast.board_lead, by=cast.board_lead, from_at=now, now=now)


def test_the_database_refuses_one_person_in_both_places(cast, now) -> None:
    appointment = proposed(cast, now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=appointment.pk).update(approved_by=cast.technical_admin, approved_at=now)


def test_the_database_refuses_a_second_holder_of_a_single_post(cast, now) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        give(cast.staff, roles.CPO, from_at=now)
    give(cast.staff, roles.BOARD_MEMBER, from_at=now)


@pytest.mark.parametrize(
    ("part", "post"),
    [("officer", roles.BOARD_LEAD), ("officer", roles.ALTERNATE), ("board_lead", roles.CPO), ("technical_admin", roles.DEPUTY)],
)
def test_some_pairs_of_posts_are_refused(cast, now, part, post) -> None:
    with pytest.raises(Refused):
        actions.propose_appointment(post=post, user=getattr(cast, part), by=cast.board_member, from_at=now, now=now, act_number="1")


def test_a_director_on_the_board_never_counts_as_a_board_signature(cast, now) -> None:
    give(cast.officer, roles.BOARD_MEMBER)

    assert holds(cast.officer, roles.BOARD_MEMBER, now)
    assert not counts_as_board_signature(cast.officer, now)
    assert counts_as_board_signature(cast.board_member, now)


def test_a_post_may_be_vacant_by_board_decision_until_a_day(cast, now) -> None:
    until = now + timedelta(days=30)
    vacancy = actions.propose_appointment(post=roles.DEPUTY, user=None, by=cast.technical_admin, from_at=now, until_at=until, now=now)

    actions.approve_appointment(vacancy, by=cast.board_lead, now=now)

    assert holder_of(roles.DEPUTY, now) is None
    assert PostHolder.objects.filter(post=roles.DEPUTY, user=None, until_at=until).exists()
    assert roles.DEPUTY not in {holder.post for holder in post_holder_names(now)}


def test_a_case_post_left_empty_is_a_red_alert(cast, now) -> None:
    appointment = Appointment.objects.get(post=roles.CPO)

    actions.end_appointment(appointment, by=cast.board_lead, at=now, now=now)

    told = set(Notice.objects.filter(kind="people.post_empty").values_list("user", flat=True))
    assert told == {cast.deputy.pk, cast.board_lead.pk, cast.alternate.pk}


def test_nobody_gives_themselves_a_role_and_roles_that_read_cases_need_two(cast, now) -> None:
    with pytest.raises(Refused):
        actions.give_role(user=cast.technical_admin, role=roles.TRAINER, by=cast.technical_admin, now=now)
    trainer = actions.give_role(user=cast.staff, role=roles.TRAINER, by=cast.technical_admin, now=now)
    investigator = actions.give_role(user=cast.staff, role=roles.INVESTIGATOR, by=cast.technical_admin, now=now)

    assert trainer.approved_at
    assert roles_of(cast.staff) == {roles.REPORTER, roles.TRAINER}
    with pytest.raises(Refused):
        actions.approve_role(investigator, by=cast.technical_admin, now=now)
    actions.approve_role(investigator, by=cast.board_lead, now=now)
    assert roles.INVESTIGATOR in roles_of(User.objects.get(pk=cast.staff.pk))
    assert cast.staff in users_holding(roles.INVESTIGATOR)


def test_the_database_refuses_a_case_role_by_one_person(cast, now) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(
            user=cast.staff,
            role=roles.INVESTIGATOR,
            from_at=now,
            proposed_at=now,
            proposed_by=cast.technical_admin,
            approved_by=cast.technical_admin,
            approved_at=now,
        )


def test_the_technical_administrator_gets_no_role_that_reads_cases(cast, now) -> None:
    with pytest.raises(Refused):
        actions.give_role(user=cast.technical_admin, role=roles.INVESTIGATOR, by=cast.board_lead, now=now)


def test_a_setting_counts_once_a_second_person_confirms_and_never_looser_than_the_policy(cast, now) -> None:
    with pytest.raises(Refused):
        actions.propose_setting(key="report.triage_hours", value=25, by=cast.technical_admin, now=now)
    setting = actions.propose_setting(key="report.triage_hours", value=12, by=cast.technical_admin, now=now)
    assert board.value("report.triage_hours") == 24
    with pytest.raises(Refused):
        actions.approve_setting(setting, by=cast.technical_admin, now=now)

    actions.approve_setting(setting, by=cast.board_lead, now=now)

    assert board.value("report.triage_hours", timezone.now()) == 12
    assert board.value("report.triage_hours", now - timedelta(minutes=1)) == 24
    assert board.values()["report.triage_hours"] == 12


@pytest.mark.parametrize(
    ("key", "value"),
    [("draft.remind_hours", [6, 24]), ("draft.remind_hours", []), ("phones.cover", 3), ("session.idle_case_minutes", True)],
)
def test_values_of_the_wrong_kind_are_refused(cast, now, key, value) -> None:
    with pytest.raises(Refused):
        actions.propose_setting(key=key, value=value, by=cast.technical_admin, now=now)


def test_every_default_is_within_its_own_limits() -> None:
    for key, spec in board.KEYS.items():
        assert board.checked(key, spec.default) == spec.default


def test_the_end_of_the_last_tie_closes_login_posts_roles_and_grants_the_same_minute(cast, now) -> None:
    told: list[int] = []
    on_leaving("test", lambda **leaving: told.append(leaving["user"].pk))
    try:
        tie = cast.deputy.person.affiliations.get()
        actions.end_affiliation(tie, by=cast.people_officer, at=now, now=now)
    finally:
        _on_leaving.pop("test")

    deputy = User.objects.get(pk=cast.deputy.pk)
    assert told == [deputy.pk]
    assert roles_of(deputy) == {roles.REPORTER}
    assert holder_of(roles.DEPUTY, timezone.now()) is None
    assert deputy.session_epoch == 1
    assert not any(backend_user(deputy))


def backend_user(user: User) -> list[object]:
    from people.backends import SignIn

    found = SignIn().get_user(user.pk)
    return [found] if found else []


def test_someone_with_another_tie_keeps_the_login(cast, now) -> None:
    person = cast.volunteer.person
    an_affiliation(person, kind="trainee")

    actions.end_affiliation(person.affiliations.get(kind="volunteer"), by=cast.people_officer, at=now, now=now)

    assert any(backend_user(cast.volunteer))


def test_lines_of_management_end_where_they_began_and_follow_the_dates(cast, now) -> None:
    boss, middle, worker = (a_user() for _ in range(3))
    first = an_affiliation(middle.person, manager=boss.person)
    an_affiliation(worker.person, manager=middle.person)
    an_affiliation(boss.person, manager=worker.person)

    assert reports_to(boss.person, now) == {middle.pk, worker.pk}
    first.until_at = now
    first.save()
    assert reports_to(boss.person, now) == set()
    assert reports_to(boss.person, now - timedelta(seconds=1)) == {middle.pk, worker.pk}


def test_a_declared_tie_counts_in_both_directions(cast, now) -> None:
    actions.declare_relation(a=cast.staff.person, b=cast.officer.person, kind="sibling", by=cast.people_officer, now=now)

    assert relatives_of(cast.staff.person) == {cast.officer.pk}
    assert relatives_of(cast.officer.person) == {cast.staff.pk}
    assert relatives_of(a_person()) == set()


def test_a_case_post_holders_password_changes_only_with_a_second_person(cast, now) -> None:
    change = actions.request_credential_change(cast.officer, kind="password", by=cast.officer, new_value="four new quiet words", now=now)
    assert isinstance(change, CredentialChange)
    assert User.objects.get(pk=cast.officer.pk).check_password(PASSWORD)
    with pytest.raises(Refused):
        actions.approve_credential_change(change, by=cast.officer, now=now)

    actions.approve_credential_change(change, by=cast.technical_admin, now=now)

    officer = User.objects.get(pk=cast.officer.pk)
    assert officer.check_password("four new quiet words")
    assert not officer.must_change_password
    assert officer.session_epoch == 1
    told = Notice.objects.filter(kind="people.credentials_changed", user=officer)
    assert set(told.values_list("channel", flat=True)) == {"inapp", "mail"}
    assert CredentialChange.objects.get(pk=change.pk).new_value == ""


def test_a_lost_second_factor_is_set_back_by_two_others_and_never_by_the_one_who_asks(cast, now) -> None:
    change = actions.request_credential_change(cast.deputy, kind="second_factor", by=cast.technical_admin, now=now)

    with pytest.raises(Refused):
        actions.approve_credential_change(change, by=cast.technical_admin, now=now)
    with pytest.raises(Refused):
        actions.approve_credential_change(change, by=cast.deputy, now=now)
    actions.approve_credential_change(change, by=cast.board_lead, now=now)

    assert Event.objects.filter(kind="credential.approved", actor=cast.board_lead).exists()


def test_nobody_with_a_role_is_taken_over_by_one_person_who_resets_the_sign_in(cast, now) -> None:
    change = actions.request_credential_change(
        cast.technical_admin, kind="password", by=cast.people_officer, new_value="only mine now, haha", now=now
    )

    assert change is not None
    assert User.objects.get(pk=cast.technical_admin.pk).check_password(PASSWORD)
    assert actions.request_credential_change(cast.staff, kind="password", by=cast.people_officer, new_value="first words", now=now) is None
    assert User.objects.get(pk=cast.staff.pk).must_change_password


def test_a_person_without_a_case_post_changes_the_login_name_alone(cast, now) -> None:
    assert actions.request_credential_change(cast.staff, kind="login_name", by=cast.staff, new_value="069 555 1234", now=now) is None

    assert User.objects.get(pk=cast.staff.pk).login_name == "+355695551234"


def test_a_login_name_is_taken_in_any_spelling(cast, now) -> None:
    with pytest.raises(Refused):
        actions.request_credential_change(cast.staff, kind="login_name", by=cast.staff, new_value="OFFICER@test.example ", now=now)


def test_a_reporter_turns_eighteen_on_the_birthday_and_on_the_first_of_march() -> None:
    from datetime import date

    user = a_user(born_on=date(2008, 2, 29))

    assert user.is_minor(date(2026, 2, 28))
    assert not user.is_minor(date(2026, 3, 1))
    assert not a_user().is_minor(date(2026, 3, 1))


def test_roles_cost_two_queries_and_are_asked_once_a_request(cast, django_assert_num_queries) -> None:
    officer = User.objects.get(pk=cast.officer.pk)

    with django_assert_num_queries(2):
        roles_of(officer)
        roles_of(officer)
        holds(officer, roles.CPO)


def test_histories_and_people_cannot_be_rewritten_by_the_runtime_role(cast) -> None:
    for statement in (
        "UPDATE people_historicaluser SET login_name = 'x'",
        "DELETE FROM people_historicalappointment",
        "DELETE FROM people_user",
    ):
        with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
