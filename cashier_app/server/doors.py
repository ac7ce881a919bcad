"""The server's doors: each with a connection and a chain of its own, lent to one request at a time (design D1)."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator

from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.server.refusing import SOON, Refused
from cashier_app.services.administration.nodes import need_workstation
from cashier_app.services.kernel.database import SAFE_SQLITE, Database
from cashier_app.services.kernel.door import Door


class DoorPool:
    """So many doors; whoever finds none free waits, and is sent away after a while."""

    def __init__(self, url: str, name: str, size: int, clock: Clock, patience: float) -> None:
        self.url, self.name, self.size, self.clock = url, name, size, clock
        self._patience = patience
        self._free: queue.LifoQueue[Door] = queue.LifoQueue()
        self._all: list[Door] = []

    def open(self) -> None:
        """Open every connection.

        Raises:
            EnvironmentProblem: as `Database` does, or SRV-005 where SQLite is too old for several connections.
        """
        try:
            for number in range(1, self.size + 1):
                self._all.append(self.another(f"{self.name}-{number}"))
        except BaseException:
            self.close()
            raise
        for door in self._all:
            self._free.put(door)

    def another(self, node: str) -> Door:
        """A door beside the pool's, for long work; who asks for it closes its database."""
        database = Database(self.url)
        try:
            _need_several_connections(database)
            need_workstation(database, node)
        except BaseException:
            database.close()
            raise
        return Door(database, node, self.clock)

    @contextlib.contextmanager
    def lend(self) -> Iterator[Door]:
        """A door for the length of the block; API-008 (503) where none becomes free in time."""
        try:
            door = self._free.get(timeout=self._patience)
        except queue.Empty:
            raise Refused(
                503, "API-008", "Everybody here is busy. Nothing was taken; send the same again.", headers=SOON
            ) from None
        try:
            _mend(door.database)
            yield door
        finally:
            self._free.put(door)

    def close(self) -> None:
        """Close every connection."""
        for door in self._all:
            door.database.close()


def _need_several_connections(database: Database) -> None:
    """Older versions of SQLite can damage a file that several connections write (R reliability D3)."""
    if database.dialect == "sqlite" and tuple(database.driver.sqlite_version_info) < SAFE_SQLITE:
        raise EnvironmentProblem(
            "SRV-005", "This SQLite is too old for a server: 3.51.3 or PostgreSQL would be accepted."
        )


def _mend(database: Database) -> None:
    """Connect again where the line was lost while nobody looked."""
    if database.connection is None:
        database.connect()
    database.ensure_open()
