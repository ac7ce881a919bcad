"""Writes that are no command: copies of what others keep, and how far they are known. Never the ledger.

What is written here is not journaled: it can be fetched again from where it came.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.store import Store

_BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN ISOLATION LEVEL SERIALIZABLE"}


@contextlib.contextmanager
def writing(database: Database) -> Iterator[Store]:
    """A store in one transaction, committed at the end of the block and undone when it raises."""
    with database.lock:
        database.ensure_open()
        with database.translated():
            store = Store(database, database.connection.cursor(), EVERYTHING)
            store.cursor.execute(_BEGIN[database.dialect])
        try:
            with database.translated():
                yield store
                store.flush()
                store.cursor.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(database.driver.Error):
                database.roll_back()
            raise
