"""Rows that a branch wrote, on their way into the server's tables, and what is kept beside them there.

Rows go in as they are; totals, imbalance, counters and grand totals are derived anew, as handlers would have kept them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, case, delete, func, literal, or_, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.identifiers import RECEIPT_DIGITS, counter_of, split_receipt_number
from cashier_app.domain.lifecycles import PaymentStatus, TenderStatus, TurnInStatus
from cashier_app.models.configuration import NumberSeries
from cashier_app.models.control import TenderControl, TenderControlTotal, TurnIn
from cashier_app.models.payment import Payment, Tender
from cashier_app.services.branches.deliveries import SentEntry, SentShape
from cashier_app.services.branches.forgotten import Forgotten
from cashier_app.services.branches.shapes import Effect, effect, table_order
from cashier_app.services.kernel.journaling import add_takings
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.events import FROM_FILES
from cashier_app.services.payments.receipt_numbers import series_code

_FROM_FILES = frozenset(kind.value for kind in FROM_FILES)


class Arrived:
    """Gathers rows of several entries and writes them in an order that foreign keys allow."""

    def __init__(self, work: Work, node_id: int, workstation: str, shapes: Mapping[int, SentShape]) -> None:
        self.work = work
        self.node_id = node_id
        sources = [each for each in work.config.all(TenderSource).values() if each.workstation == workstation]
        self._sources = {source.code for source in sources}
        self._series = {source.receipt_series for source in sources}
        self._shapes = shapes
        self.forgotten = Forgotten(work, sources)
        self._waiting: dict[Effect, list[Sequence[Any]]] = {}
        self.last_key = 0
        self._events: set[int] = set()
        self._tenders: set[int] = set()
        self._payments: set[int] = set()
        self.controls: set[int] = set()
        self._turn_ins: set[int] = set()
        self.numbers: dict[str, int] = {}
        """Last number by series."""
        self._final: dict[int, str] = {}
        """Currency of the events that were numbered when they were written."""
        self.takings: dict[str, tuple[int, int]] = {}

    @property
    def event_ids(self) -> list[int]:
        """The payment events that these rows concern."""
        return sorted(self._events)

    def add(self, entry: SentEntry) -> None:
        """Take up what an entry wrote. Rows that are only added wait for others of their kind."""
        for number, rows in entry.rows():
            shape = self._shapes.get(number)
            if shape is None:
                refuse("SYNC-004", f"Entry {entry.sequence} speaks of shape {number}, which was not sent.")
            found = effect(shape.operation, shape.table_name, shape.columns, self.work.store.dialect)
            ready = found.rows(rows, self.node_id)
            if found.operation != "INSERT":
                self.flush()
                self.work.store.copy_rows(found.sql(self.work.store.dialect), ready)
            else:
                self._waiting.setdefault(found, []).extend(ready)
            self._look_at(found, ready)

    def flush(self) -> None:
        """Write what waits, tables that others refer to first."""
        order = table_order()
        waiting = self.forgotten.replaced(self._waiting)
        for found in sorted(waiting, key=lambda each: order[each.table]):
            self.work.store.add_rows(found.table, found.columns, waiting[found])
        self._waiting.clear()

    def _look_at(self, found: Effect, rows: Iterable[Sequence[Any]]) -> None:
        """Note which events and drawers are concerned and which numbers were given."""
        places = {name: place for place, name in enumerate(found.columns)}
        for row in rows:
            if found.operation == "INSERT" and "id" in places:
                self.last_key = max(self.last_key, counter_of(row[places["id"]]))
            if found.table in _LOOKED_AT:
                self._look_at_row(found, {name: row[place] for name, place in places.items()})

    def _look_at_row(self, found: Effect, row: Mapping[str, Any]) -> None:
        is_new = found.operation == "INSERT"
        match found.table:
            case "payment_event":
                self._payment_event(row, is_new=is_new)
            case "tender":
                self._tender(row, is_new=is_new)
            case "payment":
                self._payment(row, is_new=is_new)
            case "tender_control":
                if "tender_source" in row:
                    own = row["tender_source"] in self._sources
                    require(own, "SYNC-005", "A drawer is not the branch's own.")
                self.controls.add(row["id"])
            case "turn_in":
                self._turn_ins.add(row["id"])
                if is_new:
                    self._number(f"TURN-IN-{self.node_id}", _count_in(row["receipt_number"]))
            case "tender_deposit" if is_new:
                self._number(f"SLIP-{self.node_id}", _count_in(row["slip_number"]))
            case "drawer_report" if is_new:
                self._number(f"Z-{self.node_id}", row["number"])

    def _payment_event(self, row: Mapping[str, Any], *, is_new: bool) -> None:
        self._events.add(row["id"])
        number = row.get("receipt_number")
        if number is not None:
            require(
                len(number) == RECEIPT_DIGITS and _is_number(number, RECEIPT_DIGITS),
                "SYNC-005",
                "A receipt number of the branch is none.",
            )
            series, count = split_receipt_number(number)
            require(series in self._series, "SYNC-005", f"Receipt series {series} is not the branch's own.")
            self._number(series_code(series), count)
        if is_new and (number is not None or row["kind"] in _FROM_FILES):
            currency = self._final[row["id"]] = row["currency"]
            number_of, total = self.takings.get(currency, (0, 0))
            self.takings[currency] = number_of + 1, total

    def _payment(self, row: Mapping[str, Any], *, is_new: bool) -> None:
        status = row.get("status", PaymentStatus.RECORDED)
        require(status in _LEFT_BY_BRANCHES, "SYNC-005", f"A branch leaves no payment {status}.")
        if is_new:
            self._events.add(row["event_id"])
        else:
            self._payments.add(row["id"])

    def _tender(self, row: Mapping[str, Any], *, is_new: bool) -> None:
        if not is_new:
            self._tenders.add(row["id"])
            return
        self.controls.add(row["tender_control_id"])
        currency = self._final.get(row["event_id"])
        if currency is not None:
            number, total = self.takings[currency]
            self.takings[currency] = number, total + row["amount"]

    def _number(self, series: str, count: int) -> None:
        self.numbers[series] = max(count, self.numbers.get(series, 0))

    def resolve(self) -> None:
        """Find the events and drawers of rows that were changed, now that all rows are there."""
        store = self.work.store
        if self._tenders:
            for row in store.all(_OF_TENDERS, ids=sorted(self._tenders)):
                self._events.add(row.event_id)
                self.controls.add(row.tender_control_id)
        if self._payments:
            self._events.update(row.event_id for row in store.all(_OF_PAYMENTS, ids=sorted(self._payments)))
        if self._turn_ins:
            self.controls.update(row.tender_control_id for row in store.all(_OF_TURN_INS, ids=sorted(self._turn_ins)))
        self.controls.discard(None)


_LOOKED_AT = frozenset(
    ("payment_event", "tender", "payment", "tender_control", "turn_in", "tender_deposit", "drawer_report")
)


_LEFT_BY_BRANCHES = frozenset({PaymentStatus.RECORDED, PaymentStatus.CANCELED})


def _is_number(text: str, digits: int) -> bool:
    return len(text) >= digits and text[-digits:].isascii() and text[-digits:].isdecimal()


def _count_in(number: str) -> int:
    """The count in a number of node, count and check digit."""
    require(_is_number(number, 8), "SYNC-005", "A number of a turn-in or a slip of the branch is none.")
    return int(number[-8:-1])


_OF_TENDERS = Statement(select(Tender.event_id, Tender.tender_control_id).where(among(Tender.id, "ids")))
_OF_PAYMENTS = Statement(select(Payment.event_id).where(among(Payment.id, "ids")))
_OF_TURN_INS = Statement(select(TurnIn.tender_control_id).where(among(TurnIn.id, "ids")))
_FORGET_TOTALS = Statement(
    delete(TenderControlTotal).where(TenderControlTotal.tender_control_id == bindparam("control_id"))
)
_bucket = func.coalesce(Tender.applies_to_tender_type, Tender.tender_type)
_parts = union_all(
    # What a drawer should hold, from its float, its tenders and its turn-ins alone (R payments 2.5).
    select(
        TenderControl.starting_tender_type.label("tender_type"),
        TenderControl.starting_balance.label("amount"),
        literal(0).label("number"),
    ).where(TenderControl.id == bindparam("control_id"), TenderControl.starting_balance != 0),
    select(_bucket, func.sum(Tender.amount), func.count())
    .where(
        Tender.tender_control_id == bindparam("control_id"),
        or_(Tender.status == TenderStatus.VALID.value, Tender.canceled_after_balance),
    )
    .group_by(_bucket),
    select(TurnIn.tender_type, -func.sum(TurnIn.amount), literal(0))
    .where(TurnIn.tender_control_id == bindparam("control_id"), TurnIn.status != TurnInStatus.VOIDED.value)
    .group_by(TurnIn.tender_type),
).subquery("parts")
_TOTALS = Statement(
    select(
        _parts.c.tender_type, func.sum(_parts.c.amount).label("amount"), func.sum(_parts.c.number).label("number")
    ).group_by(_parts.c.tender_type)
)
_INSERT_TOTAL = Statement(
    TenderControlTotal.__table__.insert().values(  # type: ignore[attr-defined]
        tender_control_id=bindparam("control_id"),
        tender_type=bindparam("type"),
        amount_expected=bindparam("amount"),
        tender_count=bindparam("number"),
    )
)


def _raise_number(insert: Any) -> Statement:
    adding = insert(NumberSeries).values(code=bindparam("series"), last_number=bindparam("last"))
    higher = case(
        (NumberSeries.last_number > adding.excluded.last_number, NumberSeries.last_number),
        else_=adding.excluded.last_number,
    )
    return Statement(adding.on_conflict_do_update(index_elements=["code"], set_={"last_number": higher}))


_RAISE_NUMBER = {"sqlite": _raise_number(sqlite.insert), "postgresql": _raise_number(postgresql.insert)}


def write_rows(arrived: Arrived) -> None:
    """Write what was gathered and keep what is derived from it."""
    arrived.flush()
    arrived.resolve()
    store = arrived.work.store
    for control_id in sorted(arrived.controls):
        store.apply(_FORGET_TOTALS, [{"control_id": control_id}])
        totals = store.all(_TOTALS, control_id=control_id)
        store.apply(
            _INSERT_TOTAL,
            (
                {
                    "control_id": control_id,
                    "type": row.tender_type,
                    "amount": int(row.amount),
                    "number": int(row.number),
                }
                for row in totals
            ),
        )
    add_takings(store, arrived.node_id, arrived.takings)
    for series, last in sorted(arrived.numbers.items()):
        store.apply(_RAISE_NUMBER[store.dialect], [{"series": series, "last": last}])
