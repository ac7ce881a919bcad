"""Runs in chunks: each chunk once, whole or not at all, and on from where a run broke off (design D14, R batch 1)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from concurrent.futures import Executor, wait

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.domain.money import Money
from cashier_app.services.batch import chunked
from cashier_app.services.batch.chunks import DoBatchChunk, FinishBatch, PlanBatch, chunk_id
from cashier_app.services.batch.executing import InThisProcess, Processes
from cashier_app.services.batch.mass_adjustments import AdjustAgreements
from cashier_app.services.batch.running import run_in_chunks
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.verifying import verify
from tests.builders import an_account, balances_of, usd
from tests.services.a_day import unprotected
from tests.services.adjustments.office import set_up

FIVE = AdjustAgreements(adjustment_type="CONVERSION", amount=Money.of("5.00", "USD"), sa_type="ELEC")


@pytest.fixture
def small_chunks(ledger):
    small(ledger)


def small(ledger, **more):
    set_up(ledger, batch_control=[{"code": "ADJMASS", "job": "adjust-in-mass", "chunk_size": 2, **more}])


@pytest.fixture
def accounts(ledger):
    """Seven customers with electricity, behind the utility's own four agreements: in chunks 3 to 6."""
    return [an_account(ledger, f"Customer {number}", owing="10.00") for number in range(7)]


def run(ledger, run_id="", **how):
    return run_in_chunks(
        ledger.door, "ADJMASS", FIVE, run_id=run_id or uuid.uuid4().hex, user_id=ledger.people["olga"], **how
    )


def owed(ledger, accounts):
    return [balances_of(ledger, account)["ELEC"] for account in accounts]


def plan(ledger, run_id):
    return ledger.do(PlanBatch(run_id=run_id, job="ADJMASS", parameters=to_json(FIVE)), "olga", command_id=run_id)


@pytest.mark.usefixtures("small_chunks")
def test_every_unit_is_done_once_and_the_control_totals_say_so(ledger, accounts):
    told = []
    done = run(ledger, executor=InThisProcess(), progress=lambda *far: told.append(far))
    assert (done.number, done.chunks, done.units_done, done.units_in_error) == (1, 6, 7, 0)
    assert done.totals == {"adjustments": 7, "minor_units": 3500}
    assert owed(ledger, accounts) == [1500] * 7
    assert told == [(done, 6) for done in range(7)]


@pytest.mark.usefixtures("small_chunks")
def test_a_run_that_is_asked_for_again_does_nothing_more(ledger, accounts):
    run_id = uuid.uuid4().hex
    first = run(ledger, run_id, executor=InThisProcess())
    assert run(ledger, run_id, executor=InThisProcess()) == first
    assert owed(ledger, accounts) == [1500] * 7


@pytest.mark.usefixtures("small_chunks")
def test_a_chunk_delivered_twice_counts_once(ledger, accounts):
    run_id = uuid.uuid4().hex
    plan(ledger, run_id)
    chunk = DoBatchChunk(run_id=run_id, number=4)
    first = ledger.outcome(chunk, "olga", command_id=chunk_id(run_id, 4))
    second = ledger.outcome(chunk, "olga", command_id=chunk_id(run_id, 4))
    assert (first.repeated, second.repeated) == (False, True)
    assert first.result == second.result
    assert ledger.refusal(chunk, "olga") == "BAT-004"
    assert owed(ledger, accounts) == [1000, 1000, 1500, 1500, 1000, 1000, 1000]


