"""One table against the journal: rows by falling key beside the commands that wrote them, the last first.

What a command did to a row after its insertion is kept until the insertion is met; then the row must look
so. Rows under keys that a command did not hand out itself (memberships, control tables) are gathered and
compared at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from cashier_app.domain.identifiers import counter_of, node_of
from cashier_app.services.verifying.layouts import LIFECYCLES, Layout, Row, Shape
from cashier_app.services.verifying.verdict import Report

FEWEST = 50
"""Rows of a table that are fetched at least; more would matter where single rows are large."""

_FROZEN = frozenset({"financial_transaction", "gl_line"})

Key = Row


class _Ahead:
    """What the commands of one node did to a row after its insertion."""

    __slots__ = ("gone", "node", "others", "values")

    def __init__(self, node: int) -> None:
        self.node = node
        self.values: dict[int, Any] = {}
        self.gone = False
        self.others: list[_Ahead] = []
        """The same of other nodes."""

    def of(self, node: int) -> _Ahead:
        """That node's part."""
        if self.node == node:
            return self
        for other in self.others:
            if other.node == node:
                return other
        self.others.append(_Ahead(node))
        return self.others[-1]

    def may_be(self, place: int, value: Any) -> bool:
        """Whether some node's last word on a column is this."""
        return any(place in one.values and one.values[place] == value for one in (self, *self.others))


class _Rows:
    """The rows of a table by falling key, some at a time."""

    def __init__(self, fetch: Callable[[int], list[Row]]) -> None:
        self._fetch = fetch
        self._held: list[Row] = []
        self.count = 0

    def take(self, number: int) -> list[Row]:
        """The next rows; fewer at the end."""
        while len(self._held) < number and (more := self._fetch(max(FEWEST, number))):
            self._held += map(tuple, more)
            self.count += len(more)
        taken, self._held = self._held[:number], self._held[number:]
        return taken

    def give_back(self, rows: list[Row]) -> None:
        """Rows that come next once more."""
        self._held = rows + self._held


