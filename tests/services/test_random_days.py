"""Random days at the counter, checked after every step against what a cashier would know by heart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from cashier_app.domain.errors import RuleViolation
from cashier_app.domain.money import Money
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    CountDrawer,
    ReopenTenderControl,
    StartBalancing,
)
from cashier_app.services.cashiering.tender_controls import MoveDrawerCash, OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds, VoidTurnIn
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn
from cashier_app.services.payments.event_editing import AddPayments, DeleteEvent, FreezeEvent
from cashier_app.services.payments.taking import EventTaken, TakePayment, TenderIn
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import (
    OPEN_LEDGERS,
    AnAccount,
    Ledger,
    a_ledger,
    an_account,
    an_open_deposit,
    balances_of,
    counted,
)
from tests.checkers import check as check_ledger
from tests.services.figures import Walk
from tests.support.databases import SqliteDatabases

DAYS = int(os.environ.get("CASHIER_RANDOM_DAYS", "4"))
IN_EARNEST = "CASHIER_RANDOM_DAYS" in os.environ
"""Every figure of each day is explained, too; that takes as long as the day."""

amounts = st.integers(1, 30_000)


def _usd(minor: int) -> Money:
    return Money(minor, "USD")


class RandomDays(RuleBasedStateMachine):
    """What the cashier knows: cash in the drawer, what each account should owe."""

    databases: SqliteDatabases
    directory: Path

    events = Bundle("events")
    loose = Bundle("loose")
    turn_ins = Bundle("turn_ins")

    @initialize()
    def open_the_office(self) -> None:
        self._database = self.databases.with_schema(self.directory)
        self.ledger: Ledger = a_ledger(self._database.__enter__())
        OPEN_LEDGERS.remove(self.ledger)
        self.accounts: list[AnAccount] = [
            an_account(self.ledger, name, owing=owing)
            for name, owing in (("Ann Ash", {"ELEC": "120.00", "GAS": "33.33"}), ("Bob Birch", "75.10"))
        ]
        self.owed = {account.id: sum(balances_of(self.ledger, account).values()) for account in self.accounts}
        an_open_deposit(self.ledger)
        self.control = 0
        self.status = "BALANCED"
        self.expected: dict[str, int] = {}
        self._open()

    def _open(self) -> None:
        opened = self.ledger.do(OpenTenderControl(tender_source="CASH-A01", starting_balance=_usd(10_000)))
        self.control, self.status = opened.tender_control_id, "OPEN"
        self.expected = {"CASH": 10_000, "CHEC": 0}

    def _is_open(self) -> bool:
        return self.status == "OPEN"

    @precondition(_is_open)
    @rule(
        target=events,
        who=st.integers(0, 1),
        amount=amounts,
        handed=st.integers(0, 500),
        kind=st.sampled_from(["CASH", "CHEC"]),
    )
    def take(self, who: int, amount: int, handed: int, kind: str) -> EventTaken:
        account = self.accounts[who]
        tender = TenderIn(tender_type=kind, amount=_usd(amount + handed), reference="7")
        payment = PaymentIn(account_id=account.id, amount=_usd(amount))
        command = TakePayment(payor_account_id=account.id, tenders=(tender,), payments=(payment,))
        taken: EventTaken = self.ledger.do(command, confirmed=["PAY-011"])
        assert taken.change == _usd(handed)
        self.owed[account.id] -= amount
        self.expected[kind] += amount + handed
        self.expected["CASH"] -= handed
        return taken

    @precondition(_is_open)
    @rule(target=loose, who=st.integers(0, 1), amount=amounts)
    def prepare(self, who: int, amount: int) -> EventTaken:
        account = self.accounts[who]
        tender = TenderIn(tender_type="CASH", amount=_usd(amount))
        command = TakePayment(payor_account_id=account.id, tenders=(tender,), finish=Finish.DISTRIBUTE)
        self.expected["CASH"] += amount
        taken: EventTaken = self.ledger.do(command)
        return taken

    @precondition(_is_open)
    @rule(target=events, event=consumes(loose))
    def freeze(self, event: EventTaken) -> EventTaken:
        if self._gone(event):
            return event
        self.ledger.do(FreezeEvent(event_id=event.event_id))
        self.owed[event.payments[0].account_id] -= event.payments[0].amount.minor
        return event

    @precondition(_is_open)
    @rule(event=consumes(loose))
    def give_back(self, event: EventTaken) -> None:
        if not self._gone(event):
            self.ledger.do(DeleteEvent(event_id=event.event_id))
            self.expected["CASH"] -= event.payments[0].amount.minor

    def _gone(self, event: EventTaken) -> bool:
        """Another day's drawer: events that were loose when it closed cannot exist."""
        return not self.ledger.rows(
            f"SELECT 1 FROM tender WHERE event_id = {event.event_id} AND tender_control_id = {self.control}"
        )

    @rule(event=events, reason=st.sampled_from(["ERROR", "NSF"]))
    def cancel_tender(self, event: EventTaken, reason: str) -> None:
        tenders = self.ledger.rows(
            "SELECT t.id, t.amount, t.tender_control_id, t.cash_back_of, "
            "coalesce(t.applies_to_tender_type, t.tender_type) "
            f"FROM tender t WHERE t.event_id = {event.event_id} AND t.status = 'VALID' ORDER BY t.id"
        )
        if not tenders:
            return
        before = self._owed()
        closed = self.status == "BALANCED" or tenders[0][2] != self.control
        command = CancelTender(tender_id=tenders[0][0], reason=reason, all_tenders=True)
        result = self.ledger.do(command, "sue")
        assert result.valid_tenders_left == _usd(0)
        if not closed:
            for _, amount, _, cash_back_of, bucket in tenders:
                if not (reason == "NSF" and cash_back_of is not None):
                    self.expected[bucket] -= amount
        undone = sum(payment.amount.minor for payment in event.payments if payment.payment_id in result.payment_ids)
        fee = self._owed() - before - undone
        assert fee >= 0, "a returned check never lowers what is owed"
        self._learn()

    @precondition(_is_open)
    @rule(event=events, who=st.integers(0, 1))
    def cancel_payment_and_place_it_again(self, event: EventTaken, who: int) -> None:
        payment = self._frozen(event)
        if payment is None:
            return
        self.ledger.do(CancelPayment(payment_id=payment[0], reason="ERROR"), "sue")
        again = PaymentIn(account_id=self.accounts[who].id, amount=_usd(payment[1]))
        self.ledger.do(AddPayments(event_id=event.event_id, payments=(again,)), "sue")
        self.owed[payment[2]] += payment[1]
        self.owed[self.accounts[who].id] -= payment[1]

    @rule(event=events, who=st.integers(0, 1))
    def transfer(self, event: EventTaken, who: int) -> None:
        payment = self._frozen(event)
        if payment is None:
            return
        target = PaymentIn(account_id=self.accounts[who].id, amount=_usd(payment[1]))
        self.ledger.do(TransferPayment(payment_id=payment[0], targets=(target,), reason="WRONG"), "sue")
        self.owed[payment[2]] += payment[1]
        self.owed[self.accounts[who].id] -= payment[1]

    def _frozen(self, event: EventTaken) -> tuple[Any, ...] | None:
        found = self.ledger.rows(
            f"SELECT id, amount, account_id FROM payment WHERE event_id = {event.event_id} AND status = 'FROZEN'"
        )
        return found[0] if found else None

    @precondition(_is_open)
    @rule(target=turn_ins, amount=st.integers(1, 5_000))
    def turn_in(self, amount: int) -> int:
        command = TurnInFunds(tender_control_id=self.control, tender_type="CASH", amount=_usd(amount))
        too_much = amount > self.expected["CASH"]
        key = int(self.ledger.do(command).turn_in_id)
        if too_much:
            assert self.ledger.refusal(ReceiveTurnIn(turn_in_id=key), "stan") == "TC-011"
            self.ledger.do(VoidTurnIn(turn_in_id=key))
            return 0
        self.expected["CASH"] -= amount
        return key

    @rule(key=consumes(turn_ins), received=st.booleans())
    def receive_or_void(self, key: int, received: bool) -> None:
        amount = self.ledger.rows(
            f"SELECT amount, tender_control_id FROM turn_in WHERE id = {key} AND status = 'PENDING'"
        )
        if received and amount:
            self.ledger.do(ReceiveTurnIn(turn_in_id=key), "stan")
        elif amount and amount[0][1] == self.control and self._is_open():
            self.ledger.do(VoidTurnIn(turn_in_id=key))
            self.expected["CASH"] += amount[0][0]
        elif amount:
            self.ledger.do(ReceiveTurnIn(turn_in_id=key), "stan")

    @precondition(_is_open)
    @rule(amount=st.integers(1, 3_000))
    def buy_stamps(self, amount: int) -> None:
        command = MoveDrawerCash(tender_control_id=self.control, reason="PETTY", amount=_usd(-amount), note="stamps")
        if amount <= self.expected["CASH"]:
            self.ledger.do(command)
            self.expected["CASH"] -= amount

    @precondition(_is_open)
    @rule(off=st.sampled_from([0, 0, 7, -50, -2_000]))
    def close_the_drawer(self, off: int) -> None:
        try:
            self.ledger.do(StartBalancing(tender_control_id=self.control))
        except RuleViolation as refusal:
            assert refusal.codes == ("PAY-082",)  # noqa: PT017
            return
        self.status = "BALANCING"
        count = counted(str(_usd(max(self.expected["CASH"] + off, 0))).split()[0])
        count += counted(str(_usd(self.expected["CHEC"])).split()[0], "CHEC")
        self.ledger.do(CountDrawer(tender_control_id=self.control, count=count))
        balance = BalanceDrawer(tender_control_id=self.control, note="as found")
        if self.ledger.rows(f"SELECT 1 FROM turn_in WHERE tender_control_id={self.control} AND status='PENDING'"):
            assert self.ledger.refusal(balance, "sue") == "TC-020"
            for (key,) in self.ledger.rows(
                f"SELECT id FROM turn_in WHERE tender_control_id={self.control} AND status='PENDING'"
            ):
                self.ledger.do(ReceiveTurnIn(turn_in_id=key), "stan")
        self.ledger.do(balance, "sue")
        self.status = "BALANCED"

    @precondition(lambda self: self.status == "BALANCED")
    @rule(reopen=st.booleans())
    def open_it_again(self, reopen: bool) -> None:
        if not reopen:
            self.ledger.clock.advance(days=1)
            self._open()
            return
        self.ledger.do(ReopenTenderControl(tender_control_id=self.control, reason="a check was found"), "sue")
        self.status = "OPEN"
        self.expected = {"CASH": 0, "CHEC": 0, **self._kept()}

    def _kept(self) -> dict[str, int]:
        totals = "SELECT tender_type, amount_expected FROM tender_control_total"
        return dict(self.ledger.rows(f"{totals} WHERE tender_control_id = {self.control}"))

    def _owed(self) -> int:
        return sum(sum(balances_of(self.ledger, account).values()) for account in self.accounts)

    def _learn(self) -> None:
        self.owed = {account.id: sum(balances_of(self.ledger, account).values()) for account in self.accounts}

    @invariant()
    def accounts_owe_what_the_cashier_thinks(self) -> None:
        if hasattr(self, "accounts"):
            for account in self.accounts:
                assert sum(balances_of(self.ledger, account).values()) == self.owed[account.id]

    @invariant()
    def the_drawer_holds_what_the_cashier_thinks(self) -> None:
        if getattr(self, "status", "") == "OPEN":
            assert {"CASH": 0, "CHEC": 0, **self._kept()} == self.expected

    @invariant()
    def everything_holds_that_must(self) -> None:
        if hasattr(self, "ledger"):
            check_ledger(self.ledger.url)

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            if IN_EARNEST:
                assert Walk(self.ledger).all_screens().wrong == []
            self.ledger.close()
            self._database.__exit__(None, None, None)


@pytest.mark.slow
def test_random_days(sqlite_databases: SqliteDatabases, tmp_path: Path):
    RandomDays.databases, RandomDays.directory = sqlite_databases, tmp_path
    machine = RandomDays.TestCase
    machine.settings = settings(
        max_examples=DAYS,
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize=not IN_EARNEST,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    machine().runTest()
