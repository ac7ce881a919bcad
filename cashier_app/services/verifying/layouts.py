"""How each journaled table is compared with the journal: its columns, what they default to, how they are read."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Column, Integer, LargeBinary, Table
from sqlalchemy.types import Boolean

from cashier_app.domain import lifecycles
from cashier_app.models.tables import Base
from cashier_app.models.types import Amount, Day, Instant, microseconds
from cashier_app.services.kernel.configuration import READ_ONLY

Row = tuple[Any, ...]

NOT_JOURNALED = frozenset(
    (
        "journal",
        "journal_part",
        "journal_shape",
        "node",
        "node_total",
        "number_series",
        "configuration_state",
        "tender_control_total",
        "batch_run",
        "debt_picture",
        "debt_picture_total",
        "debt_picture_matched",
        "second_factor_secret",
    )
)
"""Written by the door itself, derived from journaled rows and proven elsewhere, or no part of the ledger."""

COPIES = frozenset(
    (
        "account",
        "person",
        "person_identifier",
        "account_person",
        "account_alert",
        "credit_rating_entry",
        "premise",
        "service_agreement",
        "control_record",
        "house_agreement_link",
        "app_user",
        "user_group_member",
        "user_tender_source",
        "user_data_access_role",
        "user_relation",
        "open_debt",
        "kept_seal",
        "booked_event",
        "branch_link",
    )
)
"""What a branch keeps of its server, and of the line to it: not journaled there, proven at the server (decision 18).

A server has no row in the last three, so that there they are compared like all others.
"""

DERIVED = {
    "service_agreement": frozenset({"current_balance", "payoff_balance", "disputed_balance", "matched_mark"}),
    "payment_event": frozenset({"unbalanced_by"}),
}
"""Columns that other rows explain (I2, I5)."""

_PARENTS = {"gl_line": "financial_transaction", "drawer_count_line": "drawer_count"}
_PARENTS["agreement_service_point"] = "service_agreement"
"""Tables whose rows come with the row that their first column names, in one command."""

LIFECYCLES: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "adjustment": lifecycles.ADJUSTMENT.moves,
    "check_request": lifecycles.CHECK_REQUEST.moves,
    "approval_request": lifecycles.APPROVAL_REQUEST.moves,
    "match_event": lifecycles.MATCH_EVENT.moves,
    "payment": lifecycles.PAYMENT.moves,
    "tender": lifecycles.TENDER.moves,
    "tender_control": lifecycles.TENDER_CONTROL.moves,
    "deposit_control": lifecycles.DEPOSIT_CONTROL.moves,
    "to_do": lifecycles.TO_DO.moves,
    "turn_in": lifecycles.TURN_IN.moves,
}


@lru_cache(maxsize=4096)
def _instant(text: str) -> int:
    return microseconds(datetime.fromisoformat(text))


def _converter(column: Column[Any]) -> Callable[[Any], Any] | None:
    """From the journal's JSON to what `select_list` gives."""
    if isinstance(column.type, Instant):
        return _instant
    if isinstance(column.type, LargeBinary):
        return base64.b64decode
    return None


def _default(column: Column[Any]) -> Any:
    """What a column holds when an INSERT does not name it."""
    if column.server_default is None:
        return None
    text = str(getattr(column.server_default, "arg", "")).strip("'")
    whole = isinstance(column.type, Integer | Boolean | Amount) or column.type.python_type is int
    return int(text) if whole else text


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's compared columns, its key first."""

    name: str
    columns: tuple[str, ...]
    key_size: int
    defaults: Row
    converters: Mapping[str, Callable[[Any], Any]]
    types: Mapping[str, Any]
    parent: str | None
    in_key_order: bool
    """Later commands write higher keys, so that journal and table can be read side by side."""
    status: int | None
    """Place of the status column, where a life cycle is checked."""

    def select(self, dialect: str) -> str:
        """The query for all rows, last key first."""
        order = ", ".join(f"{column} DESC" for column in self.columns[: self.key_size])
        where = f" WHERE table_name <> '{READ_ONLY}'" if self.name == "control_record" else ""
        columns = ", ".join(_expression(column, self.types[column], dialect) for column in self.columns)
        return f"SELECT {columns} FROM {self.name}{where} ORDER BY {order}"  # noqa: S608

    def key(self, row: Row) -> Row:
        """The key of a row."""
        return row[: self.key_size]


