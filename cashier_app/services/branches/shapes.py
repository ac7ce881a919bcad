"""What a branch may have written: tables, columns and keys, and how its rows go into the server's tables.

A delivery comes from a machine that may be stolen: whatever it says it wrote is held against this list before anything
is written, and every key must be of the branch's own node (R reliability T8, T9).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table

from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import node_of
from cashier_app.models.tables import Base
from cashier_app.models.types import Amount, Day, Instant, microseconds

WRITTEN_BY_BRANCHES = frozenset(
    (
        "payment_event",
        "tender",
        "payment",
        "payment_segment",
        "receipt_print",
        "receipt_print_failure",
        "deposit_control",
        "tender_control",
        "tender_control_count",
        "drawer_count",
        "drawer_count_line",
        "drawer_opening",
        "drawer_report",
        "turn_in",
        "tender_deposit",
        "control_note",
        "seal",
    )
)
"""Facts of its own drawers."""

_SIGN_IN = frozenset({"failed_sign_ins", "locked_until", "last_used", "last_step"})
"""What a branch may change of a user: how signing in went."""

Row = Sequence[Any]


class Effect(NamedTuple):
    """Rows of one shape that a branch wrote."""

    operation: str
    table: str
    columns: tuple[str, ...]
    """Those written, then those that the row is found by."""
    keys: int
    """How many of the columns find the row."""
    kinds: tuple[tuple[type, ...], ...]
    """What each column may hold."""
    own: tuple[int, ...]
    """Places of columns that must hold keys of the branch's own node."""
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]

    def rows(self, rows: Iterable[Row], node: int) -> list[Row]:
        """The rows as the database takes them; refuses with SYNC-005 what a branch cannot have written."""
        return [self._row(row, node) for row in rows]

    def _row(self, row: Row, node: int) -> Row:
        if len(row) != len(self.columns) or any(map(_is_no, row, self.kinds)):
            refuse("SYNC-005", f"The branch wrote rows of {self.table} that no program of ours writes.")
        if any(not _is_own(row[place], node) for place in self.own):
            refuse("SYNC-005", f"The branch wrote rows of {self.table} that are not its own.")
        if not self.converters:
            return row
        values = list(row)
        for place, convert in self.converters:
            if values[place] is not None:
                values[place] = self._converted(convert, values[place])
        return values

    def _converted(self, convert: Callable[[Any], Any], text: str) -> Any:
        try:
            return convert(text)
        except (ValueError, TypeError, OverflowError):
            refuse("SYNC-005", f"The branch wrote rows of {self.table} that no program of ours writes.")

    def sql(self, dialect: str) -> str:
        """The statement that changes or deletes one row."""
        mark = "?" if dialect == "sqlite" else "%s"
        written = self.columns[: len(self.columns) - self.keys]
        where = " AND ".join(f"{name} = {mark}" for name in self.columns[len(written) :])
        if self.operation == "DELETE":
            return f"DELETE FROM {self.table} WHERE {where}"  # noqa: S608
        changes = ", ".join(f"{name} = {_written(name, mark, dialect)}" for name in written)
        return f"UPDATE {self.table} SET {changes} WHERE {where}"  # noqa: S608


def _written(name: str, mark: str, dialect: str) -> str:
    """A one-time code that was used here after the branch's stays used."""
    if name != "last_step":
        return mark
    return f"{'max' if dialect == 'sqlite' else 'greatest'}(last_step, {mark})"


def _is_no(value: Any, kinds: tuple[type, ...]) -> bool:
    return type(value) not in kinds


def _is_own(value: Any, node: int) -> bool:
    return value is None or node_of(value) == node


@cache
def effect(operation: str, table_name: str, columns: str, dialect: str) -> Effect:
    """The reader of a shape; refuses with SYNC-005 what a branch never writes."""
    table = Base.metadata.tables.get(table_name)
    written, _, keys = columns.partition(";")
    names, key_names = tuple(written.split()), tuple(keys.split())
    if table is None or not _is_allowed(operation, table, names, key_names):
        refuse("SYNC-005", f"The branch says it did {operation} of {table_name} ({columns}); branches do not.")
    every = (*names, *key_names)
    own = tuple(place for place, name in enumerate(every) if _names_own_row(table, name))
    conversions = ((place, _converter(table, name, dialect)) for place, name in enumerate(every))
    converters = tuple((place, convert) for place, convert in conversions if convert is not None)
    kinds = tuple(_kinds(table.c[name]) for name in every)
    return Effect(operation, table_name, every, len(key_names), kinds, own, converters)


def _is_allowed(operation: str, table: Table, names: Sequence[str], keys: Sequence[str]) -> bool:
    if any(name not in table.c for name in (*names, *keys)):
        return False
    primary = [column.name for column in table.primary_key.columns]
    if table.name == "app_user":
        return operation == "UPDATE" and _SIGN_IN.issuperset(names) and list(keys) == primary
    if table.name not in WRITTEN_BY_BRANCHES:
        return False
    if operation == "INSERT":
        return _needed(table) <= set(names) and not keys
    return operation in {"UPDATE", "DELETE"} and list(keys) == primary and not set(primary) & set(names)


@cache
def _needed(table: Table) -> frozenset[str]:
    """Columns without which there is no row, or none that can be followed up."""
    references = {"event_id", "tender_control_id", "payor_account_id"}
    return frozenset(
        column.name
        for column in table.c
        if column.name in references or not (column.nullable or column.server_default is not None)
    )


def _kinds(column: Column[Any]) -> tuple[type, ...]:
    """The types of JSON values that a column's values have in the journal."""
    kind = column.type
    if isinstance(kind, Boolean):
        found: tuple[type, ...] = (bool, int)
    elif isinstance(kind, Integer | Amount):
        found = (int,)
    else:  # texts, and what is written as one: days, instants, bytes
        found = (str,)
    return (*found, type(None)) if column.nullable else found


def _names_own_row(table: Table, name: str) -> bool:
    column = table.c[name]
    if table.name == "app_user":
        return False
    if name == "node_id" and not column.foreign_keys:
        return False
    if column.primary_key and next(iter(table.primary_key.columns)) is column:
        return True
    return any(key.column.table.name in WRITTEN_BY_BRANCHES for key in column.foreign_keys)


def _converter(table: Table, name: str, dialect: str) -> Callable[[Any], Any] | None:
    kind = table.c[name].type
    if isinstance(kind, Instant) and dialect == "sqlite":
        return lambda text: microseconds(datetime.fromisoformat(text))
    if isinstance(kind, Day):
        return lambda text: date.fromisoformat(text).isoformat()
    return partial(base64.b64decode, validate=True) if isinstance(kind, LargeBinary) else None


@cache
def table_order() -> dict[str, int]:
    """Tables in an order in which rows can be added: what is referred to comes first."""
    return {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
