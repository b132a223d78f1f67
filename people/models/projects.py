"""The project register: cases, consent and training refer to a project long before it has an assessment."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.retention import RetentionClass


class Project(models.Model):
    """A register entry: what, where, who, when; everything else about it belongs to the risk assessment."""

    retention = RetentionClass.AFFILIATION

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_sq = models.CharField(_("name in Albanian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    themes = models.ManyToManyField("people.Theme", related_name="projects", verbose_name=_("themes"))
    country = models.ForeignKey("people.Country", models.PROTECT, related_name="+", verbose_name=_("country"))
    municipality = models.ForeignKey(
        "people.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    lead = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("project lead"))
    team = models.ManyToManyField("people.Person", blank=True, related_name="projects", verbose_name=_("team"))
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    history = HistoricalRecords(m2m_fields=[themes, team])

    class Meta:
        db_table = "people_project"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="project_ends_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_en if (get_language() or "sq").startswith("en") else self.name_sq
