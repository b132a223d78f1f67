"""The first judgement of safety, category, risk and route; each judgement is a row that stays."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cases.choices import Category, RiskLevel, Safety, WayOut, YesNoUnknown
from cases.models.report import Report
from common.fields import SealedJSONField, SealedTextField
from common.retention import RetentionClass


class Triage(models.Model):
    """One triage of one report (R-01, R-22, R-27, requirements 3.2); a second look is a second row."""

    retention = RetentionClass.CHILD_FILE

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="triages")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    safety = models.CharField(max_length=20, choices=Safety)
    categories = ArrayField(models.CharField(max_length=20, choices=Category))
    tags = ArrayField(models.CharField(max_length=20), default=list)
    concerned = models.CharField(max_length=20, blank=True)
    risk_level = models.CharField(max_length=10, choices=RiskLevel)
    possible_crime = models.CharField(max_length=10, choices=YesNoUnknown)
    guardian_informed = models.CharField(max_length=12, blank=True)
    best_interests = SealedTextField()
    wishes = SealedTextField()
    reasons = SealedTextField(default="", blank=True)
    details = SealedJSONField(default=dict, blank=True)
    way_out = models.CharField(max_length=16, choices=WayOut)

    class Meta:
        indexes = [models.Index(fields=["report", "at"], name="triage_by_report")]
        constraints = [
            models.CheckConstraint(condition=models.Q(categories__len__gte=1), name="triage_has_a_category"),
        ]
