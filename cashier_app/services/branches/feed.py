"""The change feed: what commands changed since somebody last looked (design D13).

Every journal entry says what others should look at again (`journal.changes`). The cursor is one sequence per node
(`kernel.cursors`). Why nothing is skipped, however commits interleave on PostgreSQL:

1. A command locks its node's row before it takes the next sequence and keeps the lock until it has committed. So
   entry n + 1 of a node cannot even begin to be written before entry n is visible to everybody or is undone, in which
   case its number is given again. A snapshot that shows a node at sequence n therefore shows all its entries up to n.
2. `read_changes` reads heads and entries in one snapshot, and the cursor that it returns says no more than that
   snapshot showed. What commits later has, on its node, a later sequence than the cursor.
3. A node that the cursor does not name was registered later; all its entries are new.

One sequence for the whole ledger would not do: the entry with the lower number can commit after the one with the
higher, behind the reader's back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from cashier_app.domain.errors import require
from cashier_app.domain.identifiers import key_of
from cashier_app.models.journal import JournalEntry
from cashier_app.services.kernel.cursors import MARK, Cursor, Place, cursor_of, heads, is_forgotten, position
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import EVERY_ACCOUNT, Change

PAGE = 1000
"""Changes in one answer, where the caller does not say."""
_ENTRIES_AT_ONCE = 100

_changes = msgspec.json.Decoder(tuple[Change, ...])

_ENTRIES = Statement(
    select(JournalEntry.id, JournalEntry.changes, JournalEntry.hash)
    .where(JournalEntry.id >= bindparam("first"), JournalEntry.id <= bindparam("last"))
    .order_by(JournalEntry.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new since a cursor."""

    cursor: str
    """Where to go on from."""
    changes: tuple[Change, ...] = ()
    """Without doubles; in no particular order between workstations."""
    more: bool = False
    """Whether there is more at once: read again from the new cursor."""
    reset: bool = False
    """The cursor comes from another ledger, or from a time that this one has forgotten because a backup was restored;
    or more accounts changed at once than are named. Read everything anew, then go on from the new cursor."""


def read_changes(store: Store, cursor: str, limit: int = PAGE, *, without: Collection[int] = ()) -> Changes:
    """What was changed after the cursor, at most `limit` things at once; a large entry is read in several pages.

    Each workstation that wrote gets its share of a page, so that a bulk job at one keeps nobody else's news waiting.
    `without` are keys of journal entries whose changes the caller knows: its own.

    Raises:
        RuleViolation: FEED-001 for a text that is no cursor.
    """
    require(limit > 0, "FEED-001", "Ask for at least one change at a time.", "limit")
    before, now = cursor_of(cursor), position(store)
    if is_forgotten(store, before, now):
        return _reset(now)
    known = before.by_node
    behind = [place for place in now.places if known.get(place.node) != place]
    share = max(1, limit // len(behind)) if behind else 0
    reached = {place.node: place for place in now.places}
    found: dict[Change, None] = {}
    for place in behind:
        start = known.get(place.node, Place(place.node, 0))
        part = _NodePage(store, start, place, found, without)
        part.read(min(len(found) + share, limit))
        if part.is_lost:
            return _reset(now)
        reached[place.node] = part.reached
    told = Cursor(now.ledger, tuple(reached.values()))
    return Changes(str(told), tuple(found), more=told != now)


def _reset(now: Cursor) -> Changes:
    return Changes(str(now), reset=True)


class _NodePage:
    """One node's part of a page."""

    def __init__(
        self, store: Store, start: Place, end: Place, found: dict[Change, None], without: Collection[int]
    ) -> None:
        self._store, self._end = store, end
        self._found, self._without = found, without
        self.reached = start
        self.is_lost = False
        """Whether an entry does not name what it changed."""

    def read(self, full: int) -> None:
        """Add changes until so many are found."""
        while self.reached.sequence < self._end.sequence and not self.is_lost:
            for entry in self._entries(self.reached.sequence + 1):
                if not self._add(entry, full):
                    return

    def _entries(self, sequence: int) -> list[Any]:
        first, last = key_of(self._end.node, sequence), key_of(self._end.node, self._end.sequence)
        entries = self._store.all(_ENTRIES, first=first, last=last, most=_ENTRIES_AT_ONCE)
        assert entries, "a node has every entry up to its head"
        return entries

    def _add(self, entry: Any, full: int) -> bool:
        """Take what an entry changed; false where the page is full before its end."""
        sequence, told, mark = self.reached.sequence, self.reached.offset, entry.hash[:MARK].hex()
        changes = () if entry.id in self._without else _changes.decode(entry.changes)
        for number, change in enumerate(islice(changes, told, None), start=told):
            if change == EVERY_ACCOUNT:
                self.is_lost = True
                return False
            if change not in self._found:
                if len(self._found) >= full:
                    if number:
                        self.reached = Place(self._end.node, sequence, mark, number)
                    return False
                self._found[change] = None
        self.reached = Place(self._end.node, sequence + 1, mark)
        return True


__all__ = ["PAGE", "Changes", "heads", "read_changes"]
