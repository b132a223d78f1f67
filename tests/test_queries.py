"""What each page asks the database: a pinned number that stays the same however long its lists grow (R-97)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions.access import grant_access
from cases.actions.intake import NamedChild, NamedPerson, add_to_report
from cases.actions.response import acknowledge_report
from cases.models import AffectedChild, AllegedPerson, Case, Referral, Report, ReportDraft, ResponseStep
from jobs.models import Job
from people.models import Appointment, CredentialChange, PersonRelation, RoleAssignment, Setting
from tests.access_world import World, filed, the_world
from tests.factories.people import a_user, an_affiliation
from tests.world_pages import Visit, client_of, visits

pytestmark = pytest.mark.django_db

MOST = 12
LONGER = {"officer cases:triage", "officer oversight:export_case"}
"""One form that checks for conflicts and duplicates, and one that asks for the second factor: neither is a list."""
PINNED: dict[str, int] = {
    "alternate home": 9,
    "board_lead cases:board": 11,
    "board_lead cases:case": 12,
    "board_lead cases:cases": 8,
    "board_lead cases:dashboard": 12,
    "board_lead cases:hold": 12,
    "board_lead cases:not_a_concern": 11,
    "board_lead cases:reports": 9,
    "board_lead cases:unsent_drafts": 6,
    "board_lead home": 9,
    "board_lead people:appointments": 8,
    "board_lead people:board_settings": 8,
    "board_lead people:credential_changes": 6,
    "board_lead people:end_appointment": 12,
    "board_lead people:propose_appointment": 10,
    "board_lead people:propose_setting": 10,
    "board_member home": 9,
    "communications home": 7,
    "data_protection home": 7,
    "deputy cases:confirm_handover": 6,
    "deputy cases:dashboard": 10,
    "deputy cases:safety": 7,
    "deputy cases:told": 7,
    "deputy home": 8,
    "investigator cases:case": 12,
    "investigator cases:dashboard": 12,
    "investigator home": 7,
    "nobody account_inactive": 2,
    "nobody account_login": 2,
    "nobody account_reset_password": 2,
    "nobody account_signup": 2,
    "officer cases:acknowledge": 6,
    "officer cases:add_step": 8,
    "officer cases:case": 12,
    "officer cases:cases": 8,
    "officer cases:dashboard": 12,
    "officer cases:grants": 8,
    "officer cases:history": 10,
    "officer cases:identify": 8,
    "officer cases:names": 6,
    "officer cases:on_call_card": 6,
    "officer cases:referral": 7,
    "officer cases:report": 12,
    "officer cases:reports": 9,
    "officer cases:safety": 7,
    "officer cases:triage": 19,
    "officer deadlines:inbox": 7,
    "officer home": 8,
    "officer jobs:job": 6,
    "officer jobs:jobs": 6,
    "officer oversight:export_case": 13,
    "officer oversight:export_report": 12,
    "officer oversight:export_reporting_audit": 9,
    "officer oversight:exports": 7,
    "officer people:appointments": 8,
    "officer people:board_settings": 8,
    "officer people:credential_changes": 6,
    "officer people:person": 10,
    "officer people:persons": 9,
    "officer people:profile": 6,
    "outside home": 7,
    "people_officer home": 9,
    "people_officer people:account": 11,
    "people_officer people:accounts": 9,
    "people_officer people:add_affiliation": 8,
    "people_officer people:add_person": 5,
    "people_officer people:change_affiliation": 8,
    "people_officer people:change_person": 6,
    "people_officer people:declare_relation": 7,
    "people_officer people:end_affiliation": 6,
    "people_officer people:open_account": 10,
    "people_officer people:person": 10,
    "people_officer people:persons": 9,
    "project_lead home": 8,
    "staff account_change_password": 5,
    "staff account_logout": 5,
    "staff account_reauthenticate": 11,
    "staff cases:cases": 8,
    "staff cases:discard_draft": 6,
    "staff cases:drafts": 6,
    "staff cases:my_reports": 8,
    "staff cases:receipt": 7,
    "staff cases:receipt_add": 6,
    "staff cases:report_check": 7,
    "staff cases:report_start": 6,
    "staff cases:report_step aware": 7,
    "staff cases:report_step children": 7,
    "staff cases:report_step contact": 7,
    "staff cases:report_step danger": 7,
    "staff cases:report_step danger-now": 7,
    "staff cases:report_step done": 7,
    "staff cases:report_step event": 9,
    "staff cases:report_step from-child": 7,
    "staff cases:report_step from-partner": 7,
    "staff cases:report_step people": 7,
    "staff cases:report_step readers": 7,
    "staff cases:report_step situation": 7,
    "staff cases:report_step told": 7,
    "staff cases:report_step view": 7,
    "staff cases:report_step what-happened": 7,
    "staff cases:reports": 9,
    "staff cases:told_by_phone": 7,
    "staff cases:unsent_drafts": 6,
    "staff cases:when_a_child_tells": 5,
    "staff deadlines:inbox": 7,
    "staff home": 8,
    "staff mfa_activate_totp": 12,
    "staff mfa_add_webauthn": 12,
    "staff mfa_generate_recovery_codes": 11,
    "staff mfa_index": 7,
    "staff mfa_list_webauthn": 6,
    "staff oversight:exports": 7,
    "staff people:credential_request": 5,
    "staff people:profile": 6,
    "staff people:session_kept": 6,
    "staff people:session_unlock": 7,
    "staff usersessions_list": 6,
    "technical_admin home": 11,
    "technical_admin oversight:export_reporting_audit": 9,
    "technical_admin people:account": 11,
    "technical_admin people:accounts": 9,
    "technical_admin people:appointments": 8,
    "technical_admin people:board_settings": 8,
    "technical_admin people:give_role": 11,
    "technical_admin people:reset_for": 11,
    "trainer home": 7,
}


@pytest.fixture
def world(settings: Any) -> World:
    settings.MFA_REQUIRED = False
    return the_world()


def grow(world: World, rows: int) -> None:
    """So many more of everything that some page lists."""
    for number in range(rows):
        _more_reports(world)
        _more_of_one_report(world, number)
        _more_people(world)


def _more_reports(world: World) -> None:
    cast, now = world.cast, timezone.now()
    filed(cast.staff, "One more.", children=[NamedChild(name="A")], alleged=[NamedPerson(name="B")])
    filed(cast.volunteer, "One in danger.", danger="yes")
    filed(cast.staff, "One doubt.", alleged=[NamedPerson(name="Dhurata Kola")])
    filed(cast.staff, "Told.", told_to=cast.deputy, told_at=now - timedelta(minutes=30), told_how="phone")
    acknowledge_report(filed(cast.staff, "One that waits for its assessment."), by=cast.officer, now=now)
    case = Case.objects.create(risk_level="low", opened_at=now, opened_by=cast.officer)
    _link(filed(cast.staff, "One in a case."), case)
    grant_access(case, cast.investigator, why="Looks into it.", until_at=now + timedelta(days=3), by=cast.officer, now=now)
    ReportDraft.objects.create(author=cast.staff, started_at=now, updated_at=now)
    Job.objects.create(kind="reporting_audit", owner=cast.officer, params={"from": "2026-01-01", "to": "2026-01-31"})


def _more_of_one_report(world: World, number: int) -> None:
    """More in the report and the case whose pages are looked at."""
    cast, now = world.cast, timezone.now()
    case = Case.objects.get(reference=world.addresses["cases:case"]["reference"])
    report = Report.objects.get(reference=world.addresses["cases:report"]["reference"])
    linked = case.reports.all()[0]
    for row, its_case in ((report, None), (linked, case)):
        ResponseStep.objects.create(report=row, case=its_case, what="Call.", owner=cast.officer, due_at=now, set_by=cast.officer)
        Referral.objects.create(report=row, case=its_case, authority="police", due_at=now)
        AffectedChild.objects.create(report=row, position=100 + number, name="C")
        AllegedPerson.objects.create(report=row, position=100 + number, name="D")
    add_to_report(report, token=uuid.uuid4(), text="And this.", by=cast.staff, now=now)
    _link(filed(cast.staff, "One more in the same case."), case)
    grant_access(case, a_user(), why="Helps.", until_at=now + timedelta(days=3), by=cast.officer, now=now)


def _link(report: Report, case: Case) -> None:
    now, by = timezone.now(), case.opened_by
    Report.objects.filter(pk=report.pk).update(
        status="linked", case=case, acknowledged_at=now, acknowledged_by=by, triaged_at=now, triaged_by=by
    )


def _more_people(world: World) -> None:
    cast, now = world.cast, timezone.now()
    proposal = {"proposed_by": cast.technical_admin, "proposed_at": now}
    user, person = a_user(), world.cast.trainer.person
    assert person is not None
    assert user.person is not None
    an_affiliation(user.person, manager=person)
    an_affiliation(person, from_at=now, until_at=now + timedelta(days=1))
    PersonRelation.objects.create(a=person, b=user.person, kind="close_friend", declared_by=cast.people_officer, declared_at=now)
    RoleAssignment.objects.create(user=user, role="COMMUNICATIONS", from_at=now, **proposal)
    Appointment.objects.create(post="BOARD_MEMBER", user=user, from_at=now, **proposal)
    Setting.objects.create(key="report.remind_hours", value=1, valid_from=now, **proposal)
    CredentialChange.objects.create(user=user, kind="password", requested_by=user, requested_at=now)
    filed(user, "By somebody else.")


def queries_of(client: Client, visit: Visit) -> int:
    """Statements of one request, without the marks of transactions."""
    client.get(visit.address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(visit.address).status_code == 200
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not query["sql"].startswith(marks) for query in captured.captured_queries)


def counted(world: World) -> dict[str, int]:
    """By role and page."""
    clients: dict[str, Client] = {}
    found = {}
    for visit in visits(world):
        client = clients.setdefault(visit.role, client_of(world, visit.role))
        found[f"{visit.role} {visit.label}"] = queries_of(client, visit)
    return found


def test_a_page_asks_as_much_with_thirty_rows_as_with_three(world: World) -> None:
    grow(world, 2)
    few = counted(world)
    grow(world, 27)

    many = counted(world)

    assert many == few
    assert few == PINNED


def test_no_page_asks_more_than_twelve_times() -> None:
    over = {page for page, number in PINNED.items() if number > MOST}

    assert over == LONGER
