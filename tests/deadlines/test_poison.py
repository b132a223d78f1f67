"""One row that cannot be fired holds nobody else up, is tried for ever, and is said aloud (deadlines.md, flow 2)."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from deadlines.models import Alarm, Deadline, Notice
from deadlines.sweeping import sweep
from people import roles
from tests.factories.people import a_user
from tests.faults.seeding import FIRST, overdue

POISON = """
CREATE FUNCTION choke() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.row_pk = {row_pk} THEN RAISE EXCEPTION 'indigestible'; END IF; RETURN NEW; END $$;
CREATE TRIGGER choke BEFORE INSERT ON deadlines_notice FOR EACH ROW EXECUTE FUNCTION choke()
"""


def test_a_poison_row_among_a_thousand_is_backed_off_and_the_others_fire_in_the_same_sweep(committed_db: Any) -> None:
    a_user(roles.CPO)
    admin = a_user(roles.TECHNICAL_ADMIN)
    committed_db.as_owner(POISON.format(row_pk=FIRST + 333))
    overdue(1000, audience=(roles.CPO,))

    result = sweep("test")

    assert (result.fired, result.poisoned) == (999, 1)
    poison = Deadline.objects.get(state="pending")
    assert (poison.row_pk, poison.attempts) == (FIRST + 333, 1)
    assert timedelta(0) < poison.fire_at - timezone.now() < timedelta(minutes=11)
    assert poison.due_at < timezone.now()
    assert Alarm.objects.get(closed_at=None).kind == "deadline_cannot_fire"
    assert Notice.objects.filter(user=admin).exists()

    committed_db.as_owner("DROP TRIGGER choke ON deadlines_notice")
    assert sweep("test", now=poison.fire_at).fired == 1
