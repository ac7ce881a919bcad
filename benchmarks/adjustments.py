"""One adjustment through the door: added, frozen, in the books, journaled, durable."""

from __future__ import annotations

from typing import Any

from benchmarks import bare
from benchmarks.ledgers import fill, new_ledger, open_door, place
from benchmarks.measuring import Measurement, Options, measurement, seconds
from benchmarks.payments import settle
from cashier_app.domain.money import Money
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM

ACCOUNTS = 1000
AMOUNT = Money.of("8.25", "USD")
_ROWS = {
    "adjustment": "SELECT t.*, t.id FROM adjustment t WHERE t.id > {after}",
    "financial_transaction": (
        "SELECT t.*, t.source_id FROM financial_transaction t WHERE t.source_id > {after} AND t.kind = 'AD'"
    ),
    "gl_line": (
        "SELECT t.*, f.source_id FROM gl_line t JOIN financial_transaction f ON f.id = t.ft_id "
        "WHERE f.source_id > {after} AND f.kind = 'AD'"
    ),
}
"""Of each table what an adjustment has written, and whose it is in the last column."""


def adjustment(options: Options, dialect: str = "sqlite") -> Measurement:
    """A fee each, one command each; the baseline inserts the same rows of adjustments, FTs and GL lines."""
    rounds, count = (11, 150) if options.quick else (31, 300)
    with place(dialect) as where:
        door = new_ledger(where.create("product"))
        fill(door, ACCOUNTS)
        agreements = _agreements(door.database)
        settle(door.database)
        door.database.close()
        where.copy("product", "bare")
        door, beside = open_door(where.url("product")), Database(where.url("bare"))
        _add(door, agreements, 50)
        bare.write_one_by_one(beside, _written_after(door.database, _last(beside)))
        product, baseline = [], []
        for _ in range(rounds):
            after = _last(door.database)
            product.append(count / seconds(lambda: _add(door, agreements, count)))
            rows = _written_after(door.database, after)
            assert len(rows) == count
            baseline.append(count / seconds(lambda rows=rows: bare.write_one_by_one(beside, rows)))  # type: ignore[misc]
        each = sum(len(table_rows) for _, table_rows in rows[0])
        name = "adjustment" if dialect == "sqlite" else f"adjustment-{dialect}"
        return measurement(
            name, "adjustments/s", product, baseline, adjustments_per_round=count, ledger_rows_per_adjustment=each
        )


def adjustment_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL."""
    return adjustment(options, "postgresql")


def _add(door: Door, agreements: list[int], count: int) -> None:
    for number in range(count):
        command = AddAdjustment(sa_id=agreements[number % len(agreements)], adjustment_type="FEE", amount=AMOUNT)
        door.execute(command, user_id=SYSTEM.id)


def _agreements(database: Database) -> list[int]:
    cursor = database.connection.cursor()
    cursor.execute("SELECT id FROM service_agreement WHERE sa_type = 'GAS' ORDER BY id")
    return [row[0] for row in cursor]


def _last(database: Database) -> int:
    cursor = database.connection.cursor()
    return int(cursor.execute("SELECT coalesce(max(id), 0) FROM adjustment").fetchone()[0])


def _written_after(database: Database, after: int) -> list[bare.Payment]:
    mark = "?" if database.dialect == "sqlite" else "%s"
    found: dict[int, dict[str, list[tuple[Any, ...]]]] = {}
    inserts = {}
    for table, query in _ROWS.items():
        cursor = database.connection.cursor()
        cursor.execute(query.format(after=after))
        names = [column[0] for column in cursor.description][:-1]
        inserts[table] = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
        for *row, owner in cursor:
            found.setdefault(owner, {}).setdefault(table, []).append(tuple(row))
    return [[(inserts[table], rows[table]) for table in _ROWS] for _, rows in sorted(found.items())]
