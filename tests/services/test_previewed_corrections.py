"""What a correction would do is said before it is done, by the same command taken back."""

from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.distribution import PaymentIn
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import Ledger, a_payment, an_account, an_open_drawer, balances_of, check, usd


def test_what_a_returned_check_will_be_charged_is_known_before(ledger: Ledger):
    account = an_account(ledger, owing="51.25")
    an_open_drawer(ledger)
    taken = ledger.do(a_payment(account, check("64.00"), paying="51.25"))
    command = CancelTender(tender_id=taken.tender_ids[0], reason="NSF", all_tenders=True)
    previewed = ledger.door.preview(command, user_id=ledger.people["sue"]).result
    assert [(charge.adjustment_type, charge.amount) for charge in previewed.charges] == [
        ("NSF", usd("17.50")),
        ("CASHBACK", usd("12.75")),
    ]
    assert balances_of(ledger, account) == {"ELEC": 0}
    assert ledger.do(command, "sue").charges == previewed.charges


def test_where_a_transferred_payment_will_go_is_known_before(ledger: Ledger):
    wrong = an_account(ledger, "Wrong Person", owing="100.00")
    right = an_account(ledger, "Right Person", owing={"ELEC": "30.00", "GAS": "70.00"})
    an_open_drawer(ledger)
    taken = ledger.do(a_payment(wrong, check("80.00")))
    command = TransferPayment(
        payment_id=taken.payments[0].payment_id,
        targets=(PaymentIn(account_id=right.id, amount=usd("80.00")),),
        reason="WRONG",
    )
    (previewed,) = ledger.door.preview(command, user_id=ledger.people["sue"]).result.payments
    assert [(segment.sa_id, segment.amount) for segment in previewed.segments] == [
        (right.sa["ELEC"], usd("30.00")),
        (right.sa["GAS"], usd("50.00")),
    ]
    assert balances_of(ledger, right) == {"ELEC": 3000, "GAS": 7000}
