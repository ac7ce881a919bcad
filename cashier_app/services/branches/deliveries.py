"""What travels from a branch to the server: a run of its journal, as it stands there, with the shapes to read it by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import counter_of, key_of
from cashier_app.domain.journal import Entry
from cashier_app.models.journal import JournalEntry, JournalPart, JournalShape
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store

_ENTRIES = Statement(
    select(
        JournalEntry.id,
        JournalEntry.format,
        JournalEntry.command_id,
        JournalEntry.name,
        JournalEntry.user_id,
        JournalEntry.approver_id,
        JournalEntry.business_date,
        JournalEntry.executed_at,
        JournalEntry.content,
        JournalEntry.result,
        JournalEntry.changes,
        JournalEntry.effects,
        JournalEntry.parts,
        JournalEntry.hash,
    )
    .where(JournalEntry.id > bindparam("after"), JournalEntry.id < bindparam("before"))
    .order_by(JournalEntry.id)
    .limit(bindparam("most"))
)
_PARTS = Statement(
    select(JournalPart.journal_id, JournalPart.effects)
    .where(among(JournalPart.journal_id, "ids"))
    .order_by(JournalPart.journal_id, JournalPart.part)
)
_SHAPES = Statement(
    select(JournalShape.id, JournalShape.operation, JournalShape.table_name, JournalShape.columns).where(
        among(JournalShape.id, "ids")
    )
)
_effects = msgspec.json.Decoder(list[tuple[int, list[tuple[Any, ...]]]])


class SentEntry(NamedTuple):
    """A journal entry on its way, in the order in which its fields are hashed."""

    id: int
    format: int
    command_id: str
    name: str
    user_id: int
    approver_id: int | None
    business_date: date
    executed_at: datetime
    content: str
    result: str
    changes: str
    effects: tuple[str, ...]
    hash: str
    """Hexadecimal."""

    @property
    def sequence(self) -> int:
        """Its number in its node's chain."""
        return counter_of(self.id)

    def entry(self) -> Entry:
        """The entry as it is hashed."""
        return Entry(*self[:-1])

    def rows(self) -> list[tuple[int, list[tuple[Any, ...]]]]:
        """The rows it wrote, by shape; refuses with SYNC-004 what cannot be read."""
        try:
            return [each for text in self.effects for each in _effects.decode(text)]
        except msgspec.MsgspecError:
            refuse("SYNC-004", f"The effects of entry {self.sequence} cannot be read.")


class SentShape(NamedTuple):
    """What the rows of an effect mean."""

    id: int
    operation: str
    table_name: str
    columns: str


class DeliveryBody(NamedTuple):
    """A run of entries of one node, with the shapes they speak of."""

    ledger: str
    """The server's ledger that they are meant for."""
    node_id: int
    entries: tuple[SentEntry, ...]
    shapes: tuple[SentShape, ...]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(DeliveryBody).decode


def gather(store: Store, ledger: str, node_id: int, after: int, most: int) -> DeliveryBody:
    """The next entries of a branch's journal after a sequence, at most so many."""
    rows = store.all(_ENTRIES, after=key_of(node_id, after), before=key_of(node_id + 1, 0), most=most)
    parts = _parts(store, [row.id for row in rows if row.parts])
    entries = tuple(
        SentEntry._make((*row[:11], (row.effects, *parts.get(row.id, ())), bytes(row.hash).hex())) for row in rows
    )
    numbers = sorted({number for entry in entries for number, _ in entry.rows()})
    shapes = tuple(SentShape._make(row) for row in store.all(_SHAPES, ids=numbers)) if numbers else ()
    return DeliveryBody(ledger, node_id, entries, shapes)


def _parts(store: Store, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if ids:
        for row in store.all(_PARTS, ids=list(ids)):
            found.setdefault(row.journal_id, []).append(row.effects)
    return found


def encoded(body: DeliveryBody) -> bytes:
    """The delivery as it travels."""
    return _encode(body)


def decoded(raw: bytes) -> DeliveryBody:
    """A delivery that arrived; refuses with SYNC-004 what is none."""
    try:
        return _decode(raw)
    except (msgspec.MsgspecError, ValueError):
        refuse("SYNC-004", "This is no delivery: a run of journal entries of one node, as JSON, would be.")