def _expression(column: str, kind: Any, dialect: str) -> str:
    if dialect == "postgresql" and isinstance(kind, Day):
        return f"{column}::text"
    if dialect == "postgresql" and isinstance(kind, Instant):
        return f"(extract(epoch FROM {column}) * 1000000)::bigint"
    return column


@cache
def layouts() -> Mapping[str, Layout]:
    """All journaled tables by name."""
    return {table.name: _layout(table) for table in Base.metadata.sorted_tables if table.name not in NOT_JOURNALED}


def _layout(table: Table) -> Layout:
    key = [column.name for column in table.primary_key.columns]
    left_out = DERIVED.get(table.name, frozenset())
    others = [column.name for column in table.columns if column.name not in key and column.name not in left_out]
    columns = (*key, *others)
    return Layout(
        name=table.name,
        columns=columns,
        key_size=len(key),
        defaults=tuple(_default(table.columns[name]) for name in columns),
        converters={name: found for name in columns if (found := _converter(table.columns[name]))},
        types={name: table.columns[name].type for name in columns},
        parent=_PARENTS.get(table.name),
        in_key_order=key == ["id"] or table.name in _PARENTS,
        status=columns.index("status") if table.name in LIFECYCLES else None,
    )


class Shape(NamedTuple):
    """How the rows of an effect are read."""

    number: int
    operation: str
    layout: Layout
    arrange: Callable[[Row], Row]
    """INSERT: the row as the table should show it."""
    changes: tuple[tuple[int, int, Callable[[Any], Any] | None], ...]
    """UPDATE: place in the effect, place in the layout, converter."""
    key: Callable[[Row], Row]
    """UPDATE and DELETE: the key of the row concerned, or the value of `by`."""
    by: int | None
    """DELETE by another column than the key: its place in the layout."""


@lru_cache(maxsize=4096)
def shape(number: int, operation: str, table: str, columns: str) -> Shape | None:
    """The reader of a shape; nothing for a table or column that this version does not know."""
    layout = layouts().get(table)
    written, _, keys = columns.partition(";")
    names, key_names = written.split(), keys.split()
    if layout is None or any(name not in Base.metadata.tables[table].columns for name in (*names, *key_names)):
        return None
    by = None
    if operation != "INSERT" and tuple(key_names) != layout.columns[: layout.key_size]:
        if operation != "DELETE" or len(key_names) != 1:
            return None
        by = layout.columns.index(key_names[0])
    changes = tuple(
        (place, layout.columns.index(name), layout.converters.get(name))
        for place, name in enumerate(names)
        if name in layout.columns
    )
    first = len(names)
    return Shape(number, operation, layout, _arrangement(layout, names), changes, itemgetter(slice(first, None)), by)


def _arrangement(layout: Layout, names: list[str]) -> Callable[[Row], Row]:
    """Rows of these columns put into the layout's order, defaults filled in."""
    places = [
        names.index(column) if column in names else len(names) + place for place, column in enumerate(layout.columns)
    ]
    pick: Callable[[Row], Row] = itemgetter(*places)
    defaults = layout.defaults
    converted = [(names.index(name), convert) for name, convert in layout.converters.items() if name in names]
    if not converted:
        return lambda row: pick(row + defaults)

    def arrange(row: Row) -> Row:
        values = list(row)
        for place, convert in converted:
            if values[place] is not None:
                values[place] = convert(values[place])
        return pick((*values, *defaults))

    return arrange
