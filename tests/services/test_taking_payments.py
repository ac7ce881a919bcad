"""Money at the counter: what is taken, booked, given back and refused."""

from tests.builders import Ledger, a_payment, an_account, an_open_drawer, balances_of, cash, paid, usd


def test_a_cash_payment_lowers_what_is_owed_and_gives_change(ledger: Ledger):
    account = an_account(ledger, owing={"ELEC": "84.10", "GAS": "41.25"})
    an_open_drawer(ledger)
    taken = ledger.do(a_payment(account, cash("140.00"), paying="125.35"))
    assert taken.change == usd("14.65")
    assert balances_of(ledger, account) == {"ELEC": 0, "GAS": 0}


def test_receipts_are_numbered_without_gaps(ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    numbers = [paid(ledger, account, "1.00").receipt_number for _ in range(3)]
    assert [number[:-1] for number in numbers] == ["00010000001", "00010000002", "00010000003"]
