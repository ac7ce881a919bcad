"""Runs that are killed at any moment, and runs beside workstations that go on booking: each FT goes exactly once."""

from __future__ import annotations

import multiprocessing
import random
import time

import pytest

from cashier_app.domain.clock import FixedClock
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.general_ledger import runs
from cashier_app.services.general_ledger.running import run_gl
from cashier_app.services.general_ledger.runs import StageGlChunk, StartGlRun
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.verifying import verify
from tests.builders import a_charge, an_account, usd


def sent_and_there(ledger):
    """FTs that closed runs say they sent, and FTs that there are."""
    sent = ledger.value("SELECT coalesce(sum(ft_count), 0) FROM gl_run WHERE status = 'CLOSED'")
    return int(sent), ledger.value("SELECT count(*) FROM financial_transaction")


def charges(ledger, count):
    sa_id = an_account(ledger).sa["ELEC"]
    for number in range(1, count + 1):
        a_charge(ledger, sa_id, f"{number}.00")


def test_transactions_of_every_workstation_go_once(ledger, monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 2)
    sa_id = an_account(ledger).sa["ELEC"]
    other = ledger.another_door("COUNTER-2")
    charge = AddAdjustment(sa_id=sa_id, adjustment_type="CONVERSION", amount=usd("1.00"))
    for _ in range(3):
        other.execute(charge, user_id=SYSTEM.id)
        ledger.do(charge, "system")
    started = ledger.do(StartGlRun(), "olga")
    assert started.chunks == 4
    other.execute(charge, user_id=SYSTEM.id)
    other.execute(StageGlChunk(run_id=started.run_id, number=1), user_id=SYSTEM.id)
    ledger.do(charge, "system")
    assert run_gl(ledger.door, user_id=SYSTEM.id).closed.ft_count == 6
    assert run_gl(other, user_id=SYSTEM.id).closed.ft_count == 2
    assert sent_and_there(ledger) == (8, 8)


def _run(url: str) -> None:
    runs.CHUNK = 3
    run_gl(Door(Database(url), "COUNTER-1", FixedClock()), user_id=SYSTEM.id)


@pytest.mark.slow
def test_a_run_killed_again_and_again_sends_each_transaction_once(ledger):
    charges(ledger, 60)
    chance = random.Random(4)  # a moment, not a secret
    spawn = multiprocessing.get_context("spawn")
    for _ in range(6):
        process = spawn.Process(target=_run, args=(ledger.url,))
        process.start()
        while process.is_alive() and not ledger.value("SELECT count(*) FROM gl_chunk"):
            time.sleep(0.005)
        process.join(chance.uniform(0, 0.08))
        process.kill()
        process.join()
    runs_left = run_gl(ledger.door, user_id=SYSTEM.id)
    assert runs_left.closed is None or runs_left.closed.number == 1
    assert sent_and_there(ledger) == (60, 60)
    assert verify(ledger.database).ok
