"""Closing a drawer with a thousand tenders in it."""

from __future__ import annotations

from benchmarks.large import large_ledger
from benchmarks.ledgers import Cashier, fill, new_ledger, open_drawer, place
from benchmarks.measuring import Measurement, Options, measurement, seconds
from benchmarks.payments import ACCOUNTS, account_ids, settle, take
from cashier_app.domain.money import Money
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    CountDrawer,
    ReopenTenderControl,
    StartBalancing,
)
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM

TENDERS = 1000


def balance_drawer(options: Options) -> Measurement:
    """Start balancing, count, balance: all a cashier waits for, beside the bare sums and rows.

    With `--large` the baseline is the same drawer in a ledger of a thousand accounts.
    """
    rounds = 15 if options.quick else 51
    with place("sqlite", options.data) as where:
        door = new_ledger(where.create("product"))
        fill(door, ACCOUNTS)
        drawer = _full_drawer(door)
        if options.large:
            large = large_ledger(where)
            other = _full_drawer(large)
            product, baseline = [], []
            for _ in range(rounds):
                product.append(_milliseconds(large, other))
                baseline.append(_milliseconds(door, drawer))
            return measurement("balance-drawer", "ms", product, baseline, tenders=TENDERS, large=True)
        product = [_milliseconds(door, drawer) for _ in range(rounds)]
        baseline = [1000 * seconds(lambda: _bare(door.database, drawer)) for _ in range(rounds)]
        return measurement("balance-drawer", "ms", product, baseline, tenders=TENDERS)


def _full_drawer(door: Door) -> Cashier:
    cashier = open_drawer(door)
    take(door, cashier, account_ids(door.database), TENDERS)
    settle(door.database)
    return cashier


def _milliseconds(door: Door, drawer: Cashier) -> float:
    control = drawer.tender_control_id
    cursor = door.database.connection.cursor()
    cursor.execute("SELECT sum(amount_expected) FROM tender_control_total WHERE tender_control_id = ?", (control,))
    expected = Money(cursor.fetchone()[0], "USD")

    def close() -> None:
        door.execute(StartBalancing(tender_control_id=control), user_id=drawer.user_id)
        count = (Counted(tender_type="CASH", amount=expected),)
        door.execute(CountDrawer(tender_control_id=control, count=count), user_id=drawer.user_id)
        door.execute(BalanceDrawer(tender_control_id=control), user_id=drawer.user_id)

    took = 1000 * seconds(close)
    door.execute(ReopenTenderControl(tender_control_id=control, reason="measured again"), user_id=SYSTEM.id)
    return took


def _bare(database: Database, drawer: Cashier) -> None:
    """The sums that must agree and the rows that say so, in three durable transactions."""
    cursor = database.connection.cursor()
    control = drawer.tender_control_id
    for step in range(3):
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(
            "SELECT count(*) FROM tender t JOIN payment_event e ON e.id = t.event_id "
            "WHERE t.tender_control_id = ? AND e.unbalanced_by <> 0",
            (control,),
        ).fetchall()
        cursor.execute(
            "SELECT tender_type, sum(amount), count(*) FROM tender WHERE tender_control_id = ? GROUP BY tender_type",
            (control,),
        ).fetchall()
        cursor.execute("UPDATE tender_control SET notes = ? WHERE id = ?", (f"measured {step}", control))
        cursor.execute("COMMIT")
