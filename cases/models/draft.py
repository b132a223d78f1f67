"""A report that is still being written: sealed, and seen by its author only."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.fields import SealedJSONField, SealedTextField
from common.retention import RetentionClass


class ReportDraft(models.Model):
    """Saved on the server at each step, never on the device; blanked once it is sent or discarded (R-80, stack.md section 8).

    `aware_from` is copied out of the answers because the author's own 24 hours count from it.
    """

    retention = RetentionClass.CHILD_FILE

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    answers = SealedJSONField(default=dict, blank=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    aware_from = models.DateTimeField(null=True)
    report = models.ForeignKey("cases.Report", on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    discard_reason = SealedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sent_at__isnull=True) | Q(report__isnull=False), name="draft_sent_as_a_report"),
        ]
        indexes = [
            models.Index(fields=["author", "-updated_at"], condition=Q(sent_at=None, discarded_at=None), name="draft_open_by_author"),
        ]

    @property
    def is_open(self) -> bool:
        """Neither sent nor discarded."""
        return self.sent_at is None and self.discarded_at is None
