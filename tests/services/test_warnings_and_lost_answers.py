"""What is said without stopping anything, and what happens when the database does not answer."""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.cashiering.deposit_controls import StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.turn_ins import TurnInFunds, VoidTurnIn
from cashier_app.services.kernel.configuration import VERSION
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.writing import writing
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


def test_what_somebody_breaks_off_takes_nothing_and_may_be_sent_again(sqlite_url: str):
    ledger = a_ledger(sqlite_url)
    asked: list[int] = []
    ledger.database.connection.set_progress_handler(lambda: asked.append(1) or len(asked) == 1, 1)
    assert ledger.refusal(SealDay(), "sue", command_id=ID) == "DB-BUSY"
    ledger.database.connection.set_progress_handler(None, 1)
    assert not ledger.outcome(SealDay(), "sue", command_id=ID).repeated


@pytest.mark.postgresql
def test_a_line_that_broke_is_opened_again_for_the_next_try(postgresql_url: str):
    ledger = a_ledger(postgresql_url)
    other = ledger.another_door()
    pid = ledger.value("SELECT pg_backend_pid()")
    other.database.connection.cursor().execute(f"SELECT pg_terminate_backend({pid})")
    assert ledger.refusal(SealDay(), "sue", command_id=ID) == "DB-AWAY"
    ledger.do(SealDay(), "sue", command_id=ID)
    assert ledger.value("SELECT count(*) FROM journal WHERE name = 'SealDay'") == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("using", [partial(reading, access=EVERYTHING), writing], ids=["reading", "writing"])
def test_whoever_only_looks_or_notes_connects_again_too(postgresql_url: str, using: Any):
    ledger = a_ledger(postgresql_url)
    database = Database(postgresql_url)
    ledger.value(f"SELECT count(pg_terminate_backend({database.connection.info.backend_pid}))")
    with pytest.raises(EnvironmentProblem, match="DB-AWAY"), using(database):
        pass
    with using(database) as store:
        assert store.value(VERSION) is not None
    database.close()


@pytest.mark.postgresql
def test_a_commit_that_goes_on_behind_a_broken_line_is_waited_for(postgresql_url: str):
    """The server may still be at work on it: what is not there yet is not for that reason undone (P3)."""
    ledger = a_ledger(postgresql_url)
    office = psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True)
    office.execute(_SLOW_COMMIT)
    office.execute("SELECT pg_advisory_lock(7)")
    with ThreadPoolExecutor(1) as pool:
        sealed = pool.submit(ledger.outcome, SealDay(), "sue", command_id=ID)
        _wait(office, "advisory")
        with socket.socket(fileno=os.dup(ledger.database.connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
        _wait(office, "relation")
        office.execute("SELECT pg_advisory_unlock(7)")
        assert not sealed.result(30).repeated
    assert ledger.value("SELECT count(*) FROM journal WHERE name = 'SealDay'") == 1
    office.close()


_SLOW_COMMIT = """
CREATE FUNCTION wait_for_somebody() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION wait_for_somebody();
"""


def _wait(office: psycopg.Connection[Any], kind: str) -> None:
    """Until somebody waits for a lock of this kind."""
    until = time.monotonic() + 20
    while not office.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = %s", [kind]).fetchone():
        assert time.monotonic() < until, f"nobody waits for a lock of kind {kind}"


@pytest.mark.postgresql
def test_nobody_waits_for_ever_for_what_others_hold(postgresql_url: str):
    ledger = a_ledger(postgresql_url)
    database = Database(f"{postgresql_url}?options=-c%20lock_timeout%3D50ms")
    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as somebody:
        somebody.execute("SELECT 1 FROM node FOR UPDATE")
        with pytest.raises(EnvironmentProblem, match="DB-BUSY"):
            Door(database, "COUNTER-1", ledger.clock).execute(SealDay(), user_id=0)
    database.close()
