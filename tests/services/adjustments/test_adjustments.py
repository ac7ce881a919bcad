"""Adjustments, beside what the scenario files show: approval, batch, characteristics, what the database refuses."""

from __future__ import annotations

import json

import pytest

from cashier_app.domain.adjustment_types import Characteristic
from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.freezing import FreezeAdjustment, FreezeAtCompletion
from cashier_app.services.adjustments.transfers import TransferBalance
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.payments.cancellation import CancelTender
from tests.builders import a_payment, an_account, an_open_drawer, balances_of, check, usd
from tests.services.adjustments.office import a_fee, changed_type, installation, set_up


def status_of(ledger, adjustment_id):
    return ledger.value(f"SELECT status FROM adjustment WHERE id = {adjustment_id}")


def test_an_unfrozen_fee_changes_no_balance_and_is_not_in_the_ledger(ledger):
    account = an_account(ledger)
    fee = a_fee(ledger, "5.00", account.sa["ELEC"])
    assert balances_of(ledger, account) == {"ELEC": 0}
    assert ledger.value("SELECT count(*) FROM financial_transaction") == 0
    assert ledger.rows("SELECT current_amount, payoff_amount FROM unfrozen_ft") == [(500, 500)]
    ledger.do(FreezeAdjustment(adjustment_id=fee), "olga")
    assert balances_of(ledger, account) == {"ELEC": 500}
    assert ledger.rows("SELECT * FROM unfrozen_ft") == ledger.rows("SELECT * FROM unfrozen_gl_line") == []


def test_a_deleted_adjustment_is_gone_and_the_journal_keeps_what_it_was(ledger):
    fee = a_fee(ledger, "5.00")
    ledger.do(DeleteAdjustment(adjustment_id=fee), "olga")
    for table in ("adjustment", "unfrozen_ft", "unfrozen_gl_line"):
        assert ledger.value(f"SELECT count(*) FROM {table}") == 0
    said = ledger.value("SELECT content FROM journal WHERE name = 'AddAdjustment'")
    assert json.loads(said)["amount"] == "5.00 USD"


def test_what_must_be_approved_stays_freezable_however_it_is_added(ledger):
    account = an_account(ledger)
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="FEES")
    written = ledger.do(AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="FEE", amount=usd("5.00")), "olga")
    assert written.status == status_of(ledger, written.adjustment_id) == "FREEZABLE"
    assert balances_of(ledger, account) == {"ELEC": 0}


def test_what_a_rule_charges_is_not_approved(ledger):
    """S1 p.98: a fee that a returned check brings freezes at once, whoever must approve such fees otherwise."""
    account = an_account(ledger, owing="17.50")
    an_open_drawer(ledger)
    taken = ledger.do(a_payment(account, check("17.50")))
    changed_type(ledger, "adjustment_type", "NSF", approval_profile="FEES")
    canceled = ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue")
    assert [status_of(ledger, each) for each in canceled.adjustment_ids] == ["FROZEN"]


def test_what_a_rule_charges_waits_for_the_bill_where_its_type_does(ledger):
    account = an_account(ledger, owing="17.50")
    an_open_drawer(ledger)
    taken = ledger.do(a_payment(account, check("17.50")))
    installation(ledger, bill_segment_freeze="AT_BILL_COMPLETION")
    changed_type(ledger, "adjustment_type", "NSF", approval_profile="FEES", freeze_option="AT_BILL_COMPLETION")
    (fee,) = ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue").adjustment_ids
    assert status_of(ledger, fee) == "FREEZABLE"
    ledger.do(FreezeAtCompletion(account_id=account.id), "system")
    assert status_of(ledger, fee) == "FROZEN"


def test_what_is_not_approved_yet_misses_the_bill(ledger):
    """R adjustments 6.6."""
    account = an_account(ledger)
    installation(ledger, bill_segment_freeze="AT_BILL_COMPLETION")
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="FEES", freeze_option="AT_BILL_COMPLETION")
    fee = a_fee(ledger, "5.00", account.sa["ELEC"])
    assert ledger.do(FreezeAtCompletion(account_id=account.id), "system").adjustment_ids == ()
    assert status_of(ledger, fee) == "FREEZABLE"


def test_freezing_at_completion_needs_an_installation_that_does(ledger):
    """S1 p.91: where bill segments freeze at will, so do adjustments, whatever their type says."""
    changed_type(ledger, "adjustment_type", "FEE", freeze_option="AT_BILL_COMPLETION")
    add = AddAdjustment(sa_id=an_account(ledger).sa["ELEC"], adjustment_type="FEE", amount=usd("5.00"))
    assert ledger.do(add, "olga").status == "FROZEN"


def test_characteristics_take_their_defaults(ledger):
    case = Characteristic(characteristic_type="CASE", value=" 4711 ")
    add = AddAdjustment(
        sa_id=an_account(ledger).sa["ELEC"],
        adjustment_type="CUSTREL",
        amount=usd("-5.00"),
        characteristics=(case,),
    )
    ledger.do(add, "olga")
    said = ledger.rows("SELECT characteristic_type, value FROM adjustment_characteristic ORDER BY 1")
    assert said == [("CASE", "4711"), ("CAUSE", "COMPLAINT")]