class JournaledTable:
    """Compares one table with what the journal says of it."""

    def __init__(self, layout: Layout, fetch: Callable[[int], list[Row]], report: Report) -> None:
        self.layout = layout
        self.rows = _Rows(fetch)
        self.report = report
        self.expected: list[Row] = []
        self.ahead: dict[Key, _Ahead] = {}
        self.deleted_by: dict[int, set[Any]] = {}
        """Values of a column whose rows were deleted together."""
        self.following: dict[Key, tuple[int, Any]] = {}
        """The state that a later command gave a row."""
        self.shared: set[Key] = set()
        """Rows whose state several nodes moved; in which order is not known."""
        self.forbidden: list[tuple[Key, str]] = []
        self.late: dict[Key, list[Row | None]] = {}
        """Rows that a command wrote under keys older than itself; None where it deleted one."""
        self.settled: set[tuple[int, Key]] = set()
        self.extra: dict[Key, Row] = {}
        self.missing: dict[Key, Row] = {}
        self.questions: dict[tuple[Key, int], tuple[Any, Any]] = {}
        """Columns that differ: journaled and actual value."""
        self.met: set[Key] = set()
        """Rows of nodes already passed that another node deleted."""
        self.node = 0
        self.highest: dict[int, int] = {}
        self.oldest: dict[int, Any] = {}
        """The lowest key that a command of each node was seen to add."""
        self._key = itemgetter(*range(layout.key_size)) if layout.key_size > 1 else itemgetter(0)

    # -- what the commands did, last first

    def inserted(self, rows: list[Row], here: set[Any] | None) -> None:
        """Rows that a command added; `here` holds the keys of parents written with them."""
        for place, values in self.deleted_by.items():
            rows = [row for row in rows if row[place] not in values]
        layout = self.layout
        if layout.status is not None:
            for row in rows:
                self._moved(layout.key(row), row[layout.status])
                self.following.pop(layout.key(row), None)
        if not layout.in_key_order:
            for row in rows:
                self._late(row)
        elif here is None:
            self.expected += rows
        else:
            for row in rows:
                if row[0] in here:
                    self.expected.append(row)
                else:
                    self._late(row)

    def _late(self, row: Row) -> None:
        key = self.layout.key(row)
        if (self.node, key) not in self.settled:
            self.settled.add((self.node, key))
            ahead = self.ahead.get(key)
            values = ahead.of(self.node).values if ahead else {}
            self.late.setdefault(key, []).append(_with(row, values))

    def updated(self, effect: Shape, rows: list[Row]) -> None:
        """Columns that a command changed."""
        status = self.layout.status
        for row in rows:
            key = effect.key(row)
            if (self.node, key) in self.settled:
                continue
            values = {}
            for place, target, convert in effect.changes:
                value = row[place]
                values[target] = convert(value) if convert and value is not None else value
            if status is not None and status in values:
                self._moved(key, values[status])
                self.following[key] = self.node, values[status]
            if self.layout.in_key_order and node_of(key[0]) > self.node:
                self._answered(key, values)
                continue
            ahead = self.ahead.get(key)
            if ahead is None:
                ahead = self.ahead[key] = _Ahead(self.node)
            mine = ahead.of(self.node).values
            for target, value in values.items():
                mine.setdefault(target, value)

    def _answered(self, key: Key, values: dict[int, Any]) -> None:
        for place, value in values.items():
            question = self.questions.get((key, place))
            if question and question[1] == value:
                del self.questions[key, place]

    def deleted(self, effect: Shape, rows: list[Row]) -> None:
        """Rows that a command took away."""
        for row in rows:
            key = effect.key(row)
            if effect.by is not None:
                self.deleted_by.setdefault(effect.by, set()).add(key[0])
                for absent in [k for k, was in self.missing.items() if was[effect.by] == key[0]]:
                    del self.missing[absent]
            elif not self.layout.in_key_order:
                if (self.node, key) not in self.settled:
                    self.settled.add((self.node, key))
                    self.late.setdefault(key, []).append(None)
            elif node_of(key[0]) > self.node:
                if self.missing.pop(key, None) is None:
                    self.met.add(key)
            else:
                self.ahead.setdefault(key, _Ahead(self.node)).of(self.node).gone = True

    def _moved(self, key: Key, status: Any) -> None:
        """A state was reached; what a later command made of it must be allowed from there (I15)."""
        known = self.following.get(key)
        if known is None:
            return
        if known[0] != self.node:
            self.shared.add(key)
            return
        moves = LIFECYCLES[self.layout.name]
        if known[1] not in moves.get(status, frozenset()):
            self.forbidden.append((key, f"went from {status} to {known[1]}, which its life cycle does not allow."))

    # -- comparing

    def compare(self) -> None:
        """Compare what was gathered with the rows of the same keys."""
        expected, self.expected = self.expected, []
        if not expected:
            return
        expected.sort(key=self._key, reverse=True)
        self.highest.setdefault(self.node, counter_of(expected[0][0]))
        self.oldest[self.node] = self.layout.key(expected[-1])
        if self.ahead:
            expected = [row for row in map(self._as_left, expected) if row is not None]
        actual = self.rows.take(len(expected))
        if actual != expected:
            self.rows.give_back(actual)
            self._merge(expected)

    def _as_left(self, row: Row) -> Row | None:
        """The row as later commands left it; nothing when one deleted it."""
        key = self.layout.key(row)
        ahead = self.ahead.get(key)
        if ahead is None:
            return row
        if not ahead.others and ahead.node == node_of(row[0]):
            del self.ahead[key]
        if ahead.gone or any(other.gone for other in ahead.others):
            return None
        return _with(row, ahead.of(node_of(row[0])).values)

    def _merge(self, expected: list[Row]) -> None:
        key_of = self.layout.key
        for row in expected:
            key = key_of(row)
            while True:
                (found,) = self.rows.take(1) or (None,)
                if found is not None and key_of(found) > key:
                    self._unexpected(found)
                    continue
                if found is not None and key_of(found) < key:
                    self.rows.give_back([found])
                    found = None
                break
            if found is None:
                self.missing[key] = row
            elif found != row:
                self._differs(key, row, found)

    def _differs(self, key: Key, row: Row, found: Row) -> None:
        ahead = self.ahead.get(key)
        for place, (wanted, actual) in enumerate(zip(row, found, strict=True)):
            if wanted != actual and not (ahead and ahead.may_be(place, actual)):
                self.questions[key, place] = wanted, actual

    def _unexpected(self, found: Row) -> None:
        self.extra[self.layout.key(found)] = found

    def finish(self, *, whole: bool, alone: bool = True) -> None:
        """After the first command that is read: what is left on either side is a breach.

        Where that was not the first of all, rows of older commands are left alone; and so is, unless one node wrote
        everything, what another node may have changed in a command that was not read.
        """
        self.compare()
        if whole:
            while rows := self.rows.take(2000):
                for row in rows:
                    self._unexpected(row)
            self._settle_late()
        else:
            self._leave_older(alone=alone)
        self._tell()

    def _leave_older(self, *, alone: bool) -> None:
        self.extra = {key: row for key, row in self.extra.items() if self._is_recent(key)}
        if not alone:
            self.missing, self.questions, self.met = {}, {}, set()

    def _tell(self) -> None:
        name = self.layout.name
        for key, row in self.extra.items():
            self.report.add("I12", f"No command wrote this row of {name}: {_told(row)}.", f"{name} {_told(key)}")
        for key, row in self.missing.items():
            self.report.add(
                "I12", f"A command wrote a row of {name} that is gone: {_told(row)}.", f"{name} {_told(key)}"
            )
        for (key, place), (wanted, actual) in self.questions.items():
            column = self.layout.columns[place]
            self.report.add(
                "I6" if name in _FROZEN else "I12",
                f"{name}.{column} is {actual!r}; the journal says {wanted!r}.",
                f"{name} {_told(key)}",
            )
        for key, sentence in self.forbidden:
            if key not in self.shared:
                self.report.add("I15", f"{name} {key[0]} {sentence}", f"{name} {key[0]}")
        for key in self.met:
            self.report.add("I12", f"A command deleted this row of {name}, and it is there.", f"{name} {_told(key)}")
        self.report.checked["rows"] += self.rows.count

    def _is_recent(self, key: Key) -> bool:
        oldest = self.oldest.get(node_of(key[0]))
        return oldest is not None and key > oldest

    def _settle_late(self) -> None:
        for key, candidates in self.late.items():
            found = self.extra.pop(key, None)
            if found is None and None not in candidates:
                self.missing[key] = next(row for row in candidates if row is not None)
            elif found is not None and found not in candidates:
                row = next((row for row in candidates if row is not None), None)
                if row is None:
                    self.extra[key] = found
                else:
                    self._differs(key, row, found)


def _with(row: Row, values: dict[int, Any]) -> Row:
    if not values:
        return row
    changed = list(row)
    for place, value in values.items():
        changed[place] = value
    return tuple(changed)


def _told(row: Row) -> str:
    text = ", ".join(str(value) for value in row[:8])
    return text if len(text) <= 120 else text[:120] + "…"  # noqa: PLR2004
