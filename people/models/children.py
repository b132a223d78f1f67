"""The register of children in activities; nothing here ever tells of a case (architecture.md, "Children")."""

from datetime import date
from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.references import new_reference
from common.retention import RetentionClass
from people.models.persons import Named, Person, eighteenth_birthday


class Sex(models.TextChoices):
    """As told; "unknown" is an answer."""

    GIRL = "girl", _("Girl")
    BOY = "boy", _("Boy")
    UNKNOWN = "unknown", _("Not known")


class Child(Named):
    """A child in an activity. Date of birth exact, only the year estimated, or unknown, which counts as a child (R-23)."""

    retention = RetentionClass.CONSENT

    code = models.CharField(_("code"), max_length=20, unique=True, editable=False, default=partial(new_reference, "C"))
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    estimated_year = models.PositiveSmallIntegerField(_("estimated year of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)

    history = HistoricalRecords()

    class Meta:
        db_table = "people_child"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(born_on__isnull=True) | Q(estimated_year__isnull=True), name="child_birth_exact_or_estimated"
            ),
            models.CheckConstraint(condition=Q(sex__in=sorted(Sex.values)), name="child_sex_known"),
        ]

    def is_child(self, on: date) -> bool:
        """Under eighteen on that day, in Tirana; in doubt, yes."""
        if self.born_on:
            return on < eighteenth_birthday(self.born_on)
        return self.estimated_year is None or on.year - self.estimated_year <= 18


class Tie(models.TextChoices):
    """What the guardian is to the child."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    LEGAL_GUARDIAN = "legal_guardian", _("Legal guardian")
    CARER = "carer", _("Carer")
    INSTITUTION = "institution", _("Institution or authority")


class Guardian(models.Model):
    """Parent or carer with responsibility for a child."""

    retention = RetentionClass.CONSENT

    child = models.ForeignKey(Child, models.PROTECT, related_name="guardians")
    person = models.ForeignKey(Person, models.PROTECT, related_name="guardian_of")
    tie = models.CharField(_("tie"), max_length=20, choices=Tie.choices)

    history = HistoricalRecords()

    class Meta:
        db_table = "people_guardian"
        constraints = [
            models.UniqueConstraint(fields=["child", "person"], name="guardian_once"),
            models.CheckConstraint(condition=Q(tie__in=sorted(Tie.values)), name="guardian_tie_known"),
        ]

    def __str__(self) -> str:
        return self.get_tie_display()
