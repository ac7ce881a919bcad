"""Taking payments: one by one through the door, and by the thousand from a file."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import bare
from benchmarks.large import DEBTS, large_ledger
from benchmarks.ledgers import TODAY, Cashier, Place, external_number, fill, new_ledger, open_door, open_drawer, place
from benchmarks.measuring import Measurement, Options, measurement, peak_memory_mb, seconds
from cashier_app.domain.money import Money
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.payments.paying_in import pay_in
from cashier_app.services.payments.taking import TakePayment, TenderIn

ACCOUNTS = 1000


def payment(options: Options, dialect: str = "sqlite") -> Measurement:
    """One cash payment through the door: two segments, GL, journaled, receipt number, durable.

    With `--large` it is measured among a million accounts; the baseline is then the product itself among a thousand.
    """
    name = "payment" if dialect == "sqlite" else "payment-postgresql"
    # Many short rounds: both sides then suffer alike from whatever else the machine does.
    rounds, count = (15, 150) if options.quick else (31, 300)
    with place(dialect) as where:
        if options.large:
            return _payment_among_many(where, options, name, rounds, count)
        cashier, accounts = _prepared(where)
        door = open_door(where.url("product"))
        beside = Database(where.url("bare"))
        take(door, cashier, accounts, 50)
        bare.write_one_by_one(beside, bare.payments_after(door.database, 0))
        product, baseline = [], []
        for _ in range(rounds):
            after = bare.last_event(door.database)
            product.append(_rate(door, cashier, accounts, count))
            rows = bare.payments_after(door.database, after)
            assert len(rows) == count
            baseline.append(count / seconds(lambda rows=rows: bare.write_one_by_one(beside, rows)))  # type: ignore[misc]
        rows_each = sum(len(table_rows) for _, table_rows in rows[0])
        return measurement(
            name, "payments/s", product, baseline, payments_per_round=count, ledger_rows_per_payment=rows_each
        )


def _payment_among_many(where: Place, options: Options, name: str, rounds: int, count: int) -> Measurement:
    large = large_ledger(where, options)
    small = new_ledger(where.create("small"))
    fill(small, ACCOUNTS, DEBTS)
    ledgers = []
    for door in (large, small):
        # Enough customers that no page is asked for twice by chance; a drawer that is new for every run.
        ledgers.append((door, open_drawer(door), account_ids(door.database, rounds * count)))
        take(*ledgers[-1], 50)
        settle(door.database)
    rates: list[list[float]] = [[], []]
    for number in range(rounds):
        # Each in turn goes first, or the other would always pay for writing back its pages.
        for side in (0, 1) if number % 2 else (1, 0):
            (door, cashier, accounts), found = ledgers[side], rates[side]
            found.append(_rate(door, cashier, accounts[number * count :] or accounts, count))
    return measurement(name, "payments/s", *rates, large=True, payments_per_round=count)


def _rate(door: Door, cashier: Cashier, accounts: list[int], count: int) -> float:
    return count / seconds(lambda: take(door, cashier, accounts, count))


def payment_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL."""
    return payment(options, "postgresql")


def _prepared(where: Place) -> tuple[Cashier, list[int]]:
    """Two equal ledgers with an open drawer: `product` and `bare`."""
    door = new_ledger(where.create("product"))
    fill(door, ACCOUNTS)
    cashier = open_drawer(door)
    accounts = account_ids(door.database)
    settle(door.database)
    door.database.close()
    where.copy("product", "bare")
    return cashier, accounts


def account_ids(database: Database, limit: int = ACCOUNTS) -> list[int]:
    """Keys of generated accounts, picked from all over the ledger."""
    cursor = database.connection.cursor()
    cursor.execute("SELECT id FROM account WHERE external_number LIKE 'X%' ORDER BY id")
    ids = [row[0] for row in cursor]
    random.Random(1).shuffle(ids)
    return ids[:limit]


def settle(database: Database) -> None:
    """Bring the database to rest: log written back, planner informed."""
    if database.dialect == "sqlite":
        database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        database.connection.execute("ANALYZE")


def take(door: Door, cashier: Cashier, accounts: list[int], count: int) -> None:
    """So many cash payments, each of another account."""
    amount = Money.of("41.37", "USD")
    tenders = (TenderIn(tender_type="CASH", amount=amount),)
    for number in range(count):
        command = TakePayment(payor_account_id=accounts[number % len(accounts)], tenders=tenders)
        door.execute(command, user_id=cashier.user_id)


def bulk_payments(options: Options, dialect: str = "sqlite") -> Measurement:
    """A file of payments, paid in by chunks of a thousand."""
    name = "bulk-payments" if dialect == "sqlite" else "bulk-payments-postgresql"
    rounds, count = (5, 5000) if options.quick else (3, 100_000)
    accounts = 5000 if options.quick else 20_000
    with place(dialect) as where, TemporaryDirectory() as directory:
        door = new_ledger(where.create("product"))
        fill(door, accounts)
        settle(door.database)
        door.database.close()
        where.copy("product", "bare")
        door, beside = open_door(where.url("product")), Database(where.url("bare"))
        product, baseline, memory = [], [], 0.0
        for number in range(rounds):
            path = Path(directory) / f"{number}.csv"
            _write_file(path, count, accounts, number)
            after = bare.last_event(door.database)
            product.append(count / seconds(lambda path=path: pay_in(door, path, "LOCKBOX")))  # type: ignore[misc]
            memory = memory or peak_memory_mb()
            rows = bare.payments_after(door.database, after)
            assert len(rows) == count
            _controls_too(door.database, beside)
            baseline.append(count / seconds(lambda rows=rows: bare.write_in_bulk(beside, rows)))  # type: ignore[misc]
            del rows
        return measurement(
            name, "payments/s", product, baseline, memory_mb=memory, payments_per_round=count, accounts=accounts
        )


def bulk_payments_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL, beside COPY."""
    return bulk_payments(options, "postgresql")


def _controls_too(product: Database, beside: Database) -> None:
    """The baseline's tenders need the controls that the product has made; they are not measured."""
    mark = "?" if product.dialect == "sqlite" else "%s"
    for table in ("deposit_control", "tender_control"):
        cursor = product.connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
        statement = (
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))}) ON CONFLICT DO NOTHING"
        )
        beside.connection.cursor().executemany(statement, rows)


def _write_file(path: Path, count: int, accounts: int, number: int) -> None:
    lines = (
        f"{external_number((place_ * 7 + number) % accounts)},{4 + place_ % 90}.{number:02d},{TODAY},R{place_},CHEC\n"
        for place_ in range(count)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write("external_id,amount,date,reference,tender_type\n")
        file.writelines(lines)
