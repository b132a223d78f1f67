"""What has to be done for a child, by whom and by when; and the two ways out of triage that open no case."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from cases.choices import AuthorityKind, SafetyAction
from cases.models.case import Case
from cases.models.report import Report
from common.fields import SealedTextField
from common.references import new_reference
from common.retention import RetentionClass


class SafetyTask(models.Model):
    """Make a child in danger safe within one hour; only a named action closes it (R-40)."""

    retention = RetentionClass.CHILD_FILE

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="safety_task")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    action = models.CharField(max_length=20, choices=SafetyAction, blank=True)
    note = SealedTextField(default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    history: Any = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | (Q(closed_by__isnull=False) & ~Q(action="")),
                name="safety_task_closed_by_a_named_action",
            )
        ]
        indexes = [models.Index("due_at", "id", condition=Q(closed_at=None), name="safety_task_open_by_due")]


class ResponseStep(models.Model):
    """One planned piece of the response: what, who, by when (R-31)."""

    retention = RetentionClass.CHILD_FILE

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="steps")
    what = SealedTextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    history: Any = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done_at__isnull=True) | Q(done_by__isnull=False), name="step_done_by_someone"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(done_at=None), name="step_open_by_due")]


class Referral(models.Model):
    """Handing a matter to a statutory authority: due, number, done; its whole life comes with case work (R-78)."""

    retention = RetentionClass.CHILD_FILE

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="referrals")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="referrals")
    authority = models.CharField(max_length=20, choices=AuthorityKind)
    due_at = models.DateTimeField()
    number = SealedTextField(default="", blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    history: Any = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done_at__isnull=True) | Q(done_by__isnull=False), name="referral_sent_by_someone"),
        ]
        indexes = [models.Index("due_at", "id", condition=Q(done_at=None), name="referral_open_by_due")]


class LowLevelRecord(models.Model):
    """A minor matter kept without a case: what was seen, who talks to whom, by when (R-79)."""

    retention = RetentionClass.LOW_LEVEL

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="low_level")
    seen = SealedTextField()
    talk_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    talk_with = SealedTextField(default="", blank=True)
    talk_due_at = models.DateTimeField()
    talked_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class NotAConcern(models.Model):
    """Two people agree that a report is none; nobody can delete it (R-79)."""

    retention = RetentionClass.CHILD_FILE

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="not_a_concern")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="not_a_concern_two_people"),
            models.UniqueConstraint("report", condition=Q(decided_at=None), name="not_a_concern_one_open_proposal"),
        ]
