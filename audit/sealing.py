"""The hash chain: events are linked after they commit, outside every user's transaction.

Chaining inside user transactions would let one idle transaction, holding the head of the
chain, block every submit. The sealer is one at a time, by advisory lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from audit.models import Event, Seal, UnsealedEvent

NOTHING = bytes(32)
BATCH = 1000
PATIENCE = timedelta(minutes=5)
_LOCK = 0x41534554_5345414C  # "ASETSEAL"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Head(NamedTuple):
    """The last link, as printed on PDFs and sent to the Board: whoever holds one can prove a cut."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """The first place where the chain does not hold, in words an auditor can follow."""

    seq: int
    event_id: int | None
    why: str

    def __str__(self) -> str:
        return f"seal {self.seq}, event {self.event_id or '-'}: {self.why}"


def head() -> Head:
    """The end of the chain; sequence 0 and zeroes before the first seal."""
    last = Seal.objects.order_by("-seq").values_list("seq", "hash").first()
    return Head(last[0], bytes(last[1]).hex()) if last else Head(0, NOTHING.hex())


def seal_pending(limit: int = BATCH) -> int:
    """Link up to `limit` waiting events and say how many; 0 also when another sealer is at work.

    Its own short transaction: killed half-way, nothing is sealed and everything still waits.
    """
    with transaction.atomic(durable=True):
        if not _take_turn():
            return 0
        waiting = UnsealedEvent.objects.order_by("event_id").values_list("event_id", flat=True)[:limit]
        events = list(Event.objects.filter(pk__in=list(waiting)).order_by("pk"))
        Seal.objects.bulk_create(_links(head(), events))
        UnsealedEvent.objects.filter(pk__in=[event.pk for event in events]).delete()
    return len(events)


def waiting_too_long() -> QuerySet[UnsealedEvent]:
    """Events that nobody has sealed for five minutes: a warning, since late is not tampered."""
    return UnsealedEvent.objects.filter(at__lt=Now() - PATIENCE).order_by("event_id")


def verify(*, anchor: str = "") -> Broken | None:
    """Walk the whole chain and name the first row that was changed, removed or slipped in.

    `anchor` is the hash of a head noted earlier (a printed PDF, the Board's mail): without
    one, a chain whose end was cut off together with its events still looks whole. Memory
    stays flat; reads batches by key.
    """
    seq, last = 0, NOTHING
    anchored = anchor in ("", NOTHING.hex())
    while links := list(Seal.objects.filter(seq__gt=seq).order_by("seq")[:BATCH]):
        events = Event.objects.in_bulk([link.event_id for link in links])
        for link in links:
            why = _fault(link, events.get(link.event_id), seq + 1, last)
            if why:
                return Broken(seq + 1, link.event_id, why)
            seq, last = link.seq, bytes(link.hash)
            anchored = anchored or last.hex() == anchor
    if not anchored:
        return Broken(seq + 1, None, "the head noted earlier is no longer in the chain: it was cut off or written anew")
    return _outside_the_chain(seq)


def leaf_of(event: Event) -> bytes:
    """SHA-256 of everything an event says, in one fixed spelling."""
    content = {
        "id": event.pk,
        "at": (event.at - _EPOCH) // timedelta(microseconds=1),
        "kind": event.kind,
        "actor": event.actor_id,
        "row_type": event.row_type,
        "row_pk": event.row_pk,
        "data": event.data,
        "reason_digest": bytes(event.reason_digest).hex(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()


def _take_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _links(end: Head, events: Iterable[Event]) -> list[Seal]:
    links, prev = [], bytes.fromhex(end.hash)
    for seq, event in enumerate(events, start=end.seq + 1):
        leaf = leaf_of(event)
        link = _link(prev, seq, leaf)
        links.append(Seal(seq=seq, prev=prev, leaf=leaf, hash=link, event=event))
        prev = link
    return links


def _link(prev: bytes, seq: int, leaf: bytes) -> bytes:
    return hashlib.sha256(prev + seq.to_bytes(8, "big") + leaf).digest()


def _fault(link: Seal, event: Event | None, seq: int, prev: bytes) -> str:
    """What is wrong with this link, or ""."""
    if link.seq != seq:
        return f"seal {seq} is missing; the next one is {link.seq}"
    if bytes(link.prev) != prev:
        return "the seal does not follow the one before it"
    if event is None:
        return "the event was removed"
    if bytes(link.leaf) != leaf_of(event):
        return "the event was changed after it was sealed"
    if bytes(link.hash) != _link(prev, seq, bytes(link.leaf)):
        return "the seal itself was changed"
    return ""


def _outside_the_chain(seq: int) -> Broken | None:
    """An event with neither a seal nor a place in the queue has lost one of them."""
    sealed = Seal.objects.filter(event=OuterRef("pk"))
    waiting = UnsealedEvent.objects.filter(event=OuterRef("pk"))
    lost = Event.objects.filter(~Exists(sealed), ~Exists(waiting)).order_by("pk").values_list("pk", flat=True).first()
    return Broken(seq + 1, lost, "the event has lost its seal") if lost else None
