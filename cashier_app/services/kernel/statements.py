"""SQL that is built once with SQLAlchemy, compiled once per dialect, and then run as plain text.

The ledger's hot path cannot afford to go through the ORM or to build statements again (see
docs/performance.md); readers of the code get SQLAlchemy's notation all the same.
"""

from __future__ import annotations

import hashlib
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Table, bindparam
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

from cashier_app.domain.access import Access
from cashier_app.models.base import Base
from cashier_app.models.types import Day, Instant

DIALECTS: dict[str, Dialect] = {
    "sqlite": SQLiteDialect_pysqlite(paramstyle="qmark"),
    "postgresql": PGDialect_psycopg(paramstyle="format"),  # type: ignore[no-untyped-call]
}


class among(ColumnElement[bool]):  # noqa: N801  # reads as an operator
    """`column` is one of the values bound to `name`, however many there are."""

    inherit_cache = False

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.parameter: ColumnElement[Any] = bindparam(name)


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.parameter, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # parameters only


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY({compiler.process(element.parameter, **kw)})"


class seconds_now(ColumnElement[int]):  # noqa: N801  # reads as a function
    """Seconds by the database's own clock, which is one and the same for all who use it."""

    inherit_cache = True
    type = BigInteger()


@compiles(seconds_now, "sqlite")
def _seconds_sqlite(_element: seconds_now, _compiler: Any, **_kw: Any) -> str:
    return "unixepoch()"


@compiles(seconds_now, "postgresql")
def _seconds_postgresql(_element: seconds_now, _compiler: Any, **_kw: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)"


@dataclass(slots=True)
class Compiled:
    """A statement as one driver takes it."""

    sql: str
    bind: Callable[[dict[str, Any]], Sequence[Any]]
    row: Callable[[Any], Any]


class Statement:
    """A query or an unrecorded change, with named parameters."""

    def __init__(self, construct: Any) -> None:
        self.construct: ClauseElement = construct
        self._compiled: dict[str, Compiled] = {}

    def seen_by(self, _access: Access) -> Statement:
        """The form of the query for whoever looks: the same for all, unless it is guarded."""
        return self

    def compiled(self, dialect: str) -> Compiled:
        """The statement for a dialect; compiled at first use."""
        ready = self._compiled.get(dialect)
        if ready is None:
            ready = self._compiled[dialect] = self._compile(dialect)
        return ready

    def _compile(self, dialect: str) -> Compiled:
        compiled = self.construct.compile(dialect=DIALECTS[dialect], compile_kwargs={"render_postcompile": True})
        names: list[str] = list(getattr(compiled, "positiontup", None) or ())
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        return Compiled(str(compiled), _binder(names, constants), _row_maker(self.construct, dialect))


def _binder(names: list[str], constants: dict[str, Any]) -> Callable[[dict[str, Any]], Sequence[Any]]:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        name = names[0]
        return lambda values: (constants[name],) if name in constants else (values[name],)
    pick = itemgetter(*names)
    if not constants:
        return pick
    return lambda values: pick({**constants, **values})


def _row_maker(construct: Any, dialect: str) -> Callable[[Any], Any]:
    columns = getattr(construct, "selected_columns", None)
    if columns is None:
        return tuple
    row_type = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024
    readers = [
        (place, column.type.process_result_value)
        for place, column in enumerate(columns)
        if dialect == "sqlite" and isinstance(column.type, Day | Instant)
    ]
    if not readers:
        return row_type._make

    def converted(raw: Any) -> Any:
        values = list(raw)
        for place, reader in readers:
            if values[place] is not None:
                values[place] = reader(values[place], DIALECTS[dialect])
        return row_type._make(values)

    return converted


class Recorded:
    """A change that the journal records row by row: the columns, in the order of the rows."""

    __slots__ = ("_sql", "columns", "keys", "operation", "shape_number", "table")

    def __init__(self, model: type[Base], columns: str, operation: str, keys: str = "") -> None:
        self.table: Table = model.__table__  # type: ignore[assignment]
        self.columns = tuple(columns.split())
        self.keys = tuple(keys.split())
        self.operation = operation
        unknown = [name for name in (*self.columns, *self.keys) if name not in self.table.c]
        assert not unknown, f"{self.table.name} has no {unknown}"
        self._sql: dict[str, str] = {}
        digest = hashlib.sha256(" ".join(self.shape).encode()).digest()
        self.shape_number = int.from_bytes(digest[:5])
        """The same for the same shape, everywhere and for ever."""

    @property
    def shape(self) -> tuple[str, str, str]:
        """Operation, table and columns (`written;keys`): what `journal_shape` stores."""
        return self.operation, self.table.name, f"{' '.join(self.columns)};{' '.join(self.keys)}"

    def sql(self, dialect: str) -> str:
        """The statement with one placeholder per column."""
        ready = self._sql.get(dialect)
        if ready is None:
            ready = self._sql[dialect] = self._write("?" if dialect == "sqlite" else "%s")
        return ready

    def _write(self, mark: str) -> str:
        if self.operation == "INSERT":
            marks = ", ".join(mark for _ in self.columns)
            return f"INSERT INTO {self.table.name} ({', '.join(self.columns)}) VALUES ({marks})"  # noqa: S608
        where = " AND ".join(f"{name} = {mark}" for name in self.keys)
        if self.operation == "DELETE":
            return f"DELETE FROM {self.table.name} WHERE {where}"  # noqa: S608
        changes = ", ".join(f"{name} = {mark}" for name in self.columns)
        return f"UPDATE {self.table.name} SET {changes} WHERE {where}"  # noqa: S608


def insertion(model: type[Base], columns: str) -> Recorded:
    """Rows of these columns are added; columns not named take their defaults."""
    return Recorded(model, columns, "INSERT")


def change(model: type[Base], columns: str, by: str = "id") -> Recorded:
    """Rows give the new values, then the key columns `by`."""
    return Recorded(model, columns, "UPDATE", by)


def deletion(model: type[Base], by: str = "id") -> Recorded:
    """Rows give the key columns `by`."""
    return Recorded(model, "", "DELETE", by)
