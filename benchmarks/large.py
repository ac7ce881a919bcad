"""The large ledger: a million accounts, ten million financial transactions, written and journaled by the product."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.ledgers import Place, fill, new_ledger, open_door
from cashier_app.services.kernel.door import Door

ACCOUNTS = 1_000_000
DEBTS = 10
AT_ONCE = 2_000


def large_ledger(where: Place, *, accounts: int = ACCOUNTS, debts: int = DEBTS) -> Door:
    """A large ledger; the one kept in the place's data directory, where there is one, made there at the first time.

    Making it takes some ten minutes on SQLite and twenty on PostgreSQL. A run that was interrupted is taken up again.
    """
    where = where.lasting()
    name = f"large_{accounts}_{debts}"
    door = open_door(where.url(name)) if where.has(name) else new_ledger(where.create(name))
    _complete(door, accounts, debts)
    for path in where.files(name):
        _warm(path)
    return door


def _warm(path: Path) -> None:
    """Read the file through once, as a day's work has done before: the figures are about the program, not the disk."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def _complete(door: Door, accounts: int, debts: int) -> None:
    cursor = door.database.connection.cursor()
    cursor.execute("SELECT count(*) FROM account WHERE external_number LIKE 'X%'")
    present: int = cursor.fetchone()[0]
    if present == accounts:
        return
    started = time.perf_counter()
    for first in range(present, accounts, AT_ONCE):
        fill(door, min(AT_ONCE, accounts - first), debts, first=first, at_once=AT_ONCE * debts)
        if first % (AT_ONCE * 25) == 0:
            print(f"{first:,} of {accounts:,} accounts, {time.perf_counter() - started:.0f} s", file=sys.stderr)
    if door.database.dialect == "sqlite":
        door.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        # Or the server would tidy up by itself while it is measured.
        door.database.connection.execute("VACUUM (ANALYZE)")
