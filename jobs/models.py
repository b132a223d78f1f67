"""One piece of long work: what was asked, by whom and what for, how far it is, and its result."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from common.constraints import one_of, requires
from common.fields import SealedTextField
from common.references import REFERENCE_LENGTH, new_reference
from common.retention import RetentionClass
from files.models import StoredFile
from jobs.workflow import State


def _reference() -> str:
    return new_reference("J")


class Job(models.Model):
    """Rows are the truth and messages only wake: a lost message is found by the next tick.

    `params` holds codes only. `run_token` names the run that holds the lease, so that a
    worker thought dead cannot overwrite the result of the one that took over.
    """

    reference = models.CharField(max_length=REFERENCE_LENGTH, unique=True, default=_reference, editable=False)
    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    params = models.JSONField(default=dict)
    purpose = SealedTextField()
    language = models.CharField(max_length=10, default="sq")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_token = models.CharField(max_length=32, default="", blank=True)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, default="", blank=True)
    result = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")

    retention = RetentionClass.OPERATIONAL

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="jobs_job_owner"),
            models.Index(fields=["sent_at"], condition=Q(state=State.QUEUED), name="jobs_job_queued"),
            models.Index(fields=["lease_until"], condition=Q(state=State.RUNNING), name="jobs_job_running"),
            models.Index(fields=["expires_at"], condition=Q(state=State.DONE), name="jobs_job_done"),
        ]
        constraints = [
            models.CheckConstraint(condition=one_of("state", State.values), name="jobs_job_state"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="jobs_job_progress"),
            models.CheckConstraint(condition=requires("state", [State.RUNNING], "lease_until"), name="jobs_job_running_has_lease"),
            models.CheckConstraint(
                condition=requires("state", [State.DONE, State.EXPIRED], "result", "ended_at", "expires_at"),
                name="jobs_job_done_has_result",
            ),
            models.CheckConstraint(condition=requires("state", [State.FAILED, State.CANCELLED], "ended_at"), name="jobs_job_over_has_end"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Where its owner follows it."""
        return reverse("jobs:job", args=[self.reference])

    def is_fetchable(self, now: datetime) -> bool:
        """Ready, and not past its hour: the sweep that destroys results may be late."""
        return self.state == State.DONE and self.expires_at is not None and now < self.expires_at

    @property
    def is_open(self) -> bool:
        """Waiting or in progress: the page follows by itself and offers to cancel."""
        return self.state in (State.QUEUED, State.RUNNING)
