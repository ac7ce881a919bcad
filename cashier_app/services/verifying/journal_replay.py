"""Journal and tables say the same, in both directions (I6, I12), and states moved as they may (I15).

Commands are read last first, beside each table, whose rows are read by falling key: a node hands out
its keys in the order of its commands, so both meet. What a later command changed is then known before
the row's own insertion is met, and memory is needed only for changes on their way to it.

Several nodes may change one row; their journals do not tell which was last. Then any node's last word
on a column is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import msgspec

from cashier_app.domain.identifiers import counter_of, node_of
from cashier_app.domain.lifecycles import EventKind
from cashier_app.services.verifying.chains import ReadEntry
from cashier_app.services.verifying.layouts import LIFECYCLES, Layout, Row, Shape, layouts, shape
from cashier_app.services.verifying.verdict import Report

BATCH = 20_000
"""Journaled rows that are gathered before they are compared."""

FEWEST = 50
"""Rows of a table that are fetched at least; more would matter where single rows are large."""

_FROZEN = frozenset({"financial_transaction", "gl_line"})
_HOUSE = frozenset({EventKind.OVER_UNDER.value, EventKind.PAY_IN_OUT.value})
_decode = msgspec.json.Decoder(list[tuple[int, list[tuple[Any, ...]]]]).decode

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


class _Table:
    """One table against the journal."""

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

    def finish(self, *, whole: bool) -> None:
        """After the first command: what is left on either side is a breach."""
        self.compare()
        if whole:
            while rows := self.rows.take(2000):
                for row in rows:
                    self._unexpected(row)
            self._settle_late()
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


class Replay:
    """Feeds the effects of commands, last first, to the tables they concern."""

    def __init__(
        self,
        shapes: dict[int, tuple[str, str, str]],
        fetcher: Callable[[Layout], Callable[[int], list[Row]]],
        report: Report,
    ) -> None:
        self.report = report
        self._shapes = {number: shape(number, *texts) for number, texts in shapes.items()}
        self._tables = {name: _Table(layout, fetcher(layout), report) for name, layout in layouts().items()}
        self._gathered = 0
        self.takings: dict[tuple[int, int], list[int]] = {}
        """By node and drawer: number and sum of tenders ever taken from customers."""
        self.slips: list[str] = []
        """Numbers of all deposit slips ever written."""

    def run(self, entries: Iterator[ReadEntry], *, whole: bool) -> None:
        """Read everything and compare."""
        node = 0
        for entry in entries:
            if node_of(entry.id) != node:
                self._compare()
                node = node_of(entry.id)
                for table in self._tables.values():
                    table.node = node
            self._apply(entry, node)
            if self._gathered >= BATCH:
                self._compare()
        for table in self._tables.values():
            table.finish(whole=whole)

    def _compare(self) -> None:
        self._gathered = 0
        for table in self._tables.values():
            table.compare()
        paid = self._tables["payment_segment"].deleted_by
        for values in paid.values():
            # Segments come after their payment, so below its insertion nobody asks for them any more.
            values &= {key[0] for key in self._tables["payment"].ahead}

    def _apply(self, entry: ReadEntry, node: int) -> None:
        effects: list[tuple[Shape, list[Row]]] = []
        for text in entry.effects:
            try:
                decoded = _decode(text)
            except msgspec.DecodeError:
                self.report.add("I11", f"The effects of entry {entry.id} cannot be read.", f"journal {entry.id}")
                return
            for number, rows in decoded:
                effect = self._shapes.get(number)
                if effect is None:
                    self.report.add("I11", f"Entry {entry.id} has effects of unknown shape {number}.", f"{entry.id}")
                else:
                    effects.append((effect, rows))
                    self._gathered += len(rows)
        written = [(effect, self._arranged(effect, rows)) for effect, rows in effects]
        parents = self._parents(written)
        for effect, rows in reversed(written):
            table = self._tables[effect.layout.name]
            if effect.operation == "INSERT":
                table.inserted(rows, None if effect.layout.parent is None else parents[effect.layout.parent])
            elif effect.operation == "UPDATE":
                table.updated(effect, rows[::-1])
            else:
                table.deleted(effect, rows)
        self._note_tenders(written, node)

    def _arranged(self, effect: Shape, rows: list[Row]) -> list[Row]:
        try:
            return list(map(effect.arrange, rows)) if effect.operation == "INSERT" else rows
        except (TypeError, ValueError, IndexError):
            self.report.add("I11", f"Effects on {effect.layout.name} cannot be read.", effect.layout.name)
            return []

    @staticmethod
    def _parents(written: list[tuple[Shape, list[Row]]]) -> dict[str, set[Any]]:
        found: dict[str, set[Any]] = {"financial_transaction": set(), "drawer_count": set(), "service_agreement": set()}
        for effect, rows in written:
            if effect.operation == "INSERT" and effect.layout.name in found:
                found[effect.layout.name].update(map(itemgetter(0), rows))
        return found

    def _note_tenders(self, written: list[tuple[Shape, list[Row]]], node: int) -> None:
        """What grand totals and slip numbers must be (R reliability C8, I10)."""
        house: set[Any] = set()
        for effect, rows in written:
            if effect.operation != "INSERT":
                continue
            name = effect.layout.name
            if name == "payment_event":
                house.update(row[0] for row in rows if row[_EVENT_KIND] in _HOUSE)
            elif name == "tender":
                for row in rows:
                    if row[_TENDER_EVENT] not in house:
                        taken = self.takings.setdefault((node, row[_TENDER_CONTROL]), [0, 0])
                        taken[0] += 1
                        taken[1] += row[_TENDER_AMOUNT]
            elif name == "tender_deposit":
                self.slips += [str(row[_SLIP]) for row in rows]

    def highest_keys(self) -> dict[int, int]:
        """The highest key that a row of each node has."""
        found: dict[int, int] = {}
        for table in self._tables.values():
            for node, counter in table.highest.items():
                found[node] = max(found.get(node, 0), counter)
        return found


def _place(table: str, column: str) -> int:
    return layouts()[table].columns.index(column)


_EVENT_KIND = _place("payment_event", "kind")
_TENDER_EVENT = _place("tender", "event_id")
_TENDER_CONTROL = _place("tender", "tender_control_id")
_TENDER_AMOUNT = _place("tender", "amount")
_SLIP = _place("tender_deposit", "slip_number")
