"""Taking payments: one by one through the door, and by the thousand from a file."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import bare
from benchmarks.large import ACCOUNTS as LARGE
from benchmarks.large import DEBTS, large_ledger
from benchmarks.ledgers import TODAY, Cashier, Place, external_number, fill, new_ledger, open_door, open_drawer, place
from benchmarks.measuring import Measurement, Options, measurement, peak_memory_mb, seconds
from cashier_app.domain.money import Money
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.uploads.paying_in import pay_in

ACCOUNTS = 1000
QUICK, WHOLE = (15, 150), (31, 300)
"""Rounds and payments of each: many short ones, so that both sides suffer alike from whatever else the machine does."""
STRIDE = 617_997
"""From one payor of a file to the next: prime to the numbers of accounts, so that all come, far from each other."""


def payment(options: Options, dialect: str = "sqlite") -> Measurement:
    """One cash payment through the door: two segments, GL, journaled, receipt number, durable.

    With `--large` it is measured among a million accounts; the baseline is then the product itself among a thousand.
    """
    name = _named("payment", dialect)
    rounds, count = QUICK if options.quick else WHOLE
    if options.large:
        return _payment_among_many(options, dialect, rounds, count)
    with place(dialect) as where:
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


def _named(name: str, dialect: str) -> str:
    return name if dialect == "sqlite" else f"{name}-{dialect}"


def _payment_among_many(options: Options, dialect: str, rounds: int, count: int) -> Measurement:
    with _large_and_small(options, dialect, ACCOUNTS) as doors:
        ledgers = []
        for door in doors:
            # Enough customers that no page is asked for twice by chance; a drawer that is new for every run.
            ledgers.append((door, open_drawer(door), account_ids(door.database, rounds * count)))
            # So many that PostgreSQL, which keeps its plans, does not plan for tables of a page or two.
            take(*ledgers[-1], 1000)
            settle(door.database)

        def rate(side: int, number: int) -> float:
            door, cashier, accounts = ledgers[side]
            return _rate(door, cashier, accounts[number * count :] or accounts, count)

        rates = _in_turn(rounds, rate)
        return measurement(_named("payment", dialect), "payments/s", *rates, large=True, payments_per_round=count)


@contextmanager
def _large_and_small(options: Options, dialect: str, accounts: int) -> Iterator[tuple[Door, Door]]:
    """The large ledger, and one of so many accounts, each with as many debts as those of the large one."""
    with place(dialect, options.data) as where:
        large = large_ledger(where)
        small = new_ledger(where.create("small"))
        fill(small, accounts, DEBTS)
        yield large, small
        for door in (large, small):
            door.database.close()


def _in_turn(rounds: int, rate: Callable[[int, int], float]) -> tuple[list[float], list[float]]:
    """The rates of side 0 and side 1, round by round.

    Each in turn goes first, or the other would always pay for writing back its pages.
    """
    rates: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for side in (0, 1) if number % 2 else (1, 0):
            rates[side].append(rate(side, number))
    return rates


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
    """A file of payments, paid in by chunks of a thousand.

    With `--large` it is measured among a million accounts; the baseline is then the product itself among a few.
    """
    rounds, count = (5, 5000) if options.quick else (3, 100_000)
    accounts = 5000 if options.quick else 20_000
    if options.large:
        return _bulk_among_many(options, dialect, rounds, count, accounts)
    with place(dialect) as where, TemporaryDirectory() as directory:
        door = new_ledger(where.create("product"))
        fill(door, accounts)
        settle(door.database)
        door.database.close()
        where.copy("product", "bare")
        door, beside = open_door(where.url("product")), Database(where.url("bare"))
        product, baseline, memory = [], [], 0.0
        for _ in range(rounds):
            after = bare.last_event(door.database)
            product.append(rate_of_next_file(door, Path(directory), count, accounts))
            memory = memory or peak_memory_mb()
            rows = bare.payments_after(door.database, after)
            assert len(rows) == count
            controls_too(door.database, beside)
            baseline.append(count / seconds(lambda rows=rows: bare.write_in_bulk(beside, rows)))  # type: ignore[misc]
            del rows
        name = _named("bulk-payments", dialect)
        return measurement(
            name, "payments/s", product, baseline, memory_mb=memory, payments_per_round=count, accounts=accounts
        )


def _bulk_among_many(options: Options, dialect: str, rounds: int, count: int, accounts: int) -> Measurement:
    with _large_and_small(options, dialect, accounts) as doors, TemporaryDirectory() as directory:
        sizes = (LARGE, accounts)

        def rate(side: int, _number: int) -> float:
            return rate_of_next_file(doors[side], Path(directory), count, sizes[side])

        # Warms both sides; and a file that an interrupted run has left half paid in is finished first.
        _in_turn(1, rate)
        for door in doors:
            settle(door.database)
        rates = _in_turn(rounds, rate)
        name = _named("bulk-payments", dialect)
        return measurement(name, "payments/s", *rates, large=True, payments_per_round=count, baseline_accounts=accounts)


def rate_of_next_file(door: Door, directory: Path, count: int, accounts: int) -> float:
    """Pay a file in that this ledger has not seen, and say how many of its payments came in a second."""
    path = directory / "remittance.csv"
    _write_file(path, count, accounts, files_paid_in(door.database))
    return count / seconds(lambda: pay_in(door, path, "LOCKBOX"))


def files_paid_in(database: Database) -> int:
    """How many files a ledger has taken: a kept one has those of earlier runs, and would not take them again."""
    cursor = database.connection.cursor()
    cursor.execute("SELECT count(*) FROM tender_control WHERE batch_reference <> '' AND status = 'BALANCED'")
    return int(cursor.fetchone()[0])


def bulk_payments_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL, beside COPY."""
    return bulk_payments(options, "postgresql")


def controls_too(product: Database, beside: Database) -> None:
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
    """The file of that number: payments from all over the ledger, none of an account that was just paid."""
    lines = (
        f"{external_number((number * count + line) * STRIDE % accounts)},{4 + line % 90}.{number % 100:02d},{TODAY},"
        f"R{number}-{line},CHEC\n"
        for line in range(count)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write("external_id,amount,date,reference,tender_type\n")
        file.writelines(lines)
