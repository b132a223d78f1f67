"""Accounts and what proves who someone is; for case-post holders nothing of it changes without a second person."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import record
from deadlines.posts import Post
from deadlines.telling import notify
from people.actions.refusals import Refused, refuse_decided, refuse_same, refuse_self
from people.clocks import APPROVAL_WANTED, CREDENTIALS_CHANGED
from people.hooks import tell_ties
from people.login_names import normalise
from people.models import ChangeKind, CredentialChange, Person, User
from people.permissions import holds_case_post, is_pure_reporter


@transaction.atomic
def open_account(person: Person, *, login_name: str, password: str, by: User | None, language: str = "sq") -> User:
    """An account with a first password that must be changed at the first sign-in."""
    if User.objects.by_login_name(login_name) is not None:
        raise Refused(_("This login name is taken."))
    user = User(login_name=login_name, person=person, language=language, email=person.email, phone=person.phone)
    user.must_change_password = True
    user.set_password(password)
    user.save()
    record("user.opened", user, by=by)
    tell_ties(at=timezone.now())
    return user


@transaction.atomic
def change_contact(user: User, *, by: User, **changed: Any) -> User:
    """E-mail, phone, language and whether mail about own reports is wanted; none of them proves who someone is."""
    for name, value in changed.items():
        setattr(user, name, value)
    user.save()
    record("user.contact_changed", user, by=by, fields=sorted(changed))
    return user


@transaction.atomic
def wake_account(user: User, *, by: User) -> User:
    """The account may sign in again: the outside person's sleeps until a case needs it (A-05)."""
    User.objects.select_for_update().filter(pk=user.pk).update(is_active=True)
    user.refresh_from_db()
    record("user.woken", user, by=by)
    return user


@transaction.atomic
def put_account_to_sleep(user: User, *, by: User) -> User:
    """Nobody signs in with it and every session ends; the posts and roles it holds stay as they are."""
    refuse_self(user, by)
    User.objects.select_for_update().filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    end_sessions(user, by=by)
    record("user.put_to_sleep", user, by=by)
    return user


@transaction.atomic
def end_sessions(user: User, *, by: User | None) -> None:
    """Every session of this account is over with its next request, on every device."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()
    record("user.sessions_ended", user, by=by)


@transaction.atomic
def request_credential_change(user: User, *, kind: str, by: User, now: datetime, new_value: str = "") -> CredentialChange | None:
    """Ask for a change; where no second person is needed it happens at once (None).

    `new_value` is a password as typed, or the new login name; a reset of the second factor needs none.
    """
    stored = _stored_form(user, kind, new_value)
    if not needs_second_person(user, by=by, now=now):
        refuse_self(user if kind == ChangeKind.SECOND_FACTOR else None, by)
        _apply(user, kind=kind, value=stored, by=by, now=now)
        return None
    try:
        with transaction.atomic():
            change = CredentialChange.objects.create(user=user, kind=kind, new_value=stored, requested_by=by, requested_at=now)
    except IntegrityError as error:
        raise Refused(_("Such a change is already waiting for a second person.")) from error
    record("credential.requested", change, by=by, credential=kind, user=user.pk)
    notify(change, APPROVAL_WANTED, posts=[Post.TECHNICAL_ADMIN, Post.BOARD_LEAD, Post.ALTERNATE], duty="decide", now=now)
    return change


def needs_second_person(user: User, *, by: User, now: datetime) -> bool:
    """Always for who receives reports; for anyone with a role if somebody else resets it, or one person could become another."""
    return holds_case_post(user, now) or (by.pk != user.pk and not is_pure_reporter(user, now))


def _stored_form(user: User, kind: str, new_value: str) -> str:
    if kind == ChangeKind.PASSWORD:
        return make_password(new_value)
    if kind == ChangeKind.SECOND_FACTOR:
        return ""
    login_name = normalise(new_value)
    if User.objects.filter(login_name=login_name).exclude(pk=user.pk).exists():
        raise Refused(_("This login name is taken."))
    return login_name


@transaction.atomic
def approve_credential_change(change: CredentialChange, *, by: User, now: datetime) -> CredentialChange:
    """The second person: it takes effect, all sessions end, and the owner hears of it on every channel."""
    change = CredentialChange.objects.select_for_update().select_related("user").get(pk=change.pk)
    refuse_decided(change.approved_at is None and change.declined_at is None)
    refuse_same(change.requested_by_id, by)
    refuse_self(change.user, by)
    asked_by_owner = change.requested_by_id == change.user_id
    _apply(change.user, kind=change.kind, value=change.new_value, by=by, now=now, temporary=not asked_by_owner)
    change.approved_by, change.approved_at, change.new_value = by, now, ""
    change.save()
    record("credential.approved", change, by=by, credential=change.kind, user=change.user_id)
    return change


@transaction.atomic
def decline_credential_change(change: CredentialChange, *, by: User, now: datetime) -> CredentialChange:
    """Nothing changes; the asked-for value is forgotten."""
    change = CredentialChange.objects.select_for_update().get(pk=change.pk)
    refuse_decided(change.approved_at is None and change.declined_at is None)
    change.declined_by, change.declined_at, change.new_value = by, now, ""
    change.save()
    record("credential.declined", change, by=by, credential=change.kind, user=change.user_id)
    return change


def _apply(user: User, *, kind: str, value: str, by: User, now: datetime, temporary: bool = True) -> None:
    user = User.objects.select_for_update().get(pk=user.pk)
    if kind == ChangeKind.PASSWORD:
        user.password, user.must_change_password = value, temporary and user.pk != by.pk
    elif kind == ChangeKind.LOGIN_NAME:
        user.login_name = value
    else:
        Authenticator.objects.filter(user=user).delete()
    _save_account(user)
    record("user.credential_changed", user, by=by, credential=kind)
    tell_owner(user, kind=kind, now=now)
    end_sessions(user, by=by)


def _save_account(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Refused(_("This login name is taken.")) from error


def tell_owner(user: User, *, kind: str, now: datetime) -> None:
    """By every channel there is; each change is told, so the instant is the episode."""
    notify(user, CREDENTIALS_CHANGED, users=[user], duty=kind, now=now, episode=int(now.timestamp()))
