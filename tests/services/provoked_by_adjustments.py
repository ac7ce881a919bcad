"""Refusals about adjustments: what may be added where, how far it goes, and what is final."""

from __future__ import annotations

from datetime import date

from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.freezing import FreezeAdjustment
from cashier_app.services.adjustments.generating import GenerateAdjustment
from cashier_app.services.adjustments.transfers import TransferBalance
from cashier_app.services.approvals.submitting import SubmitForApproval
from tests.builders import Ledger, a_charge, an_account, usd
from tests.services.adjustments.office import a_fee, changed_type, installation, set_up
from tests.services.provoking import Attempt, provokes


@provokes("ADJ-006")
def _frozen_and_generated_again(ledger: Ledger) -> Attempt:
    charge = a_charge(ledger, an_account(ledger).sa["ELEC"], "5.00")
    return GenerateAdjustment(adjustment_id=charge, amount=usd("6.00")), "olga"


@provokes("ADJ-006")
def _frozen_and_deleted(ledger: Ledger) -> Attempt:
    return DeleteAdjustment(adjustment_id=a_charge(ledger, an_account(ledger).sa["ELEC"], "5.00")), "olga"


@provokes("ADJ-007")
def _fee_on_a_deposit(ledger: Ledger) -> Attempt:
    return AddAdjustment(sa_id=an_account(ledger, owing={"DEPOSIT": ""}).sa["DEPOSIT"], adjustment_type="FEE"), "olga"


@provokes("ADJ-008")
def _fee_on_a_written_off_agreement(ledger: Ledger) -> Attempt:
    account = an_account(ledger)
    changed_type(ledger, "sa_type", "ELEC", special_role="WRITE_OFF")
    return AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="FEE"), "olga"


@provokes("ADJ-009")
def _without_what_is_required(ledger: Ledger) -> Attempt:
    rule = {"characteristic_type": "CASE", "required": True}
    changed_type(ledger, "adjustment_type", "FEE", adjustment_characteristics=[rule])
    return AddAdjustment(sa_id=an_account(ledger).sa["ELEC"], adjustment_type="FEE"), "olga"


@provokes("ADJ-010")
def _half_a_transfer(ledger: Ledger) -> Attempt:
    sa_id = an_account(ledger).sa["ELEC"]
    return AddAdjustment(sa_id=sa_id, adjustment_type="XFER", amount=usd("5.00")), "olga"


@provokes("ADJ-011")
def _beyond_all_amounts(ledger: Ledger) -> Attempt:
    sa_id = an_account(ledger).sa["ELEC"]
    return AddAdjustment(sa_id=sa_id, adjustment_type="SERVICE", amount=usd("9999999999999.00")), "olga"


@provokes("ADJ-012")
def _while_it_waits_for_approval(ledger: Ledger) -> Attempt:
    fee = a_fee(ledger)
    ledger.unchecked = True
    ledger.database.connection.execute(f"UPDATE adjustment SET approval_request_id = 1 WHERE id = {fee}")
    return FreezeAdjustment(adjustment_id=fee), "olga"


@provokes("ADJ-013")
def _a_check_to_nowhere(ledger: Ledger) -> Attempt:
    sa_id = an_account(ledger, owing="-5.00").sa["ELEC"]
    return AddAdjustment(sa_id=sa_id, adjustment_type="REFUNDAP"), "olga"


@provokes("ADJ-015")
def _booked_nowhere(ledger: Ledger) -> Attempt:
    changed_type(ledger, "adjustment_type", "FEE", distribution_code="")
    return AddAdjustment(sa_id=an_account(ledger).sa["ELEC"], adjustment_type="FEE"), "olga"


@provokes("ADJ-016")
def _another_date_than_its_own(ledger: Ledger) -> Attempt:
    return FreezeAdjustment(adjustment_id=a_fee(ledger), accounting_date=date(2026, 1, 6)), "olga"


@provokes("ADJ-017")
def _its_date_is_closed_by_now(ledger: Ledger) -> Attempt:
    fee = a_fee(ledger)
    ledger.clock.advance(days=74)
    return FreezeAdjustment(adjustment_id=fee), "olga"


@provokes("ADJ-018")
def _what_others_must_approve(ledger: Ledger) -> Attempt:
    fee = a_fee(ledger)
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="FEES")
    return FreezeAdjustment(adjustment_id=fee), "olga"


@provokes("ADJ-019")
def _what_waits_for_a_bill(ledger: Ledger) -> Attempt:
    fee = a_fee(ledger)
    installation(ledger, bill_segment_freeze="AT_BILL_COMPLETION")
    changed_type(ledger, "adjustment_type", "FEE", freeze_option="AT_BILL_COMPLETION")
    return FreezeAdjustment(adjustment_id=fee), "olga"


@provokes("ADJ-020")
def _more_than_its_algorithm_takes(ledger: Ledger) -> Attempt:
    limits = {"effective": "2005-01-01", "parameters": {"highest": 1000}}
    set_up(ledger, algorithm=({"code": "SMALL", "rule": "amount-within-limits", "versions": (limits,)},))
    changed_type(ledger, "adjustment_type", "FEE", validate_adjustment=["SMALL"])
    sa_id = an_account(ledger).sa["ELEC"]
    return AddAdjustment(sa_id=sa_id, adjustment_type="FEE", amount=usd("10.01")), "olga"


@provokes("ADJ-021")
def _a_synchronisation_out_of_date(ledger: Ledger) -> Attempt:
    sa_id = an_account(ledger).sa["ELEC"]
    ledger.do(AddAdjustment(sa_id=sa_id, adjustment_type="GOODS", amount=usd("9.00")), "olga")
    sync = AddAdjustment(sa_id=sa_id, adjustment_type="WO-SYNC", finish=AdjustmentFinish.GENERATE)
    sync_id = ledger.do(sync, "olga").adjustment_id
    ledger.do(AddAdjustment(sa_id=sa_id, adjustment_type="GOODS", amount=usd("1.00")), "olga")
    return FreezeAdjustment(adjustment_id=sync_id), "olga"


@provokes("ADJ-022")
def _from_and_to_the_same(ledger: Ledger) -> Attempt:
    sa_id = an_account(ledger).sa["ELEC"]
    return TransferBalance(from_sa_id=sa_id, to_sa_id=sa_id, adjustment_type="XFER", amount=usd("1.00")), "olga"


@provokes("ADJ-023")
def _made_anew_once_it_is_approved(ledger: Ledger) -> Attempt:
    installation(ledger, bill_segment_freeze="AT_BILL_COMPLETION")
    changed_type(ledger, "adjustment_type", "FEE", freeze_option="AT_BILL_COMPLETION", approval_profile="FEES")
    fee = a_fee(ledger, "5.00")
    ledger.do(SubmitForApproval(adjustment_id=fee), "olga")
    return GenerateAdjustment(adjustment_id=fee, amount=usd("500.00")), "olga"
