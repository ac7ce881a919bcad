"""What of approvals cannot be set up: amounts of no band or of two, and who nobody knows (R adjustments 6.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.approvals.deciding import ApproveAdjustment, RejectAdjustment
from cashier_app.services.approvals.submitting import SubmitForApproval
from tests.builders import Ledger, a_ledger, an_account, usd
from tests.services.adjustments.office import changed_type, set_up


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    made = a_ledger(ledger_url)
    yield made
    made.close()


def profile(*bands: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"approval_profile": [{"code": "P", "currency": "USD", "hierarchy": list(bands), **more}]}


ALL = {"roles": ["ADJ-HEAD"]}


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        pytest.param(profile(), "CFG-040", id="no band"),
        pytest.param(profile({"high": "0.00 USD"}, {"low": "0.02 USD"}), "CFG-040", id="a gap of one cent"),
        pytest.param(profile({"high": "0.00 USD"}, {"low": "0.00 USD"}), "CFG-040", id="a cent in two bands"),
        pytest.param(profile({"high": "5.00 USD"}), "CFG-040", id="open above"),
        pytest.param(profile({"low": "5.00 USD"}), "CFG-040", id="open below"),
        pytest.param(profile({"high": "5.00 EUR"}, {"low": "5.01 EUR"}), "CFG-040", id="another currency"),
        pytest.param(profile({"roles": ["ADJ-HEAD", "ADJ-HEAD"]}), "CFG-041", id="a role twice"),
        pytest.param(profile({"roles": ["NOBODY"]}), "CFG-005", id="an unknown role"),
        pytest.param(profile(ALL, to_do_type="NOTHING"), "CFG-005", id="an unknown To Do type"),
        pytest.param(profile(ALL, currency="XYZ"), "CFG-005", id="an unknown currency"),
        pytest.param({"to_do_type": [{"code": "T", "priority": 10}]}, "CFG-041", id="more urgent than anything"),
        pytest.param({"to_do_type": [{"code": "T", "role": "NOBODY"}]}, "CFG-005", id="a type for nobody"),
        pytest.param(
            {"account_management_group": [{"code": "G", "to_do_roles": [{"to_do_type": "T", "role": "ADJ-HEAD"}]}]},
            "CFG-005",
            id="a group told of nothing known",
        ),
    ],
)
def test_what_is_refused(ledger: Ledger, tables: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        set_up(ledger, **tables)
    assert ledger.rows("SELECT code FROM control_record WHERE code IN ('P', 'T', 'G')") == []


def test_a_type_names_a_profile_that_there_is_in_its_currency(ledger: Ledger) -> None:
    with pytest.raises(RuleViolation, match="CFG-005"):
        changed_type(ledger, "adjustment_type", "FEE", approval_profile="NONE")
    set_up(ledger, **profile(ALL, code="EURO", currency="EUR"))
    with pytest.raises(RuleViolation, match="CFG-041"):
        changed_type(ledger, "adjustment_type", "FEE", approval_profile="EURO", currency="USD", default_amount=None)


def test_an_amount_in_another_currency_than_the_profiles_cannot_be_submitted(ledger: Ledger) -> None:
    set_up(ledger, **profile(ALL, code="EURO", currency="EUR"))
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="EURO", currency="", default_amount=None)
    add = AddAdjustment(
        sa_id=an_account(ledger).sa["ELEC"],
        adjustment_type="FEE",
        amount=usd("5.00"),
        finish=AdjustmentFinish.GENERATE,
    )
    adjustment_id = ledger.do(add, "olga").adjustment_id
    assert ledger.refusal(SubmitForApproval(adjustment_id=adjustment_id), "olga") == "APR-005"


def test_there_is_no_such_request(ledger: Ledger) -> None:
    assert ledger.refusal(ApproveAdjustment(request_id=4711, level=1), "sue") == "APR-001"
    assert ledger.refusal(RejectAdjustment(request_id=4711, reason="x"), "sue") == "APR-001"
