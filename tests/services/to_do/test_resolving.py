"""What somebody must look into is complete when the command that resolves it has been done (R batch 15)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.freezing import FreezeAdjustment
from cashier_app.services.payments.cancellation import CancelTender
from tests.builders import AnAccount, Ledger, a_ledger, a_payment, an_account, an_open_drawer, check, usd
from tests.services.adjustments.office import installation

HOW = "SELECT t.to_do_type, t.status, j.name FROM to_do t LEFT JOIN journal j ON j.id = t.completed_in ORDER BY t.id"


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    made = a_ledger(database_url)
    an_open_drawer(made)
    yield made
    made.close()


@pytest.fixture
def account(ledger: Ledger) -> AnAccount:
    """Of a class for which nothing says what a returned check costs."""
    return an_account(ledger, owing="50.00", customer_class="GOV", kind="BUSINESS")


def bounced(ledger: Ledger, account: AnAccount, paying: str = "20.00") -> None:
    taken = ledger.do(a_payment(account, check("20.00"), paying=paying))
    ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF", all_tenders=True), "sue")


def charge(account: AnAccount, adjustment_type: str, amount: str = "17.50", **more: object) -> AddAdjustment:
    return AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type=adjustment_type, amount=usd(amount), **more)


def test_each_fee_that_is_charged_resolves_one_returned_check(ledger: Ledger, account: AnAccount) -> None:
    bounced(ledger, account)
    bounced(ledger, account)
    other = an_account(ledger, "Somebody Else")
    ledger.do(charge(account, "FEE"), "olga")
    ledger.do(charge(other, "NSF"), "olga")
    assert ledger.rows(HOW) == [("NSF-FEE", "OPEN", None)] * 2, "neither another charge nor another customer's"
    ledger.do(charge(account, "NSF"), "olga")
    assert ledger.rows(HOW) == [("NSF-FEE", "COMPLETE", "AddAdjustment"), ("NSF-FEE", "OPEN", None)]
    fee = ledger.do(charge(account, "NSF", finish=AdjustmentFinish.GENERATE), "olga")
    assert ledger.rows(HOW)[1] == ("NSF-FEE", "OPEN", None), "it does not count yet"
    ledger.do(FreezeAdjustment(adjustment_id=fee.adjustment_id), "olga")
    assert ledger.rows(HOW)[1] == ("NSF-FEE", "COMPLETE", "FreezeAdjustment")


def test_a_preview_resolves_nothing(ledger: Ledger, account: AnAccount) -> None:
    bounced(ledger, account)
    ledger.door.preview(charge(account, "NSF"), user_id=ledger.people["olga"])
    assert ledger.rows(HOW) == [("NSF-FEE", "OPEN", None)]


def test_cash_that_went_out_with_a_returned_check_is_charged_by_hand(ledger: Ledger) -> None:
    account = an_account(ledger, owing="9.00")
    installation(ledger, cash_back_adjustment_type="")
    bounced(ledger, account, paying="9.00")
    installation(ledger, cash_back_adjustment_type="CASHBACK")
    ledger.do(charge(account, "CASHBACK", "11.00"), "olga")
    assert ledger.rows(HOW) == [("NSF-CASH-BACK", "COMPLETE", "AddAdjustment")]
