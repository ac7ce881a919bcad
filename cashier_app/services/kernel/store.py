"""One open transaction: prepared statements in, plain rows out, every change recorded.

On PostgreSQL writes wait until something is read or the transaction ends, and then travel together
with it in one pipeline, so that a payment costs a handful of round trips instead of thirty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from cashier_app.domain.access import Access
from cashier_app.domain.errors import refuse
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.statements import Recorded, Statement

PART_SIZE = 1_000_000
"""Characters of effects after which a new part begins."""

ROWS_AT_ONCE = 2000
"""So many rows of effects wait for being encoded together; more would only hold memory."""

COPY_FROM = 100
"""From so many rows on PostgreSQL takes them by COPY."""


class Mark(NamedTuple):
    """What a store had recorded when a part began."""

    parts: list[str]
    effects: list[tuple[int, list[Any]]]
    effect_rows: int
    new_shapes: set[int]


class Store:
    """Reads and writes inside the transaction that the door has begun."""

    def __init__(self, database: Database, cursor: Any, access: Access) -> None:
        self.database = database
        self.access = access
        """Of whoever looks through it: guarded queries give them only what they may see."""
        self.dialect = database.dialect
        self.cursor = cursor
        self.parts: list[str] = []
        """Effects that have been encoded already, each a JSON array of `[shape, rows]`."""
        self._effects: list[tuple[int, list[Any]]] = []
        self._effect_rows = 0
        self._pending: list[tuple[str, Sequence[Any] | None, bool]] = []
        self._deferred = self.dialect == "postgresql"
        self.new_shapes: set[int] = set()

    # -- reading

    def all(self, statement: Statement, **parameters: Any) -> list[Any]:
        """All rows, as named tuples."""
        compiled = self._run(statement, parameters)
        return [compiled.row(row) for row in self.cursor.fetchall()]

    def first(self, statement: Statement, **parameters: Any) -> Any | None:
        """The first row, or nothing."""
        compiled = self._run(statement, parameters)
        row = self.cursor.fetchone()
        return None if row is None else compiled.row(row)

    def value(self, statement: Statement, **parameters: Any) -> Any:
        """The first column of the first row, or nothing."""
        row = self.first(statement, **parameters)
        return None if row is None else row[0]

    def one(self, statement: Statement, missing: tuple[str, str], /, **parameters: Any) -> Any:
        """The first row; refuses with the code and sentence where there is none."""
        row = self.first(statement, **parameters)
        if row is None:
            refuse(*missing)
        return row

    def each(self, statement: Statement, **parameters: Any) -> Iterator[Any]:
        """Rows one by one on a cursor of their own; on SQLite only those looked at are fetched."""
        self.flush()
        compiled, values = self._asked(statement, parameters)
        with self.database.translated():
            cursor = self.database.connection.cursor()
            cursor.execute(compiled.sql, values)
            for row in cursor:
                yield compiled.row(row)

    def _run(self, statement: Statement, parameters: dict[str, Any]) -> Any:
        compiled, values = self._asked(statement, parameters)
        try:
            if self._pending:
                with self.database.connection.pipeline():
                    self._send()
                    self.cursor.execute(compiled.sql, values)
            else:
                self.cursor.execute(compiled.sql, values)
        except self.database.driver.Error as problem:
            self.database.explain(problem)
        return compiled

    def _asked(self, statement: Statement, parameters: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
        form = statement.seen_by(self.access)
        if form is not statement:
            parameters["access_groups"] = ["", *sorted(self.access.groups)]
        compiled = form.compiled(self.dialect)
        return compiled, compiled.bind(self._bound(parameters))

    def _bound(self, values: dict[str, Any]) -> dict[str, Any]:
        """Lists as the database takes them: SQLite as JSON."""
        if self.dialect == "sqlite":
            for name, value in values.items():
                if isinstance(value, list):
                    values = {**values, name: to_json(value)}
        return values

    # -- writing

    def write(self, recorded: Recorded, rows: Sequence[Sequence[Any]]) -> None:
        """Insert, change or delete rows; the journal keeps each of them."""
        if not rows:
            return
        self.record(recorded, rows)
        if self._copies(recorded.operation, rows):
            self._copy(recorded.table.name, recorded.columns, rows)
        else:
            self._execute(recorded.sql(self.dialect), rows)

    def record(self, recorded: Recorded, rows: Sequence[Sequence[Any]]) -> None:
        """Let the journal keep rows that are written in another way."""
        if rows:
            self._effects.append((self._shape(recorded), list(rows)))
            self._effect_rows += len(rows)
            if self._effect_rows > ROWS_AT_ONCE:
                self._encode_effects()

    def apply(self, statement: Statement, rows: Iterable[dict[str, Any]]) -> None:
        """Change what is derived from other rows (balances, counters): not recorded, but proven by `verify`."""
        compiled = statement.compiled(self.dialect)
        values = [compiled.bind(self._bound(row)) for row in rows]
        if values:
            self._execute(compiled.sql, values)

    def _execute(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if self._deferred:
            self._pending.append((sql, rows[0] if len(rows) == 1 else rows, len(rows) > 1))
            return
        try:
            if len(rows) == 1:
                self.cursor.execute(sql, rows[0])
            else:
                self.cursor.executemany(sql, rows)
        except self.database.driver.Error as problem:
            self.database.explain(problem)

    def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows that the journal does not record here: its own, and those that another node has recorded."""
        if self._copies("INSERT", rows):
            self._copy(table, columns, rows)
        elif rows:
            marks = ", ".join(["?" if self.dialect == "sqlite" else "%s"] * len(columns))
            self._execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def _copies(self, operation: str, rows: Sequence[Sequence[Any]]) -> bool:
        return self._deferred and operation == "INSERT" and len(rows) >= COPY_FROM

    def copy_rows(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows that another node has journaled already, as they are."""
        if rows:
            self._execute(sql, rows)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Plain SQL of the door's own, in order with the other writes."""
        self._execute(sql, [values])

    def flush(self) -> None:
        """Send what waits."""
        if not self._pending:
            return
        with self.database.translated(), self.database.connection.pipeline():
            self._send()

    def _send(self) -> None:
        pending, self._pending = self._pending, []
        # A cursor of their own, so that the answer to a question behind them is not mixed with theirs.
        cursor = self.database.connection.cursor()
        for sql, values, many in pending:
            if many:
                cursor.executemany(sql, values)
            else:
                cursor.execute(sql, values)

    def _copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.flush()
        sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self.database.translated(), self.cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)

    # -- parts that can be undone

    def mark(self) -> Mark:
        """Where to return to; everything before it has been sent."""
        self.execute("SAVEPOINT part")
        self.flush()
        return Mark(list(self.parts), list(self._effects), self._effect_rows, set(self.new_shapes))

    def forget(self, _mark: Mark) -> None:
        """What was done since stays."""
        self.execute("RELEASE SAVEPOINT part")
        self.flush()

    def return_to(self, mark: Mark) -> None:
        """Undo what was done since."""
        self._pending = []
        with self.database.translated():
            self.cursor.execute("ROLLBACK TO SAVEPOINT part")
            self.cursor.execute("RELEASE SAVEPOINT part")
        self.parts, self._effects, self._effect_rows, self.new_shapes = mark

    # -- what the journal keeps

    def _shape(self, recorded: Recorded) -> int:
        shape = recorded.shape
        number = recorded.shape_number
        if number not in self.database.shapes and number not in self.new_shapes:
            self.note_shape(number, *shape)
        return number

    def note_shape(self, number: int, operation: str, table: str, columns: str) -> None:
        """Keep what a number of the journal's effects stands for."""
        self.new_shapes.add(number)
        mark = "?" if self.dialect == "sqlite" else "%s"
        names = "id, operation, table_name, columns"
        sql = f"INSERT INTO journal_shape ({names}) VALUES ({', '.join([mark] * 4)}) ON CONFLICT DO NOTHING"  # noqa: S608
        self._execute(sql, [(number, operation, table, columns)])

    def _encode_effects(self) -> None:
        if self._effects:
            self.parts.append(to_json(self._effects))
            self._effects = []
            self._effect_rows = 0

    def take_effects(self) -> list[str]:
        """All effects as JSON, in pieces."""
        self._encode_effects()
        return self.parts or ["[]"]


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size` items."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
