"""Reports, drafts, cases and what is decided about them; one file per noun."""

from cases.models.case import Case, CaseGrant, CaseUserObjectPermission
from cases.models.cover import Cover
from cases.models.draft import ReportDraft
from cases.models.named import AffectedChild, AllegedPerson, SearchToken
from cases.models.report import Receipt, Report, ReportAddition
from cases.models.response import LowLevelRecord, NotAConcern, Referral, ResponseStep, SafetyTask
from cases.models.triage import Triage

__all__ = [
    "AffectedChild",
    "AllegedPerson",
    "Case",
    "CaseGrant",
    "CaseUserObjectPermission",
    "Cover",
    "LowLevelRecord",
    "NotAConcern",
    "Receipt",
    "Referral",
    "Report",
    "ReportAddition",
    "ReportDraft",
    "ResponseStep",
    "SafetyTask",
    "SearchToken",
    "Triage",
]
