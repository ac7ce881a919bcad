"""The directory of a new branch: every account read at the server, sent as bytes, and written at the branch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from benchmarks.large import large_ledger
from benchmarks.ledgers import NODE, Place, place
from benchmarks.measuring import Measurement, Options, measurement, peak_memory_mb, seconds
from cashier_app.domain.access import EVERY_GROUP, EVERYTHING
from cashier_app.domain.clock import FixedClock
from cashier_app.models.search import document
from cashier_app.services.branches.directory import decode_page, directory_page, encode_page
from cashier_app.services.branches.directory_copy import write_page
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.branches.reference import decode_reference, encode_reference, read_reference, write_reference
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading

AT_ONCE = 1000
"""Accounts in a page."""
_ENROLMENT = Enrolment(server_url="", server_id="bench", device_id=1, node_id=1000, workstation="BRANCH")


def directory(options: Options, dialect: str = "sqlite") -> Measurement:
    """A new branch gets all accounts, and is interrupted half-way; beside bare inserts of the same rows."""
    accounts = 20_000 if options.quick else 1_000_000
    name = "directory" if dialect == "sqlite" else "directory-postgresql"
    with place(dialect, options.data) as where, place("sqlite") as branches:
        server = large_ledger(where, accounts=accounts, debts=10 if options.large else 2)
        product, baseline, sizes = [], [], []
        memory, early = 0.0, 0.0
        for number in range(3 if options.quick else 1):
            url = branches.create(f"branch{number}")
            branch = _Fetching(server, url)
            product.append(seconds(lambda branch=branch: branch.run(accounts // 2)))  # type: ignore[misc]
            early = early or peak_memory_mb()
            again = _Fetching(server, url)
            product[-1] += seconds(again.run)
            memory = memory or peak_memory_mb()
            sizes.append(branch.bytes + again.bytes)
            assert branch.accounts + again.accounts >= accounts
            baseline.append(_write_bare(again.database, branches, f"bare{number}"))
        return measurement(
            name,
            "s",
            product,
            baseline,
            memory_mb=memory,
            accounts=accounts,
            accounts_per_second=round(accounts / product[0]),
            megabytes=round(sizes[0] / 1e6, 1),
            memory_mb_half_way=early,
        )


def directory_postgresql(options: Options) -> Measurement:
    """The same from a server on PostgreSQL."""
    return directory(options, "postgresql")


class _Fetching:
    """One connection of a branch to its server."""

    def __init__(self, server: Door, url: str) -> None:
        self.server = Door(server.database, NODE, FixedClock())
        self.database = Database(url, must_exist=False)
        if not self.database.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            start_branch(self.database, _ENROLMENT)
            self._refer()
        self.bytes = 0
        self.accounts = 0

    def _refer(self) -> None:
        with reading(self.server.database, access=EVERYTHING) as store:
            content = encode_reference(read_reference(store))
        write_reference(self.database, decode_reference(content))

    def run(self, most: int | None = None) -> None:
        """Fetch from where the branch stands, up to so many accounts; then the line fails."""
        while most is None or self.accounts < most:
            after = self.database.connection.execute("SELECT directory_after FROM branch_link").fetchone()[0]
            if after is None:
                return
            content = self._page(after)
            page = decode_page(content)
            write_page(self.database, page)
            self.bytes += len(content)
            self.accounts += len(page.accounts)

    def _page(self, after: int) -> bytes:
        with reading(self.server.database, access=EVERYTHING) as store:
            config = self.server.current_config(store)
            return encode_page(directory_page(store, config, frozenset((EVERY_GROUP,)), after, AT_ONCE))


_TABLES = ("person", "account", "premise", "service_agreement", "open_debt")
_WORDS = (
    "SELECT a.id, p.name, p.phone, s.address, s.city, s.postal_code FROM account a "
    "JOIN person p ON p.id = a.main_person_id LEFT JOIN premise s ON s.id = "
    "(SELECT premise_id FROM service_agreement WHERE account_id = a.id ORDER BY id LIMIT 1) ORDER BY a.id"
)


def _write_bare(product: Database, branches: Place, name: str) -> float:
    """How long bare inserts of the same rows take, as many in one transaction; reading them is not counted."""
    database = Database(branches.create(name), must_exist=False)
    start_branch(database, _ENROLMENT)
    cursor = database.connection.cursor()
    spent = 0.0
    for statement, rows in _rows_of(product):
        started = time.perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(statement, rows)
        cursor.execute("COMMIT")
        spent += time.perf_counter() - started
    database.close()
    return spent


def _rows_of(product: Database) -> Iterator[tuple[str, list[Any]]]:
    for table in _TABLES:
        cursor = product.connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        while rows := cursor.fetchmany(AT_ONCE):
            yield statement, rows
    cursor = product.connection.execute(_WORDS)
    while rows := cursor.fetchmany(AT_ONCE):
        words = [(row[0], document([text or "" for text in (row[1], *row[3:])], [row[2]])) for row in rows]
        yield "INSERT INTO search_document (rowid, words) VALUES (?, ?)", words
