"""Journal and tables say the same, in both directions (I6, I12), and states moved as they may (I15).

Commands are read last first, beside each table, whose rows are read by falling key: a node hands out
its keys in the order of its commands, so both meet. What a later command changed is then known before
the row's own insertion is met, and memory is needed only for changes on their way to it.

Several nodes may change one row; their journals do not tell which was last. Then any node's last word
on a column is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from operator import itemgetter
from typing import Any

import msgspec

from cashier_app.domain.identifiers import node_of
from cashier_app.services.payments.events import FROM_FILES
from cashier_app.services.verifying.chains import ReadEntry
from cashier_app.services.verifying.journaled_table import JournaledTable
from cashier_app.services.verifying.layouts import Layout, Row, Shape, layouts, shape
from cashier_app.services.verifying.verdict import Report

BATCH = 20_000
"""Journaled rows that are gathered before they are compared."""

_FROM_FILES = frozenset(kind.value for kind in FROM_FILES)
_decode = msgspec.json.Decoder(list[tuple[int, list[tuple[Any, ...]]]]).decode


class Replay:
    """Feeds the effects of commands, last first, to the tables they concern."""

    def __init__(
        self,
        shapes: dict[int, tuple[str, str, str]],
        fetcher: Callable[[Layout], Callable[[int], list[Row]]],
        report: Report,
        left_out: Collection[str] = (),
    ) -> None:
        """`left_out` are tables whose rows other databases explain."""
        self.report = report
        self._shapes = {number: shape(number, *texts) for number, texts in shapes.items()}
        self._tables = {
            name: JournaledTable(layout, fetcher(layout), report)
            for name, layout in layouts().items()
            if name not in left_out
        }
        self._gathered = 0
        self.takings: dict[tuple[int, str], list[int]] = {}
        """By node and currency: number and sum of events that were final when they were written."""
        self.numbered: dict[int, int] = {}
        """Events that became final later: the node that numbered each."""
        self.slips: list[str] = []
        """Numbers of all deposit slips ever written."""

    def run(self, entries: Iterator[ReadEntry], *, whole: bool) -> None:
        """Read everything and compare."""
        node = nodes = 0
        for entry in entries:
            if node_of(entry.id) != node:
                nodes += 1
                self._compare()
                node = node_of(entry.id)
                for table in self._tables.values():
                    table.node = node
            self._apply(entry, node)
            if self._gathered >= BATCH:
                self._compare()
        for table in self._tables.values():
            table.finish(whole=whole, alone=nodes < 2)  # noqa: PLR2004

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
                elif effect.layout.name in self._tables:
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
        self._note_takings(written, node)

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

    def _note_takings(self, written: list[tuple[Shape, list[Row]]], node: int) -> None:
        """What grand totals and slip numbers must be (R reliability C8, I10)."""
        final: dict[Any, list[int]] = {}
        for effect, rows in written:
            name = effect.layout.name
            if name == "payment_event" and effect.operation == "INSERT":
                for row in rows:
                    if row[_RECEIPT] is not None or row[_EVENT_KIND] in _FROM_FILES:
                        final[row[0]] = taken = self.takings.setdefault((node, row[_EVENT_CURRENCY]), [0, 0])
                        taken[0] += 1
            elif name == "payment_event" and any(target == _RECEIPT for _, target, _ in effect.changes):
                self.numbered.update((effect.key(row)[0], node) for row in rows)
            elif name == "tender" and effect.operation == "INSERT":
                for row in rows:
                    if row[_TENDER_EVENT] in final:
                        final[row[_TENDER_EVENT]][1] += row[_TENDER_AMOUNT]
            elif name == "tender_deposit" and effect.operation == "INSERT":
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
_EVENT_CURRENCY = _place("payment_event", "currency")
_RECEIPT = _place("payment_event", "receipt_number")
_TENDER_EVENT = _place("tender", "event_id")
_TENDER_AMOUNT = _place("tender", "amount")
_SLIP = _place("tender_deposit", "slip_number")
