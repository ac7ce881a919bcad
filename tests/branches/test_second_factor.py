"""The second factor at a branch: with the copy of the users, the line up or down (R reliability 5.2, decision 26)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cashier_app.domain.errors import CashierError
from cashier_app.domain.one_time_codes import code_of, step_at
from cashier_app.services.administration.second_factors import ResetSecondFactor, new_secret
from cashier_app.services.administration.signing_in import enrol, enrolment_of, sign_in
from cashier_app.services.kernel.door import Door
from cashier_app.services.verifying import verify
from tests.branches.town import Branch, a_branch, teller
from tests.builders import PASSWORD, Ledger

TELLER = teller("BRANCH-7")


@pytest.fixture
def branch(ledger: Ledger, tmp_path: Path) -> Branch:
    return a_branch(ledger, tmp_path)


def refused(door: Door, code: str) -> str:
    try:
        sign_in(door, TELLER, PASSWORD, code)
    except CashierError as refusal:
        return refusal.problems[0].code
    return ""


def test_codes_open_at_the_branch_with_the_line_down_and_are_used_everywhere_once_it_is_back(
    ledger: Ledger, branch: Branch
):
    secret = new_secret()
    _, recovery = enrol(ledger.door, TELLER, PASSWORD, secret, code_of(secret, step_at(ledger.clock.now())))
    branch.meet()
    branch.line.up = False
    for ledger_or_branch in (ledger, branch):
        ledger_or_branch.clock.advance(seconds=60)
    shown = code_of(secret, step_at(branch.clock.now()))
    assert refused(branch.door, "") == "SEC-050"
    assert refused(branch.door, shown) == ""
    assert refused(branch.door, shown) == "SEC-051"
    assert refused(branch.door, recovery[0]) == "SEC-051"
    branch.line.up = True
    branch.meet()
    assert refused(ledger.door, shown) == "SEC-051"
    branch.meet()
    assert branch.value("SELECT max(last_step) FROM app_user") == step_at(branch.clock.now())
    assert verify(ledger.database).problems == verify(branch.database).problems == ()


def test_a_step_that_arrives_late_makes_no_later_code_good_again(ledger: Ledger, branch: Branch):
    secret = new_secret()
    enrol(ledger.door, TELLER, PASSWORD, secret, code_of(secret, step_at(ledger.clock.now())))
    branch.meet()
    branch.clock.advance(seconds=60)
    assert refused(branch.door, code_of(secret, step_at(branch.clock.now()))) == ""
    ledger.clock.advance(seconds=120)
    later = code_of(secret, step_at(ledger.clock.now()))
    assert refused(ledger.door, later) == ""
    branch.meet()
    assert refused(ledger.door, later) == "SEC-051"
    assert verify(ledger.database).problems == ()


def test_it_is_set_up_and_reset_at_the_server_and_the_branch_follows(ledger: Ledger, branch: Branch):
    with pytest.raises(CashierError, match="at the server"):
        enrolment_of(branch.door, TELLER, new_secret())
    secret = new_secret()
    enrol(ledger.door, TELLER, PASSWORD, secret, code_of(secret, step_at(ledger.clock.now())))
    branch.meet()
    assert refused(branch.door, "") == "SEC-050"
    ledger.do(ResetSecondFactor(login=TELLER), "system")
    branch.meet()
    assert refused(branch.door, "") == ""
    assert branch.rows("SELECT * FROM second_factor_secret") == []
