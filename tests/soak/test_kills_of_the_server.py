"""A server or a PostgreSQL that is killed between commit and answer does no harm: the same id is sent again (P3)."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cashier_app.interfaces.throwaway_postgresql import throwaway_postgresql
from cashier_app.services.kernel.database import Database
from cashier_app.services.verifying import verify_machines
from tests.branches.town import teller
from tests.builders import OPEN_LEDGERS, PEOPLE, an_open_deposit
from tests.soak import SEED
from tests.soak.clients import BranchTill, Client, Outages, Till
from tests.soak.places import CASHIERS, an_office, enrolled, invite, source_of
from tests.soak.servers import PostgresqlKiller, ServerProcess, a_server

BRANCHES = ("BRANCH-7", "BRANCH-8")
AT_MOST = 60.0
"""Seconds after the server is back in which every unknown outcome is known (R reliability P3)."""

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(7200)]


@pytest.fixture(autouse=True)
def _no_ledger_stays_open() -> Iterator[None]:
    yield
    OPEN_LEDGERS.clear()


class Town:
    """A server on a durable PostgreSQL, three tills and two branches that never stop."""

    def __init__(self, url: str, server: ServerProcess, clients: list[Client], outages: Outages) -> None:
        self.url, self.server, self.clients, self.outages = url, server, clients, outages

    @property
    def branches(self) -> list[BranchTill]:
        """Those that keep a file of their own."""
        return [client for client in self.clients if isinstance(client, BranchTill)]

    def acknowledged(self) -> dict[str, int]:
        """What anybody was told to be done, in minor units by command id."""
        return {command_id: minor for client in self.clients for command_id, minor in client.acknowledged.items()}

    @contextmanager
    def away(self) -> Iterator[None]:
        """The length of an outage: until the server is ready by itself."""
        self.outages.begin()
        yield
        self.server.wait_until_ready()
        self.outages.end()
        self._need_progress()

    def _need_progress(self) -> None:
        """Every client gets an answer again, or says why not."""
        before = {client.name: len(client.acknowledged) for client in self.clients}
        until = time.monotonic() + AT_MOST
        while any(len(client.acknowledged) == before[client.name] for client in self.clients):
            for client in self.clients:
                if client.problem is not None:
                    raise client.problem
            assert time.monotonic() < until, "somebody gets no answer any more"
            time.sleep(0.02)


@contextmanager
def _town(folder: Path) -> Iterator[Town]:
    folder.chmod(0o755)
    with throwaway_postgresql(durable=True) as url:
        office = an_office(url)
        codes = {name: invite(office, name) for name in BRANCHES}
        accounts = [row[0] for row in office.rows("SELECT DISTINCT account_id FROM service_agreement ORDER BY 1")][-8:]
        an_open_deposit(office)
        people = dict(office.people)
        office.close()
        with a_server(url, folder / "server") as server:
            outages = Outages()
            clients: list[Client] = [Till(server.url, login, PEOPLE[login][1], accounts, outages) for login in CASHIERS]
            for name in BRANCHES:
                path = folder / f"{name}.db"
                enrolled(server.url, codes[name], path)
                clients.append(BranchTill(path, source_of(name), people[teller(name)], people["sue"], outages))
            for client in clients:
                client.start()
            yield Town(url, server, clients, outages)


SERVER = "server process"


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param((SERVER, "postmaster"), id="one-of-each", marks=pytest.mark.slow),
        pytest.param((SERVER,) * 100, id="server", marks=pytest.mark.soak),
        pytest.param((*PostgresqlKiller.WAYS, "postmaster") * 25, id="postgresql", marks=pytest.mark.soak),
    ],
)
def test_nothing_is_lost_or_doubled_when_the_server_is_killed(ways: tuple[str, ...], tmp_path: Path):
    since, choice = time.monotonic(), random.Random(len(ways) + SEED)
    with _town(tmp_path) as town:
        for way in ways:
            time.sleep(choice.uniform(0.2, 1.2))
            with town.away():
                _kill(town, way, choice)
        for client in town.clients:
            client.stop()
        for branch in town.branches:
            branch.drain()
        _hold_against_each_other(town)
        unknown = sum(client.unknown for client in town.clients)
        longest = max(client.longest for client in town.clients)
        assert longest <= AT_MOST
        print(  # noqa: T201  # the figures of the run
            f"\n{len(ways)} kills in {time.monotonic() - since:.0f} s ({dict(Counter(ways))}), "
            f"{len(town.acknowledged())} commands acknowledged, {unknown} outcomes unknown at first, known at most "
            f"{longest:.1f} s after the server was back; 0 lost, 0 doubled"
        )


def _kill(town: Town, way: str, choice: random.Random) -> None:
    if way == SERVER:
        town.server.kill()
        town.server.start()
        return
    killer = PostgresqlKiller(town.url)
    killer.kill(way, choice)
    time.sleep(choice.uniform(0, 0.3))
    killer.start()


def _hold_against_each_other(town: Town) -> None:
    """Everything that was told is there once, to the cent, and both sides are whole."""
    server = Database(town.url)
    branches = [Database(str(branch.path)) for branch in town.branches]
    compared = verify_machines(server, branches)
    assert compared.ok, compared
    told = town.acknowledged()
    journal = dict(_rows(server, "SELECT command_id, count(*) FROM journal GROUP BY command_id"))
    assert [command_id for command_id in told if journal.get(command_id) != 1] == []
    taken = {command_id: minor for command_id, minor in told.items() if minor}
    events = _rows(
        server,
        "SELECT e.note, count(DISTINCT e.id), sum(t.amount) FROM payment_event e JOIN tender t ON t.event_id = e.id "
        "WHERE e.note <> '' GROUP BY e.note",
    )
    assert {note: (number, int(amount)) for note, number, amount in events} == {
        command_id: (1, minor) for command_id, minor in taken.items()
    }
    paid = _rows(server, "SELECT sum(amount) FROM payment WHERE status = 'FROZEN'")
    assert int(paid[0][0]) == sum(taken.values())
    for database in (server, *branches):
        database.close()


def _rows(database: Database, sql: str) -> list[Any]:
    found: list[Any] = database.connection.cursor().execute(sql).fetchall()
    return found
