"""A finished day at the counter with something of everything, copied as often as tests want to damage it."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.transfers import TransferBalance
from cashier_app.services.administration.seals import DaySealed, SealDay
from cashier_app.services.cashiering.deposit_controls import (
    AddTenderDeposit,
    BalanceDeposit,
    ReopenDepositControl,
    StartDepositBalancing,
)
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import MoveDrawerCash
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.kernel.database import Database
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.event_editing import FreezeEvent, PlaceSegments
from cashier_app.services.payments.receipts import NotePrintFailure, PrintReceipt
from cashier_app.services.payments.taking import Finish, PaymentIn
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import (
    AnAccount,
    Ledger,
    a_ledger,
    a_payment,
    a_user,
    an_account,
    an_open_drawer,
    cash,
    check,
    paid,
    usd,
)
from tests.services.adjustments.office import changed_type
from tests.services.approvals.office import approve, submitted
from tests.support.postgresql import PostgresqlServer


def play(url: str) -> DaySealed:
    """Two drawers: one goes to the bank, one stays open. Returns the seals of the evening."""
    ledger = a_ledger(url)
    anna = an_account(ledger, "Anna Kowalska", owing={"ELEC": "84.10", "GAS": "41.25"})
    john = an_account(ledger, "John Doe", owing="60.00")
    drawer = an_open_drawer(ledger)
    deposit = ledger.value("SELECT id FROM deposit_control")
    paid(ledger, anna, "25.10")
    first = ledger.do(a_payment(anna, cash("140.00"), paying="100.25"))
    printed = ledger.do(PrintReceipt(event_id=first.event_id))
    ledger.do(NotePrintFailure(print_id=printed.print_id, problem="no paper"))
    ledger.do(PrintReceipt(event_id=first.event_id))
    bounced = ledger.do(a_payment(john, check("64.00"), paying="51.25"))
    ledger.do(CancelTender(tender_id=bounced.tender_ids[0], reason="NSF", all_tenders=True), "sue")
    wrong = paid(ledger, john, "12.00")
    ledger.do(CancelPayment(payment_id=wrong.payments[0].payment_id, reason="ERROR"), second="sue")
    ledger.do(CancelTender(tender_id=wrong.tender_ids[0], reason="ERROR"), second="sue")
    moved = paid(ledger, john, "5.00")
    target = (PaymentIn(account_id=anna.id, amount=usd("5.00")),)
    ledger.do(TransferPayment(payment_id=moved.payments[0].payment_id, targets=target, reason="WRONG"), "sue")
    _prepare_and_freeze(ledger, anna)
    ledger.do(MoveDrawerCash(tender_control_id=drawer, reason="PETTY", amount=usd("-8.00"), note="stamps"))
    turned_in = ledger.do(TurnInFunds(tender_control_id=drawer, tender_type="CASH", amount=usd("50.00")))
    ledger.do(ReceiveTurnIn(turn_in_id=turned_in.turn_in_id), "sue")
    _close(ledger, drawer, deposit)
    an_open_drawer(ledger, "bob")
    paid(ledger, john, "9.99", "bob")
    _adjust(ledger, anna, john)
    sealed: DaySealed = ledger.do(SealDay(), "sue")
    ledger.close()
    return sealed


def _adjust(ledger: Ledger, anna: AnAccount, john: AnAccount) -> None:
    """A calculated one that waits, one that was deleted, a transfer; one that was approved, one that waits for that."""
    call = AddAdjustment(
        sa_id=anna.sa["ELEC"], adjustment_type="SERVICE", amount=usd("50.00"), finish=AdjustmentFinish.GENERATE
    )
    ledger.do(call, "olga")
    unwanted = ledger.do(call, "olga")
    ledger.do(DeleteAdjustment(adjustment_id=unwanted.adjustment_id), "olga")
    move = TransferBalance(
        from_sa_id=anna.sa["GAS"], to_sa_id=john.sa["ELEC"], adjustment_type="XFER", amount=usd("3.00")
    )
    ledger.do(move, "olga")
    a_user(ledger, "ben", "SUPERVISOR", to_do_roles=("ADJ-LEVEL-1",))
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="FEES")
    ledger.do(approve(submitted(ledger, anna, "20.00")), "ben")
    submitted(ledger, anna, "30.00")


def _prepare_and_freeze(ledger: Ledger, account: Any) -> None:
    from cashier_app.services.payments.distribution import SegmentIn  # noqa: PLC0415

    event = ledger.do(a_payment(account, cash("7.00"), finish=Finish.NOTHING))
    placed = (SegmentIn(sa_id=account.sa["GAS"], amount=usd("7.00")),)
    ledger.do(PlaceSegments(payment_id=event.payments[0].payment_id, segments=placed))
    ledger.do(FreezeEvent(event_id=event.event_id))


def _close(ledger: Ledger, drawer: int, deposit: int) -> None:
    """Thirty cents short, which is within tolerance; the deposit is opened once more and closed again."""
    expected = ledger.rows(
        f"SELECT tender_type, amount_expected FROM tender_control_total WHERE tender_control_id = {drawer}"
    )
    amounts = {code: amount for code, amount in expected if amount}
    amounts["CASH"] -= 30
    count = tuple(
        Counted(tender_type=code, amount=usd(f"{amount // 100}.{amount % 100:02d}")) for code, amount in amounts.items()
    )
    ledger.do(StartBalancing(tender_control_id=drawer))
    ledger.do(CountDrawer(tender_control_id=drawer, count=count))
    ledger.do(BalanceDrawer(tender_control_id=drawer))
    ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
    ledger.do(AddTenderDeposit(deposit_control_id=deposit), "sue")
    ledger.do(ReopenDepositControl(deposit_control_id=deposit, reason="Bag torn"), "sue")
    ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
    ledger.do(AddTenderDeposit(deposit_control_id=deposit, amount=usd("50.00")), "sue")
    ledger.do(AddTenderDeposit(deposit_control_id=deposit), "sue")
    ledger.do(BalanceDeposit(deposit_control_id=deposit), "sue")


class Copies(Protocol):
    """The finished day, as often as wanted."""

    sealed: DaySealed

    def copy(self, directory: Path) -> contextlib.AbstractContextManager[str]:
        """Address of a copy; gone afterwards."""
        ...


@dataclass
class SqliteCopies:
    original: Path
    sealed: DaySealed
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextlib.contextmanager
    def copy(self, directory: Path) -> Iterator[str]:
        path = directory / f"copy-{next(self.numbers)}.db"
        shutil.copyfile(self.original, path)
        yield f"sqlite:///{path}"
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)


@dataclass
class PostgresqlCopies:
    server: PostgresqlServer
    original: str
    sealed: DaySealed
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextlib.contextmanager
    def copy(self, directory: Path) -> Iterator[str]:
        name = f"{self.original}_{next(self.numbers)}"
        yield self.server.create(name, template=self.original)
        self.server.drop(name)


def unprotected(database: Database) -> Any:
    """A cursor before which neither triggers nor references protect anything."""
    cursor = database.connection.cursor()
    if database.dialect == "postgresql":
        cursor.execute("SET session_replication_role = replica")
        return cursor
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        cursor.execute(f"DROP TRIGGER {name}")
    return cursor
