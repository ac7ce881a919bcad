"""What is said without stopping anything, and what happens when the database does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.cashiering.deposit_controls import StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.turn_ins import TurnInFunds, VoidTurnIn
from cashier_app.services.kernel.database import Database
from cashier_app.services.payments.cancellation import CancelTender
from tests.builders import (
    Ledger,
    a_ledger,
    a_payment,
    an_account,
    an_open_drawer,
    balances_of,
    cash,
    check,
    codes_of,
    counted,
    usd,
)

ID = "f" * 32


def test_money_that_is_left_in_an_event_is_told(ledger: Ledger):
    an_open_drawer(ledger)
    taken = ledger.do(a_payment(an_account(ledger, owing="9.00"), check("3.00"), check("2.00", "2")))
    outcome = ledger.outcome(CancelTender(tender_id=taken.tender_ids[0], reason="ERROR"), "sue")
    assert codes_of(outcome.warnings) == ["PAY-009"]
    assert outcome.result.valid_tenders_left == usd("2.00")


def test_change_for_a_check_from_an_empty_drawer_is_told(ledger: Ledger):
    an_open_drawer(ledger, "cleo", holding="0.00")
    outcome = ledger.outcome(a_payment(an_account(ledger, owing="9.00"), check("20.00"), paying="9.00"), "cleo")
    assert codes_of(outcome.warnings) == ["PAY-022"]
    assert outcome.result.change == usd("11.00")


def test_a_voided_turn_in_is_back_in_the_drawer_and_a_pending_one_keeps_the_deposit_open(ledger: Ledger):
    control = an_open_drawer(ledger)
    turn_in = ledger.do(TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("20.00")))
    ledger.do(VoidTurnIn(turn_in_id=turn_in.turn_in_id))
    ledger.do(StartBalancing(tender_control_id=control))
    assert ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00"))).in_balance
    ledger.do(BalanceDrawer(tender_control_id=control))
    deposit = ledger.value("SELECT max(id) FROM deposit_control")
    ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")


class _LosesTheAnswer:
    """A line that breaks after COMMIT was sent: once the ledger has it, once it has not."""

    def __init__(self, ledger: Ledger, *, committed: bool) -> None:
        self.door, self.committed = ledger.door, committed
        self._end = ledger.door._end
        ledger.door._end = self.end  # type: ignore[method-assign]

    def end(self, store: Any, *, commit: bool) -> None:
        if not commit:
            self._end(store, commit=False)
            return
        self.door._end = self._end  # type: ignore[method-assign]
        self._end(store, commit=self.committed)
        raise EnvironmentProblem("DB-AWAY", "The line broke.")


def test_a_lost_answer_is_looked_up_and_the_payment_stands(ledger: Ledger):
    account = an_account(ledger, owing="9.00")
    an_open_drawer(ledger)
    _LosesTheAnswer(ledger, committed=True)
    outcome = ledger.outcome(a_payment(account, cash("5.00")), command_id=ID)
    assert outcome.result.receipt_number == "000100000011"
    assert balances_of(ledger, account) == {"ELEC": 400}


def test_a_commit_that_was_not_done_takes_nothing_and_may_be_sent_again(ledger: Ledger):
    account = an_account(ledger, owing="9.00")
    an_open_drawer(ledger)
    _LosesTheAnswer(ledger, committed=False)
    assert ledger.refusal(a_payment(account, cash("5.00")), command_id=ID) == "DB-AWAY"
    ledger.do(a_payment(account, cash("5.00")), command_id=ID)
    assert balances_of(ledger, account) == {"ELEC": 400}


def test_an_outcome_that_cannot_be_learned_is_called_unknown_and_never_doubled(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    account = an_account(ledger, owing="9.00")
    an_open_drawer(ledger)
    _LosesTheAnswer(ledger, committed=True)

    def away(_database: Database) -> None:
        raise EnvironmentProblem("DB-AWAY", "Still broken.")

    with monkeypatch.context() as broken:
        broken.setattr(Database, "connect", away)
        assert ledger.refusal(a_payment(account, cash("5.00")), command_id=ID) == "DB-UNKNOWN"
    outcome = ledger.outcome(a_payment(account, cash("5.00")), command_id=ID)
    assert outcome.repeated
    assert balances_of(ledger, account) == {"ELEC": 400}


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path):
    with pytest.raises(EnvironmentProblem, match="DB-AWAY"):
        Database(str(tmp_path / "no" / "such" / "folder.db"), must_exist=False)


def test_a_database_without_a_write_ahead_log_is_not_used():
    with pytest.raises(EnvironmentProblem, match="DB-IO"):
        Database(":memory:", must_exist=False)


@pytest.mark.postgresql
def test_a_line_that_broke_is_opened_again_for_the_next_try(postgresql_url: str):
    ledger = a_ledger(postgresql_url)
    other = ledger.another_door()
    pid = ledger.value("SELECT pg_backend_pid()")
    other.database.connection.cursor().execute(f"SELECT pg_terminate_backend({pid})")
    assert ledger.refusal(SealDay(), "sue", command_id=ID) == "DB-AWAY"
    ledger.do(SealDay(), "sue", command_id=ID)
    assert ledger.value("SELECT count(*) FROM journal WHERE name = 'SealDay'") == 1
