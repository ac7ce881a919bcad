"""Batch: the same adjustment for fifty thousand agreements, and what the whole company is owed."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from benchmarks.large import large_ledger
from benchmarks.ledgers import TODAY, Place, external_number, fill, new_ledger, open_door, place
from benchmarks.measuring import Measurement, Options, measurement, seconds
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.money import Money
from cashier_app.services.accounting import company_debt as kept
from cashier_app.services.batch.mass_adjustments import AdjustAgreements
from cashier_app.services.batch.running import run_in_chunks
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.queries.company_debt import company_debt
from cashier_app.services.uploads.paying_in import pay_in

FIVE = AdjustAgreements(adjustment_type="CONVERSION", amount=Money.of("5.00", "USD"), sa_type="GAS")
_TABLES = {
    "adjustment": "SELECT * FROM adjustment WHERE id > {after} ORDER BY id",
    "financial_transaction": "SELECT * FROM financial_transaction WHERE id > {after} ORDER BY id",
    "gl_line": "SELECT * FROM gl_line WHERE ft_id > {after} ORDER BY ft_id, line",
}
_AT_ONCE = 1_000


def bulk_adjustments(options: Options) -> Measurement:
    """Adjustments a second in one job, beside bare bulk SQL of the same adjustments, FTs and GL lines."""
    count = 10_000 if options.quick else 50_000
    with place("sqlite") as where:
        door = new_ledger(where.create("base"))
        fill(door, count, 1)
        door.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        door.database.close()
        product, baseline = [], []
        for number in range(2 if options.quick else 3):
            ran, rows = _adjusted(where, f"product{number}", count)
            product.append(count / ran)
            baseline.append(count / _bare(where, f"bare{number}", rows))
        return measurement("bulk-adjustments", "adjustments/s", product, baseline, adjustments=count)


def _adjusted(where: Place, name: str, count: int) -> tuple[float, dict[str, Any]]:
    door = open_door(where.copy("base", name))
    cursor = door.database.connection.cursor()
    after = cursor.execute("SELECT max(id) FROM financial_transaction").fetchone()[0]
    done: list[Any] = []
    took = seconds(
        lambda: done.append(run_in_chunks(door, "ADJMASS", FIVE, run_id=uuid.uuid4().hex, user_id=SYSTEM.id))
    )
    assert done[0].units_done == count
    rows = {}
    for table, select in _TABLES.items():
        cursor.execute(select.format(after=after))
        names = [column[0] for column in cursor.description]
        marks = ", ".join("?" * len(names))
        rows[table] = (f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", cursor.fetchall())
    door.database.close()
    return took, rows


def _bare(where: Place, name: str, rows: dict[str, Any]) -> float:
    database = Database(where.copy("base", name))
    cursor = database.connection.cursor()

    def write() -> None:
        for first in range(0, len(rows["adjustment"][1]), _AT_ONCE):
            cursor.execute("BEGIN IMMEDIATE")
            for table, (insert, values) in rows.items():
                each = 2 if table == "gl_line" else 1
                cursor.executemany(insert, values[first * each : (first + _AT_ONCE) * each])
            cursor.execute("COMMIT")

    took = seconds(write)
    database.close()
    return took


def aged_debt(options: Options, dialect: str = "sqlite") -> Measurement:
    """The company's aged debt after a day's payments, beside the bare sum of all balances."""
    accounts = 1_000_000 if options.large else 20_000 if options.quick else 100_000
    name = "aged-debt" if dialect == "sqlite" else "aged-debt-postgresql"
    with place(dialect, options.data) as where:
        door = large_ledger(where, accounts=accounts, debts=10 if options.large else 4)
        picture = seconds(lambda: kept.take_picture(door.database, door.clock.now()))
        paid = _a_days_payments(door, where.directory if dialect == "sqlite" else Path("/tmp"), accounts)
        product, baseline = [], []
        for _ in range(5):
            product.append(seconds(lambda: _ask(door)))
            baseline.append(seconds(lambda: _sum(door)))
        return measurement(
            name, "s", product, baseline, accounts=accounts, paid_since=paid, picture_seconds=round(picture, 1)
        )


def aged_debt_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL."""
    return aged_debt(options, "postgresql")


def _a_days_payments(door: Door, directory: Path, accounts: int) -> int:
    """One account in fifty pays."""
    path = directory / f"a-day-{uuid.uuid4().hex[:8]}.csv"
    lines = [f"{external_number(number)},15000.00,{path.stem}-{number}\n" for number in range(0, accounts, 50)]
    path.write_text("external_id,amount,reference\n" + "".join(lines), encoding="utf-8")
    try:
        return pay_in(door, path, "LOCKBOX").payments
    finally:
        path.unlink()


def _ask(door: Door) -> None:
    with reading(door.database, access=EVERYTHING) as store:
        found = company_debt(store, door.current_config(store), TODAY)
    assert found[0].owed == sum(row.amount for row in found[0].rows)


def _sum(door: Door) -> None:
    with reading(door.database, access=EVERYTHING) as store:
        store.cursor.execute("SELECT currency, sum(current_balance) FROM service_agreement GROUP BY currency")
        assert store.cursor.fetchall()
