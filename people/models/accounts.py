"""Accounts and the roles given to them."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.references import new_reference
from common.retention import RetentionClass
from deadlines.models import TsTzRange
from people import roles
from people.login_names import normalise
from people.models.persons import Person, eighteenth_birthday


class UserManager(BaseUserManager["User"]):
    """Makes ordinary accounts; there is no way to make a superuser."""

    def create_user(self, login_name: str, password: str | None = None, **fields: Any) -> "User":
        """An account; without a password it cannot sign in until one is set."""
        user = self.model(login_name=normalise(login_name), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """However the login name was typed."""
        return self.get(login_name=normalise(username or ""))

    def by_login_name(self, typed: str) -> "User | None":
        """The account of a login name in any spelling."""
        return self.filter(login_name=normalise(typed)).first()


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Login name: e-mail, phone number, or a name given by the people officer. Deactivated, never deleted."""

    retention = RetentionClass.AFFILIATION

    reference = models.CharField(max_length=20, unique=True, editable=False, default=partial(new_reference, "U"))
    login_name = models.CharField(_("login name"), max_length=254, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=[("sq", _("Albanian")), ("en", _("English"))], default="sq")
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="user")
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    mail_reports = models.BooleanField(_("mail about my own reports"), default=False)
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login", "session_epoch"])

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        db_table = "people_user"
        ordering = ["login_name"]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["en", "sq"]), name="user_language_known"),
            models.CheckConstraint(condition=~Q(login_name=""), name="user_login_name_given"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The login name is stored in its one spelling."""
        self.login_name = normalise(self.login_name)
        super().save(*args, **kwargs)

    @property
    def is_staff(self) -> bool:
        """Nobody signs in to Django's admin."""
        return False

    @property
    def username(self) -> str:
        """What libraries that expect Django's own user ask for."""
        return self.login_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with the password, or when the epoch is raised (`actions.end_sessions`)."""
        key_salt = "people.models.User.session"
        return salted_hmac(key_salt, f"{self.session_epoch}|{self.password}", secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The person's name, or the login name of an account without a person."""
        return self.person.full_name if self.person else self.login_name

    def get_short_name(self) -> str:
        """The first name."""
        return self.get_full_name().split(" ")[0]

    def is_minor(self, on: date) -> bool:
        """Known to be under eighteen on that day: no clock runs for such a reporter (A-06)."""
        born_on = self.born_on or (self.person.born_on if self.person else None)
        return born_on is not None and on < eighteenth_birthday(born_on)


class Held(models.Model):
    """Something held from one instant to another, decided by two people (R-88)."""

    reference = models.CharField(max_length=20, unique=True, editable=False, default=partial(new_reference, "A"))
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    at_setup = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def is_active(self, at: datetime) -> bool:
        """Approved and in force at that instant."""
        return self.approved_at is not None and self.from_at <= at and (self.until_at is None or self.until_at > at)

    @property
    def is_open(self) -> bool:
        """Proposed, and nobody has decided yet."""
        return self.approved_at is None and self.declined_at is None


class HeldQuerySet(models.QuerySet[Any]):
    """Sets of proposals and of what is in force."""

    def active(self, at: datetime) -> "HeldQuerySet":
        """Approved and in force at that instant."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), approved_at__isnull=False, from_at__lte=at)

    def waiting(self) -> "HeldQuerySet":
        """Proposed, and nobody has decided yet."""
        return self.filter(approved_at__isnull=True, declined_at__isnull=True)


def _in(field: str, values: Iterable[str]) -> Q:
    return Q(**{f"{field}__in": sorted(values)})


class RoleAssignment(Held):
    """A role given to an account; nobody gives one to themselves, and those that read cases need two people."""

    retention = RetentionClass.AFFILIATION

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_assignments")
    role = models.CharField(_("role"), max_length=30, choices=list(roles.GIVEN_ROLES.items()))

    objects = HeldQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        db_table = "people_roleassignment"
        constraints = [
            models.CheckConstraint(condition=_in("role", roles.GIVEN_ROLES), name="roleassignment_role_known"),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="roleassignment_ends_later"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(at_setup=True)
                | Q(Q(proposed_by__isnull=False), Q(approved_by__isnull=False), ~Q(approved_by=F("user")), ~Q(proposed_by=F("user"))),
                name="roleassignment_never_to_oneself",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(at_setup=True)
                | ~_in("role", roles.TWO_PERSON_ROLES)
                | ~Q(approved_by=F("proposed_by")),
                name="roleassignment_two_people",
            ),
            ExclusionConstraint(
                name="roleassignment_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (TsTzRange("from_at", "until_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(roles.LABELS[self.role])
