"""Where somebody stands in the ledger: of each node, the last journal entry that they know.

Within one node entries become visible in the order of their sequence, because every command locks its node's row until
it has committed; between nodes there is no order (decision 13). So a position is one sequence per node, and whatever a
snapshot of the database shows beyond it is exactly what is new, however commits interleave.

As a text it is opaque, safe in a URL, and carries a checksum; beside each sequence stand the first bytes of that
entry's hash, so that a ledger which was restored from a backup and has gone on from there is not taken for the same.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable
from typing import NamedTuple, NoReturn

import msgspec
from sqlalchemy import select

from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import COUNTER_BITS, LARGEST_NODE, key_of
from cashier_app.models.configuration import ConfigurationState
from cashier_app.models.journal import JournalEntry, Node
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store

_PREFIX = "c1"
MARK = 4
"""Bytes of an entry's hash that stand for it."""
_HEADS = Statement(
    select(
        Node.id, Node.sequence, Node.head, select(ConfigurationState.ledger).scalar_subquery().label("ledger")
    ).order_by(Node.id)
)

_HASHES = Statement(select(JournalEntry.id, JournalEntry.hash).where(among(JournalEntry.id, "ids")))


class Place(NamedTuple):
    """How much of one node's journal is known."""

    node: int
    sequence: int
    """Of the last entry known whole."""
    mark: str = ""
    """The first bytes of its hash, hexadecimal; empty before the first entry."""
    offset: int = 0
    """How many changes of the entry after it are known, where a page ended inside; the mark is that entry's then."""


class Cursor(NamedTuple):
    """A position in a ledger."""

    ledger: str
    """Which ledger it is a position in."""
    places: tuple[Place, ...]
    """By node."""

    def __str__(self) -> str:
        payload = msgspec.json.encode(self)
        return _PREFIX + base64.urlsafe_b64encode(_checksum(payload) + payload).decode().rstrip("=")

    @property
    def by_node(self) -> dict[int, Place]:
        """The places by their nodes."""
        return {place.node: place for place in self.places}


def heads(store: Store) -> str:
    """The cursor of now, as a text: what is committed after this snapshot comes after it."""
    return str(position(store))


def position(store: Store) -> Cursor:
    """Where the ledger stands in this snapshot. One question, a few microseconds."""
    rows = store.all(_HEADS)
    ledger = rows[0].ledger or "" if rows else ""
    return Cursor(
        ledger, tuple(Place(row.id, row.sequence, row.head[:MARK].hex() if row.sequence else "") for row in rows)
    )


def is_forgotten(store: Store, before: Cursor, now: Cursor) -> bool:
    """Whether the ledger, which stands at `now`, does not know what the cursor knows.

    It is another one then, or was restored from a backup, and has perhaps gone on from there beyond the cursor.
    """
    current = now.by_node
    further: dict[int, str] = {}
    for place in before.places:
        there = current.get(place.node)
        marked = place.sequence + bool(place.offset)
        if there is None or marked > there.sequence or (marked == there.sequence and place.mark != there.mark):
            return True
        if 0 < marked < there.sequence:
            further[key_of(place.node, marked)] = place.mark
    known = {row.id: row.hash[:MARK].hex() for row in store.all(_HASHES, ids=list(further))} if further else {}
    return before.ledger != now.ledger or known != further


def cursor_of(text: str) -> Cursor:
    """The cursor that a text stands for; refuses with FEED-001 whatever this program did not write."""
    if not text.startswith(_PREFIX) or not text.isascii():
        _refuse()
    body = text.removeprefix(_PREFIX)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        cursor = msgspec.json.decode(raw[4:], type=Cursor)
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
        _refuse()
    if raw[:4] != _checksum(raw[4:]) or not _is_sound(cursor.places):
        _refuse()
    return cursor


def _is_sound(places: Iterable[Place]) -> bool:
    before = 0
    for place in places:
        if not before < place.node <= LARGEST_NODE or not 0 <= place.sequence < 2**COUNTER_BITS or place.offset < 0:
            return False
        before = place.node
    return True


def _checksum(payload: bytes) -> bytes:
    return zlib.crc32(payload).to_bytes(4)


def _refuse() -> NoReturn:
    refuse(
        "FEED-001",
        "This is no position in a ledger's changes. Send the cursor as it came with the last answer.",
        "cursor",
    )
