"""Reading what a cashier waits for: search as you type, and an account with a long history."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.large import large_ledger
from benchmarks.ledgers import FIRST_NAMES, LAST_NAMES, STREETS, TODAY, external_number, fill, new_ledger, place
from benchmarks.measuring import Measurement, Options, measurement
from benchmarks.payments import account_ids, settle
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.clock import FixedClock
from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.models.search import folded
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.explaining.explanation import Viewer, explain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.queries.accounts import account_at_a_glance
from cashier_app.services.queries.history import history
from cashier_app.services.queries.search import find
from cashier_app.services.uploads.paying_in import pay_in


def search(options: Options, dialect: str = "sqlite") -> Measurement:
    """What the box answers while somebody types, the 95th percentile, beside the bare full-text index."""
    name = "search" if dialect == "sqlite" else "search-postgresql"
    accounts = 50_000 if options.quick else 1_000_000
    with place(dialect, options.data) as where:
        door = large_ledger(where, accounts=accounts, debts=10 if options.large else 1)
        typed = [text for words in _wanted(door.database) for text in _as_typed(words)]
        with reading(door.database, access=EVERYTHING) as store:
            config = door.current_config(store)
        product, baseline = [], []
        for _ in range(3 if options.quick else 5):
            with reading(door.database, access=EVERYTHING) as store:
                product.append(_p95(lambda text: find(store, config, text), typed))
            baseline.append(_p95(lambda text: _bare_search(door.database, text), typed))
        return measurement(name, "ms (p95)", product, baseline, accounts=accounts, keystrokes=len(typed))


def search_postgresql(options: Options) -> Measurement:
    """The same on PostgreSQL."""
    return search(options, "postgresql")


def _wanted(database: Database) -> list[str]:
    """What people look for: numbers, names, addresses, telephone numbers, rare and common ones."""
    cursor = database.connection.cursor()
    cursor.execute("SELECT number FROM account WHERE external_number LIKE 'X%' ORDER BY id LIMIT 20")
    numbers = [row[0] for row in cursor.fetchall()]
    names = [
        f"{first} {last} {number * 7}"
        for number, (first, last) in enumerate(zip(FIRST_NAMES, LAST_NAMES, strict=False))
    ]
    addresses = [f"{number * 83 + 1} {street} Street" for number, street in enumerate(STREETS)]
    return [*numbers, *names, *addresses, *LAST_NAMES, "555-0012345", external_number(4711)]


def _as_typed(words: str) -> list[str]:
    return [words[:length] for length in range(2, len(words) + 1)]


def _p95(ask: Callable[[str], object], texts: Sequence[str]) -> float:
    took = []
    for text in texts:
        started = time.perf_counter()
        ask(text)
        took.append(1000 * (time.perf_counter() - started))
    return statistics.quantiles(took, n=20)[-1]


def _bare_search(database: Database, text: str) -> list[Any]:
    """Accounts that have all the words, from the index and nothing else."""
    words = folded(text).split()
    cursor = database.connection.cursor()
    if database.dialect == "sqlite":
        wanted = " ".join(f'"{word}"*' for word in words)
        statement, value = "SELECT rowid FROM search_document WHERE search_document MATCH ? LIMIT 20", wanted
    else:
        value = " & ".join(f"{word}:*" for word in words)
        statement = "SELECT account_id FROM search_document WHERE words @@ to_tsquery('simple', %s) LIMIT 20"
    found = cursor.execute(statement, (value,)).fetchall()
    return list(found)


def open_account(options: Options) -> Measurement:
    """An account of twenty years beside one of two: header, debts, alerts and the first page of its history."""
    return _twenty_years_beside_two(options, "open-account", _open)


def explain_balance(options: Options) -> Measurement:
    """Why an account of twenty years owes what it owes, beside one of two: agreements and their transactions."""
    return _twenty_years_beside_two(options, "explain-balance", _explain)


def _twenty_years_beside_two(options: Options, name: str, look: Callable[[Door, int], float]) -> Measurement:
    accounts, rounds = (10, 9) if options.quick else (50, 15)
    with place("sqlite") as where:
        doors = {years: _customers_since(where, years, accounts) for years in (2, 20)}
        ids = {years: account_ids(door.database, accounts) for years, door in doors.items()}
        times: dict[int, list[float]] = {2: [], 20: []}
        for _ in range(rounds):
            for years, door in doors.items():
                times[years].append(statistics.median(look(door, account_id) for account_id in ids[years]))
        return measurement(name, "ms", times[20], times[2], baseline_is="an account of two years", accounts=accounts)


def _customers_since(where: Any, years: int, accounts: int) -> Door:
    """Accounts with gas and water, billed every month for so many years, and paid up but for the last two months."""
    door = new_ledger(where.create(f"years{years}"))
    months = years * 12
    # A ledger's clock goes forward: the customers come first, then month after month.
    door.clock = clock = FixedClock(datetime(TODAY.year, TODAY.month, 1, 12, tzinfo=UTC) - timedelta(days=30 * months))
    fill(door, accounts, 2)
    agreements = _agreements(door.database)
    path = where.directory / f"years{years}.csv"
    for month in range(months):
        clock.advance(days=30)
        for sa_id in agreements:
            bill = AddAdjustment(
                sa_id=sa_id,
                adjustment_type="CONVERSION",
                amount=Money.of("10000.00", "USD"),
                arrears_date=clock.business_date(),
            )
            door.execute(bill, user_id=SYSTEM.id)
        if month < months - 2:
            lines = [f"{external_number(account)},20000.00,{month}\n" for account in range(accounts)]
            path.write_text("external_id,amount,reference\n" + "".join(lines), encoding="utf-8")
            pay_in(door, path, "LOCKBOX")
    settle(door.database)
    return door


def _agreements(database: Database) -> list[int]:
    cursor = database.connection.cursor()
    cursor.execute("SELECT id FROM service_agreement WHERE sa_type IN ('GAS', 'WATER') ORDER BY id")
    return [row[0] for row in cursor.fetchall()]


def _explain(door: Door, account_id: int) -> float:
    viewer = Viewer(lambda _right: True, TODAY, door.clock.now())
    started = time.perf_counter()
    with reading(door.database, access=EVERYTHING) as store:
        config = door.current_config(store)
        told = explain(store, config, figure(FigureKind.ACCOUNT, account_id, "current"), viewer)
        parts = [explain(store, config, part.figure, viewer) for part in told.parts]
    took = time.perf_counter() - started
    assert any(len(each.parts) > 1 for each in parts)
    return 1000 * took


def _open(door: Door, account_id: int) -> float:
    started = time.perf_counter()
    with reading(door.database, access=EVERYTHING) as store:
        config = door.current_config(store)
        glance = account_at_a_glance(store, config, account_id, TODAY)
        page = history(store, config, account_id)
    took = time.perf_counter() - started
    assert glance.current_balance > 0
    assert len(page.rows) > 1
    return 1000 * took
