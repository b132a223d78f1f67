"""Dated appointments to the posts of the policy (R-72, A-01, A-05)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.retention import RetentionClass
from deadlines.models import TsTzRange
from people import roles
from people.models.accounts import Held, HeldQuerySet


class Appointment(Held):
    """Who holds a post by which act, or that it is vacant by decision of the Board until a date.

    One person proposes, another approves, and neither is the appointee; approval writes the engine's PostHolder in the same
    transaction. Of two active holders of a single post the database refuses the second.
    """

    retention = RetentionClass.AFFILIATION

    post = models.CharField(_("post"), max_length=30, choices=list(roles.POSTS.items()))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="appointments")
    vacant = models.BooleanField(_("vacant by Board decision"), default=False)
    act_number = models.CharField(_("number of the act"), max_length=60, blank=True)
    act_on = models.DateField(_("date of the act"), null=True, blank=True)
    act_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file of the act")
    )
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = HeldQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        db_table = "people_appointment"
        ordering = ["post", "-from_at"]
        constraints = [
            models.CheckConstraint(condition=Q(post__in=sorted(roles.POSTS)), name="appointment_post_known"),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="appointment_ends_later"),
            models.CheckConstraint(
                condition=Q(vacant=True, user__isnull=True, until_at__isnull=False) | Q(vacant=False, user__isnull=False),
                name="appointment_holder_or_vacant",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(at_setup=True)
                | Q(Q(proposed_by__isnull=False), Q(approved_by__isnull=False), ~Q(approved_by=F("proposed_by"))),
                name="appointment_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(user__isnull=True) | ~Q(approved_by=F("user")),
                name="appointment_not_by_appointee",
            ),
            models.CheckConstraint(
                condition=~Q(post=roles.CPO) | Q(vacant=True) | ~Q(act_number=""),
                name="appointment_officer_by_act",
            ),
            ExclusionConstraint(
                name="appointment_one_holder",
                expressions=[("post", RangeOperators.EQUAL), (TsTzRange("from_at", "until_at"), RangeOperators.OVERLAPS)],
                condition=Q(approved_at__isnull=False, post__in=sorted(roles.SINGLE_POSTS)),
            ),
            ExclusionConstraint(
                name="appointment_once_per_person",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (TsTzRange("from_at", "until_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(roles.POSTS[self.post])
