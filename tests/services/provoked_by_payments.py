"""Wrong things done to payments, tenders and receipts."""

from __future__ import annotations

from datetime import date
from typing import Any

from cashier_app.domain.lifecycles import SourceType
from cashier_app.services.cashiering.deposit_controls import (
    BalanceDeposit,
    OpenDepositControl,
    StartDepositBalancing,
)
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    CountDrawer,
    StartBalancing,
)
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import PaymentIn, SegmentIn
from cashier_app.services.payments.event_editing import (
    AddTender,
    DeleteEvent,
    DistributeEvent,
    FreezeEvent,
    PlaceSegments,
    RemovePayment,
)
from cashier_app.services.payments.receipts import NotePrintFailure, PrintReceipt
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import (
    Ledger,
    a_payment,
    an_account,
    an_open_drawer,
    cash,
    check,
    counted,
    paid,
    usd,
)
from tests.services.provoking import GONE, PAIN, Attempt, closing, deposit_of, loose, provokes, till


@provokes("PAY-001")
def _no_drawer_is_open(ledger: Ledger) -> Attempt:
    return a_payment(an_account(ledger, owing="5.00"), cash("5.00")), "ann"


@provokes("PAY-002")
def _the_drawer_is_being_counted(ledger: Ledger) -> Attempt:
    account = an_account(ledger, owing="5.00")
    return a_payment(account, cash("5.00", tender_control_id=closing(ledger))), "ann"


@provokes("PAY-004")
def _freezes_unbalanced(ledger: Ledger) -> Attempt:
    taken = loose(ledger)
    ledger.do(AddTender(event_id=taken.event_id, payor_account_id=taken.payments[0].account_id, tender=cash("1.00")))
    return FreezeEvent(event_id=taken.event_id), "ann"


@provokes("PAY-004")
def _short(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger), cash("5.00"), paying="6.00"), "ann"


@provokes("PAY-004")
def _nothing_to_distribute(ledger: Ledger) -> Attempt:
    return DistributeEvent(event_id=paid(ledger, till(ledger), "5.00").event_id), "ann"


@provokes("PAY-006")
def _canceled_twice(ledger: Ledger) -> Attempt:
    cancel = CancelPayment(payment_id=paid(ledger, till(ledger), "5.00").payments[0].payment_id, reason="ERROR")
    ledger.do(cancel, "sue")
    return cancel, "sue"


@provokes("PAY-006")
def _frozen_payment_taken_out(ledger: Ledger) -> Attempt:
    return RemovePayment(payment_id=paid(ledger, till(ledger), "5.00").payments[0].payment_id), "ann"


@provokes("PAY-007")
def _frozen_event_deleted(ledger: Ledger) -> Attempt:
    return DeleteEvent(event_id=paid(ledger, till(ledger), "5.00").event_id), "ann"


@provokes("PAY-008")
def _no_cancel_reason(ledger: Ledger) -> Attempt:
    return CancelTender(tender_id=paid(ledger, till(ledger), "5.00").tender_ids[0], reason=""), "sue"


@provokes("PAY-011")
def _check_of_a_cash_only_customer(ledger: Ledger) -> Attempt:
    account = till(ledger)
    for number in range(3):
        returned = ledger.do(a_payment(account, check("1.00", str(number))), confirmed=["PAY-011"])
        ledger.do(CancelTender(tender_id=returned.tender_ids[0], reason="NSF"), "sue")
    return a_payment(account, check("1.00", "9")), "ann"


@provokes("PAY-021")
def _change_for_a_card(ledger: Ledger) -> Attempt:
    card = TenderIn(tender_type="CARD", amount=usd("10.00"), reference="77")
    return a_payment(till(ledger), card, paying="9.00"), "ann"


@provokes("PAY-031")
def _nobody_may_be_overpaid(ledger: Ledger) -> Attempt:
    account = an_account(ledger, owing={"DEPOSIT": ""})
    an_open_drawer(ledger)
    return a_payment(account, cash("5.00")), "ann"


@provokes("PAY-032")
def _segments_that_do_not_add_up(ledger: Ledger) -> Attempt:
    account = till(ledger)
    segments = (SegmentIn(sa_id=account.sa["ELEC"], amount=usd("4.00")),)
    payment = PaymentIn(account_id=account.id, amount=usd("5.00"), segments=segments)
    return TakePayment(payor_account_id=account.id, tenders=(cash("5.00"),), payments=(payment,)), "ann"


@provokes("PAY-032")
def _no_segment(ledger: Ledger) -> Attempt:
    return PlaceSegments(payment_id=loose(ledger).payments[0].payment_id, segments=()), "ann"


@provokes("PAY-033")
def _segment_of_somebody_else(ledger: Ledger) -> Attempt:
    account, other = till(ledger), an_account(ledger, "Somebody Else")
    segments = (SegmentIn(sa_id=other.sa["ELEC"], amount=usd("5.00")),)
    payment = PaymentIn(account_id=account.id, amount=usd("5.00"), segments=segments)
    return TakePayment(payor_account_id=account.id, tenders=(cash("5.00"),), payments=(payment,)), "ann"


@provokes("PAY-042")
def _euro_into_a_dollar_drawer(ledger: Ledger) -> Attempt:
    account = till(ledger)
    return TakePayment(payor_account_id=account.id, tenders=(TenderIn(tender_type="CASH", amount=PAIN),)), "ann"


