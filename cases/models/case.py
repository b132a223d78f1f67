"""Our handling of one or more linked reports, and who was let in to it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from guardian.models import UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from cases.choices import RiskLevel, Safety
from cases.workflow import CaseStatus
from common.fields import SealedTextField
from common.references import new_reference
from common.retention import RetentionClass


def case_reference() -> str:
    """Random, so that a code tells neither order nor count."""
    return new_reference("C-")


class CaseQuerySet(models.QuerySet["Case"]):
    """Words for sets of cases; who may see them is asked in permissions.py."""

    def open(self) -> CaseQuerySet:
        """Not closed."""
        return self.exclude(status=CaseStatus.CLOSED)


class Case(models.Model):
    """A concern being handled: the child's immediate safety and the next action come first (R-31, R-85)."""

    retention = RetentionClass.CHILD_FILE

    reference = models.CharField(max_length=20, unique=True, default=case_reference, editable=False)
    status = models.CharField(max_length=20, choices=CaseStatus, default=CaseStatus.OPEN_TRIAGE)
    episode = models.PositiveSmallIntegerField(default=1)
    safety = models.CharField(max_length=20, choices=Safety, default=Safety.UNKNOWN)
    risk_level = models.CharField(max_length=10, choices=RiskLevel)
    review_due_at = models.DateTimeField(null=True)
    contact_due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey("people.Country", on_delete=models.PROTECT, null=True, related_name="+")
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, null=True, related_name="+")

    history = HistoricalRecords()
    objects = CaseQuerySet.as_manager()

    class Meta:
        permissions = [("work_on_case", "Work on this case")]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="case_by_opening")]

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.reference])


class CaseUserObjectPermission(UserObjectPermissionBase):
    """The django-guardian row of an active grant; written and removed with its `CaseGrant`, never alone."""

    content_object = models.ForeignKey(Case, on_delete=models.PROTECT)


class CaseGrant(models.Model):
    """Access by name to one case: who, whom, why, from and until (R-74). A trigger refuses a barred holder."""

    retention = RetentionClass.CHILD_FILE

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="grants")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = SealedTextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    history: Any = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="grant_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(holder=F("granted_by")), name="grant_never_to_oneself"),
            models.UniqueConstraint("case", "holder", condition=Q(ended_at=None), name="grant_once_per_holder"),
        ]
        indexes = [models.Index(fields=["holder", "case"], condition=Q(ended_at=None), name="grant_active_by_holder")]
