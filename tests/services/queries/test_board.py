"""The supervisor's board, one's own drawer, and deposits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.cashiering.deposit_controls import AddTenderDeposit, StartDepositBalancing, to_deposit
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.kernel.reading import reading
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.queries.board import (
    deposit_statement,
    deposits,
    drawer_board,
    my_drawer,
    sources_for,
)
from tests.builders import AnAccount, Ledger, a_payment, an_account, an_open_drawer, check, paid, usd
from tests.services.queries.conftest import Ask


@pytest.fixture
def account(ledger: Ledger) -> AnAccount:
    return an_account(ledger, owing="500.00")


def balanced(ledger: Ledger, drawer: int, **amounts: str) -> None:
    count = tuple(Counted(tender_type=code, amount=usd(amount)) for code, amount in amounts.items())
    ledger.do(StartBalancing(tender_control_id=drawer))
    ledger.do(CountDrawer(tender_control_id=drawer, count=count))
    ledger.do(BalanceDrawer(tender_control_id=drawer))


def test_a_card_per_drawer(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    today = ledger.clock.business_date()
    assert ask(drawer_board, today) == ()
    drawer = an_open_drawer(ledger)
    an_open_drawer(ledger, "bob")
    ledger.clock.advance(minutes=5)
    paid(ledger, account, "40.00")
    ledger.do(a_payment(account, check("20.00")))
    first, second = ask(drawer_board, today)
    assert (first.tender_source, first.owner, second.tender_source) == ("CASH-A01", "Ann", "CASH-A02")
    assert {row.tender_type: (row.amount, row.count) for row in first.takings} == {
        "CASH": (14000, 1),
        "CHEC": (2000, 1),
    }
    assert (first.like_cash, first.limit, first.limit_passed, first.tender_count) == (14000, 150000, False, 2)
    assert first.last_activity == ledger.clock.now()
    assert first.tender_control_id == drawer
    assert not first.left_open


def test_a_blind_reader_sees_no_amount(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    an_open_drawer(ledger)
    an_open_drawer(ledger, "cleo")  # not blind
    paid(ledger, account, "40.00")
    blind, seeing = ask(drawer_board, ledger.clock.business_date(), may_see_expected=False)
    assert (blind.blind, blind.like_cash, [row.amount for row in blind.takings]) == (True, None, [None])
    assert (seeing.blind, seeing.like_cash) == (False, 10000)
    mine = ask(my_drawer, ledger.people["ann"])
    assert mine is not None
    assert mine.blind
    assert ask(my_drawer, ledger.people["ann"], may_see_expected=True).like_cash == 14000
    assert ask(my_drawer, ledger.people["sue"]) is None


def test_what_needs_a_second_person_is_on_the_card(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    drawer = an_open_drawer(ledger)
    taken = paid(ledger, account, "40.00")
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="WRONG"), "sue")
    ledger.do(TurnInFunds(tender_control_id=drawer, tender_type="CASH", amount=usd("30.00")))
    (card,) = ask(drawer_board, ledger.clock.business_date())
    assert card.unbalanced_events == 1
    assert [(row.amount, row.created_by) for row in card.pending_turn_ins] == [(3000, "Ann")]


def test_passing_the_limit_shows(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    an_open_drawer(ledger, holding="1400.00")
    paid(ledger, account, "100.00")
    assert not ask(drawer_board, ledger.clock.business_date())[0].limit_passed
    paid(ledger, account, "0.01")
    assert ask(drawer_board, ledger.clock.business_date())[0].limit_passed


def test_a_drawer_left_open_stays_on_the_board_and_a_balanced_one_leaves_it(
    ledger: Ledger, ask: Ask, account: AnAccount
) -> None:
    drawer = an_open_drawer(ledger)
    an_open_drawer(ledger, "bob")
    today = ledger.clock.business_date()
    balanced(ledger, drawer, CASH="100.00")
    assert [(card.tender_source, card.status) for card in ask(drawer_board, today)] == [
        ("CASH-A02", "OPEN"),
        ("CASH-A01", "BALANCED"),
    ]
    (left,) = ask(drawer_board, today + timedelta(days=1))
    assert (left.tender_source, left.left_open) == ("CASH-A02", True)


def test_choices_of_drawers(ledger: Ledger, ask: Ask) -> None:
    an_open_drawer(ledger)
    with reading(ledger.database, access=EVERYTHING) as store:
        bob = ledger.door.actor(ledger.people["bob"], store)
    choices = ask(sources_for, bob)
    assert [(row.code, row.usual, row.live_owner) for row in choices] == [
        ("CASH-A02", True, ""),
        ("CASH-A03", False, ""),
        ("CASH-A01", False, "Ann"),
    ]
    assert choices[0].starting_balance == 10000


def test_a_deposit_says_of_what_it_consists(ledger: Ledger, ask: Ask, account: AnAccount) -> None:
    drawer = an_open_drawer(ledger)
    (deposit_id,) = ledger.rows("SELECT id FROM deposit_control")[0]
    paid(ledger, account, "100.00")
    ledger.do(a_payment(account, check("25.35")))
    turned = ledger.do(TurnInFunds(tender_control_id=drawer, tender_type="CASH", amount=usd("60.00")))
    pending = ask(deposit_statement, deposit_id)
    assert (pending.summary.pending_turn_ins, pending.summary.to_deposit, pending.composition) == (1, 0, ())
    ledger.do(ReceiveTurnIn(turn_in_id=turned.turn_in_id), "sue")
    assert ask(deposit_statement, deposit_id).summary.to_deposit == 6000
    balanced(ledger, drawer, CASH="140.00", CHEC="25.35")
    ledger.do(StartDepositBalancing(deposit_control_id=deposit_id), "sue")
    ledger.do(AddTenderDeposit(deposit_control_id=deposit_id, amount=usd("100.00")), "sue")
    seen = ask(deposit_statement, deposit_id)
    assert seen.summary.to_deposit == 12535 == ask(to_deposit, deposit_id)
    assert [(row.tender_type, row.amount) for row in seen.composition] == [("CASH", 10000), ("CHEC", 2535)]
    assert [(row.counted, row.starting_float, row.amount) for row in seen.drawers] == [(16535, 10000, 6535)]
    assert [(row.number, row.payor, row.amount) for row in seen.checks] == [("1001", "Jane Masters", 2535)]
    assert [(row.amount, row.bank_account, row.last_four) for row in seen.slips] == [(10000, "MAIN", "4471")]
    assert (seen.left_to_deposit, seen.summary.deposited) == (2535, 10000)
    (row,) = ask(deposits)
    assert row == seen.summary
    assert ask(deposits, "OPEN") == ()


def test_unknown_deposit_is_refused(ask: Ask) -> None:
    with pytest.raises(RuleViolation, match="DC-001"):
        ask(deposit_statement, 1)


def test_a_check_that_came_back_later_still_counts_among_those_that_went_to_the_bank(
    ledger: Ledger, ask: Ask, account: AnAccount
) -> None:
    drawer = an_open_drawer(ledger)
    taken = ledger.do(a_payment(account, check("40.00")))
    balanced(ledger, drawer, CASH="100.00", CHEC="40.00")
    ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "olga")
    (row,) = ask(deposits)
    parts = ask(deposit_statement, row.deposit_control_id).composition
    assert [(part.tender_type, part.count, part.amount) for part in parts if part.amount] == [("CHEC", 1, 4000)]
