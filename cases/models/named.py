"""The children and people a report names, with sealed details, and the keyed words by which they are found again."""

from django.db import models

from cases.choices import Sex, Tie, YesNoUnknown
from cases.models.report import Report
from common.fields import SealedJSONField, SealedTextField
from common.retention import RetentionClass


class AffectedChild(models.Model):
    """The child believed harmed or at risk; may be unnamed.

    The link to the register is visible from here alone: no reverse accessor tells of it on `people.Child`.
    """

    retention = RetentionClass.CHILD_FILE

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField(default=1)
    name = SealedTextField(default="", blank=True)
    born_on = SealedTextField(default="", blank=True)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.UNKNOWN)
    safe_now = models.CharField(max_length=10, choices=YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    details = SealedJSONField(default=dict, blank=True)
    child = models.ForeignKey("people.Child", on_delete=models.PROTECT, null=True, related_name="+")


class AllegedPerson(models.Model):
    """The person alleged to have caused harm; may be a child, may be unnamed (R-25)."""

    retention = RetentionClass.ADULT_ALLEGATION

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="alleged_people")
    position = models.PositiveSmallIntegerField(default=1)
    name = SealedTextField(default="", blank=True)
    tie = models.CharField(max_length=12, choices=Tie, default=Tie.UNKNOWN)
    is_child = models.CharField(max_length=10, choices=YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    still_has_access = models.CharField(max_length=10, choices=YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    details = SealedJSONField(default=dict, blank=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")


class SearchToken(models.Model):
    """A keyed 16-byte hash of one folded name word, spelling key or birth year: names are searched without being readable."""

    retention = RetentionClass.CHILD_FILE

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    token = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint("token", "report", name="search_token_once")]