@pytest.mark.usefixtures("small_chunks")
def test_a_run_that_stopped_goes_on_with_the_next_chunk(ledger, accounts):
    run_id = uuid.uuid4().hex

    def stop(done, _total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(ledger, run_id, executor=InThisProcess(), progress=stop)
    assert ledger.refusal(FinishBatch(run_id=run_id), "olga") == "BAT-006"
    ledger.clock.advance(days=3)
    told = []
    done = run(ledger, run_id, executor=InThisProcess(), progress=lambda *far: told.append(far[0]))
    assert told == [4, 5, 6]
    assert done.units_done == 7
    assert owed(ledger, accounts) == [1500] * 7
    days = ledger.rows("SELECT DISTINCT accounting_date FROM financial_transaction WHERE current_amount = 500")
    assert [str(day) for (day,) in days] == ["2026-01-05"], "booked on the day of the run"


@pytest.mark.usefixtures("small_chunks")
def test_a_unit_that_fails_is_left_as_it_was_and_the_others_are_done(ledger, accounts, monkeypatch):
    job = chunked.chunked_jobs()["ADJMASS"]
    bad = accounts[2].sa["ELEC"]

    def sometimes(work, assignment, units):
        counted = job.work(work, assignment, units)
        if bad in units:
            raise ValueError("after its rows were written")
        return counted

    broken = {"ADJMASS": chunked.ChunkedJob(**{**_fields(job), "work": sometimes})}
    monkeypatch.setattr(chunked, "chunked_jobs", lambda: broken)
    done = run(ledger, executor=InThisProcess())
    assert (done.units_done, done.units_in_error) == (6, 1)
    assert owed(ledger, accounts) == [1500, 1500, 1000, 1500, 1500, 1500, 1500]
    assert ledger.rows("SELECT number, unit, code FROM batch_error") == [(4, bad, "BAT-005")]
    assert verify(ledger.database).ok


def test_a_run_stops_when_too_much_goes_wrong(ledger, accounts, monkeypatch):
    small(ledger, most_errors=2)
    job = chunked.chunked_jobs()["ADJMASS"]

    def never(*_asked):
        raise ValueError("never")

    broken = {"ADJMASS": chunked.ChunkedJob(**{**_fields(job), "work": never})}
    monkeypatch.setattr(chunked, "chunked_jobs", lambda: broken)
    with pytest.raises(RuleViolation, match="BAT-008"):
        run(ledger, executor=InThisProcess())
    assert ledger.value("SELECT count(*) FROM batch_chunk WHERE status = 'DONE'") == 4
    assert owed(ledger, accounts) == [1000] * 7


def _fields(job):
    return {name: getattr(job, name) for name in job.__dataclass_fields__}


@pytest.mark.parametrize(
    ("job", "given", "code"),
    [
        ("NO-SUCH", "{}", "BAT-001"),
        (
            "ADJMASS",
            to_json(AdjustAgreements(adjustment_type="CONVERSION", amount=usd("0"), sa_type="ELEC")),
            "BAT-007",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is(ledger, job, given, code):
    assert ledger.refusal(PlanBatch(run_id="a" * 32, job=job, parameters=given), "olga") == code
    assert ledger.refusal(DoBatchChunk(run_id="a" * 32, number=1), "olga") == "BAT-002"


def test_a_chunk_that_there_is_not_is_refused(ledger):
    an_account(ledger, owing="10.00")
    plan(ledger, "b" * 32)
    assert ledger.refusal(DoBatchChunk(run_id="b" * 32, number=9), "olga") == "BAT-003"


@pytest.mark.usefixtures("small_chunks")
def test_what_a_finished_chunk_says_cannot_be_changed(ledger, accounts):
    assert accounts
    run(ledger, executor=InThisProcess())
    with pytest.raises(Exception, match="LEDGER-001"), ledger.database.lock:
        ledger.database.connection.execute("UPDATE batch_chunk SET units_done = 1")
    ledger.database.connection.rollback()


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE batch_plan SET units_done = units_done + 1", "says 8 done and 0 not; its chunks come to 7 and 0."),
        ("UPDATE batch_chunk SET status = 'WAITING' WHERE number = 2", "is finished, but its chunk 2 is not done."),
        ("UPDATE batch_chunk SET units_in_error = 1 WHERE number = 3", "counts 1 units in error and names 0."),
        ("UPDATE batch_chunk SET first_key = 1 WHERE number = 4", "begins at 1; the one before ended at"),
    ],
)
def test_what_was_changed_behind_the_program_s_back_is_found(ledger, accounts, damage, told):
    assert accounts
    run(ledger, executor=InThisProcess())
    ledger.unchecked = True
    unprotected(ledger.database).execute(damage)
    assert any(told in problem.sentence for problem in verify(ledger.database).problems)


# -- who does it


def _die_once(marker):
    if not os.path.exists(marker):  # noqa: PTH110  # runs in a bare process
        open(marker, "w").close()  # noqa: PTH123
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def test_a_pool_goes_on_when_a_worker_dies(tmp_path):
    pool: Executor = Processes(2)
    try:
        futures = [pool.submit(_die_once, str(tmp_path / "died")), *(pool.submit(abs, -number) for number in range(20))]
        wait(futures, timeout=60)
        assert [future.result(timeout=1) for future in futures] == ["done", *range(20)]
    finally:
        pool.shutdown()


@pytest.mark.postgresql
def test_processes_share_a_run(postgresql_url):
    from tests.builders import a_ledger  # noqa: PLC0415

    ledger = a_ledger(postgresql_url)
    small(ledger, workers=2)
    accounts = [an_account(ledger, f"Customer {number}", owing="10.00") for number in range(7)]
    pool = Processes(2)
    try:
        done = run(ledger, executor=pool)
    finally:
        pool.shutdown()
    assert (done.chunks, done.units_done) == (6, 7)
    assert owed(ledger, accounts) == [1500] * 7
    workers = ledger.value("SELECT count(*) FROM node WHERE name LIKE 'COUNTER-1-B-%' AND sequence > 0")
    assert 1 <= workers <= 2
    assert verify(ledger.database).ok


_RUNS = """
import sys
from cashier_app.domain.clock import FixedClock
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from tests.services.batch.test_chunks import FIVE
from cashier_app.services.batch.running import run_in_chunks
if __name__ == "__main__":
    door = Door(Database(sys.argv[1]), "COUNTER-1", FixedClock())
    tell = lambda done, total: print(done, flush=True)
    run_in_chunks(door, "ADJMASS", FIVE, run_id="c" * 32, user_id=int(sys.argv[2]), progress=tell)
"""


@pytest.mark.usefixtures("small_chunks")
def test_a_run_whose_program_is_killed_is_taken_up_again(ledger, accounts, tmp_path):
    program = tmp_path / "runs.py"
    program.write_text(_RUNS, encoding="utf-8")
    ledger.database.close()
    process = subprocess.Popen(  # our own
        [sys.executable, str(program), ledger.url, str(ledger.people["olga"])],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 4:
            break
    process.kill()
    process.wait()
    _wait_until_free(ledger)
    done = ledger.value("SELECT count(*) FROM batch_chunk WHERE status = 'DONE'")
    assert done >= 4
    assert sum(owed(ledger, accounts)) == 7000 + 500 * ledger.value("SELECT sum(units_done) FROM batch_chunk")
    finished = run(ledger, "c" * 32, executor=InThisProcess())
    assert finished.units_done == 7
    assert owed(ledger, accounts) == [1500] * 7


def _wait_until_free(ledger):
    """Workers end themselves when their parent is gone."""
    for _ in range(100):
        try:
            ledger.database.connect()
        except Exception:  # noqa: BLE001
            time.sleep(0.1)
        else:
            return
