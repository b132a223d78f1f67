"""A world with one of everything that has an address, so that every address can be asked for by everyone."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.actions.intake import Account, receive_report
from cases.models import Case, Referral, Report, ReportDraft, ResponseStep
from tests.factories.people import Organisation, the_organisation

ROLES = tuple(
    "nobody staff officer deputy board_lead alternate board_member outside investigator project_lead trainer communications "
    "people_officer data_protection technical_admin".split()  # noqa: SIM905
)


@dataclass
class World:
    """The cast, and the address parts of one row of each kind."""

    cast: Organisation
    report: Report
    linked: Report
    case: Case
    parts: dict[str, Any]

    def kwargs_for(self, name: str) -> dict[str, Any]:
        """The keyword arguments of the address with that name."""
        return self.parts.get(name, self.parts.get(name.split(":")[0], {}))


def the_world() -> World:
    """Staff filed one report that waits, and one that became a case with an action and a referral."""
    cast, now = the_organisation(), timezone.now()

    def filed(text: str) -> Report:
        account = Account(account=text, aware_from=now - timedelta(hours=1), aware_to=now - timedelta(hours=1))
        return receive_report(
            account, token=uuid.uuid4(), by=cast.staff, reporter_kind="staff", channel="staff_form", language="en", now=now
        )

    report, linked = filed("A worry."), filed("Another worry.")
    case = Case.objects.create(risk_level="low", opened_at=now, opened_by=cast.officer)
    Report.objects.filter(pk=linked.pk).update(
        status="linked", case=case, acknowledged_at=now, acknowledged_by=cast.officer, triaged_at=now, triaged_by=cast.officer
    )
    linked.refresh_from_db()
    step = ResponseStep.objects.create(report=linked, case=case, what="Call.", owner=cast.officer, due_at=now, set_by=cast.officer)
    referral = Referral.objects.create(report=linked, case=case, authority="police", due_at=now)
    draft = ReportDraft.objects.create(author=cast.staff, started_at=now, updated_at=now)
    parts = {"report": report, "linked": linked, "case": case, "step": step, "referral": referral, "draft": draft}
    return World(cast, report, linked, case, parts)
