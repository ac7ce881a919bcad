"""No event in a balanced drawer is unbalanced or unfrozen (I5, R payments B5), however one tries."""

from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.payments.cancellation import CancelPayment
from cashier_app.services.payments.distribution import Finish, PaymentIn
from cashier_app.services.payments.event_editing import AddPayments, RemovePayment
from cashier_app.services.payments.receipts import PrintReceipt
from tests.builders import Ledger, a_payment, an_account, an_open_drawer, cash, counted, paid, usd


def test_a_payment_canceled_during_the_count_keeps_the_drawer_from_closing(ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    drawer = an_open_drawer(ledger)
    taken = paid(ledger, account, "10.00")
    ledger.do(StartBalancing(tender_control_id=drawer))
    ledger.do(CountDrawer(tender_control_id=drawer, count=counted("110.00")))
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="ERROR"), "sue")
    assert ledger.refusal(BalanceDrawer(tender_control_id=drawer)) == "PAY-082"
    again = (PaymentIn(account_id=account.id, amount=usd("10.00")),)
    ledger.do(AddPayments(event_id=taken.event_id, payments=again))
    ledger.do(BalanceDrawer(tender_control_id=drawer))


def test_a_finished_event_takes_no_more_payments_than_were_canceled(ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    taken = paid(ledger, account, "10.00")
    more = (PaymentIn(account_id=account.id, amount=usd("0.01")),)
    for finish in (Finish.NOTHING, Finish.DISTRIBUTE, Finish.FREEZE):
        assert ledger.refusal(AddPayments(event_id=taken.event_id, payments=more, finish=finish)) == "PAY-004"
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="ERROR"), "sue")
    ledger.do(AddPayments(event_id=taken.event_id, payments=more, finish=Finish.NOTHING))


def test_what_freezes_a_whole_event_gives_it_a_receipt_number(ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    begun = ledger.do(a_payment(account, cash("10.00"), finish=Finish.NOTHING))
    all_of_it = (PaymentIn(account_id=account.id, amount=usd("10.00")),)
    assert ledger.refusal(AddPayments(event_id=begun.event_id, payments=all_of_it)) == "PAY-004"
    ledger.do(RemovePayment(payment_id=begun.payments[0].payment_id))
    edited = ledger.do(AddPayments(event_id=begun.event_id, payments=all_of_it))
    assert edited.receipt_number == "000100000011"
    assert ledger.do(PrintReceipt(event_id=begun.event_id)).copy == 0
