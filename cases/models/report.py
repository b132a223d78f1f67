"""One account of a concern as handed in: never edited, never deleted by the application."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cases.choices import Channel, Danger, Doing, LateReason, Mode, Readers, ReporterKind, ToldHow
from cases.timeliness import Timeliness, timeliness
from cases.workflow import OPEN_REPORT, ReportStatus
from common.fields import SealedJSONField, SealedTextField
from common.references import new_reference
from common.retention import RetentionClass

SEALED_ANSWERS = ["account", "exact_words", "opinion", "details", "danger_where", "danger_reach", "late_reason_text", "safe_contact"]


def report_reference() -> str:
    """Random, so that a number tells neither order nor count."""
    return new_reference("R-")


class ReportQuerySet(models.QuerySet["Report"]):
    """Words for sets of reports; who may see them is asked in permissions.py."""

    def open(self) -> ReportQuerySet:
        """Somebody still has to decide."""
        return self.filter(status__in=OPEN_REPORT)

    def in_danger(self) -> ReportQuerySet:
        """ "Not sure" counts as yes (R-40)."""
        return self.exclude(danger=Danger.NO)

    def newest_first(self) -> ReportQuerySet:
        """The order of lists; ties are broken so that paging never skips a row."""
        return self.order_by("-received_at", "-pk")


class Report(models.Model):
    """A concern as its reporter told it (R-19, R-24, R-80): the account stays as it came, additions are rows of their own.

    `aware_from`/`aware_to` are equal when the moment is exact, a day apart when only the date is known, and null where
    no clock runs (public, children, A-06). The 24 hours count from `aware_from`.
    """

    retention = RetentionClass.CHILD_FILE

    reference = models.CharField(max_length=20, unique=True, default=report_reference, editable=False)
    client_token = models.UUIDField(default=uuid.uuid4, editable=False)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reporter_kind = models.CharField(max_length=20, choices=ReporterKind)
    reporter_is_minor = models.BooleanField(default=False)
    channel = models.CharField(max_length=20, choices=Channel)
    language = models.CharField(max_length=2, choices=[("sq", "sq"), ("en", "en")])

    status = models.CharField(max_length=20, choices=ReportStatus, default=ReportStatus.RECEIVED)
    episode = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()
    aware_from = models.DateTimeField(null=True)
    aware_to = models.DateTimeField(null=True)
    date_unclear = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    told_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    told_how = models.CharField(max_length=20, choices=ToldHow, blank=True)
    told_confirmed_at = models.DateTimeField(null=True)

    danger = models.CharField(max_length=10, choices=Danger)
    danger_where = SealedTextField(default="", blank=True)
    danger_reach = SealedTextField(default="", blank=True)
    readers = models.CharField(max_length=10, choices=Readers, default=Readers.NOBODY)
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.DIRECT)
    situations = ArrayField(models.CharField(max_length=6), default=list)
    account = SealedTextField(default="", blank=True)
    exact_words = SealedTextField(default="", blank=True)
    opinion = SealedTextField(default="", blank=True)
    details = SealedJSONField(default=dict, blank=True)
    safe_contact = SealedTextField(default="", blank=True)
    project = models.ForeignKey("people.Project", on_delete=models.PROTECT, null=True, related_name="+")
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, null=True, related_name="+")
    late_reason = models.CharField(max_length=20, choices=LateReason, blank=True)
    late_reason_text = SealedTextField(default="", blank=True)

    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_doing = models.CharField(max_length=20, choices=Doing, blank=True)
    triaged_at = models.DateTimeField(null=True)
    triaged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="reports")

    history = HistoricalRecords(excluded_fields=SEALED_ANSWERS)
    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("reporter", "client_token", nulls_distinct=False, name="report_once_per_client_token"),
            models.CheckConstraint(
                condition=Q(aware_from__isnull=True, aware_to__isnull=True) | Q(aware_from__isnull=False, aware_to__gte=F("aware_from")),
                name="report_awareness_is_a_span",
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.RECEIVED, acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | (~Q(status=ReportStatus.RECEIVED) & Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)),
                name="report_acknowledged_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ReportStatus.RECEIVED, ReportStatus.ACKNOWLEDGED])
                | Q(triaged_at__isnull=False, triaged_by__isnull=False),
                name="report_triaged_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.LINKED, case__isnull=False) | (~Q(status=ReportStatus.LINKED) & Q(case__isnull=True)),
                name="report_in_a_case_has_its_case",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], name="report_by_receipt"),
            models.Index(fields=["received_at", "id"], condition=Q(status__in=OPEN_REPORT), name="report_open_by_receipt"),
            models.Index(fields=["status", "received_at", "id"], name="report_by_status"),
            models.Index(fields=["received_at", "id"], condition=Q(status__in=OPEN_REPORT) & ~Q(danger="no"), name="report_open_in_danger"),
            models.Index(fields=["reporter", "-received_at"], name="report_by_reporter"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("cases:report", args=[self.reference])

    @property
    def is_in_danger(self) -> bool:
        """ "Not sure" counts as yes (R-40)."""
        return self.danger != Danger.NO

    @property
    def reported_at(self) -> datetime:
        """The server's receipt, or the earlier telling once the person told has confirmed it (A-08)."""
        if self.told_confirmed_at and self.told_at:
            return min(self.told_at, self.received_at)
        return self.received_at

    @property
    def timeliness(self) -> Timeliness:
        """On time, late, or cannot tell, against 24 elapsed hours of awareness (R-80, A-07)."""
        return timeliness(self.aware_from, self.aware_to, self.reported_at)


class ReportAddition(models.Model):
    """What the reporter added later; an entry of its own, so that the first account stays as it came (R-87)."""

    retention = RetentionClass.CHILD_FILE

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="additions")
    client_token = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = SealedTextField()
    details: Any = SealedJSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["report", "at"], name="addition_by_report")]


class Receipt(models.Model):
    """The reporter's own end of a report: what concerns only them hangs here.

    Whoever works under a person named in a report is barred from it, and is very often the one who reported. They keep
    the receipt of their own words, hear that it was read, and are told to call 129 themselves if nobody confirms (R-40).
    """

    retention = RetentionClass.CHILD_FILE

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="receipt")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
