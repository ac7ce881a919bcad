"""Things that somebody may not do, or not alone."""

from __future__ import annotations

from datetime import date

from cashier_app.services.administration.seals import SealDay
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.customers.accounts import AddAlert
from cashier_app.services.payments.cancellation import CancelTender
from tests.builders import (
    AnAccount,
    Ledger,
    a_payment,
    cash,
    paid,
)
from tests.services.provoking import GONE, Attempt, provokes, till


@provokes("SEC-001")
def _a_user_that_is_none(ledger: Ledger) -> Attempt:
    ledger.people["ghost"] = GONE
    return SealDay(), "ghost"


@provokes("SEC-002")
def _somebody_who_left(ledger: Ledger) -> Attempt:
    ledger.do(ChangeUser(login="sue", active=False), "adam")
    return SealDay(), "sue"


def _own_account(ledger: Ledger) -> AnAccount:
    account = till(ledger)
    ledger.do(ChangeUser(login="ann", own_accounts=(account.id,)), "adam")
    return account


@provokes("SEC-030")
def _ones_own_account(ledger: Ledger) -> Attempt:
    return a_payment(_own_account(ledger), cash("5.00")), "ann"


@provokes("SEC-010")
def _cash_canceled_alone(ledger: Ledger) -> Attempt:
    return CancelTender(tender_id=paid(ledger, till(ledger), "5.00").tender_ids[0], reason="ERROR"), "ann"


@provokes("SEC-011")
def _ones_own_second_person(ledger: Ledger) -> Attempt:
    tender = paid(ledger, till(ledger), "5.00").tender_ids[0]
    return CancelTender(tender_id=tender, reason="ERROR"), "ann", {"second": "ann"}


@provokes("SEC-012")
def _a_second_person_without_the_right(ledger: Ledger) -> Attempt:
    tender = paid(ledger, till(ledger), "5.00").tender_ids[0]
    return CancelTender(tender_id=tender, reason="ERROR"), "ann", {"second": "bob"}


@provokes("SEC-020")
def _a_second_person_nobody_knows(ledger: Ledger) -> Attempt:
    return SealDay(), "sue", {"second": "nobody"}


@provokes("SEC-010")
def _backdated_alone(ledger: Ledger) -> Attempt:
    return a_payment(till(ledger), cash("5.00"), pay_date=date(2026, 1, 4)), "ann"


@provokes("CMD-002")
def _an_id_used_twice(ledger: Ledger) -> Attempt:
    ledger.do(SealDay(), "sue", command_id="0" * 32)
    return AddAlert(account_id=1, text="x"), "system", {"command_id": "0" * 32}
