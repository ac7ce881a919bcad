"""The server takes over what a branch recorded: its entries, the rows they wrote, and the booking (decision 18).

One delivery is one command of the server's own, in one transaction: it has arrived whole, or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, update

from cashier_app.domain.errors import refuse, require
from cashier_app.domain.identifiers import counter_of, key_of
from cashier_app.domain.journal import FORMAT, NO_HASH, entry_hash
from cashier_app.models.journal import JournalEntry, JournalShape, Node
from cashier_app.models.sync import Delivery, Device
from cashier_app.services.branches.alarms import ALARM
from cashier_app.services.branches.arrived import Arrived, write_rows
from cashier_app.services.branches.booking import book
from cashier_app.services.branches.deliveries import DeliveryBody, SentEntry, SentShape
from cashier_app.services.branches.devices import need_enrolled
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.journaling import insert_entries
from cashier_app.services.kernel.statements import Statement, among, insertion
from cashier_app.services.kernel.work import Change, Work
from cashier_app.services.to_do.resolving import about_node, resolve

_NODE = Statement(
    select(Node.id, Node.name, Node.sequence, Node.head, Node.last_key)
    .where(Node.id == bindparam("node_id"))
    .with_for_update()
)
_DEVICE = Statement(select(Device.name, Device.status).where(Device.node_id == bindparam("node_id")))
_HASHES = Statement(
    select(JournalEntry.id, JournalEntry.hash).where(
        JournalEntry.id >= bindparam("first"), JournalEntry.id <= bindparam("last")
    )
)
_KNOWN_SHAPES = Statement(select(JournalShape.id).where(among(JournalShape.id, "ids")))
_ADVANCE = Statement(
    update(Node)
    .where(Node.id == bindparam("node"))
    .values(sequence=bindparam("reached"), head=bindparam("hash"), last_key=bindparam("last"))
)
_INSERT = insertion(Delivery, "id node_id first_sequence last_sequence received_at clock_doubt")
_changes = msgspec.json.Decoder(list[tuple[str, int]])

DOUBTED = timedelta(minutes=10)
"""A time so far ahead of the server's clock is doubted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveDelivery:
    """Take over a run of a branch's commands; the entries themselves travel beside the command."""

    node_id: int
    first_sequence: int
    last_sequence: int
    head: str
    """Hash of the last entry, hexadecimal: it covers every entry before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceived:
    """Where the server's copy of the branch's chain stands now."""

    node_id: int
    sequence: int
    head: str
    booked: int = 0
    """Payments frozen by it."""
    suspended: int = 0
    """Of these, those that nobody could be found for."""


def command_for(body: DeliveryBody) -> tuple[ReceiveDelivery, str]:
    """The command of a delivery, and its id: the same delivery has the same."""
    require(body.entries, "SYNC-004", "A delivery holds at least one entry.")
    first, last = body.entries[0], body.entries[-1]
    command = ReceiveDelivery(
        node_id=body.node_id, first_sequence=first.sequence, last_sequence=last.sequence, head=last.hash
    )
    name = f"{body.ledger} {body.node_id} {first.sequence} {last.sequence} {last.hash}"
    return command, hashlib.sha256(name.encode()).hexdigest()[:32]


@handles(ReceiveDelivery, right="system")
def receive_delivery(command: ReceiveDelivery, work: Work) -> DeliveryReceived:
    """Chain, shapes and keys, rows, books: refused with SYNC-002 … SYNC-005, or taken whole."""
    body: DeliveryBody = work.attachment
    node = work.store.one(_NODE, ("SYNC-001", "The server knows no such branch."), node_id=command.node_id)
    device = work.store.one(_DEVICE, ("SYNC-001", f"{node.name} is no branch."), node_id=node.id)
    # In this transaction: a delivery that began before its device was revoked does not end after it.
    need_enrolled(device.name, device.status)
    fresh = _fresh_entries(work, node, body.entries)
    if not fresh:
        return DeliveryReceived(node_id=node.id, sequence=node.sequence, head=bytes(node.head).hex())
    _take_shapes(work, body.shapes)
    insert_entries(work.store, ((entry.entry(), bytes.fromhex(entry.hash)) for entry in fresh))
    arrived = Arrived(work, node.id, node.name, {shape.id: shape for shape in body.shapes})
    for entry in fresh:
        arrived.add(entry)
    write_rows(arrived)
    last = fresh[-1]
    advance = {
        "node": node.id,
        "reached": last.sequence,
        "hash": bytes.fromhex(last.hash),
        "last": max(node.last_key, arrived.last_key),
    }
    work.store.apply(_ADVANCE, [advance])
    booked, suspended = book(work, arrived.event_ids, arrived.forgotten.payments)
    doubt = _doubt(fresh, work.instant)
    work.store.write(_INSERT, [(work.new_id(), node.id, fresh[0].sequence, last.sequence, work.instant, doubt)])
    for entry in fresh:
        work.changes.update(_told(entry))
    resolve(work, ALARM, [about_node(node.id)])
    return DeliveryReceived(node_id=node.id, sequence=last.sequence, head=last.hash, booked=booked, suspended=suspended)


def _fresh_entries(work: Work, node: Any, entries: Sequence[SentEntry]) -> list[SentEntry]:
    """The entries that the server has not got yet, proven to go on from those that it has."""
    for place, entry in enumerate(entries):
        if entry.id != key_of(node.id, entries[0].sequence + place) or entry.sequence < 1:
            refuse("SYNC-004", "A delivery holds entries of one node, one after the other.")
    first = entries[0].sequence
    if first > node.sequence + 1:
        refuse("SYNC-002", f"Entries {node.sequence + 1} to {first - 1} of {node.name} are missing; send them first.")
    known = [entry for entry in entries if entry.sequence <= node.sequence]
    if known:
        stored = work.store.all(_HASHES, first=known[0].id, last=known[-1].id)
        hashes = {row.id: bytes(row.hash).hex() for row in stored}
        for entry in known:
            if hashes.get(entry.id) != entry.hash:
                refuse(
                    "SYNC-003",
                    f"Entry {entry.sequence} of {node.name} is not the one that the server has. Nothing was taken; "
                    "an administrator compares both journals.",
                )
    fresh = list(entries[len(known) :])
    previous = bytes(node.head) or NO_HASH
    for entry in fresh:
        if entry.format != FORMAT or entry_hash(previous, entry.entry()).hex() != entry.hash:
            refuse("SYNC-003", f"Entry {entry.sequence} of {node.name} does not follow from the one before.")
        previous = bytes.fromhex(entry.hash)
    return fresh


def _take_shapes(work: Work, shapes: Sequence[SentShape]) -> None:
    """Keep the shapes that are new; their numbers must follow from their texts."""
    for shape in shapes:
        digest = hashlib.sha256(f"{shape.operation} {shape.table_name} {shape.columns}".encode()).digest()
        require(int.from_bytes(digest[:5]) == shape.id, "SYNC-005", f"Shape {shape.id} is not what its number says.")
    known = {row.id for row in work.store.all(_KNOWN_SHAPES, ids=[shape.id for shape in shapes])}
    for shape in shapes:
        if shape.id not in known:
            work.store.note_shape(*shape)


def _doubt(entries: Sequence[SentEntry], received: datetime) -> str:
    """Why the times of these entries are doubted (R reliability S8, P16); order is by number, so no more follows."""
    ahead = max(entry.executed_at for entry in entries) - received
    backwards = [later for before, later in pairwise(entries) if later.executed_at < before.executed_at]
    if backwards:
        return f"The clock went back at entry {counter_of(backwards[0].id)}."
    return f"The clock is {ahead} ahead of the server's." if ahead > DOUBTED else ""


def _told(entry: SentEntry) -> list[Change]:
    try:
        return [Change(kind, key) for kind, key in _changes.decode(entry.changes)]
    except msgspec.MsgspecError:
        refuse("SYNC-004", f"What entry {entry.sequence} changed cannot be read.")
