"""The states of a report and of a case, each as one table of moves (requirements 3.10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.workflow import Workflow


class ReportStatus(models.TextChoices):
    """Where our handling of one report stands; the account itself never changes."""

    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    TRIAGED = "triaged", _("Waiting for a second person")
    LINKED = "linked", _("In a case")
    LOW_LEVEL = "low_level", _("Low-level concern")
    NOT_A_CONCERN = "not_a_concern", _("Not a concern")


OPEN_REPORT = (ReportStatus.RECEIVED, ReportStatus.ACKNOWLEDGED, ReportStatus.TRIAGED)
UNTRIAGED = (ReportStatus.RECEIVED, ReportStatus.ACKNOWLEDGED)

REPORT_WORKFLOW = Workflow(
    {
        "acknowledge": ({ReportStatus.RECEIVED}, ReportStatus.ACKNOWLEDGED),
        "link_to_case": ({ReportStatus.ACKNOWLEDGED, ReportStatus.TRIAGED}, ReportStatus.LINKED),
        "keep_as_low_level": ({ReportStatus.ACKNOWLEDGED, ReportStatus.TRIAGED}, ReportStatus.LOW_LEVEL),
        "propose_not_a_concern": ({ReportStatus.ACKNOWLEDGED}, ReportStatus.TRIAGED),
        "confirm_not_a_concern": ({ReportStatus.TRIAGED}, ReportStatus.NOT_A_CONCERN),
        "decline_not_a_concern": ({ReportStatus.TRIAGED}, ReportStatus.ACKNOWLEDGED),
        "look_again": ({ReportStatus.LOW_LEVEL, ReportStatus.NOT_A_CONCERN}, ReportStatus.ACKNOWLEDGED),
    }
)


class CaseStatus(models.TextChoices):
    """The six steps of case management and what surrounds them (R-85); only the first is reached so far."""

    OPEN_TRIAGE = "open_triage", _("Opened at triage")
    ASSESSMENT = "assessment", _("Assessment")
    PLAN = "plan", _("Plan")
    ACTION = "action", _("Action")
    FOLLOW_UP = "follow_up", _("Follow-up")
    REVIEW = "review", _("Review")
    CLOSURE_PROPOSED = "closure_proposed", _("Closure proposed")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")


CASE_WORKFLOW = Workflow({"assess": ({CaseStatus.OPEN_TRIAGE}, CaseStatus.ASSESSMENT)})
