"""Wrong things done to drawers and deposits."""

from __future__ import annotations

from typing import Any

from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.cashiering.deposit_controls import (
    AddTenderDeposit,
    ReopenDepositControl,
    StartDepositBalancing,
)
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    BookOverUnder,
    CountDrawer,
    ForceCloseDrawer,
    ReopenTenderControl,
    ResumeTaking,
    StartBalancing,
)
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import MoveDrawerCash, OpenDrawer, OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds, VoidTurnIn
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.payments.cancellation import CancelTender
from tests.builders import (
    Ledger,
    an_open_deposit,
    an_open_drawer,
    counted,
    usd,
)
from tests.services.provoking import Attempt, balanced, closing, deposit_of, provokes


@provokes("TC-002")
def _counted_twice_at_once(ledger: Ledger) -> Attempt:
    return StartBalancing(tender_control_id=closing(ledger)), "ann"


@provokes("TC-002")
def _taken_up_while_open(ledger: Ledger) -> Attempt:
    return ResumeTaking(tender_control_id=an_open_drawer(ledger)), "ann"


@provokes("TC-005")
def _opened_twice(ledger: Ledger) -> Attempt:
    an_open_drawer(ledger)
    return OpenTenderControl(tender_source="CASH-A01"), "ann"


def _turned_in(ledger: Ledger, amount: str = "20.00") -> int:
    control = an_open_drawer(ledger)
    turn_in = TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd(amount))
    return int(ledger.do(turn_in).turn_in_id)


@provokes("TC-006")
def _received_twice(ledger: Ledger) -> Attempt:
    received = ReceiveTurnIn(turn_in_id=_turned_in(ledger))
    ledger.do(received, "sue")
    return received, "stan"


@provokes("TC-006")
def _voided_after_it_was_received(ledger: Ledger) -> Attempt:
    turn_in = _turned_in(ledger)
    ledger.do(ReceiveTurnIn(turn_in_id=turn_in), "sue")
    return VoidTurnIn(turn_in_id=turn_in), "ann"


@provokes("TC-007")
def _float_below_zero(ledger: Ledger) -> Attempt:
    an_open_deposit(ledger)
    return OpenTenderControl(tender_source="CASH-A01", starting_balance=usd("-1.00")), "ann"


@provokes("TC-009")
def _a_three_dollar_note(ledger: Ledger) -> Attempt:
    count = (Counted(tender_type="CASH", denomination="$3", pieces=1),)
    return CountDrawer(tender_control_id=closing(ledger), count=count), "ann"


@provokes("TC-009")
def _a_count_below_zero(ledger: Ledger) -> Attempt:
    return CountDrawer(tender_control_id=closing(ledger), count=counted("-1.00")), "ann"


@provokes("TC-010")
def _nothing_turned_in(ledger: Ledger) -> Attempt:
    return TurnInFunds(tender_control_id=an_open_drawer(ledger), tender_type="CASH"), "ann"


@provokes("TC-011")
def _more_turned_in_than_is_there(ledger: Ledger) -> Attempt:
    control = an_open_drawer(ledger, "cleo")
    return TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("100.01")), "cleo"


@provokes("TC-012")
def _received_by_oneself(ledger: Ledger) -> Attempt:
    control = an_open_drawer(ledger, "sue", source="CASH-A01")
    turn_in = TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("5.00"))
    return ReceiveTurnIn(turn_in_id=ledger.do(turn_in, "sue").turn_in_id), "sue"


def _movement(ledger: Ledger, by: str = "ann", **more: Any) -> MoveDrawerCash:
    how: dict[str, Any] = {"reason": "PETTY", "amount": usd("-5.00"), "note": "stamps"}
    return MoveDrawerCash(tender_control_id=an_open_drawer(ledger, by), **{**how, **more})


@provokes("TC-014")
def _nothing_moved(ledger: Ledger) -> Attempt:
    return _movement(ledger, amount=usd("0.00")), "ann"


@provokes("TC-015")
def _petty_cash_put_in(ledger: Ledger) -> Attempt:
    return _movement(ledger, amount=usd("5.00")), "ann"


@provokes("TC-016")
def _moved_without_a_word(ledger: Ledger) -> Attempt:
    return _movement(ledger, note=" "), "ann"


@provokes("TC-016")
def _opened_without_a_word(ledger: Ledger) -> Attempt:
    return OpenDrawer(tender_control_id=an_open_drawer(ledger), note=""), "ann"


@provokes("TC-011")
def _more_paid_out_than_is_there(ledger: Ledger) -> Attempt:
    return _movement(ledger, "cleo", amount=usd("-200.00")), "cleo"


@provokes("SEC-010")
def _a_large_movement_alone(ledger: Ledger) -> Attempt:
    return _movement(ledger, amount=usd("-60.00")), "ann"


