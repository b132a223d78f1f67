"""What is known of a stored file; its content lies sealed under settings.FILES_DIR."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from common.fields import SealedTextField
from common.references import REFERENCE_LENGTH, new_reference
from common.retention import RetentionClass


def _reference() -> str:
    return new_reference("F")


class StoredFile(models.Model):
    """One file. It has no access rule of its own: whoever links to it decides who reads it.

    `sha256` and `size` are of the plain content. After destruction the row stays as a stub
    without name or place.
    """

    reference = models.CharField(max_length=REFERENCE_LENGTH, unique=True, default=_reference, editable=False)
    sha256 = models.BinaryField(max_length=32)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    name = SealedTextField(max_length=255, null=True)
    place = models.CharField(max_length=80, unique=True, null=True)
    stored_at = models.DateTimeField(db_default=Now())
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    destroyed_at = models.DateTimeField(null=True)

    retention = RetentionClass.CHILD_FILE

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="files_size_positive"),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, place__isnull=False, name__isnull=False)
                | Q(destroyed_at__isnull=False, place__isnull=True, name__isnull=True),
                name="files_destroyed_is_a_stub",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
