"""A bill completes: what waits for it freezes one after the other, each as the balances stand by then."""

from __future__ import annotations

from datetime import date

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.freezing import FreezeAdjustment, FreezeAtCompletion
from cashier_app.services.adjustments.transfers import TransferBalance
from cashier_app.services.kernel.reading import reading
from cashier_app.services.queries.adjustments import AdjustmentEntry, adjustment
from tests.builders import Ledger, an_account, balances_of, usd
from tests.services.adjustments.office import changed_type, installation, set_up


@pytest.fixture
def ledger(ledger: Ledger) -> Ledger:
    """Bills freeze what their types leave to them."""
    installation(ledger, bill_segment_freeze="AT_BILL_COMPLETION")
    return ledger


def waits_for_the_bill(ledger: Ledger, adjustment_type: str, **fields: object) -> None:
    changed_type(ledger, "adjustment_type", adjustment_type, freeze_option="AT_BILL_COMPLETION", **fields)


def a_second_division(ledger: Ledger, days_open_after: int) -> None:
    """Gas is booked in a division whose books close at another time."""
    months = {"code": "SLOW", "monthly_years": (2005, 2035), "days_open_after": days_open_after}
    set_up(ledger, accounting_calendar=(months,), gl_division=({"code": "SLOW", "calendar": "SLOW"},))
    changed_type(ledger, "sa_type", "GAS", gl_division="SLOW")


def a_waiting_transfer(ledger: Ledger, account, **how: object) -> None:
    transfer = TransferBalance(
        from_sa_id=account.sa["ELEC"], to_sa_id=account.sa["GAS"], adjustment_type="XFER", amount=usd("4.00"), **how
    )
    return ledger.do(transfer, "olga")


def shown(ledger: Ledger, adjustment_id: int, today: date) -> AdjustmentEntry:
    with reading(ledger.database, access=EVERYTHING) as store:
        return adjustment(store, ledger.door.current_config(store), adjustment_id, today)


def accounting_months(ledger: Ledger) -> dict[str, str]:
    found = ledger.rows("SELECT gl_division, accounting_date FROM financial_transaction WHERE kind = 'AD'")
    return {division: str(day)[:7] for division, day in found}


@pytest.mark.parametrize("by", ["bill", "operator"])
def test_each_half_of_a_transfer_keeps_its_date_while_its_own_books_are_open(ledger, by):
    """S1 p.69: the date changes where the period is closed, and each division closes its own."""
    account = an_account(ledger, owing={"ELEC": "", "GAS": ""})
    a_second_division(ledger, days_open_after=90)
    if by == "bill":
        waits_for_the_bill(ledger, "XFER")
    moved = a_waiting_transfer(ledger, account, finish=AdjustmentFinish.GENERATE)
    ledger.clock.advance(days=60)
    if by == "bill":
        ledger.do(FreezeAtCompletion(account_id=account.id), "system")
    else:
        freeze = FreezeAdjustment(adjustment_id=moved.credit_adjustment_id)
        assert ledger.refusal(freeze, "olga") == "ADJ-017"
        today = ledger.clock.business_date()
        for half in (moved.debit_adjustment_id, moved.credit_adjustment_id):
            assert shown(ledger, half, today).asks_for_date
        ledger.do(FreezeAdjustment(adjustment_id=moved.credit_adjustment_id, accounting_date=today), "olga")
    assert accounting_months(ledger) == {"CITY": "2026-03", "SLOW": "2026-01"}
    assert balances_of(ledger, account) == {"ELEC": 400, "GAS": -400}


def test_a_second_synchronisation_finds_the_balances_in_step_and_waits(ledger):
    """R adjustments 5.3: together they would bring the current balance past the payoff balance."""
    account = an_account(ledger)
    ledger.do(AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="GOODS", amount=usd("9.00")), "olga")
    waits_for_the_bill(ledger, "WO-SYNC")
    sync = AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="WO-SYNC")
    first, _second = (ledger.do(sync, "olga").adjustment_id for _ in range(2))
    done = ledger.outcome(FreezeAtCompletion(account_id=account.id), "system")
    assert done.result.adjustment_ids == (first,)
    assert [problem.code for problem in done.warnings] == ["ADJ-021"]
    assert balances_of(ledger, account) == {"ELEC": 900}


def test_a_credit_releases_only_what_the_one_before_left_held(ledger):
    """R billing 16.2: 10.00 are held of 110.00; the first credit pays everything, the second has nothing to release."""
    set_up(
        ledger,
        distribution_code=(
            {"code": "HLD-TAX", "real_code": "TAX-PAY", "accounting_priority": 90},
            {"code": "TAX-PAY"},
        ),
        algorithm=({"code": "AD-CASH", "rule": "adjustment-cash-accounting"},),
        adjustment_type=({"code": "TAX", "distribution_code": "HLD-TAX"},),
        adjustment_type_profile=({"code": "CUSTOMER", "adjustment_types": ("*",)},),
    )
    account = an_account(ledger, owing="100.00")
    ledger.do(AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="TAX", amount=usd("10.00")), "olga")
    waits_for_the_bill(ledger, "FEE", adjustment_ft="AD-CASH")
    for amount in ("-110.00", "-27.50"):
        ledger.do(AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="FEE", amount=usd(amount)), "olga")
    ledger.do(FreezeAtCompletion(account_id=account.id), "system")
    released = ledger.value("SELECT sum(amount) FROM gl_line WHERE distribution_code = 'TAX-PAY'")
    assert int(released) == -1000
