"""The hash chains: every entry covers all its fields and the entry before; heads and seals fit (I11, I13)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from cashier_app.domain.identifiers import counter_of, key_of, node_of
from cashier_app.domain.journal import FORMAT, NO_HASH, Entry, entry_hash
from cashier_app.models.types import instant_of
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.questions import Question, ask
from cashier_app.services.verifying.verdict import Report

_JOURNAL = (
    "SELECT id, format, command_id, name, user_id, approver_id, business_date, executed_at, content, result, changes, "
    "effects, parts, hash FROM journal{} ORDER BY id DESC"
)
EFFECTS = 11
PARTS = 12
HASH = 13
"""Place of the effects in a row of `Chains.sql`."""
_PARTS = "SELECT effects FROM journal_part WHERE journal_id = {} ORDER BY part"
_NODES = "SELECT id, sequence, head, last_key FROM node ORDER BY id"
_SEALS = "SELECT id, node_id, sequence, head FROM seal ORDER BY id"
_SHAPES = "SELECT id, operation, table_name, columns FROM journal_shape"
_QUESTIONS = (
    Question(
        "I13",
        "journal",
        "Entry {0} has the command id {1}, which another entry has as well or which is empty.",
        "SELECT max(id), command_id FROM journal GROUP BY command_id HAVING count(*) > 1 OR command_id = ''",
    ),
    Question(
        "I11",
        "journal_part",
        "Part {1} belongs to entry {0}, which has no such part.",
        "SELECT p.journal_id, p.part FROM journal_part p LEFT JOIN journal j ON j.id = p.journal_id "
        "WHERE j.id IS NULL OR p.part < 1 OR p.part > j.parts",
    ),
    Question(
        "I15",
        "journal",
        "Entry {0} was approved by user {1}, who asked for it.",
        "SELECT id, user_id FROM journal WHERE approver_id = user_id",
    ),
    Question(
        "I15",
        "turn_in",
        "Turn-in {0} was received by user {1}, who turned it in.",
        "SELECT id, received_by FROM turn_in WHERE received_by = created_by",
    ),
)


class KeptSeal(NamedTuple):
    """A seal that was kept outside the database."""

    node: int
    sequence: int
    hash: str
    """Hexadecimal."""


class ReadEntry(NamedTuple):
    """An entry with all its effects."""

    id: int
    name: str
    effects: tuple[str, ...]
    business_date: Any


class Chains:
    """Reads all journals, the last entry of each first, and proves each link on the way."""

    def __init__(self, store: Store, report: Report, kept: tuple[KeptSeal, ...] = ()) -> None:
        self._store = store
        self._report = report
        self._nodes = {row[0]: row for row in self._all(_NODES)}
        self._seals: dict[int, list[tuple[str, bytes]]] = {}
        self._lengths: dict[int, int] = {}
        for seal_id, node, sequence, head in self._all(_SEALS):
            if sequence or bytes(head) != NO_HASH:  # a drawer balanced by a node's first command seals an empty chain
                self._seals.setdefault(key_of(node, sequence), []).append((f"seal {seal_id}", bytes(head)))
        for seal in kept:
            place = key_of(seal.node, seal.sequence)
            self._seals.setdefault(place, []).append(("a seal kept elsewhere", bytes.fromhex(seal.hash)))

    def _all(self, sql: str) -> list[Any]:
        self._store.cursor.execute(sql)
        rows: list[Any] = self._store.cursor.fetchall()
        return rows

    def shapes(self) -> dict[int, tuple[str, str, str]]:
        """The shapes of effects; one whose number does not follow from its text is a breach."""
        found = {}
        for number, operation, table, columns in self._all(_SHAPES):
            digest = hashlib.sha256(f"{operation} {table} {columns}".encode()).digest()
            if int.from_bytes(digest[:5]) != number:
                self._report.add("I11", f"The shape {number} of effects was altered.", f"journal_shape {number}")
            found[number] = (operation, table, columns)
        return found

    def sql(self, most: int | None) -> str:
        """The query for the entries, as `entries` wants them; for the last of each node with the one before those."""
        if most is None:
            return _JOURNAL.format("")
        spans = [
            f"(id >= {key_of(node, max(sequence - most, 0))} AND id < {key_of(node + 1, 0)})"
            for node, sequence, _, _ in self._nodes.values()
        ]
        return _JOURNAL.format(f" WHERE {' OR '.join(spans)}" if spans else "")

    def entries(self, rows: Iterator[Any], most: int | None) -> Iterator[ReadEntry]:
        """Each entry, the last first; at most so many of each node."""
        following: Any = None
        for row in rows:
            if following is not None:
                yield from self._link(following, row, most)
            following = row
        if following is not None:
            yield from self._link(following, None, most)
        self._finish()

    def _link(self, row: Any, before: Any, most: int | None) -> Iterator[ReadEntry]:
        node, sequence = node_of(row[0]), counter_of(row[0])
        length = self._lengths[node] = self._lengths.get(node, 0) + 1
        if most is not None and length > most:
            return
        where = f"journal {row[0]}"
        if length == 1:
            self._check_head(node, sequence, bytes(row[HASH]))
        same = before is not None and node_of(before[0]) == node
        if sequence != (counter_of(before[0]) + 1 if same else 1):
            self._report.add("I11", f"Node {node}: entries before number {sequence} are missing.", where)
        entry = self._entry(row)
        if entry is None or row[1] != FORMAT:
            self._report.add("I11", f"Node {node}, entry {sequence} is not in a form that is known.", where)
            return
        if entry_hash(bytes(before[HASH]) if same else NO_HASH, entry) != bytes(row[HASH]):
            self._report.add("I11", f"Node {node}, entry {sequence} ({row[3]}) or the one before was altered.", where)
        for what, head in self._seals.pop(row[0], ()):
            if head != bytes(row[HASH]):
                self._report.add("I11", f"Node {node}, entry {sequence} is not the one that {what} sealed.", where)
        self._report.checked["journal entries"] += 1
        yield ReadEntry(row[0], row[3], entry.effects, row[6])

    def _entry(self, row: Any) -> Entry | None:
        parts = row[PARTS]
        effects = (row[EFFECTS],)
        if parts:
            effects += tuple(text for (text,) in self._all(_PARTS.format(int(row[0]))))
            if len(effects) != parts + 1:
                self._report.add("I11", f"Entry {row[0]} has {len(effects) - 1} of {parts} parts.", f"journal {row[0]}")
        try:
            day, instant = _day(row[6]), _instant(row[7])
        except (ValueError, TypeError, OverflowError):
            return None
        return Entry(row[0], row[1], row[2], row[3], row[4], row[5], day, instant, row[8], row[9], row[10], effects)

    def _check_head(self, node: int, sequence: int, last_hash: bytes) -> None:
        known = self._nodes.get(node)
        if known is None:
            self._report.add("I11", f"There are entries of node {node}, which does not exist.", f"node {node}")
        elif (known[1], bytes(known[2])) != (sequence, last_hash):
            self._report.add(
                "I11", f"Node {node} stands at entry {known[1]}; its journal ends with {sequence}.", f"node {node}"
            )

    def _finish(self) -> None:
        for node, sequence, head, _ in self._nodes.values():
            if node not in self._lengths and (sequence or bytes(head) != NO_HASH):
                self._report.add(
                    "I11", f"Node {node} stands at entry {sequence}; its journal is empty.", f"node {node}"
                )

    def check_whole(self) -> None:
        """What can be said once every entry was read: seals beyond the end, ids given twice."""
        for place, seals in sorted(self._seals.items()):
            node, sequence = node_of(place), counter_of(place)
            what = seals[0][0]
            self._report.add(
                "I11", f"Entry {sequence} of node {node}, which {what} sealed, is gone: the journal was cut.", what
            )
        ask(self._store, _QUESTIONS, self._report)

    def check_keys(self, highest: dict[int, int]) -> None:
        """No row has a key that its node has not handed out yet."""
        for node, counter in sorted(highest.items()):
            known = self._nodes.get(node)
            if known is None or known[3] < counter:
                self._report.add("I12", f"Node {node} has not handed out key {counter} yet.", f"node {node}")


def _day(stored: Any) -> date:
    """The date; a text that says the same in another form was not written by us."""
    if not isinstance(stored, str):
        found: date = stored
        return found
    day = date.fromisoformat(stored)
    if day.isoformat() != stored:
        raise ValueError(stored)
    return day


def _instant(stored: Any) -> datetime:
    return instant_of(stored) if isinstance(stored, int) else stored.astimezone(UTC)
