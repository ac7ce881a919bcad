"""A killed program costs at most the payment that nobody was told of, and that one is whole or absent (P2, S1-S3)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.services.kernel.database import Database
from cashier_app.services.verifying import verify_machines
from tests.branches.town import teller
from tests.builders import OPEN_LEDGERS
from tests.soak import SEED
from tests.soak.kills import Victim, stages_in_turn
from tests.soak.places import an_office, enrolled, invite, source_of
from tests.soak.revisions import Revisions
from tests.soak.servers import a_server
from tests.soak.workstation import Orders

STAGES = ("pay", "pay", "pay", "turn-in", "balance", "balance", "open-drawer", "open", "sign-in", "upgrade", "close")
BRANCH = "BRANCH-7"


@pytest.fixture(autouse=True)
def _no_ledger_stays_open() -> Iterator[None]:
    yield
    OPEN_LEDGERS.clear()


def _kill(victim: Victim, stages: tuple[str, ...], kills: int, choice: random.Random) -> None:
    in_turn = stages_in_turn(stages, choice)
    while victim.kills.total() < kills:
        victim.live(next(in_turn))
        victim.examine()


def _tell(what: str, victim: Victim, since: float) -> None:
    told = victim.told
    print(  # noqa: T201  # the figures of the run
        f"\n{what}: {victim.kills.total()} kills in {time.monotonic() - since:.0f} s ({dict(victim.kills)}), "
        f"{len(told.done)} commands acknowledged, {told.resolved} asked for after a kill, {told.taken_after_all} of "
        "these had been taken; 0 lost, 0 doubled"
    )


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kills", [pytest.param(3, marks=pytest.mark.slow), pytest.param(100, marks=pytest.mark.soak)])
def test_a_workstation_alone_loses_nothing_that_was_acknowledged(kills: int, tmp_path: Path):
    since, choice = time.monotonic(), random.Random(kills + SEED)
    database = tmp_path / "cashier.db"
    an_office(str(database)).close()
    victim = Victim(
        Orders(
            database=str(database),
            node="COUNTER-1",
            state=str(tmp_path / "state"),
            cashier="ann",
            supervisor="sue",
            source="CASH-A01",
            seed=0,
        ),
        choice,
        Revisions(tmp_path / "migrations"),
    )
    _kill(victim, STAGES if kills > 3 else ("pay", "balance", "upgrade"), kills, choice)
    victim.close()
    victim.examine(whole=True)
    assert not victim.told.refused
    _tell("alone", victim, since)


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kills", [pytest.param(2, marks=pytest.mark.slow), pytest.param(100, marks=pytest.mark.soak)])
def test_a_branch_loses_nothing_that_was_acknowledged(kills: int, tmp_path: Path):
    since, choice = time.monotonic(), random.Random(kills + SEED)
    server = str(tmp_path / "server.db")
    office = an_office(server)
    code = invite(office, BRANCH)
    office.close()
    with a_server(server, tmp_path / "server", workers=1) as serving:
        victim = Victim(
            Orders(
                database=enrolled(serving.url, code, tmp_path / "branch.db"),
                node=BRANCH,
                state=str(tmp_path / "state"),
                cashier=teller(BRANCH),
                supervisor="sue",
                source=source_of(BRANCH),
                seed=0,
                exchanges=True,
            ),
            choice,
            Revisions(tmp_path / "migrations"),
        )
        _kill(
            victim, (*STAGES, "exchange", "exchange", "exchange") if kills > 2 else ("exchange", "pay"), kills, choice
        )
        victim.close()
    victim.examine(whole=True)
    assert not victim.told.refused
    machines = [Database(path, any_revision=True) for path in (server, victim.orders.database)]
    compared = verify_machines(machines[0], machines[1:])
    assert compared.ok, compared
    assert _takings(machines[0], "payment") == _takings(machines[1], "tender") == victim.taken
    for machine in machines:
        machine.close()
    _tell("branch", victim, since)


def _takings(database: Database, table: str) -> int:
    cursor = database.connection.execute(
        f"SELECT sum(t.amount) FROM {table} t WHERE t.event_id IN (SELECT id FROM payment_event WHERE note <> '')"
    )
    return int(cursor.fetchone()[0])