@provokes("TC-017")
def _balanced_uncounted(ledger: Ledger) -> Attempt:
    return BalanceDrawer(tender_control_id=closing(ledger)), "ann"


@provokes("TC-017")
def _counted_while_open(ledger: Ledger) -> Attempt:
    return CountDrawer(tender_control_id=an_open_drawer(ledger), count=()), "ann"


@provokes("TC-018")
def _reopened_without_a_word(ledger: Ledger) -> Attempt:
    return ReopenTenderControl(tender_control_id=balanced(ledger), reason=""), "sue"


@provokes("TC-019")
def _nothing_to_book(ledger: Ledger) -> Attempt:
    control = closing(ledger)
    ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00")))
    return BookOverUnder(tender_control_id=control, tender_type="CASH", reason="?"), "sue"


@provokes("TC-020")
def _a_turn_in_waits(ledger: Ledger) -> Attempt:
    _turned_in(ledger)
    control = ledger.value("SELECT id FROM tender_control")
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("80.00")))
    return BalanceDrawer(tender_control_id=control), "ann"


def _deposited(ledger: Ledger) -> int:
    control = balanced(ledger)
    deposit = deposit_of(ledger)
    ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
    assert control
    return deposit


@provokes("TC-021")
def _reopened_after_the_deposit_closed(ledger: Ledger) -> Attempt:
    _deposited(ledger)
    return ReopenTenderControl(tender_control_id=ledger.value("SELECT id FROM tender_control"), reason="x"), "sue"


@provokes("TC-022")
def _own_drawer_forced(ledger: Ledger) -> Attempt:
    control = an_open_drawer(ledger, "sue", source="CASH-A01")
    return ForceCloseDrawer(tender_control_id=control, count=counted("100.00"), reason="x"), "sue"


@provokes("TC-023")
def _no_agreement_for_differences(ledger: Ledger) -> Attempt:
    source = {
        "code": "CASH-A01",
        "bank_account": "MAIN",
        "tolerance": "1.00 USD",
        "suspense_agreement": "SUSPENSE",
        "receipt_series": 1,
    }
    ledger.do(from_plain({"tables": {"tender_source": [source]}}, LoadConfiguration), "system")
    control = closing(ledger)
    ledger.do(CountDrawer(tender_control_id=control, count=counted("99.50")))
    return BalanceDrawer(tender_control_id=control), "ann"


@provokes("TC-024")
def _a_difference_taken_back_too_late(ledger: Ledger) -> Attempt:
    control = closing(ledger)
    ledger.do(CountDrawer(tender_control_id=control, count=counted("99.50")))
    ledger.do(BalanceDrawer(tender_control_id=control))
    return CancelTender(tender_id=ledger.value("SELECT max(id) FROM tender"), reason="ERROR"), "sue"


@provokes("DC-002")
def _slip_of_an_open_deposit(ledger: Ledger) -> Attempt:
    return AddTenderDeposit(deposit_control_id=an_open_deposit(ledger)), "sue"


@provokes("DC-003")
def _a_drawer_of_the_deposit_is_open(ledger: Ledger) -> Attempt:
    an_open_drawer(ledger)
    return StartDepositBalancing(deposit_control_id=deposit_of(ledger)), "sue"


@provokes("DC-005")
def _a_deposit_of_nothing(ledger: Ledger) -> Attempt:
    return StartDepositBalancing(deposit_control_id=an_open_deposit(ledger)), "sue"


@provokes("TC-018")
def _deposit_reopened_without_a_word(ledger: Ledger) -> Attempt:
    return ReopenDepositControl(deposit_control_id=_deposited(ledger), reason=" "), "sue"


@provokes("DC-004")
def _a_turn_in_was_not_received(ledger: Ledger) -> Attempt:
    _turned_in(ledger)
    control = ledger.value("SELECT id FROM tender_control")
    ledger.database.connection.cursor().execute(f"UPDATE tender_control SET status = 'BALANCED' WHERE id = {control}")
    ledger.unchecked = True  # no command leads here: balancing refuses first (TC-020)
    return StartDepositBalancing(deposit_control_id=deposit_of(ledger)), "sue"


@provokes("DC-006")
def _drawers_of_two_banks(ledger: Ledger) -> Attempt:
    tables = {
        "bank_account": [{"code": "OTHER", "currency": "USD", "distribution_code": "CASH-LBX"}],
        "tender_source": [{"code": "CASH-A02", "bank_account": "OTHER", "receipt_series": 2}],
    }
    ledger.do(from_plain({"tables": tables}, LoadConfiguration), "system")
    balanced(ledger)
    balanced(ledger, "bob")
    ledger.do(StartDepositBalancing(deposit_control_id=deposit_of(ledger)), "sue")
    return AddTenderDeposit(deposit_control_id=deposit_of(ledger)), "sue"
