"""What the Board decides about the system: settings within the policy's limits, and the decision to go live."""

from functools import partial

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.references import new_reference


class Setting(models.Model):
    """One value proposed by one person and confirmed by another; the newest that is valid counts (requirements §2.1)."""

    reference = models.CharField(max_length=20, unique=True, editable=False, default=partial(new_reference, "B"))
    key = models.CharField(max_length=60)
    value = models.JSONField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField(_("valid from"))

    class Meta:
        db_table = "people_setting"
        ordering = ["key", "-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(Q(approved_by__isnull=False), ~Q(approved_by=F("proposed_by"))),
                name="setting_two_people",
            ),
        ]
        indexes = [models.Index(fields=["key", "-valid_from"], condition=Q(approved_at__isnull=False), name="setting_in_force")]

    def __str__(self) -> str:
        return self.key


class BoardDecision(models.Model):
    """A dated decision of the Board without which production refuses to start (R-90)."""

    DPIA = "dpia"

    subject = models.CharField(max_length=20, choices=[(DPIA, _("Data protection impact assessment"))])
    number = models.CharField(_("number of the decision"), max_length=60)
    decided_on = models.DateField(_("date of the decision"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "people_boarddecision"

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"
