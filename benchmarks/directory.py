"""The directory of a new branch: fetched over HTTP from a server of its own process, and written at the branch."""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.large import large_ledger
from benchmarks.ledgers import place
from benchmarks.measuring import Measurement, Options, measurement, peak_memory_mb, seconds
from benchmarks.serving import a_server
from cashier_app.domain.clock import SystemClock
from cashier_app.models.search import document
from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.branches.service import MOST_ACCOUNTS
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.sync.enrolling import close_exchange, enrol, open_exchange


def directory(options: Options, dialect: str = "sqlite") -> Measurement:
    """A new branch gets all accounts, and is interrupted half-way; beside bare inserts of the same rows."""
    accounts = 20_000 if options.quick else 1_000_000
    name = "directory" if dialect == "sqlite" else "directory-postgresql"
    with place(dialect, options.data) as where, place("sqlite") as branches:
        door = large_ledger(where, accounts=accounts, debts=10 if options.large else 2)
        fetched: list[_Fetched] = []
        baseline = []
        for number in range(3 if options.quick else 1):
            path = branches.directory / f"branch{number}.db"
            fetched.append(_fetch(door, branches.directory, path, accounts))
            baseline.append(_write_bare(path, branches.directory / f"bare{number}.db"))
        return measurement(
            name,
            "s",
            [each.seconds for each in fetched],
            baseline,
            memory_mb=fetched[0].memory,
            accounts=accounts,
            accounts_per_second=round(accounts / fetched[0].seconds),
            memory_mb_half_way=fetched[0].memory_half_way,
            memory_mb_of_the_server=fetched[0].memory_of_the_server,
            # Whatever else the machine does: on two free cores the larger of both is what it takes.
            processor_seconds={"branch": fetched[0].busy, "server": fetched[0].busy_server},
        )


def directory_postgresql(options: Options) -> Measurement:
    """The same from a server on PostgreSQL."""
    return directory(options, "postgresql")


class _Fetched(NamedTuple):
    """A branch that has its directory. Memory in megabytes, and how many seconds both processors were busy."""

    seconds: float
    busy: float
    busy_server: float
    memory_half_way: float
    memory: float
    memory_of_the_server: float


def _fetch(door: Door, folder: Path, path: Path, accounts: int) -> _Fetched:
    """Enrol a branch and fetch everything, with a new connection half-way."""
    code = new_code()
    expires = SystemClock().now() + timedelta(hours=1)
    invite = InviteDevice(
        name=f"{path.stem}-{uuid.uuid4().hex[:8]}", access_groups=("*",), code_hash=code_hash(code), expires=expires
    )
    # The server's clock is the real one, and judges whether the invitation still holds.
    Door(door.database, door.node_name, SystemClock()).execute(invite, user_id=SYSTEM.id)
    with a_server(door.database, folder) as server:
        enrol(server.url, code, str(path))
        began, began_there = time.process_time(), server.busy_seconds
        spent = seconds(lambda: _exchange(path, accounts // MOST_ACCOUNTS // 2))
        half_way = peak_memory_mb()
        spent += seconds(lambda: _exchange(path))
        busy, busy_there = time.process_time() - began, server.busy_seconds - began_there
        found = _Fetched(spent, round(busy, 2), round(busy_there, 2), half_way, peak_memory_mb(), server.peak_memory_mb)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone()[0] >= accounts
    return found


def _exchange(path: Path, most: int | None = None) -> None:
    """Fetch until nothing is left, or for so many steps."""
    exchange = open_exchange(str(path), SystemClock())
    done = 0
    while exchange.step().more and done != most:
        done += 1
    close_exchange(exchange)


_TABLES = ("person", "account", "premise", "service_agreement", "open_debt")
_WORDS = (
    "SELECT a.id, p.name, p.phone, s.address, s.city, s.postal_code FROM account a "
    "JOIN person p ON p.id = a.main_person_id LEFT JOIN premise s ON s.id = "
    "(SELECT premise_id FROM service_agreement WHERE account_id = a.id ORDER BY id LIMIT 1) ORDER BY a.id"
)


def _write_bare(product: Path, path: Path) -> float:
    """How long bare inserts of the same rows take, as many in one transaction; reading them is not counted."""
    database = Database(str(path), must_exist=False)
    start_branch(database, Enrolment(server_url="", server_id="", device_id=1, node_id=1000, workstation="BARE"))
    cursor = database.connection.cursor()
    spent = 0.0
    for statement, rows in _rows_of(sqlite3.connect(product)):
        started = time.perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(statement, rows)
        cursor.execute("COMMIT")
        spent += time.perf_counter() - started
    database.close()
    return spent


def _rows_of(product: sqlite3.Connection) -> Iterator[tuple[str, list[Any]]]:
    for table in _TABLES:
        cursor = product.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        while rows := cursor.fetchmany(MOST_ACCOUNTS):
            yield statement, rows
    cursor = product.execute(_WORDS)
    while rows := cursor.fetchmany(MOST_ACCOUNTS):
        words = [(row[0], document([text or "" for text in (row[1], *row[3:])], [row[2]])) for row in rows]
        yield "INSERT INTO search_document (rowid, words) VALUES (?, ?)", words
