"""The chain: whatever was changed, removed or slipped in is found and named (deadlines.md, faults 29 and 30)."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction

from audit.models import Event, Seal, UnsealedEvent
from audit.recording import record
from audit.sealing import Head, head, seal_pending, verify, waiting_too_long

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def chain(committed_db: Any) -> Any:
    """Six sealed events on a database of their own."""
    for number in range(6):
        record("test.happened", by=None, number=number, reason="why" if number % 2 else "")
    assert seal_pending() == 6
    assert verify() is None
    return committed_db


def tamper(database: Any, *statements: str) -> None:
    """What an attacker with the owner's rights can do: triggers off, change, triggers on."""
    tables = ("audit_event", "audit_seal", "audit_eventtext")
    off = "; ".join(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables)
    on = "; ".join(f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in tables)
    database.as_superuser("; ".join((off, *statements, on)))


def event_of(seq: int) -> int:
    return int(Seal.objects.get(seq=seq).event_id)


TABLES = ("audit_event", "audit_eventtext", "audit_seal")
CHANGES = ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")


def test_the_runtime_role_is_refused_every_change(chain: Any) -> None:
    for sql in (change.format(table) for table in TABLES for change in CHANGES):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied"):
            chain._run("aset_app", sql, ())


def test_the_owner_is_refused_by_the_triggers(chain: Any) -> None:
    for sql in (change.format(table) for table in TABLES for change in CHANGES):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"):
            chain.as_owner(sql)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'test.other'",
        "at = at + interval '1 microsecond'",
        "row_type = 'people.user', row_pk = 1",
        "data = '{\"number\": 99}'",
        "reason_digest = decode('00', 'hex')",
    ],
)
def test_a_changed_event_is_named(chain: Any, change: str) -> None:
    victim = event_of(4)

    tamper(chain, f"UPDATE audit_event SET {change} WHERE id = {victim}")

    broken = verify()
    assert broken is not None
    assert (broken.seq, broken.event_id) == (4, victim)
    assert "changed" in str(broken)


def test_the_first_of_several_is_named(chain: Any) -> None:
    tamper(chain, f"UPDATE audit_event SET kind = 'x.y' WHERE id IN ({event_of(5)}, {event_of(2)})")

    broken = verify()

    assert broken is not None
    assert broken.seq == 2


def test_a_removed_event_is_named(chain: Any) -> None:
    victim = event_of(3)

    tamper(chain, f"DELETE FROM audit_eventtext WHERE event_id = {victim}", f"DELETE FROM audit_event WHERE id = {victim}")

    broken = verify()
    assert broken is not None
    assert (broken.event_id, broken.why) == (victim, "the event was removed")


def test_an_event_removed_with_its_seal_leaves_a_gap_that_is_named(chain: Any) -> None:
    victim = event_of(3)

    tamper(
        chain,
        f"DELETE FROM audit_seal WHERE event_id = {victim}",
        f"DELETE FROM audit_eventtext WHERE event_id = {victim}",
        f"DELETE FROM audit_event WHERE id = {victim}",
    )

    broken = verify()
    assert broken is not None
    assert broken.seq == 3
    assert "seal 3 is missing" in broken.why


def test_a_gap_closed_by_renumbering_does_not_hide_it(chain: Any) -> None:
    victim = event_of(3)

    tamper(
        chain,
        f"DELETE FROM audit_seal WHERE event_id = {victim}",
        f"DELETE FROM audit_eventtext WHERE event_id = {victim}",
        f"DELETE FROM audit_event WHERE id = {victim}",
        "UPDATE audit_seal SET seq = seq + 100 WHERE seq > 3",
        "UPDATE audit_seal SET seq = seq - 101 WHERE seq > 100",
    )

    broken = verify()
    assert broken is not None
    assert (broken.seq, broken.why) == (3, "the seal does not follow the one before it")


def test_a_seal_that_was_changed_is_named(chain: Any) -> None:
    tamper(chain, "UPDATE audit_seal SET hash = sha256('x') WHERE seq = 6")

    broken = verify()

    assert broken is not None
    assert (broken.seq, broken.why) == (6, "the seal itself was changed")


def test_an_event_slipped_in_past_the_queue_is_named(chain: Any) -> None:
    tamper(chain, "INSERT INTO audit_event (kind, row_type, data, reason_digest) VALUES ('x.y', '', '{}', '')")
    slipped = Event.objects.latest("pk").pk

    broken = verify()

    assert broken is not None
    assert (broken.event_id, broken.why) == (slipped, "the event has lost its seal")


def test_taking_the_last_seals_off_is_noticed(chain: Any) -> None:
    victim = event_of(5)

    tamper(chain, "DELETE FROM audit_seal WHERE seq >= 5")

    broken = verify()
    assert broken is not None
    assert (broken.seq, broken.event_id) == (5, victim)


def test_a_chain_cut_off_with_its_events_is_noticed_by_whoever_noted_its_head(chain: Any) -> None:
    noted = head().hash
    tamper(
        chain, "DELETE FROM audit_seal WHERE seq = 6", "DELETE FROM audit_eventtext", f"DELETE FROM audit_event WHERE id = {event_of(6)}"
    )
    assert verify() is None

    broken = verify(anchor=noted)

    assert broken is not None
    assert "no longer in the chain" in broken.why


def test_a_chain_written_anew_is_noticed_by_whoever_noted_its_head(chain: Any) -> None:
    noted = head().hash
    tamper(chain, f"UPDATE audit_event SET kind = 'x.y' WHERE id = {event_of(1)}", "DELETE FROM audit_seal")
    chain.as_superuser("INSERT INTO audit_unsealedevent SELECT id, at FROM audit_event")
    seal_pending()
    assert verify() is None

    broken = verify(anchor=noted)

    assert broken is not None
    assert "written anew" in broken.why
    assert verify(anchor=head().hash) is None


