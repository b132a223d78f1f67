"""Anyone on the register, their dated ties to ASET, and their ties to one another."""

from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.folding import fold, sort_key
from common.references import new_reference
from common.retention import RetentionClass


class Named(models.Model):
    """A full name with its folded form for search and its Albanian sort key, kept in step by save()."""

    full_name = models.CharField(_("full name"), max_length=200)
    folded = models.CharField(max_length=250, editable=False, db_index=True)
    sort_key = models.CharField(max_length=500, editable=False, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: object, **kwargs: object) -> None:
        """Every way of saving a name goes through here, or search would not find the person."""
        self.full_name = " ".join(self.full_name.split())
        self.folded, self.sort_key = fold(self.full_name), sort_key(self.full_name)[:500]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Person(Named):
    """Anyone on the register: with or without an account, with any number of affiliations (R-03)."""

    retention = RetentionClass.AFFILIATION

    reference = models.CharField(max_length=20, unique=True, editable=False, default=partial(new_reference, "P"))
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    history = HistoricalRecords()

    class Meta:
        db_table = "people_person"
        ordering = ["sort_key", "pk"]


class AffiliationKind(models.TextChoices):
    """The policy's list of everyone it binds (§2, §6 PR), with contractor and visitor (R-03, A-11)."""

    BOARD = "board", _("Board")
    STAFF = "staff", _("Staff")
    VOLUNTEER = "volunteer", _("Volunteer")
    INTERN = "intern", _("Intern")
    TRAINEE = "trainee", _("Trainee")
    CONSULTANT = "consultant", _("Consultant")
    DONOR = "donor", _("Donor")
    JOURNALIST = "journalist", _("Journalist")
    AMBASSADOR = "ambassador", _("Ambassador")
    PARTNER_STAFF = "partner_staff", _("Partner staff")
    PARTNER_REPRESENTATIVE = "partner_representative", _("Partner representative")
    CONTRACTOR = "contractor", _("Contractor")
    VISITOR = "visitor", _("Visitor")


class ContactLevel(models.TextChoices):
    """How close the person comes to children; obligations follow from kind and level (R-03)."""

    NONE = "none", _("No contact with children")
    SUPERVISED = "supervised", _("Contact, always with another adult")
    UNSUPERVISED = "unsupervised", _("Contact, sometimes alone")
    DATA = "data", _("Access to data or images of children")


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Ties by the instant of asking: nothing marks a row as ended, the clock does (R-95)."""

    def active(self, at: datetime) -> "AffiliationQuerySet":
        """In force at that instant."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)


class Affiliation(models.Model):
    """A dated tie of a person to ASET; from/until are instants, read when asked."""

    retention = RetentionClass.AFFILIATION

    reference = models.CharField(max_length=20, unique=True, editable=False, default=partial(new_reference, "T"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="affiliations")
    kind = models.CharField(_("kind of tie"), max_length=30, choices=AffiliationKind.choices)
    contact_level = models.CharField(_("contact with children"), max_length=20, choices=ContactLevel.choices)
    line_manager = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="manages", verbose_name=_("line manager"))
    partner = models.ForeignKey(
        "people.Partner", models.PROTECT, null=True, blank=True, related_name="affiliations", verbose_name=_("partner")
    )
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        db_table = "people_affiliation"
        ordering = ["-from_at"]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="affiliation_ends_later"),
            models.CheckConstraint(condition=Q(kind__in=sorted(AffiliationKind.values)), name="affiliation_kind_known"),
            models.CheckConstraint(condition=Q(contact_level__in=sorted(ContactLevel.values)), name="affiliation_contact_known"),
            models.CheckConstraint(
                condition=Q(line_manager__isnull=True) | ~Q(line_manager=F("person")), name="affiliation_not_own_manager"
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "partner"],
                condition=Q(until_at__isnull=True),
                nulls_distinct=False,
                name="affiliation_one_open_of_a_kind",
                violation_error_message=_("This person already has an open tie of this kind."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def is_active(self, at: datetime) -> bool:
        """In force at that instant."""
        return self.from_at <= at and (self.until_at is None or self.until_at > at)


class RelationKind(models.TextChoices):
    """What A is to B; any of them makes a conflict of interest (R-75)."""

    SPOUSE = "spouse", _("Husband, wife or partner")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Son or daughter")
    SIBLING = "sibling", _("Brother or sister")
    OTHER_RELATIVE = "other_relative", _("Other relative")
    HOUSEHOLD = "household", _("Lives in the same home")
    CLOSE_FRIEND = "close_friend", _("Close friend")


class PersonRelation(models.Model):
    """A declared tie between two persons on the register: whoever is close to someone named must not decide (R-75)."""

    retention = RetentionClass.AFFILIATION

    a = models.ForeignKey(Person, models.PROTECT, related_name="relations_from")
    b = models.ForeignKey(Person, models.PROTECT, related_name="relations_to")
    kind = models.CharField(max_length=20, choices=RelationKind.choices)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        db_table = "people_personrelation"
        constraints = [
            models.CheckConstraint(condition=~Q(a=F("b")), name="relation_not_to_oneself"),
            models.CheckConstraint(condition=Q(kind__in=sorted(RelationKind.values)), name="relation_kind_known"),
            models.UniqueConstraint(fields=["a", "b", "kind"], condition=Q(until_at__isnull=True), name="relation_declared_once"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Partner(Named):
    """An organisation ASET works with or through (R-18)."""

    retention = RetentionClass.AFFILIATION

    country = models.ForeignKey("people.Country", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country"))
    municipality = models.ForeignKey(
        "people.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    focal_point = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("focal point"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    history = HistoricalRecords()

    class Meta:
        db_table = "people_partner"
        ordering = ["sort_key", "pk"]


def eighteenth_birthday(born_on: date) -> date:
    """The day childhood ends; someone born on 29 February is a child until 1 March (the safer reading)."""
    try:
        return born_on.replace(year=born_on.year + 18)
    except ValueError:
        return date(born_on.year + 18, 3, 1)
