"""A concern comes in: saved once, heard by the right people, and hidden from those it is about."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from cases.actions.conflict import decide_hold, held_users, identify_alleged_person
from cases.actions.intake import Account, NamedPerson, add_to_report, receive_report
from cases.models import Receipt, Report
from cases.permissions import can_decide_hold, receipts_visible_to, reports_clear_for_the_cpo, reports_visible_to
from deadlines.actions import leave_post
from deadlines.models import Barred, Deadline, Notice
from deadlines.sweeping import sweep
from people.models import User
from people.roles import CPO
from tests.factories.people import Organisation, a_user, an_affiliation, the_organisation

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 10, 20, tzinfo=UTC)
AWARE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast() -> Organisation:
    return the_organisation()


def file(by: User, *, now: datetime = NOW, token: uuid.UUID | None = None, **parts: Any) -> Report:
    account = Account(**{"account": "E pashë duke qarë.", "aware_from": AWARE, "aware_to": AWARE, **parts})
    return receive_report(
        account, token=token or uuid.uuid4(), by=by, reporter_kind="volunteer", channel="staff_form", language="sq", now=now
    )


def told(report: Report | Receipt, *, duty: str = "") -> set[str]:
    """Login names of those with an in-app notice about the row."""
    notices = Notice.objects.filter(row_type=report._meta.label_lower, row_pk=report.pk, channel="inapp")
    return (
        {notice.user.login_name.split("@")[0] for notice in notices.filter(duty=duty) if duty or notice}
        if duty
        else {notice.user.login_name.split("@")[0] for notice in notices}
    )


def test_a_new_report_reaches_the_officer_at_once_and_nobody_else(cast: Organisation) -> None:
    report = file(cast.volunteer)

    assert told(report) == {"officer"}


def test_the_same_token_gives_the_same_report(cast: Organisation) -> None:
    token = uuid.uuid4()

    first, second = file(cast.volunteer, token=token), file(cast.volunteer, token=token)

    assert first.pk == second.pk
    assert Report.objects.count() == 1


def test_a_reference_drawn_twice_is_drawn_again(cast: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    first = file(cast.volunteer)
    drawn = iter([first.reference, "R-NEWN-EWNE"])
    monkeypatch.setattr(Report._meta.get_field("reference"), "_get_default", lambda: next(drawn))

    second = file(cast.volunteer)

    assert second.reference == "R-NEWN-EWNE"


def test_a_token_of_one_person_gives_nothing_of_another(cast: Organisation) -> None:
    token = uuid.uuid4()

    first, second = file(cast.volunteer, token=token), file(cast.trainer, token=token)

    assert first.pk != second.pk


def test_nobody_acting_takes_it_up_the_ladder_each_told_once(cast: Organisation) -> None:
    report = file(cast.volunteer)

    for hours in (2, 6, 12, 24, 25):
        sweep("test", now=NOW + timedelta(hours=hours))
        sweep("test", now=NOW + timedelta(hours=hours))

    duties = Notice.objects.filter(row_type="cases.report", row_pk=report.pk, channel="inapp", kind="cases.acknowledge").order_by(
        "step", "user_id"
    )
    assert [(notice.step, notice.user.login_name.split("@")[0]) for notice in duties if notice.step < 4] == [
        (0, "officer"),
        (1, "officer"),
        (2, "deputy"),
        (3, "board_lead"),
    ]


def test_ladder_times_are_shares_of_the_time_left_and_capped(cast: Organisation) -> None:
    report = file(cast.volunteer, aware_from=NOW - timedelta(hours=20), aware_to=NOW - timedelta(hours=20))

    steps = Deadline.objects.filter(row_type="cases.report", row_pk=report.pk, kind="cases.acknowledge").order_by("step")

    assert [step.due_at - NOW for step in steps] == [timedelta(hours=hours) for hours in (0, 1, 2, 3, 4)]


def test_a_report_that_comes_after_its_24_hours_has_its_own_ladder(cast: Organisation) -> None:
    report = file(cast.volunteer, aware_from=NOW - timedelta(hours=30), aware_to=NOW - timedelta(hours=30))

    steps = Deadline.objects.filter(row_type="cases.report", row_pk=report.pk, kind="cases.acknowledge").order_by("step")

    assert [step.due_at - NOW for step in steps] == [timedelta(hours=hours) for hours in (0, 2, 4)]
    assert report.timeliness == "late"
    assert told(report.receipt) == {"volunteer"}


def test_a_report_about_the_director_goes_to_the_board_and_past_the_director_and_the_deputy(cast: Organisation) -> None:
    report = file(cast.volunteer, readers="some", about=[cast.officer])

    sweep("test", now=NOW + timedelta(hours=13))

    assert told(report) == {"board_lead", "alternate", "board_member", "board_member2"}
    for hidden_from in (cast.officer, cast.deputy, cast.staff, cast.technical_admin):
        assert not reports_visible_to(hidden_from).filter(pk=report.pk).exists()
    assert reports_visible_to(cast.board_lead).filter(pk=report.pk).exists()
    assert not reports_clear_for_the_cpo().filter(pk=report.pk).exists()


def test_a_reporter_who_works_under_the_named_director_keeps_the_receipt(cast: Organisation) -> None:
    report = file(cast.volunteer, readers="some", about=[cast.officer])

    assert Barred.objects.filter(row_pk=report.pk, row_type="cases.report", user=cast.volunteer).exists()
    assert receipts_visible_to(cast.volunteer).filter(pk=report.pk).exists()


def test_an_unconfirmed_danger_points_outward_to_the_reporter_even_under_the_named_director(cast: Organisation) -> None:
    report = file(cast.volunteer, danger="unsure", readers="some", about=[cast.officer])

    sweep("test", now=NOW + timedelta(minutes=46))

    assert told(report.receipt) == {"volunteer"}
    assert "officer" not in told(report)
    assert "deputy" not in told(report)


def test_danger_pages_every_clear_recipient_at_once(cast: Organisation) -> None:
    report = file(cast.volunteer, danger="yes")

    assert told(report) >= {"officer", "deputy", "board_lead", "alternate", "board_member", "board_member2"}
    assert report.safety_task.due_at == NOW + timedelta(hours=1)


def test_a_typed_name_like_the_directors_holds_only_that_notice_until_the_board_lead_decides(cast: Organisation) -> None:
    report = file(cast.volunteer, alleged=[NamedPerson(name="agim hoxha")])

    assert {user.login_name for user in held_users(report)} == {"officer@test.example", "deputy@test.example"}
    assert "officer" not in told(report)
    assert "board_lead" in told(report)

    decide_hold(report, cast.officer, conflict=False, by=cast.board_lead, reason="A namesake.", now=NOW + timedelta(minutes=20))

    assert "officer" in told(report)


def test_a_name_in_the_narrative_holds_nobody(cast: Organisation) -> None:
    report = file(cast.volunteer, account="Agim Hoxha më tha ta raportoj.")

    assert held_users(report) == []


def test_someone_the_reporter_does_not_want_is_left_out_alone(cast: Organisation) -> None:
    report = file(cast.volunteer, readers="some", unwanted=[cast.board_lead], danger="yes")

    assert "board_lead" not in told(report)
    assert "officer" in told(report)


def test_naming_a_board_member_only_holds_them_until_the_board_decides(cast: Organisation) -> None:
    report = file(cast.volunteer, alleged=[NamedPerson(name="Someone tall")])

    identify_alleged_person(report.alleged_people.get(), cast.board_lead.person, by=cast.officer, now=NOW)

    assert held_users(report) == [cast.board_lead]
    assert told(report) >= {"alternate"}

    decide_hold(report, cast.board_lead, conflict=True, by=cast.alternate, reason="It is her.", now=NOW)

    assert Barred.objects.filter(row_pk=report.pk, row_type="cases.report", user=cast.board_lead, reason_code="named").exists()


def test_a_line_manager_does_not_decide_about_their_own_people(cast: Organisation) -> None:
    report = file(cast.volunteer, readers="unsure")
    an_affiliation(cast.officer.person, manager=cast.board_lead.person, kind="consultant")

    assert not can_decide_hold(cast.board_lead, report, held_user_id=cast.officer.pk)
    sweep("test", now=NOW + timedelta(hours=2))
    assert can_decide_hold(cast.alternate, report, held_user_id=cast.officer.pk)


def test_figures_stay_those_of_the_last_officer_while_the_post_is_vacant(cast: Organisation) -> None:
    report = file(cast.volunteer, readers="some", about=[cast.officer])
    leave_post(CPO, cast.officer, at=NOW - timedelta(days=1))

    assert not reports_clear_for_the_cpo().filter(pk=report.pk).exists()


def test_an_account_can_never_be_edited(cast: Organisation) -> None:
    report = file(cast.volunteer)

    with pytest.raises(Exception, match="never edited"):
        Report.objects.filter(pk=report.pk).update(account="Nothing happened.")


def test_narratives_and_names_are_sealed_in_the_database(cast: Organisation) -> None:
    file(cast.volunteer, account="Fjala e fshehtë", alleged=[NamedPerson(name="Emri i fshehtë")])

    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(r.account, 'escape') || encode(p.name, 'escape') FROM cases_report r, cases_allegedperson p")
        (stored,) = cursor.fetchone()

    assert "fsheht" not in stored


def test_an_addition_is_its_own_entry_and_never_twice(cast: Organisation) -> None:
    report, token = file(cast.volunteer), uuid.uuid4()

    for _ in range(2):
        add_to_report(report, token=token, text="Edhe kjo.", by=cast.volunteer, now=NOW)

    assert report.additions.count() == 1


def test_a_reporter_under_eighteen_has_no_clock(cast: Organisation) -> None:
    young = a_user(name="Era", born_on=datetime(2010, 5, 1, tzinfo=UTC).date())

    report = file(young)

    assert report.aware_from is None
    assert report.timeliness == "no_clock"
