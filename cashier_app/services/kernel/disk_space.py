"""Keeps room on the disk of an SQLite ledger: warns early, and stops before the disk is full (R reliability D10)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from cashier_app.domain.errors import EnvironmentProblem, Problem
from cashier_app.services.kernel.database import Database

RESERVE: Final = 200 * 1024 * 1024
"""Bytes that stay free: enough to write a log back, to back up, to look."""
LOW: Final = 1024 * 1024 * 1024
"""Bytes below which somebody should make room."""
EVERY: Final = 64
"""Commands between two looks."""


class DiskWatch:
    """Looks at the disk now and then."""

    def __init__(self, database: Database) -> None:
        on_disk = database.dialect == "sqlite" and database.url.database not in {None, ":memory:", ":simulated:"}
        self._folder = Path(str(database.url.database)).parent if on_disk else None
        self._since = EVERY
        self._warning: Problem | None = None

    def look(self) -> Problem | None:
        """A warning when room is short, at the first look and then with every one.

        Raises:
            EnvironmentProblem: DB-FULL when less than the reserve is free; nothing has been taken then.
        """
        if self._folder is None:
            return None
        self._since += 1
        if self._since > EVERY:
            self._since = 0
            self._warning = self._measured(self._folder)
            return self._warning
        return None

    def _measured(self, folder: Path) -> Problem | None:
        free = shutil.disk_usage(folder).free
        if free < RESERVE:
            self._since = EVERY
            raise EnvironmentProblem(
                "DB-FULL", f"Only {free >> 20} MB are free on the ledger's disk. Nothing was taken; free some space."
            )
        if free < LOW:
            return Problem("DB-LOW", f"Only {free >> 20} MB are free on the ledger's disk. Make room in time.")
        return None
