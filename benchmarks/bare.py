"""The baseline of whatever writes payments: a bare driver that inserts exactly the rows which the product wrote.

No rule, no journal, no kept balance: only events, tenders, payments, segments, FTs and GL lines, into the same schema
with the same indexes and triggers, as durable as the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from cashier_app.services.kernel.database import Database

TABLES = ("payment_event", "tender", "payment", "payment_segment", "financial_transaction", "gl_line")

Payment = list[tuple[str, list[tuple[Any, ...]]]]
"""Statement and rows, table after table."""

_EVENT_OF = {
    "payment_event": "SELECT t.*, t.id FROM payment_event t WHERE t.id > {after}",
    "tender": "SELECT t.*, t.event_id FROM tender t WHERE t.event_id > {after}",
    "payment": "SELECT t.*, t.event_id FROM payment t WHERE t.event_id > {after}",
    "payment_segment": (
        "SELECT t.*, p.event_id FROM payment_segment t JOIN payment p ON p.id = t.payment_id WHERE p.event_id > {after}"
    ),
    "financial_transaction": (
        "SELECT t.*, p.event_id FROM financial_transaction t JOIN payment_segment s ON s.id = t.source_id "
        "JOIN payment p ON p.id = s.payment_id WHERE p.event_id > {after} AND t.id > {after}"
    ),
    "gl_line": (
        "SELECT t.*, p.event_id FROM gl_line t JOIN financial_transaction f ON f.id = t.ft_id "
        "JOIN payment_segment s ON s.id = f.source_id JOIN payment p ON p.id = s.payment_id "
        "WHERE p.event_id > {after} AND f.id > {after}"
    ),
}


def last_event(database: Database) -> int:
    """The key of the last event, after which new ones are read."""
    cursor = database.connection.cursor()
    return int(cursor.execute("SELECT coalesce(max(id), 0) FROM payment_event").fetchone()[0])


def payments_after(database: Database, after: int) -> list[Payment]:
    """What the product wrote for each event since, ready to be inserted elsewhere."""
    mark = "?" if database.dialect == "sqlite" else "%s"
    found: dict[int, dict[str, list[tuple[Any, ...]]]] = {}
    inserts = {}
    for table in TABLES:
        cursor = database.connection.cursor()
        cursor.execute(_EVENT_OF[table].format(after=after))
        names = [column[0] for column in cursor.description][:-1]
        inserts[table] = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
        for *row, event_id in cursor:
            found.setdefault(event_id, {}).setdefault(table, []).append(tuple(row))
    return [[(inserts[table], rows[table]) for table in TABLES] for _, rows in sorted(found.items())]


def write_one_by_one(database: Database, payments: Sequence[Payment]) -> None:
    """Each payment in a transaction of its own."""
    connection = database.connection
    cursor = connection.cursor()
    begin = "BEGIN IMMEDIATE" if database.dialect == "sqlite" else "BEGIN"
    for payment in payments:
        cursor.execute(begin)
        for statement, rows in payment:
            if len(rows) == 1:
                cursor.execute(statement, rows[0])
            else:
                cursor.executemany(statement, rows)
        cursor.execute("COMMIT")


def write_in_bulk(database: Database, payments: Sequence[Payment], at_once: int = 1000) -> None:
    """So many payments in one transaction: executemany, or COPY on PostgreSQL."""
    cursor = database.connection.cursor()
    for chunk in _chunks(payments, at_once):
        cursor.execute("BEGIN IMMEDIATE" if database.dialect == "sqlite" else "BEGIN")
        for place in range(len(TABLES)):
            statement = chunk[0][place][0]
            rows = [row for payment in chunk for row in payment[place][1]]
            if database.dialect == "sqlite":
                cursor.executemany(statement, rows)
            else:
                _copy(cursor, statement, rows)
        cursor.execute("COMMIT")


def _copy(cursor: Any, statement: str, rows: list[tuple[Any, ...]]) -> None:
    target = statement.removeprefix("INSERT INTO ").partition(" VALUES")[0]
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _chunks(items: Sequence[Payment], size: int) -> Iterator[list[Payment]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
