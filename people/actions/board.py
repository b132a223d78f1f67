"""Settings of the Board: proposed by one, confirmed by another, never looser than the policy (requirements §2.1)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.recording import record
from people import board
from people.actions.refusals import Refused, refuse_decided, refuse_same
from people.models import Setting, User


@transaction.atomic
def propose_setting(*, key: str, value: Any, by: User, now: datetime, valid_from: datetime | None = None) -> Setting:
    """Write the proposal; raises Refused with the policy's limit if the value is looser."""
    try:
        checked = board.checked(key, value)
    except board.TooLoose as error:
        raise Refused(str(error)) from error
    setting = Setting.objects.create(key=key, value=checked, proposed_by=by, proposed_at=now, valid_from=valid_from or now)
    record("setting.proposed", setting, by=by, key=key)
    return setting


@transaction.atomic
def approve_setting(setting: Setting, *, by: User, now: datetime) -> Setting:
    """In force from its day, or from now if that day has passed: the past is not rewritten."""
    setting = Setting.objects.select_for_update().get(pk=setting.pk)
    refuse_decided(setting.approved_at is None and setting.declined_at is None)
    refuse_same(setting.proposed_by_id, by)
    setting.value = _still_within_limits(setting)
    setting.approved_by, setting.approved_at, setting.valid_from = by, now, max(setting.valid_from, now)
    setting.save()
    record("setting.approved", setting, by=by, key=setting.key)
    return setting


def _still_within_limits(setting: Setting) -> Any:
    try:
        return board.checked(setting.key, setting.value)
    except board.TooLoose as error:
        raise Refused(str(error)) from error


@transaction.atomic
def decline_setting(setting: Setting, *, by: User, now: datetime) -> Setting:
    """The proposal is off; it stays on file."""
    setting = Setting.objects.select_for_update().get(pk=setting.pk)
    refuse_decided(setting.approved_at is None and setting.declined_at is None)
    setting.declined_by, setting.declined_at = by, now
    setting.save()
    record("setting.declined", setting, by=by, key=setting.key)
    return setting
