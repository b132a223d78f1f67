"""What sign-in keeps: words typed into a page whose session ended, and changes of credentials that wait for a second person."""

from functools import partial

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.fields import SealedJSONField, SealedTextField
from common.references import new_reference
from common.retention import RetentionClass


class SealedPage(models.Model):
    """The fields of one form, kept for the one who typed them until they come back, a day at most."""

    retention = RetentionClass.OPERATIONAL

    reference = models.CharField(max_length=20, unique=True, editable=False, default=partial(new_reference, "W"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    path = models.CharField(max_length=500)
    fields = SealedJSONField()
    files_lost = models.BooleanField(default=False)
    by_script = models.BooleanField(default=False)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "people_sealedpage"
        constraints = [models.UniqueConstraint(fields=["user", "path"], condition=Q(by_script=True), name="sealedpage_one_draft_a_page")]
        indexes = [models.Index(fields=["user", "-kept_at"], name="sealedpage_of_user")]

    def __str__(self) -> str:
        return self.reference


class ChangeKind(models.TextChoices):
    """What proves who someone is."""

    PASSWORD = "password", _("Password")
    LOGIN_NAME = "login_name", _("Login name")
    SECOND_FACTOR = "second_factor", _("Second factor")


class CredentialChange(models.Model):
    """A change of password, login or second factor of a case-post holder, in force once another person approves it."""

    retention = RetentionClass.AFFILIATION

    reference = models.CharField(max_length=20, unique=True, editable=False, default=partial(new_reference, "K"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="credential_changes")
    kind = models.CharField(max_length=20, choices=ChangeKind.choices)
    new_value = SealedTextField(blank=True, default="")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_credentialchange"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=sorted(ChangeKind.values)), name="credentialchange_kind_known"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(Q(approved_by__isnull=False), ~Q(approved_by=F("requested_by")), ~Q(approved_by=F("user"))),
                name="credentialchange_two_people",
            ),
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(approved_at__isnull=True, declined_at__isnull=True),
                name="credentialchange_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
