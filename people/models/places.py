"""Where ASET works and on what: countries, Albania's municipalities, themes."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.folding import sort_key


class Reference(models.Model):
    """A reference row has both languages and a stored Albanian sort key."""

    name_sq = models.CharField(_("name in Albanian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    sort_key = models.CharField(max_length=300, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """The sort key follows the Albanian name."""
        self.sort_key = sort_key(self.name_sq)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_en if (get_language() or "sq").startswith("en") else self.name_sq


class Country(Reference):
    """A country ASET works in, directly or through partners; it selects the referral directory (R-30)."""

    code = models.CharField(_("code"), max_length=2, unique=True)

    class Meta(Reference.Meta):
        db_table = "people_country"


class Municipality(Reference):
    """One of Albania's 61 municipalities; its child protection unit is where a referral goes."""

    county = models.CharField(_("county"), max_length=40)
    country = models.ForeignKey(Country, models.PROTECT, related_name="municipalities")

    class Meta(Reference.Meta):
        db_table = "people_municipality"
        constraints = [models.UniqueConstraint(fields=["country", "name_sq"], name="municipality_once")]


class Theme(Reference):
    """A field of work from the policy's mission (R-15)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)

    class Meta(Reference.Meta):
        db_table = "people_theme"
