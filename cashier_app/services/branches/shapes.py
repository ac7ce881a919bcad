"""What a branch may have written: tables, columns and keys, and how its rows go into the server's tables.

A delivery comes from a machine that may be stolen: whatever it says it wrote is held against this list before anything
is written, and every key must be of the branch's own node (R reliability T8, T9).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import LargeBinary, Table

from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import node_of
from cashier_app.models.tables import Base
from cashier_app.models.types import Instant, microseconds

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

_SIGN_IN = frozenset({"failed_sign_ins", "locked_until", "last_used"})
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
    own: tuple[int, ...]
    """Places of columns that must hold keys of the branch's own node."""
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]

    def rows(self, rows: Iterable[Row], node: int) -> list[Row]:
        """The rows as the database takes them; refuses with SYNC-005 keys that are not the branch's."""
        found = []
        for row in rows:
            if len(row) != len(self.columns) or any(not _is_own(row[place], node) for place in self.own):
                refuse("SYNC-005", f"The branch wrote rows of {self.table} that are not its own.")
            if self.converters:
                values = list(row)
                for place, convert in self.converters:
                    if values[place] is not None:
                        values[place] = convert(values[place])
                row = values  # noqa: PLW2901  # the same row as the database has it
            found.append(row)
        return found

    def sql(self, dialect: str) -> str:
        """The statement that changes or deletes one row."""
        mark = "?" if dialect == "sqlite" else "%s"
        written = self.columns[: len(self.columns) - self.keys]
        where = " AND ".join(f"{name} = {mark}" for name in self.columns[len(written) :])
        if self.operation == "DELETE":
            return f"DELETE FROM {self.table} WHERE {where}"  # noqa: S608
        changes = ", ".join(f"{name} = {mark}" for name in written)
        return f"UPDATE {self.table} SET {changes} WHERE {where}"  # noqa: S608


def _is_own(value: Any, node: int) -> bool:
    return value is None or (isinstance(value, int) and node_of(value) == node)


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
    return Effect(operation, table_name, every, len(key_names), own, converters)


def _is_allowed(operation: str, table: Table, names: Sequence[str], keys: Sequence[str]) -> bool:
    if any(name not in table.c for name in (*names, *keys)):
        return False
    primary = [column.name for column in table.primary_key.columns]
    if table.name == "app_user":
        return operation == "UPDATE" and _SIGN_IN.issuperset(names) and list(keys) == primary
    if table.name not in WRITTEN_BY_BRANCHES:
        return False
    if operation == "INSERT":
        return set(primary) <= set(names) and not keys
    return operation in {"UPDATE", "DELETE"} and list(keys) == primary and not set(primary) & set(names)


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
    return base64.b64decode if isinstance(kind, LargeBinary) else None


@cache
def table_order() -> dict[str, int]:
    """Tables in an order in which rows can be added: what is referred to comes first."""
    return {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
