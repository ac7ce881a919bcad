"""P7: many writers on one drawer, and supervisors who would undo each other, as often as wanted."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import CashierError
from cashier_app.services.administration.setup import add_node
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds, VoidTurnIn
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.taking import TakePayment
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import (
    AnAccount,
    Ledger,
    PaymentIn,
    a_payment,
    an_account,
    an_open_drawer,
    balances_of,
    cash,
    counted,
    paid,
    usd,
)


@dataclass(frozen=True)
class Busy:
    """What many writers have left on one drawer."""

    balance: int
    in_drawer: int
    tenders: int
    receipt_numbers: list[int]
    counted_by_nodes: int


def many_writers(ledger: Ledger, writers: int, payments: int) -> Busy:
    """So many programs, each taking so many payments of 1.00 for one account into one drawer."""
    account = an_account(ledger, owing="90000.00")
    control = an_open_drawer(ledger)
    names = [f"COUNTER-{number}" for number in range(2, 2 + writers)]
    for name in names:
        add_node(ledger.database, name)
    payment = a_payment(account, cash("1.00"))
    ready = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(writers, mp_context=ready) as pool:
        jobs: list[Future[None]] = [
            pool.submit(_take, ledger.url, name, ledger.people["ann"], payment, payments) for name in names
        ]
        for job in jobs:
            job.result()
    totals = ledger.rows(
        f"SELECT amount_expected, tender_count FROM tender_control_total WHERE tender_control_id = {control}"
    )
    ((in_drawer, tenders),) = totals
    numbers = [int(number[4:11]) for (number,) in ledger.rows("SELECT receipt_number FROM payment_event")]
    counted_by_nodes = ledger.value("SELECT sum(payment_count) FROM node_total")
    return Busy(balances_of(ledger, account)["ELEC"], in_drawer, tenders, sorted(numbers), int(counted_by_nodes))


def _take(url: str, node: str, user_id: int, payment: TakePayment, times: int) -> None:
    """One program: a process of its own, as a till is."""
    database = Database(url)
    door = Door(database, node, FixedClock())
    for _ in range(times):
        door.execute(payment, user_id=user_id)
    database.close()


def is_exact(busy: Busy, payments: int) -> bool:
    """No update lost, no number missing or given twice."""
    return busy == Busy(
        balance=9_000_000 - 100 * payments,
        in_drawer=10_000 + 100 * payments,
        tenders=payments,
        receipt_numbers=list(range(1, payments + 1)),
        counted_by_nodes=payments,
    )


# -- write skew: each sees that it may, both together may not


@dataclass
class Supervisors:
    """Two workstations that always go at the same moment."""

    ledger: Ledger

    def __post_init__(self) -> None:
        self.doors = [self.ledger.another_door(f"OFFICE-{os.getpid()}-{number}") for number in (1, 2)]
        self.account: AnAccount = an_account(self.ledger, owing="90000.00")
        self.other: AnAccount = an_account(self.ledger, "John Doe")
        an_open_drawer(self.ledger, "bob")

    def both(self, commands: Sequence[Any]) -> list[str]:
        """Each command from a workstation of its own; the code of each refusal, or empty."""
        start = threading.Barrier(2)

        def send(number: int) -> str:
            start.wait()
            try:
                who = self.ledger.people[("sue", "stan")[number]]
                self.doors[number].execute(commands[number], user_id=who)
            except CashierError as refused:
                return refused.problems[0].code
            return ""

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(send, (0, 1)))


def _balance_a_drawer(place: Supervisors) -> tuple[Any, Any]:
    ledger = place.ledger
    control = an_open_drawer(ledger)
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00")))
    balance = BalanceDrawer(tender_control_id=control)
    return balance, balance


def _receive_a_turn_in(place: Supervisors) -> tuple[Any, Any]:
    key = _turned_in(place)
    return ReceiveTurnIn(turn_in_id=key), ReceiveTurnIn(turn_in_id=key)


def _receive_or_void(place: Supervisors) -> tuple[Any, Any]:
    key = _turned_in(place)
    return ReceiveTurnIn(turn_in_id=key), VoidTurnIn(turn_in_id=key)


def _turned_in(place: Supervisors) -> int:
    ledger = place.ledger
    paid(ledger, place.account, "1.00", "bob")
    (control,) = ledger.rows(
        f"SELECT id FROM tender_control WHERE owner_id = {ledger.people['bob']} AND status = 'OPEN'"
    )[0]
    turn_in = TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("1.00"))
    return int(ledger.do(turn_in, "bob").turn_in_id)


def _cancel_or_transfer(place: Supervisors) -> tuple[Any, Any]:
    """The two approvals that would give one payment back twice."""
    taken = paid(place.ledger, place.account, "1.00", "bob")
    payment = taken.payments[0].payment_id
    to_john = (PaymentIn(account_id=place.other.id, amount=usd("1.00")),)
    return (
        CancelPayment(payment_id=payment, reason="ERROR"),
        TransferPayment(payment_id=payment, targets=to_john, reason="WRONG"),
    )


def _cancel_a_tender(place: Supervisors) -> tuple[Any, Any]:
    taken = paid(place.ledger, place.account, "1.00", "bob")
    cancel = CancelTender(tender_id=taken.tender_ids[0], reason="ERROR")
    return cancel, cancel


KINDS = (_balance_a_drawer, _receive_a_turn_in, _receive_or_void, _cancel_or_transfer, _cancel_a_tender)


def skews(ledger: Ledger, trials: int) -> Iterable[str]:
    """Of so many trials those in which not exactly one was accepted."""
    place = Supervisors(ledger)
    for number in range(trials):
        kind = KINDS[number % len(KINDS)]
        codes = place.both(kind(place))
        if codes.count("") != 1:
            yield f"trial {number} {kind.__name__}: {codes}"