def test_calculation_lines_are_kept(ledger):
    add = AddAdjustment(sa_id=an_account(ledger).sa["ELEC"], adjustment_type="SERVICE", amount=usd("50.00"))
    ledger.do(add, "olga")
    lines = ledger.rows("SELECT line, description, amount, distribution_code FROM adjustment_line ORDER BY line")
    assert lines == [(1, "Service call", 5000, "REV-MISC"), (2, "Sales tax", 400, "AP-TAX")]
    assert ledger.value("SELECT base_amount FROM adjustment") == 5000


def test_a_refund_asks_for_a_check_which_goes_with_it(ledger):
    account = an_account(ledger, owing="-63.00", mailing_address="18 Oak Lane, Oakfield")
    written = ledger.do(AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="REFUNDAP"), "olga")
    assert ledger.rows("SELECT adjustment_id, amount FROM check_request") == [(written.adjustment_id, 6300)]
    ledger.do(CancelAdjustment(adjustment_id=written.adjustment_id, reason="MISTAKE"), "olga")
    assert ledger.value("SELECT status FROM check_request") == "CANCELED"


def test_paying_out_more_than_the_credit_is_pointed_out(ledger):
    account = an_account(ledger, owing="-10.00", mailing_address="18 Oak Lane, Oakfield")
    add = AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="REFUNDAP", amount=usd("12.00"))
    assert [problem.code for problem in ledger.outcome(add, "olga").warnings] == ["ADJ-014"]


def test_a_cancellation_leaves_the_note_that_its_type_wants(ledger):
    account = an_account(ledger)
    set_up(ledger, algorithm=({"code": "NOTE", "rule": "note-at-cancellation"},))
    changed_type(ledger, "adjustment_type", "FEE", adjustment_cancellation=["NOTE"])
    written = ledger.do(AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="FEE", amount=usd("5.00")), "olga")
    ledger.do(CancelAdjustment(adjustment_id=written.adjustment_id, reason="WAIVED"), "olga")
    assert ledger.rows("SELECT account_id, text FROM account_alert") == [
        (account.id, "See the adjustments of this account.")
    ]


@pytest.mark.parametrize("finish", list(AdjustmentFinish))
def test_nobody_adjusts_an_own_account_from_the_other_half(ledger, finish):
    hers, his = an_account(ledger), an_account(ledger, "Bob Brown")
    ledger.do(ChangeUser(login="olga", own_accounts=(his.id,)), "system")
    transfer = TransferBalance(
        from_sa_id=hers.sa["ELEC"],
        to_sa_id=his.sa["ELEC"],
        adjustment_type="XFER",
        amount=usd("1.00"),
        finish=finish,
    )
    assert ledger.refusal(transfer, "olga") == "SEC-030"


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE adjustment SET amount = 1",
        "UPDATE adjustment SET sa_id = 1",
        "DELETE FROM adjustment",
        "DELETE FROM adjustment_line",
        "UPDATE adjustment_line SET amount = 1",
    ],
)
def test_the_database_keeps_a_frozen_adjustment_as_it_is(ledger, damage):
    add = AddAdjustment(sa_id=an_account(ledger).sa["ELEC"], adjustment_type="SERVICE", amount=usd("50.00"))
    ledger.do(add, "olga")
    with pytest.raises(Exception, match="LEDGER-001"):
        ledger.database.connection.execute(damage)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("CFG-030", {"amount_type": "CALCULATED"}),
        ("CFG-030", {"generate_adjustment": "RATE-SERVICE"}),
        ("CFG-030", {"sync_current": True, "default_amount": None}),
        ("CFG-030", {"sync_current": True, "adjustment_ft": "AD-CURRENT"}),
        ("CFG-030", {"transfer": True, "ap_request_type": "REFUND"}),
        ("CFG-030", {"ap_1099": "INTEREST"}),
        ("CFG-030", {"currency": "EUR"}),
        ("CFG-031", {"characteristics": [{"characteristic_type": "CAUSE", "value": "WEATHER"}]}),
        ("CFG-031", {"adjustment_characteristics": [{"characteristic_type": "CASE"}] * 2}),
        ("CFG-005", {"adjustment_characteristics": [{"characteristic_type": "COLOR"}]}),
        ("CFG-005", {"ap_request_type": "CASH"}),
        ("CFG-002", {"adjustment_ft": "AMOUNT-REFUND"}),
        ("CFG-002", {"validate_adjustment": ["AD-NORMAL"]}),
    ],
)
def test_a_type_that_could_never_work_is_not_loaded(ledger, code, fields):
    with pytest.raises(Exception, match=code):
        changed_type(ledger, "adjustment_type", "FEE", **fields)
