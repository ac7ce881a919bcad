"""A simulated machine: a disk that fails, the real database layer and door on it, a clock that may be wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from cashier_app.services.kernel import database as database_module
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.simulation import apsw_driver
from cashier_app.simulation.clock import SimulatedClock, TrueTime
from cashier_app.simulation.faulty_files import FaultyDisk
from cashier_app.simulation.violations import Violation

FILE = "counter.db"


class Workstation:
    """The machine and its program. Everything else may be lost at any moment; the disk is not."""

    def __init__(self, node: str, rng: random.Random, time: TrueTime) -> None:
        self.node = node
        self.disk = FaultyDisk(rng)
        self.time = time
        self.clock = SimulatedClock(time)
        self.door: Door
        self.restarts = 0

    def furnish(self, files: Mapping[str, bytes]) -> None:
        """Start with the machine as delivered."""
        self.disk.restore(files)
        self.disk.disarm()
        self.start()

    def start(self) -> None:
        """Start the program on whatever the disk holds."""
        self.door = Door(self.database(), self.node, self.clock)

    def restart(self) -> None:
        """After a power cut or a kill."""
        self.restarts += 1
        self.disk.restart()
        self.start()

    def database(self) -> Database:
        """A database on this disk; only one is open at a time."""
        return Database.over(self._connect, apsw_driver)

    def _connect(self) -> Any:
        connection = self.disk.connect(FILE)
        # By the module, so that a planted fault can stand in its place.
        database_module.prepare_sqlite(connection, exclusive=True)
        return connection

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Plain SQL, for the checks; a file that cannot be read any more is a violation."""
        connection = self.door.database.connection
        try:
            found: list[Any] = connection.raw.execute(sql, values).fetchall()
        except Exception as error:
            heard = connection.heard(error)
            raise Violation("FILE", str(heard)) if "malformed" in str(heard) else heard from error
        return found

    def put_away(self) -> None:
        """Free what the files take; SQLite keeps the file layer of a machine for good."""
        self.door.database.close()
        self.disk.restore({})

    def packed(self) -> dict[str, bytes]:
        """Everything in one file, as a machine is delivered; its database is closed by it."""
        database = self.door.database
        database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return {FILE: self.disk.snapshot()[FILE]}