@provokes("PAY-081")
def _short_without_a_word(ledger: Ledger) -> Attempt:
    control = closing(ledger)
    ledger.do(CountDrawer(tender_control_id=control, count=counted("90.00")))
    return BalanceDrawer(tender_control_id=control), "ann"


@provokes("PAY-082")
def _an_event_is_not_frozen(ledger: Ledger) -> Attempt:
    loose(ledger)
    return StartBalancing(tender_control_id=ledger.value("SELECT id FROM tender_control")), "ann"


@provokes("PAY-083")
def _drawer_into_a_lockbox_deposit(ledger: Ledger) -> Attempt:
    wrong = ledger.do(OpenDepositControl(source_type=SourceType.LOCKBOX), "sue").deposit_control_id
    return OpenTenderControl(tender_source="CASH-A01", deposit_control_id=wrong), "ann"


@provokes("PAY-084")
def _deposit_without_a_slip(ledger: Ledger) -> Attempt:
    account = till(ledger)
    paid(ledger, account, "5.00")
    control = ledger.value("SELECT id FROM tender_control")
    ledger.do(StartBalancing(tender_control_id=control))
    ledger.do(CountDrawer(tender_control_id=control, count=counted("105.00")))
    ledger.do(BalanceDrawer(tender_control_id=control))
    ledger.do(StartDepositBalancing(deposit_control_id=deposit_of(ledger)), "sue")
    return BalanceDeposit(deposit_control_id=deposit_of(ledger)), "sue"


@provokes("PAY-100")
def _nothing_handed_over(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger)), "ann"


@provokes("PAY-101")
def _a_tender_of_nothing(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger), cash("0.00")), "ann"


@provokes("PAY-102")
def _a_check_without_number(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger), check("5.00", " ")), "ann"


@provokes("PAY-103")
def _not_taken_at_the_counter(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger), TenderIn(tender_type="OVUN", amount=usd("1.00"))), "ann"


@provokes("PAY-104")
def _a_payment_of_less_than_nothing(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger), cash("5.00"), paying="-5.00"), "ann"


@provokes("PAY-105")
def _an_account_paid_twice(ledger: Ledger) -> Attempt:
    account = till(ledger)
    payment = PaymentIn(account_id=account.id, amount=usd("5.00"))
    return TakePayment(payor_account_id=account.id, tenders=(cash("10.00"),), payments=(payment, payment)), "ann"


@provokes("PAY-106")
def _paid_tomorrow(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger), cash("5.00"), pay_date=date(2026, 1, 6)), "ann"


@provokes("PAY-107")
def _a_payment_in_euro(ledger: Ledger) -> Attempt:
    account = till(ledger)
    payment = PaymentIn(account_id=account.id, amount=PAIN)
    return TakePayment(payor_account_id=account.id, tenders=(cash("5.00"),), payments=(payment,)), "ann"


@provokes("PAY-123")
def _a_returned_check_as_payment(ledger: Ledger) -> Attempt:
    return CancelPayment(payment_id=paid(ledger, till(ledger), "5.00").payments[0].payment_id, reason="NSF"), "sue"


def _transfer(ledger: Ledger, **more: Any) -> TransferPayment:
    taken = paid(ledger, till(ledger), "5.00")
    other = an_account(ledger, "The Right One", owing="9.00")
    how: dict[str, Any] = {"targets": (PaymentIn(account_id=other.id, amount=usd("5.00")),), "reason": "WRONG"}
    return TransferPayment(payment_id=taken.payments[0].payment_id, **{**how, **more})


@provokes("PAY-124")
def _a_transfer_that_blames(ledger: Ledger) -> Attempt:
    return _transfer(ledger, reason="NSF"), "sue"


@provokes("PAY-125")
def _transferred_twice(ledger: Ledger) -> Attempt:
    transfer = _transfer(ledger)
    ledger.do(transfer, "sue")
    return transfer, "sue"


@provokes("PAY-126")
def _a_transfer_of_less(ledger: Ledger) -> Attempt:
    return _transfer(ledger, targets=(PaymentIn(account_id=GONE, amount=usd("4.00")),)), "sue"


@provokes("PAY-127")
def _two_payors(ledger: Ledger) -> Attempt:
    half = PaymentIn(account_id=an_account(ledger).id, amount=usd("2.50"))
    return _transfer(ledger, targets=(half, half), whole_event=True), "sue"


@provokes("TND-003")
def _tender_canceled_twice(ledger: Ledger) -> Attempt:
    cancel = CancelTender(tender_id=paid(ledger, till(ledger), "5.00").tender_ids[0], reason="ERROR")
    ledger.do(cancel, "sue")
    return cancel, "sue"


@provokes("RCP-001")
def _receipt_of_an_unfinished_event(ledger: Ledger) -> Attempt:
    return PrintReceipt(event_id=loose(ledger).event_id), "ann"


@provokes("RCP-002")
def _a_print_that_never_was(_ledger: Ledger) -> Attempt:
    return NotePrintFailure(print_id=GONE), "ann"


@provokes("RCP-003")
def _a_print_that_failed_twice(ledger: Ledger) -> Attempt:
    printed = ledger.do(PrintReceipt(event_id=paid(ledger, till(ledger), "5.00").event_id))
    ledger.do(NotePrintFailure(print_id=printed.print_id, problem="no paper"))
    return NotePrintFailure(print_id=printed.print_id), "ann"
