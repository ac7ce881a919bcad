"""Wrong things done to customers, their agreements and adjustments."""

from __future__ import annotations

from datetime import date

from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import AddAlert, EndAlert, OpenAccount, StopAgreement
from cashier_app.services.customers.persons import AddIdentifier
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.payments.taking import TakePayment
from tests.builders import (
    Ledger,
    a_charge,
    an_account,
    cash,
)
from tests.services.provoking import PAIN, Attempt, provokes, till


@provokes("CUS-003")
def _agreement_in_another_currency(ledger: Ledger) -> Attempt:
    return OpenAccount(
        name="A", customer_class="RES", currency="EUR", agreements=(AgreementIn(sa_type="ELEC"),)
    ), "system"


@provokes("CUS-004")
def _agreement_of_another_division(ledger: Ledger) -> Attempt:
    ledger.do(from_plain({"tables": {"cis_division": [{"code": "RURAL"}]}}, LoadConfiguration), "system")
    return OpenAccount(
        name="A", customer_class="RES", cis_division="RURAL", agreements=(AgreementIn(sa_type="ELEC"),)
    ), "system"


@provokes("CUS-012")
def _stopped_twice(ledger: Ledger) -> Attempt:
    stop = StopAgreement(sa_id=an_account(ledger).sa["ELEC"])
    ledger.do(stop, "olga")
    return stop, "olga"


@provokes("CUS-013")
def _ended_before_it_began(ledger: Ledger) -> Attempt:
    return StopAgreement(sa_id=an_account(ledger).sa["ELEC"], ends=date(2020, 1, 1)), "olga"


@provokes("CUS-015")
def _no_identifier(ledger: Ledger) -> Attempt:
    return AddIdentifier(person_id=an_account(ledger).person_id, id_type="TAX", value=" "), "olga"


@provokes("DAT-001")
def _identifier_twice(ledger: Ledger) -> Attempt:
    known = AddIdentifier(person_id=an_account(ledger).person_id, id_type="TAX", value="77")
    ledger.do(known, "olga")
    return known, "olga"


@provokes("CUS-018")
def _note_ended_twice(ledger: Ledger) -> Attempt:
    alert = ledger.do(AddAlert(account_id=an_account(ledger).id, text="Dog"), "olga").alert_id
    ledger.do(EndAlert(alert_id=alert), "olga")
    return EndAlert(alert_id=alert), "olga"


@provokes("CUS-016")
def _empty_alert(ledger: Ledger) -> Attempt:
    return AddAlert(account_id=an_account(ledger).id, text=" "), "olga"


@provokes("ADJ-001")
def _adjustment_of_nothing(ledger: Ledger) -> Attempt:
    return AddAdjustment(sa_id=an_account(ledger).sa["ELEC"], adjustment_type="CONVERSION"), "olga"


@provokes("ADJ-002")
def _adjustment_in_euro(ledger: Ledger) -> Attempt:
    return AddAdjustment(sa_id=an_account(ledger).sa["ELEC"], adjustment_type="FEE", amount=PAIN), "olga"


@provokes("AMT-001")
def _more_money_than_there_is(ledger: Ledger) -> Attempt:
    account = till(ledger)
    return TakePayment(payor_account_id=account.id, tenders=(cash("9999999999999.00"), cash("9999999999999.00"))), "ann"


@provokes("ADJ-004")
def _canceled_without_a_word(ledger: Ledger) -> Attempt:
    charge = a_charge(ledger, an_account(ledger).sa["ELEC"], "5.00")
    return CancelAdjustment(adjustment_id=charge, reason=""), "olga"


@provokes("ADJ-005")
def _adjustment_canceled_twice(ledger: Ledger) -> Attempt:
    cancel = CancelAdjustment(adjustment_id=a_charge(ledger, an_account(ledger).sa["ELEC"], "5.00"), reason="MISTAKE")
    ledger.do(cancel, "olga")
    return cancel, "olga"


@provokes("PAY-005")
def _booked_in_a_closed_period(ledger: Ledger) -> Attempt:
    sa_id = an_account(ledger).sa["ELEC"]
    return AddAdjustment(sa_id=sa_id, adjustment_type="FEE", accounting_date=date(2025, 6, 30)), "olga"
