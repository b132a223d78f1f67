"""Events, the sealed reasons beside them, and the seals that chain them (R-79).

Nothing here is ever updated. Event holds only ids, kinds and codes, so that the chain can
outlive every retention period; words live in EventText, outside the chain.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from common.fields import SealedTextField
from common.retention import RetentionClass

PAGE_VIEWED = "page.viewed"


class Event(models.Model):
    """One thing that somebody, or the system (no actor), did or read.

    `at` is the database's clock. `row_type` and `row_pk` link any row without a foreign
    key; `data` holds ids, kinds and codes; `reason_digest` proves the words in EventText.
    """

    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    row_type = models.CharField(max_length=80, default="")
    row_pk = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    reason_digest = models.BinaryField(max_length=32, default=b"")

    retention = RetentionClass.AUDIT

    class Meta:
        indexes = [
            models.Index(fields=["row_type", "row_pk", "id"], name="audit_event_row"),
            models.Index(fields=["actor", "id"], name="audit_event_actor"),
            models.Index(fields=["kind", "id"], name="audit_event_kind"),
            GinIndex(
                fields=["data"],
                name="audit_event_rows_seen",
                opclasses=["jsonb_path_ops"],
                condition=Q(kind=PAGE_VIEWED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(row_type="", row_pk__isnull=True) | (~Q(row_type="") & Q(row_pk__isnull=False)),
                name="audit_event_row_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_type}".strip()


class EventText(models.Model):
    """The reason somebody gave, sealed; blanked by retention while the event stays true."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="text")
    salt = models.BinaryField(max_length=16)
    reason = SealedTextField(null=True)

    retention = RetentionClass.AUDIT

    def __str__(self) -> str:
        return f"reason of event {self.event_id}"

    def is_genuine(self) -> bool:
        """Whether these are the words that were digested into the sealed event."""
        digest = digest_of(self.reason or "", bytes(self.salt))
        return hmac.compare_digest(digest, bytes(self.event.reason_digest))


class Seal(models.Model):
    """A link of the chain: hash = SHA-256(prev, seq, leaf), one for each event.

    UNIQUE seq and UNIQUE prev: two sealers cannot fork the chain, whatever goes wrong.
    """

    seq = models.BigIntegerField(unique=True)
    prev = models.BinaryField(max_length=32, unique=True)
    leaf = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    event = models.OneToOneField(Event, models.PROTECT, related_name="seal")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seq__gte=1), name="audit_seal_from_one")]

    def __str__(self) -> str:
        return f"seal {self.seq}"


class UnsealedEvent(models.Model):
    """The sealer's queue, filled by a trigger in the event's own transaction.

    A queue and not "events above the last id": ids commit out of order.
    """

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="+", db_constraint=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"unsealed event {self.event_id}"


def digest_of(reason: str, salt: bytes) -> bytes:
    """Salted, so that a short reason cannot be guessed from the event that outlives it."""
    return hashlib.sha256(salt + reason.encode()).digest()
