"""Liabilities held until the customer pays, through the door and into the books (S1 p.123-131)."""

from __future__ import annotations

from datetime import date

import pytest

from cashier_app.domain.configuration import SaType
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.kernel.codec import from_plain, to_plain
from cashier_app.services.payments.cancellation import CancelPayment
from tests.builders import a_charge, a_ledger, a_payment, an_account, an_open_drawer, cash, paid, usd

HOLDING = {
    "distribution_code": (
        {"code": "HLD-TAX", "description": "Tax held", "real_code": "TAX-PAY", "accounting_priority": 90},
        {"code": "HLD-LPC", "description": "Late charges held", "real_code": "R-MISC", "accounting_priority": 10},
        {"code": "TAX-PAY", "description": "Tax payable"},
        {"code": "R-MISC", "description": "Late charges earned"},
    ),
    "adjustment_type": (
        {"code": "TAX", "description": "Tax on a bill", "distribution_code": "HLD-TAX"},
        {"code": "LPC", "description": "Late charge", "distribution_code": "HLD-LPC"},
    ),
    "adjustment_type_profile": ({"code": "CUSTOMER", "adjustment_types": ("*",)},),
    "algorithm": (
        {"code": "PS-CASH", "rule": "payment-cash-accounting"},
        {"code": "PS-CASH-PRIO", "rule": "payment-cash-accounting-by-priority"},
    ),
}


@pytest.fixture
def ledger(ledger_url):
    ledger = a_ledger(ledger_url)
    ledger.do(from_plain({"tables": HOLDING}, LoadConfiguration), "system")
    an_open_drawer(ledger)
    return ledger


def books(ledger, rule):
    """Electricity is booked by this rule from now on."""
    electricity = to_plain(ledger.door.config.get(SaType, "ELEC")) | {"payment_ft": rule}
    ledger.do(from_plain({"tables": {"sa_type": (electricity,)}}, LoadConfiguration), "system")


def a_bill(ledger, account, revenue, *, tax="", late="", arrears_date=date(2025, 12, 1)):
    if revenue:
        a_charge(ledger, account.sa["ELEC"], revenue, arrears_date)
    for kind, amount in (("TAX", tax), ("LPC", late)):
        if amount:
            charge = AddAdjustment(
                sa_id=account.sa["ELEC"], adjustment_type=kind, amount=usd(amount), arrears_date=arrears_date
            )
            ledger.do(charge, "system")


def booked(ledger):
    sums = ledger.rows("SELECT distribution_code, sum(amount) FROM gl_line GROUP BY distribution_code")
    return {code: int(amount) for code, amount in sums if code in {"HLD-TAX", "HLD-LPC", "TAX-PAY", "R-MISC"}}


def test_a_payment_makes_its_share_of_the_tax_payable(ledger):
    account = an_account(ledger, owing={"ELEC": ""})
    a_bill(ledger, account, "100.00", tax="10.00")
    books(ledger, "PS-CASH")
    paid(ledger, account, "27.50")
    assert booked(ledger) == {"HLD-TAX": -750, "TAX-PAY": -250}
    paid(ledger, account, "82.50")
    assert booked(ledger) == {"HLD-TAX": 0, "TAX-PAY": -1000}


def test_a_canceled_payment_puts_back_what_it_released(ledger):
    account = an_account(ledger, owing={"ELEC": ""})
    a_bill(ledger, account, "100.00", tax="10.00")
    books(ledger, "PS-CASH")
    taken = paid(ledger, account, "55.00")
    assert booked(ledger) == {"HLD-TAX": -500, "TAX-PAY": -500}
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="ERROR"), second="sue")
    assert booked(ledger) == {"HLD-TAX": -1000, "TAX-PAY": 0}
    ledger.do(a_payment(account, cash("110.00")))
    assert booked(ledger) == {"HLD-TAX": 0, "TAX-PAY": -1000}


def test_the_oldest_debt_beats_the_priority(ledger):
    account = an_account(ledger, owing={"ELEC": ""})
    a_bill(ledger, account, "", tax="5.00", arrears_date=date(2025, 10, 1))
    a_bill(ledger, account, "", tax="5.00", late="5.00", arrears_date=date(2025, 12, 1))
    books(ledger, "PS-CASH-PRIO")
    paid(ledger, account, "8.00")
    assert booked(ledger) == {"HLD-TAX": -500, "HLD-LPC": -200, "TAX-PAY": -500, "R-MISC": -300}


def test_an_accrual_payment_releases_nothing(ledger):
    account = an_account(ledger, owing={"ELEC": ""})
    a_bill(ledger, account, "100.00", tax="10.00")
    paid(ledger, account, "110.00")
    assert booked(ledger) == {"HLD-TAX": -1000}
