"""Deadlines, what fired, who was told, who holds which post and who must not learn that a row exists."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.retention import RetentionClass
from deadlines.posts import SHARED_POSTS, Post


class TsTzRange(Func):
    """tstzrange(from, until), open-ended when `until` is NULL."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class RowLink(models.Model):
    """A link to any row of any app: its model's label and its primary key, without a foreign key."""

    row_type = models.CharField(max_length=80)
    row_pk = models.BigIntegerField()

    class Meta:
        abstract = True


class DeadlineState(models.TextChoices):
    """A step waits, then exactly one of three things happens to it."""

    PENDING = "pending", _("waiting")
    FIRED = "fired", _("fired")
    MET = "met", _("met in time")
    VOID = "void", _("no longer needed")


class Deadline(RowLink):
    """One step of one ladder: something must happen by `due_at`, or its audience hears of it (R-31).

    `due_at` never moves; `fire_at` is what the sweep looks at and is NULL as soon as there is nothing left to do.
    A correction opens a new episode; fired steps stay.
    """

    retention = RetentionClass.AUDIT

    kind = models.CharField(max_length=60)
    episode = models.PositiveIntegerField(default=1)
    step = models.PositiveSmallIntegerField()
    from_at = models.DateTimeField()
    due_at = models.DateTimeField()
    fire_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=DeadlineState.choices, default=DeadlineState.PENDING)
    audience = ArrayField(models.CharField(max_length=40), default=list)
    audience_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    duty = models.CharField(max_length=60, blank=True, default="")
    outward = models.BooleanField(default=False)
    policy_version = models.CharField(max_length=40, blank=True, default="")
    satisfied_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row_type", "row_pk", "kind", "episode", "step"], name="deadline_one_per_step"),
            models.CheckConstraint(
                condition=Q(state="pending", fire_at__isnull=False) | (~Q(state="pending") & Q(fire_at__isnull=True)),
                name="deadline_pending_has_fire_at",
            ),
            models.CheckConstraint(condition=Q(state__in=DeadlineState.values), name="deadline_state_known"),
        ]
        indexes = [
            models.Index(fields=["fire_at"], condition=Q(fire_at__isnull=False), name="deadline_to_fire"),
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="deadline_pending_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} step {self.step}"


class Escalation(models.Model):
    """A step that fired: written once, in the same statement as its notices, and never changed."""

    deadline = models.OneToOneField(Deadline, models.PROTECT, related_name="escalation")
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    source = models.CharField(max_length=20)
    told = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"fired {self.fired_at:%Y-%m-%d %H:%M}"


class Channel(models.TextChoices):
    """Ways a notice takes."""

    INAPP = "inapp", _("in the application")
    MAIL = "mail", _("by e-mail")


class NoticeState(models.TextChoices):
    """In-app notices are sent when written; a mail waits in the outbox. `held` = perhaps delivered, a person must look."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED_PERM = "failed_perm", _("refused")
    HELD = "held", _("held")
    VOID = "void", _("no longer needed")


class Notice(RowLink):
    """One message to one person by one way; the unique key is the promise never to tell twice.

    It holds the kind of duty only. `message_id` is fixed here, so that a retransmission is recognisable as the same mail.
    """

    retention = RetentionClass.AUDIT

    reference = models.UUIDField(default=uuid.uuid4, db_default=Func(function="gen_random_uuid"), unique=True)
    kind = models.CharField(max_length=60)
    episode = models.PositiveIntegerField(default=1)
    step = models.PositiveSmallIntegerField(default=0)
    duty = models.CharField(max_length=60, blank=True, default="", db_default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    state = models.CharField(max_length=11, choices=NoticeState.choices)
    message_id = models.CharField(max_length=255, null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    delayed_since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    unwanted = models.BooleanField(default=False, db_default=False)
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    ambiguous = models.PositiveSmallIntegerField(default=0, db_default=0)
    in_flight = models.BooleanField(default=False, db_default=False)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row_type", "row_pk", "kind", "episode", "step", "user", "channel"], name="notice_never_twice"),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_known"),
            models.CheckConstraint(condition=Q(channel="inapp") | Q(message_id__isnull=False), name="notice_mail_has_message_id"),
            models.CheckConstraint(condition=~Q(state="queued") | Q(not_before__isnull=False), name="notice_queued_has_not_before"),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(state="queued"), name="notice_to_send"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="notice_leased"),
            models.Index(fields=["user", "-created_at", "-id"], condition=Q(channel="inapp"), name="notice_inbox"),
            models.Index(fields=["user", "created_at"], condition=Q(channel="inapp", seen_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"


class PostHolder(models.Model):
    """Who holds a post, from when until when; no user = vacant by decision of the Board, and ladders skip it silently.

    Written by `people` with every appointment and absence, through `actions.fill_post` and `actions.leave_post`. Of two holders of
    a single post the database refuses the second; of a row only `until_at` may change, and it goes only before it began.
    """

    retention = RetentionClass.AFFILIATION

    post = models.CharField(max_length=40, choices=Post.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="postholder_one_at_a_time",
                expressions=[("post", RangeOperators.EQUAL), (TsTzRange("from_at", "until_at"), RangeOperators.OVERLAPS)],
                condition=~Q(post__in=SHARED_POSTS),
            ),
            ExclusionConstraint(
                name="postholder_once_per_person",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (TsTzRange("from_at", "until_at"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="postholder_ends_later"),
            models.CheckConstraint(condition=Q(post__in=Post.values), name="postholder_post_known"),
        ]

    def __str__(self) -> str:
        return f"{self.post} from {self.from_at:%Y-%m-%d}"


class BarReason(models.TextChoices):
    """Why someone must not learn that a row exists (docs/architecture.md, "Barred")."""

    NAMED = "named", _("named in it")
    RELATIVE = "relative", _("close to someone named in it")
    REPORTS_TO = "reports_to", _("works under someone named in it")
    DECLARED = "declared", _("declared conflict of interest")
    CHOSEN = "chosen", _("the reporter does not want it")
    HELD = "held", _("held until decided")


class Barred(RowLink):
    """This user cannot learn that the row exists; written in the transaction that names, relates or declares (R-75)."""

    retention = RetentionClass.CHILD_FILE

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    reason_code = models.CharField(max_length=12, choices=BarReason.choices)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "row_type", "row_pk"], condition=Q(lifted_at__isnull=True), name="barred_once_while_active"
            ),
            models.CheckConstraint(condition=Q(reason_code__in=BarReason.values), name="barred_reason_known"),
        ]
        indexes = [models.Index(fields=["row_type", "row_pk"], name="barred_of_row")]

    def __str__(self) -> str:
        return f"barred since {self.since:%Y-%m-%d}"


class PostReach(RowLink):
    """A fired step, or a recorded cover, opened this row to that post from then on (docs/architecture.md, reach (b), (c))."""

    post = models.CharField(max_length=40, choices=Post.choices)
    since = models.DateTimeField()
    reason = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row_type", "row_pk", "post"], name="postreach_once"),
            models.CheckConstraint(condition=Q(post__in=Post.values), name="postreach_post_known"),
        ]
        indexes = [models.Index(fields=["post", "row_type", "row_pk"], name="postreach_by_post")]

    def __str__(self) -> str:
        return f"{self.post} since {self.since:%Y-%m-%d}"


class Heartbeat(models.Model):
    """The last time each trigger finished a sweep without error; one row a trigger."""

    source = models.CharField(max_length=20, primary_key=True)
    last_ok_at = models.DateTimeField(db_default=Now())
    oldest_overdue_at = models.DateTimeField(null=True)
    host = models.CharField(max_length=120, db_default="")

    def __str__(self) -> str:
        return self.source


class Alarm(models.Model):
    """Something in the machinery needs a person; one open row a kind. Holds codes only, never a row's details."""

    kind = models.CharField(max_length=80)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    detail = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind"], condition=Q(closed_at__isnull=True), name="alarm_one_open_per_kind")]

    def __str__(self) -> str:
        return self.kind
