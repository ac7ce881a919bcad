"""Branches, server, lines and clocks: nothing lost, nothing doubled, planted faults found (P1, P3, P10, P16, P18)."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.simulation.branches import BRANCH_WEATHER, LINE_WEATHER, TownSimulation, days_of_a_piece
from cashier_app.simulation.faults import FaultKind, only
from cashier_app.simulation.planted import PLANTED
from cashier_app.simulation.running import hunt, simulate
from cashier_app.simulation.server_steps import add_a_charge

QUICKLY_FOUND = (
    "answer-taken-for-a-receipt",
    "outbox-marked-before-the-reply",
    "takings-counted-twice",
    "totals-not-rebuilt",
    "booking-skipped",
    "booked-twice",
    "canceled-stays-booked",
    "cursor-is-a-number",
    "directory-misses-one",
    "one-receipt-series",
    "branch-books-itself",
    "drawers-of-others-open",
)
OTHERS = sorted(name for name, fault in PLANTED.items() if fault.at_branches and name not in QUICKLY_FOUND)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Handlers complain of what faults and planted mistakes make them do."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 10))
def test_five_hundred_cashier_days_with_all_faults(seed: int):
    run = simulate(seed, 2 * days_of_a_piece(5), branches=5)
    assert (run.lost, run.doubled, run.violations, run.first_violation) == (0, 0, 0, "")
    assert run.days == 60
    assert run.steps >= 55 * run.days
    assert run.faults > 500
    assert set(run.faults_of_kind) >= {kind.value for kind in BRANCH_WEATHER if BRANCH_WEATHER[kind] > 5}


@pytest.mark.soak
def test_ten_thousand_cashier_days_with_all_faults():
    run = simulate(2026, 10_000, branches=5)
    assert (run.lost, run.doubled, run.violations, run.first_violation) == (0, 0, 0, "")
    assert run.faults > 100_000


@pytest.mark.slow
def test_a_run_is_the_same_in_any_number_of_processes():
    alone, together = simulate(4, 24, branches=2, jobs=1), simulate(4, 24, branches=2, jobs=2)
    alone.seconds = together.seconds = 0.0
    assert alone == together
    assert len(alone.heads) == 2 * 3
    assert simulate(4, 24, branches=2, only=1).heads == alone.heads[3:]


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted({*LINE_WEATHER} - {FaultKind.READ_ERROR}), ids=lambda fault: fault.value)
def test_one_fault_alone_in_very_bad_weather(fault: FaultKind):
    run = simulate(5, 12, branches=2, weather=only([fault], per_thousand_steps=200))
    assert (run.violations, run.first_violation) == (0, "")
    assert run.faults_of_kind[fault.value] > 2


@pytest.mark.slow
def test_days_without_a_fault_meet_every_kind_of_step():
    run = simulate(6, 36, branches=3, weather={})
    assert (run.faults, run.restarts, run.violations, run.first_violation) == (0, 0, 0, "")
    assert set(run.accepted) >= {"TakePayment", "CancelTender", "BalanceDrawer", "BalanceDeposit", "SealDay"}
    assert set(run.accepted) >= {"AddAdjustment", "TransferPayment", "OpenAccount"}
    assert {"BR-001", "BR-002", "BR-003", "TC-028"} <= set(run.refused)


def _ended(seed: int, weather: dict[FaultKind, int]) -> tuple[TownSimulation, dict[str, Any]]:
    """What a run comes to in which the server's people only charge."""
    town = TownSimulation(seed, branches=2, weather=weather, at_the_server=((1, add_a_charge),))
    report = town.run(days_of_a_piece(2))
    assert report.first_violation == ""
    rows = town.server.machine.rows
    nodes = ", ".join(str(site.caller.node_id) for site in town.sites)
    return town, {
        "chains": rows(f"SELECT id, sequence, hex(head) FROM node WHERE id IN ({nodes}) ORDER BY id"),
        "balances": rows("SELECT account_id, sum(current_balance) FROM service_agreement GROUP BY 1 ORDER BY 1"),
        "drawers": rows("SELECT * FROM tender_control_total ORDER BY 1, 2"),
        "payments": rows("SELECT event_id, account_id, amount, status FROM payment WHERE id > (2 << 40) ORDER BY id"),
        "takings": rows(f"SELECT * FROM node_total WHERE node_id IN ({nodes}) ORDER BY 1, 2"),
    }


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_restored_server_ends_as_if_nothing_had_happened(seed: int):
    """R reliability P10: branches send again what a backup has forgotten, people enter again what is on paper."""
    _same_with_and_without_an_accident(seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4, 104))
def test_a_restored_server_ends_as_if_nothing_had_happened_a_hundred_times(seed: int):
    _same_with_and_without_an_accident(seed)


def _same_with_and_without_an_accident(seed: int) -> None:
    struck, after = _ended(seed, {FaultKind.SERVER_RESTORED: 30})
    _, without = _ended(seed, {})
    assert struck.server.restored > 0
    assert after == without


@pytest.mark.parametrize("name", QUICKLY_FOUND)
def test_a_planted_fault_is_found_within_days(name: str):
    run = hunt(name, most_days=72)
    assert run.violations == 1, f"{PLANTED[name].what} went unnoticed for {run.days} cashier-days"


@pytest.mark.soak
@pytest.mark.parametrize("name", OTHERS)
def test_every_planted_fault_is_found(name: str):
    run = hunt(name, most_days=1000)
    assert run.violations == 1, f"{PLANTED[name].what} went unnoticed for {run.days} cashier-days"


def test_the_command_line_tells_what_came_of_it():
    run = CliRunner().invoke
    clean = run(app, ["simulate", "--branches", "2", "--days", "4", "--faults", "all", "--seed", "3", "--json"])
    assert clean.exit_code == 0, clean.output
    told = json.loads(clean.stdout)
    assert (told["days"], told["lost"], told["doubled"], told["violations"]) == (4, 0, 0, 0)
    assert told["steps"] > 200
    assert told["faults"] == sum(told["faults_of_kind"].values())
    assert told["violations_after"] == {}
    unknown = run(app, ["simulate", "--branches", "2", "--faults", "rain"])
    assert (unknown.exit_code, "SIM-003" in unknown.stderr) == (1, True)