def test_the_command_names_the_row_and_fails(chain: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit", anchor=f"{head().seq}:{head().hash}")
    call_command("verify_audit", anchor=bytes(Seal.objects.get(seq=3).hash).hex().upper())
    assert f"head 6:{head().hash}" in capsys.readouterr().out
    victim = event_of(2)
    tamper(chain, f"UPDATE audit_event SET kind = 'x.y' WHERE id = {victim}")

    with pytest.raises(CommandError, match=f"seal 2, event {victim}: the event was changed") as failure:
        call_command("verify_audit")

    assert failure.value.returncode == 1


@pytest.mark.parametrize("anchor", ["x", "5", "5:abc", ":", "g" * 64])
def test_an_anchor_that_is_none_is_said(chain: Any, anchor: str) -> None:
    with pytest.raises(CommandError, match="anchor"):
        call_command("verify_audit", anchor=anchor)


def test_late_sealing_is_a_warning_and_not_a_break(committed_db: Any, capsys: pytest.CaptureFixture[str]) -> None:
    committed_db._run(
        "aset_app",
        "INSERT INTO audit_event (at, kind, row_type, data, reason_digest) VALUES (now() - interval '6 min', 'x.y', '', '{}', '')",
        (),
    )
    record("x.y", by=None)

    call_command("verify_audit")

    assert waiting_too_long().count() == 1
    assert "1 events unsealed" in capsys.readouterr().err


def test_an_empty_chain_is_whole_and_has_a_head(committed_db: Any) -> None:
    assert verify() is None
    assert head() == Head(0, "00" * 32)


def test_sealing_goes_on_where_it_stopped(chain: Any) -> None:
    record("test.later", by=None)

    call_command("seal_audit", verbosity=0)

    assert head().seq == 7
    assert not UnsealedEvent.objects.exists()
    assert verify() is None


def test_sealing_takes_no_more_than_it_was_given(committed_db: Any) -> None:
    Event.objects.bulk_create(Event(kind="a.b") for _ in range(25))

    assert [seal_pending(10), seal_pending(10), seal_pending(10), seal_pending(10)] == [10, 10, 5, 0]
    assert verify() is None


def test_the_chain_does_not_hang_on_a_users_transaction(committed_db: Any) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        seal_pending()


def test_an_open_transaction_keeps_nobody_from_sealing(committed_db: Any) -> None:
    slow = psycopg2.connect(dbname=committed_db.name, user="aset_app", host=connections["default"].settings_dict["HOST"])
    with slow.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (kind, row_type, data, reason_digest) VALUES ('slow.one', '', '{}', '')")
        record("fast.one", by=None)

        assert seal_pending() == 1

    slow.commit()
    slow.close()
    assert seal_pending() == 1
    assert list(Seal.objects.order_by("seq").values_list("event__kind", flat=True)) == ["fast.one", "slow.one"]
    assert verify() is None


def in_threads(work: Callable[[], None], count: int) -> None:
    start, faults = threading.Barrier(count), []

    def one() -> None:
        try:
            start.wait(10)
            work()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []


def test_four_writers_and_two_sealers_make_one_chain(committed_db: Any) -> None:
    turns = iter(["write", "seal", "write", "seal", "write", "write"])
    lock = threading.Lock()

    def work() -> None:
        with lock:
            turn = next(turns)
        for _ in range(30):
            if turn == "write":
                record("test.written", by=None, reason="x")
            else:
                seal_pending(7)

    in_threads(work, 6)
    while seal_pending():
        pass

    assert Event.objects.count() == Seal.objects.count() == 120
    assert verify() is None


def test_while_one_sealer_works_the_other_steps_back(committed_db: Any) -> None:
    record("test.written", by=None)
    other = psycopg2.connect(dbname=committed_db.name, user="aset_app", host=connections["default"].settings_dict["HOST"])
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x41534554_5345414C])
        assert seal_pending() == 0
    other.rollback()
    other.close()

    assert seal_pending() == 1


def test_the_database_itself_refuses_a_fork(chain: Any) -> None:
    last, event = Seal.objects.get(seq=6), record("test.forked", by=None)

    with pytest.raises(IntegrityError, match="prev"), transaction.atomic():
        Seal.objects.create(seq=7, prev=last.prev, leaf=last.leaf, hash=b"x" * 32, event=event)


def sealed_once_the_server_has_noticed() -> int:
    """The lock of a killed process goes when its connection is found dead, a moment later."""
    for _ in range(100):
        if sealed := seal_pending():
            return sealed
        time.sleep(0.05)
    return 0


KILLED = """
import django, os, signal
django.setup()
from django.db.models import QuerySet
from audit import sealing
QuerySet.delete = lambda rows: os.kill(os.getpid(), signal.SIGKILL)
sealing.seal_pending()
"""


def test_a_sealer_killed_half_way_leaves_everything_waiting(committed_db: Any) -> None:
    for _ in range(5):
        record("test.written", by=None)

    command = [sys.executable, "-c", KILLED]
    killed = subprocess.run(command, cwd=ROOT, env=committed_db.environ, capture_output=True, timeout=60, check=False)

    assert killed.returncode == -9
    assert (Seal.objects.count(), UnsealedEvent.objects.count()) == (0, 5)
    assert sealed_once_the_server_has_noticed() == 5
    assert verify() is None
