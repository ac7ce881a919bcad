"""The cursor of `apsw_driver`: apsw's cursor with the habits of sqlite3's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from cashier_app.simulation.driver_errors import translated
from cashier_app.simulation.faults import MachineStopped
from cashier_app.simulation.optional import apsw_module
from cashier_app.simulation.statement_kinds import Kind, autocheckpoint_pages, kind_of, plain_insert

if TYPE_CHECKING:
    from cashier_app.simulation.apsw_driver import Connection

Parameters = Sequence[Any] | Mapping[str, Any]

_CHANGE, _CHANGE_WITH_ROWS, _AUTOCHECKPOINT = Kind.CHANGE, Kind.CHANGE_WITH_ROWS, Kind.AUTOCHECKPOINT


class Cursor:
    """One cursor. Iterating gives plain tuples."""

    __slots__ = (
        "_ahead",
        "_connection",
        "_description",
        "_execute",
        "_parameters",
        "_raw",
        "_sql",
        "arraysize",
        "lastrowid",
        "rowcount",
    )

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._raw = connection.raw.cursor()
        self._execute = self._raw.execute
        self._sql = ""
        self._parameters: Parameters = ()
        self._description: tuple[Any, ...] | None = None
        # The row after the last one given out, fetched ahead as sqlite3 does: a statement is thereby
        # finished, and what finishing it may raise is raised, with its last row.
        self._ahead: Any = None
        self.arraysize = 1
        self.lastrowid: int | None = None
        self.rowcount = -1

    def __del__(self) -> None:
        # As in sqlite3, nobody hears what an unfinished statement says to being given up.
        self.close()

    @property
    def connection(self) -> Connection:
        """The connection this cursor works on."""
        return self._connection

    def execute(self, sql: str, parameters: Parameters = ()) -> Cursor:
        """Execute one statement."""
        kind = kind_of(sql)
        self._sql = sql
        self._parameters = parameters
        self._description = self._ahead = None
        try:
            if kind == _AUTOCHECKPOINT:
                self._connection.autocheckpoint = autocheckpoint_pages(sql)
                self._execute("SELECT ?", (self._connection.autocheckpoint,))
                return self
            self._execute(sql, parameters)
        except Exception as error:
            raise self._connection.heard(error) from error
        if kind == _CHANGE:
            raw = self._connection.raw
            self.rowcount = raw.changes()
            self.lastrowid = raw.last_insert_rowid()
        elif kind == _CHANGE_WITH_ROWS:
            self.lastrowid = self._connection.raw.last_insert_rowid()
            self.rowcount = -1
        else:
            self.rowcount = -1
        return self

    def executemany(self, sql: str, parameters: Iterable[Parameters]) -> Cursor:
        """Execute one changing statement for each set of parameters; `rowcount` is the sum."""
        rows = parameters if isinstance(parameters, (list, tuple)) else list(parameters)
        if plain_insert(sql):
            self._sql = sql
            self._description = self._ahead = None
            try:
                self._raw.executemany(sql, rows)
            except Exception as error:
                raise self._connection.heard(error) from error
            self.rowcount = len(rows)
            return self
        changed = 0
        for row in rows:
            self.execute(sql, row)
            changed += max(0, self.rowcount)
        self.rowcount = changed
        return self

    def fetchone(self) -> Any:
        """The next row, or None."""
        row = self._ahead
        try:
            if row is None:
                row = self._raw.fetchone()
                if row is None:
                    return None
            self._ahead = self._raw.fetchone()
        except Exception as error:
            raise self._connection.heard(error) from error
        return row

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """At most `size` more rows."""
        size = self.arraysize if size is None else size
        rows = [] if self._ahead is None else [self._ahead]
        if size < 1:
            return []
        try:
            rows += islice(self._raw, size - len(rows))
            self._ahead = next(self._raw, None) if len(rows) == size else None
        except Exception as error:
            raise self._connection.heard(error) from error
        return rows

    def fetchall(self) -> list[Any]:
        """All other rows."""
        try:
            rows: list[Any] = self._raw.fetchall()
        except Exception as error:
            raise self._connection.heard(error) from error
        if self._ahead is not None:
            rows.insert(0, self._ahead)
            self._ahead = None
        if kind_of(self._sql) == _CHANGE_WITH_ROWS:
            self.rowcount = self._connection.raw.changes()
        return rows

    def __iter__(self) -> Iterator[Any]:
        try:
            row = self._raw.fetchone() if self._ahead is None else self._ahead
            if row is None:
                return
            for ahead in self._raw:
                # Kept on the cursor while the row is out, for a reader who stops and fetches later.
                self._ahead = ahead
                yield row
                row = self._ahead
        except Exception as error:
            raise self._connection.heard(error) from error
        self._ahead = None
        yield row

    def __next__(self) -> Any:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    @property
    def description(self) -> tuple[Any, ...] | None:
        """The columns of the result; None where the statement has none."""
        if self._description is None and kind_of(self._sql) >= _CHANGE_WITH_ROWS:
            self._description = self._columns() or None
        return self._description

    def close(self) -> None:
        """Give up the cursor and what it was still reading."""
        with suppress(Exception, MachineStopped):
            self._raw.close(True)

    def setinputsizes(self, sizes: object) -> None:
        """Nothing, as PEP 249 permits."""

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Nothing, as PEP 249 permits."""

    def _columns(self) -> tuple[Any, ...]:
        apsw = apsw_module()
        try:
            return _described(self._raw.get_description())
        except apsw.ExecutionCompleteError:
            # apsw forgets the columns with the last row, so a result without rows has none at all.
            # Preparing the statement once more and stopping before its first step brings them back.
            return _columns_without_executing(self._connection.raw, self._sql, self._parameters)


def _columns_without_executing(raw: Any, sql: str, parameters: Parameters) -> tuple[Any, ...]:
    found: list[tuple[Any, ...]] = []

    def look_and_stop(cursor: Any, _sql: str, _parameters: Any) -> bool:
        found.append(cursor.get_description())
        return False

    cursor = raw.cursor()
    cursor.exec_trace = look_and_stop
    try:
        cursor.execute(sql, parameters)
    except apsw_module().ExecTraceAbort:
        pass
    except Exception as error:
        raise translated(error) from error
    return _described(found[0])


def _described(columns: Iterable[tuple[str, str]]) -> tuple[Any, ...]:
    return tuple((name, None, None, None, None, None, None) for name, _ in columns)
