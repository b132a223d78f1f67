"""A world with one of everything that has an address, so that every address can be asked for by everyone."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.actions.access import grant_access, hand_over_tonight
from cases.actions.intake import Account, NamedPerson, receive_report
from cases.actions.response import acknowledge_report
from cases.actions.triage import propose_not_a_concern
from cases.models import Case, Referral, Report, ReportDraft, ResponseStep
from deadlines.models import Notice
from jobs.models import Job
from people.models import Affiliation, Appointment, CredentialChange, RoleAssignment, SealedPage, Setting, User
from tests.factories.people import Organisation, a_person, the_organisation

ROLES = (
    "nobody",
    "staff",
    "officer",
    "deputy",
    "board_lead",
    "alternate",
    "board_member",
    "outside",
    "investigator",
    "project_lead",
    "trainer",
    "communications",
    "people_officer",
    "data_protection",
    "technical_admin",
)


@dataclass
class World:
    """The cast, and for each name of an address the function that gives its parts."""

    cast: Organisation
    addresses: dict[str, dict[str, Any]]


def the_world() -> World:
    """Staff filed a report that waits, one that was acknowledged, one in a case, and one that may be about the officer."""
    cast = the_organisation()
    return World(cast, _of_reports(cast) | _of_people(cast) | _of_the_rest(cast))


def filed(by: User, text: str, **parts: Any) -> Report:
    """A report of an hour ago."""
    aware = timezone.now() - timedelta(hours=1)
    account = Account(account=text, aware_from=aware, aware_to=aware, **parts)
    return receive_report(
        account, token=uuid.uuid4(), by=by, reporter_kind="staff", channel="staff_form", language="en", now=timezone.now()
    )


def _of_reports(cast: Organisation) -> dict[str, dict[str, Any]]:
    now = timezone.now()
    report, dangerous = filed(cast.staff, "A worry."), filed(cast.staff, "Danger.", danger="yes")
    read = filed(cast.staff, "Read.", alleged=[NamedPerson(name="Someone")])
    held = filed(cast.staff, "Doubt.", alleged=[NamedPerson(name="Dhurata Kola")])
    told = filed(cast.staff, "Told.", told_to=cast.deputy, told_at=now - timedelta(minutes=30), told_how="phone")
    acknowledge_report(read, by=cast.officer, now=now)
    proposed = filed(cast.staff, "Nothing.")
    acknowledge_report(proposed, by=cast.officer, now=now)
    Report.objects.filter(pk=proposed.pk).update(triaged_at=now, triaged_by=cast.officer)
    propose_not_a_concern(Report.objects.get(pk=proposed.pk), reason="A misunderstanding, all clear.", by=cast.officer, now=now)
    linked, case = _a_case(cast)
    hand_over_tonight(until_at=now + timedelta(hours=9), by=cast.officer, now=now)
    step = ResponseStep.objects.create(report=linked, case=case, what="Call.", owner=cast.officer, due_at=now, set_by=cast.officer)
    referral = Referral.objects.create(report=linked, case=case, authority="police", due_at=now)
    draft = ReportDraft.objects.create(author=cast.staff, started_at=now, updated_at=now)
    waiting = {name: {"reference": report.reference} for name in ("cases:report", "cases:names", "cases:history", "cases:acknowledge")}
    own = {name: {"reference": report.reference} for name in ("cases:receipt", "cases:receipt_add", "cases:receipt_why_late")}
    return (
        waiting
        | own
        | {name: {"token": draft.token} for name in ("cases:report_check", "cases:report_send", "cases:report_autosave")}
        | {name: {"token": draft.token} for name in ("cases:discard_draft", "cases:told_by_phone")}
        | {"cases:report_step": {"token": draft.token, "step": "danger-now"}, "cases:told": {"reference": told.reference}}
        | {name: {"reference": read.reference} for name in ("cases:triage", "cases:add_step", "cases:identify")}
        | {"cases:safety": {"reference": dangerous.reference}, "cases:not_a_concern": {"reference": proposed.reference}}
        | {"cases:hold": {"reference": held.reference, "code": _hold_code(held, cast.alternate)}}
        | {"cases:finish_step": {"reference": step.reference}, "cases:referral": {"reference": referral.reference}}
        | {"cases:case": {"reference": case.reference}, "cases:grants": {"reference": case.reference}}
        | {"oversight:export_report": {"reference": report.reference}, "oversight:export_case": {"reference": case.reference}}
    )


def _hold_code(report: Report, held: User) -> str:
    from cases.views.work_triage import hold_code

    return hold_code(report, held)


def _a_case(cast: Organisation) -> tuple[Report, Case]:
    now = timezone.now()
    linked = filed(cast.staff, "Another worry.")
    case = Case.objects.create(risk_level="low", opened_at=now, opened_by=cast.officer)
    people = {"acknowledged_by": cast.officer, "triaged_by": cast.officer}
    Report.objects.filter(pk=linked.pk).update(status="linked", case=case, acknowledged_at=now, triaged_at=now, **people)
    grant_access(case, cast.investigator, why="Looks into it.", until_at=now + timedelta(days=3), by=cast.officer, now=now)
    return Report.objects.get(pk=linked.pk), case


def _of_people(cast: Organisation) -> dict[str, dict[str, Any]]:
    now = timezone.now()
    proposal = {"proposed_by": cast.technical_admin, "proposed_at": now}
    person, account = cast.trainer.person, cast.trainer
    assert person is not None
    role = RoleAssignment.objects.create(user=account, role="COMMUNICATIONS", from_at=now, **proposal)
    post = Appointment.objects.create(post="BOARD_MEMBER", user=account, from_at=now, **proposal)
    setting = Setting.objects.create(key="report.remind_hours", value=1, valid_from=now, **proposal)
    change = CredentialChange.objects.create(user=cast.deputy, kind="password", requested_by=cast.deputy, requested_at=now)
    held_post = Appointment.objects.filter(post="BOARD_MEMBER", approved_at__isnull=False)[0]
    tie = Affiliation.objects.filter(person=person)[0]
    of_person = ("person", "change_person", "add_affiliation", "declare_relation")
    return (
        {f"people:{name}": {"reference": person.reference} for name in of_person}
        | {"people:wake_account": {"reference": cast.outside.reference, "change": "sleep"}}
        | {"people:open_account": {"reference": a_person("Someone New").reference}}
        | {f"people:{name}": {"reference": account.reference} for name in ("account", "give_role")}
        | {"people:reset_for": {"reference": account.reference, "kind": "password"}, "people:credential_request": {"kind": "password"}}
        | {f"people:{name}": {"reference": tie.reference} for name in ("change_affiliation", "end_affiliation")}
        | {"people:decide_role": {"reference": role.reference, "decision": "approve"}, "people:end_role": {"reference": role.reference}}
        | {"people:decide_appointment": {"reference": post.reference, "decision": "approve"}}
        | {"people:end_appointment": {"reference": held_post.reference}, "people:propose_setting": {"key": "report.remind_hours"}}
        | {"people:decide_setting": {"reference": setting.reference, "decision": "approve"}}
        | {"people:credential_decide": {"reference": change.reference, "decision": "approve"}}
    )


def _of_the_rest(cast: Organisation) -> dict[str, dict[str, Any]]:
    page = SealedPage.objects.create(user=cast.staff, path="/report/", fields={"a": ["b"]}, kept_at=timezone.now())
    notice = Notice.objects.filter(user=cast.officer, channel="inapp")[0]
    job = Job.objects.create(kind="reporting_audit", owner=cast.officer, params={"from": "2026-01-01", "to": "2026-01-31"})
    return (
        {"people:session_forget": {"reference": page.reference}}
        | {name: {"reference": notice.reference} for name in ("deadlines:open_notice", "deadlines:mark_read")}
        | {name: {"reference": job.reference} for name in ("jobs:job", "jobs:cancel", "jobs:download")}
        | {"account_confirm_email": {"key": "x"}, "account_reset_password_from_key": {"uidb36": "1", "key": "a-b"}}
        | {"mfa_remove_webauthn": {"pk": 1}, "mfa_edit_webauthn": {"pk": 1}}
    )
