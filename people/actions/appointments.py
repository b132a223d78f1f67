"""Appointments: proposed by one, approved by another, and from then on in the engine's list of post holders."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.recording import record
from deadlines.actions import fill_post, leave_post
from deadlines.posts import Post
from deadlines.queries import holders_at
from deadlines.telling import notify
from files.models import StoredFile
from people import roles
from people.actions.refusals import Refused, refuse_clash, refuse_decided, refuse_same, refuse_self
from people.clocks import POST_EMPTY
from people.hooks import tell_ties
from people.models import Appointment, User
from people.permissions import forget_roles


@transaction.atomic
def propose_appointment(
    *,
    post: str,
    user: User | None,
    by: User,
    from_at: datetime,
    now: datetime,
    until_at: datetime | None = None,
    act_number: str = "",
    act_on: date | None = None,
    act_file: StoredFile | None = None,
) -> Appointment:
    """Write the proposal; without a user it says "vacant by Board decision until". Raises Refused in words for people."""
    refuse_self(user, by)
    if user is None and until_at is None:
        raise Refused(_("Say until when the post stays vacant."))
    if post == roles.CPO and user is not None and not act_number.strip():
        raise Refused(_("The child protection officer is appointed by an act. Give its number."))
    if until_at is not None and until_at <= from_at:
        raise Refused(_("The end must be after the start."))
    if user is not None:
        refuse_clash(user, post, from_at)
    appointment = Appointment.objects.create(
        post=post,
        user=user,
        vacant=user is None,
        act_number=act_number.strip(),
        act_on=act_on,
        act_file=act_file,
        from_at=from_at,
        until_at=until_at,
        proposed_by=by,
        proposed_at=now,
    )
    record("appointment.proposed", appointment, by=by, post=post)
    return appointment


@transaction.atomic
def approve_appointment(appointment: Appointment, *, by: User, now: datetime) -> Appointment:
    """The second person: the predecessor ends where the new holder begins, and the engine knows in the same transaction.

    An approval that comes late begins now: nobody held a post before it was approved.
    """
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    refuse_decided(appointment.is_open)
    refuse_same(appointment.proposed_by_id, by)
    refuse_self(appointment.user, by)
    appointment.from_at = max(appointment.from_at, now)
    if appointment.until_at is not None and appointment.until_at <= appointment.from_at:
        raise Refused(_("This proposal has run out. Make a new one."))
    if appointment.user is not None:
        refuse_clash(appointment.user, appointment.post, appointment.from_at)
    appointment.approved_by, appointment.approved_at = by, now
    if appointment.post in roles.SINGLE_POSTS:
        _end_predecessors(appointment, by=by, now=now)
    _take_up(appointment)
    tell_ties(at=appointment.from_at)
    record("appointment.approved", appointment, by=by, post=appointment.post)
    return appointment


def _take_up(appointment: Appointment) -> None:
    try:
        with transaction.atomic():
            appointment.save()
            fill_post(appointment.post, appointment.user, from_at=appointment.from_at, until_at=appointment.until_at)
    except IntegrityError as error:
        raise Refused(_("This post is already filled for part of that time.")) from error
    if appointment.user is not None:
        forget_roles(appointment.user)


def _end_predecessors(appointment: Appointment, *, by: User, now: datetime) -> None:
    current = Appointment.objects.select_for_update().active(appointment.from_at).filter(post=appointment.post)
    for before in current.exclude(pk=appointment.pk):
        _close(before, by=by, at=appointment.from_at, now=now)


@transaction.atomic
def decline_appointment(appointment: Appointment, *, by: User, now: datetime, reason: str = "") -> Appointment:
    """The proposal is off; it stays on file."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    refuse_decided(appointment.is_open)
    appointment.declined_by, appointment.declined_at = by, now
    appointment.save()
    record("appointment.declined", appointment, by=by, reason=reason, post=appointment.post)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, by: User | None, at: datetime, now: datetime) -> Appointment:
    """The holder leaves the post at that instant; a case post left empty is a red alert to those who remain (R-72, R-95)."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if not appointment.approved_at or (appointment.until_at and appointment.until_at <= at):
        raise Refused(_("This appointment has ended already."))
    _close(appointment, by=by, at=max(at, now), now=now)
    if appointment.post in roles.CASE_POSTS and not holders_at(at).filter(post=appointment.post).exists():
        notify(appointment, POST_EMPTY, posts=[Post.DEPUTY, Post.BOARD_LEAD, Post.ALTERNATE], duty="appoint", now=now)
    return appointment


def _close(appointment: Appointment, *, by: User | None, at: datetime, now: datetime) -> None:
    """Ends the row and the engine's; a holder who never began simply never holds it."""
    leave_post(appointment.post, appointment.user, at=at)
    appointment.until_at = at if at > appointment.from_at else appointment.until_at
    appointment.ended_by, appointment.ended_at = by, now
    appointment.save()
    if appointment.user is not None:
        forget_roles(appointment.user)
    record("appointment.ended", appointment, by=by, post=appointment.post, at=at)
