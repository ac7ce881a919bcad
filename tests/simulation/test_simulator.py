"""Cashier days over a failing disk: nothing lost, nothing doubled, and planted faults are found (P1, P2, P18)."""

import json
import logging
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.simulation.faults import FILE_FAULTS, FaultKind, only
from cashier_app.simulation.planted import PLANTED
from cashier_app.simulation.running import hunt, simulate

QUICKLY_FOUND = (
    "no-command-id-check",
    "command-id-without-content",
    "journal-in-its-own-transaction",
    "commit-dropped",
    "synchronous-normal",
    "synchronous-off",
    "balance-forgotten",
    "turn-in-not-subtracted",
    "receipt-number-from-memory",
    "reversal-with-wrong-sign",
    "over-under-not-booked",
    "hash-without-content",
    "update-not-journaled",
    "grand-total-reset",
    "settle-skipped",
)

OTHERS = sorted(name for name, fault in PLANTED.items() if not fault.at_branches and name not in QUICKLY_FOUND)
"""Those of branches are looked for beside the other tests of branches."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Handlers complain of what a planted fault makes them do."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 4))
def test_nothing_is_lost_or_doubled_or_unexplained(seed: int):
    run = simulate(seed, cashier_days=15)
    assert (run.lost, run.doubled, run.violations, run.first_violation) == (0, 0, 0, "")
    assert run.steps > 500
    assert run.faults > 50
    assert run.restarts > 3


@pytest.mark.slow
def test_the_same_seed_gives_the_same_journal_to_the_last_hash():
    one, other = simulate(8, cashier_days=12), simulate(8, cashier_days=12)
    assert len(one.heads) == 2
    assert one.heads == other.heads
    assert (one.steps, one.faults, one.restarts) == (other.steps, other.faults, other.restarts)
    assert simulate(9, cashier_days=12).heads != one.heads


@pytest.mark.slow
def test_a_run_is_the_same_in_any_number_of_processes_and_piece_by_piece():
    alone, together = simulate(4, 30, jobs=1), simulate(4, 30, jobs=2)
    alone.seconds = together.seconds = 0.0
    assert alone == together
    assert simulate(4, 30, only=2).heads == alone.heads[2:3]


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(FILE_FAULTS), ids=lambda fault: fault.value)
def test_one_fault_alone_in_very_bad_weather(fault: FaultKind):
    run = simulate(5, 6, weather=only([fault], per_thousand_steps=150))
    assert (run.violations, run.first_violation) == (0, "")
    assert run.faults > 20


@pytest.mark.slow
def test_days_without_a_fault_meet_every_kind_of_step():
    run = simulate(6, 36, weather={})
    assert (run.faults, run.restarts, run.violations) == (0, 0, 0)
    names = set(run.accepted)
    assert names >= {"TakePayment", "FreezeEvent", "CancelTender", "TurnInFunds", "ReceiveTurnIn", "BalanceDrawer"}
    assert names >= {"StartDepositBalancing", "AddTenderDeposit", "BalanceDeposit", "SealDay", "MoveDrawerCash"}
    assert names >= {"AddAdjustment", "TransferBalance", "GenerateAdjustment", "SubmitForApproval", "ApproveAdjustment"}
    assert names >= {"RejectAdjustment", "CancelAdjustment", "DeleteAdjustment", "FinishBatch", "CloseGlRun"}
    assert names >= {"PrintReceipt", "NotePrintFailure"}
    assert {"PAY-004", "SEC-003", "SEC-010", "PAY-005", "TC-003", "TC-011"} <= set(run.refused)


@pytest.mark.parametrize("name", QUICKLY_FOUND)
def test_a_planted_fault_is_found_within_days(name: str):
    run = hunt(name, most_days=60)
    assert run.violations == 1, f"{PLANTED[name].what} went unnoticed for {run.days} cashier-days"


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_every_planted_fault_is_found(name: str):
    run = hunt(name, most_days=1000)
    assert run.violations == 1, f"{PLANTED[name].what} went unnoticed for {run.days} cashier-days"


def test_a_file_that_cannot_be_read_any_more_is_told_like_any_violation():
    assert hunt("synchronous-off", seed=2, most_days=60).violations == 1


def test_a_planted_fault_leaves_the_product_as_it_was():
    hunt("balance-twice", most_days=3)
    assert simulate(1, cashier_days=3).violations == 0


def test_the_command_line_tells_what_came_of_it():
    run = CliRunner().invoke
    clean = run(app, ["simulate", "--seed", "2", "--days", "6", "--json"])
    assert clean.exit_code == 0, clean.output
    told = json.loads(clean.stdout)
    assert {"days", "steps", "faults", "lost", "doubled", "violations", "seed", "seconds"} <= told.keys()
    assert (told["days"], told["lost"], told["doubled"], told["violations"]) == (6, 0, 0, 0)
    found = run(app, ["simulate", "--planted", "balance-twice", "--json"])
    assert found.exit_code == 0
    assert json.loads(found.stdout)["first_violation"].startswith("I2")
    assert run(app, ["simulate", "--list-planted"]).stdout.count("\n") == len(PLANTED)
    unknown = run(app, ["simulate", "--planted", "nothing"])
    assert (unknown.exit_code, "SIM-002" in unknown.stderr) == (1, True)
