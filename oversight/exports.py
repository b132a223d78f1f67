"""The documents that leave the system: each a job with a purpose, an event and a code of its own (R-74)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from audit.recording import record
from audit.sealing import head
from cases.permissions import can_export_report, can_export_reporting_audit
from common import pdf
from common.references import ALPHABET
from jobs import actions as jobs
from jobs import registry
from oversight import presentation
from oversight.report_record import Record, record_of_case, record_of_report, visible_case, visible_report
from oversight.reporting_audit import figures_for

if TYPE_CHECKING:
    from cases.models import Case, Report
    from jobs.models import Job
    from jobs.registry import Progress
    from people.models import User

REPORT_RECORD = "report_record"
REPORTING_AUDIT = "reporting_audit"


def register_kinds() -> None:
    """Tell the jobs how these documents are made, and who may still fetch one."""
    registry.register(
        REPORT_RECORD, _make_report_record, may_download=_may_have_record, label=_("Record of a report or case"), filename=_filename
    )
    registry.register(
        REPORTING_AUDIT, _make_reporting_audit, may_download=_may_have_audit, label=_("24-hour reporting audit"), filename=_filename
    )


# --- Asking for a document: the caller has checked the permission -------------------------------------------------------


@transaction.atomic
def export_report(report: Report, *, purpose: str, language: str, by: User) -> Job:
    """Have the record of one report made; the event hangs on the report, so that its own log tells of it."""
    record("report.exported", report, by=by, reason=purpose)
    return jobs.start(REPORT_RECORD, by=by, params={"report": report.reference}, purpose=purpose, language=language)


@transaction.atomic
def export_case(case: Case, *, purpose: str, language: str, by: User) -> Job:
    """Have the record of a case and its reports made."""
    record("case.exported", case, by=by, reason=purpose)
    return jobs.start(REPORT_RECORD, by=by, params={"case": case.reference}, purpose=purpose, language=language)


@transaction.atomic
def export_reporting_audit(since: date, until: date, *, purpose: str, language: str, by: User) -> Job:
    """Have the figures of a period made into a document without names."""
    record("reporting_audit.exported", None, by=by, reason=purpose, since=since, until=until)
    params = {"since": since.isoformat(), "until": until.isoformat()}
    return jobs.start(REPORTING_AUDIT, by=by, params=params, purpose=purpose, language=language)


def may_export_case(user: User, case: Case) -> bool:
    """Whoever may export one of its reports may export the case; never the technical admin."""
    report = case.reports.order_by("received_at", "pk").first()
    return report is not None and can_export_report(user, report)


def label_of(job: Job) -> str:
    """What kind of document this is, in the reader's words."""
    return str(registry.kind_of(job).label)


# --- Making it: inside a job, with the rights that its owner has at that moment -----------------------------------------


def _make_report_record(job: Job, progress: Progress) -> bytes:
    content = _record_for(job, now=timezone.now())
    if content is None:
        raise PermissionDenied
    progress(30)
    context = {"record": content, **_seal_lines(job, presentation.codes_of_record(content), now=timezone.now())}
    return pdf.render("pdf/report_record.html", context, language=job.language)


def _make_reporting_audit(job: Job, progress: Progress) -> bytes:
    if not _may_have_audit(job.owner, job):
        raise PermissionDenied
    figures = figures_for(date.fromisoformat(job.params["since"]), date.fromisoformat(job.params["until"]))
    progress(60)
    with translation.override(job.language):
        context = presentation.of_figures(figures)
    context |= _seal_lines(job, asdict(figures), now=timezone.now())
    return pdf.render("pdf/reporting_audit.html", context, language=job.language)


def _record_for(job: Job, *, now: datetime) -> Record | None:
    """What the owner may see of it now; None if that is nothing, or not to be taken out."""
    owner: User = job.owner
    if "report" in job.params:
        report = visible_report(job.params["report"], owner)
        return record_of_report(report, reader=owner, now=now) if report and can_export_report(owner, report) else None
    case = visible_case(job.params.get("case", ""), owner)
    return record_of_case(case, reader=owner, now=now) if case and may_export_case(owner, case) else None


def _may_have_record(user: User, job: Job) -> bool:
    """Asked again at every download: a post lost or a conflict found meanwhile closes the document."""
    if "report" in job.params:
        report = visible_report(job.params["report"], user)
        return report is not None and can_export_report(user, report)
    case = visible_case(job.params.get("case", ""), user)
    return case is not None and may_export_case(user, case)


def _may_have_audit(user: User, job: Job) -> bool:
    return can_export_reporting_audit(user)


def _filename(job: Job) -> str:
    """Neither the kind nor a record: a file name shows in download lists and on shared screens."""
    return f"ASET-{job.reference}.pdf"


# --- The lines that let anybody check it --------------------------------------------------------------------------------


def _seal_lines(job: Job, content: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """When it was made, the end of the audit chain, and a code of content and chain that an event keeps.

    The chain's hash alone: its sequence number would grow with every event of a hidden report (architecture.md).
    """
    chain = head().hash
    code = code_of(content, chain)
    record("document.made", job, by=job.owner, code=code, chain=chain)
    return {"made_at": now, "chain": chain, "code": code, "document": job.reference}


def code_of(content: Mapping[str, Any], chain: str) -> str:
    """Sixteen places that nobody without the key can make for other figures or another chain."""
    spelled = json.dumps(content, sort_keys=True, default=str).encode()
    digest = hmac.digest(settings.INDEX_KEY, b"document\0" + chain.encode() + b"\0" + spelled, hashlib.sha256)
    places = [ALPHABET[byte % len(ALPHABET)] for byte in digest[:16]]
    return "-".join("".join(places[start : start + 4]) for start in range(0, 16, 4))
