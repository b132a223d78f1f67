"""A night handed from the Director to the deputy."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from common.references import new_reference
from common.retention import RetentionClass


class Cover(models.Model):
    """The Director asks, the deputy confirms; from then until morning what is open and what comes in is the deputy's too."""

    retention = RetentionClass.AUDIT

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    history: Any = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("asked_at")), name="cover_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(asked_of=F("asked_by")), name="cover_by_another"),
            models.UniqueConstraint("asked_of", condition=Q(ended_at=None), name="cover_one_at_a_time"),
        ]
