"""Reads: a consistent picture of the database, for queries that bypass the door."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cashier_app.domain.access import Access
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.store import Store

_BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


@contextlib.contextmanager
def reading(database: Database, *, access: Access) -> Iterator[Store]:
    """A store over one snapshot; nothing can be written through it to stay.

    Whoever reads says for whom: guarded queries give only the accounts that `access` allows. For a signed-in user there
    is `Door.looking`; the installation's own programs take `EVERYTHING`.
    """
    with database.lock:
        database.ensure_open()
        with database.translated():
            store = Store(database, database.connection.cursor(), access)
            store.cursor.execute(_BEGIN[database.dialect])
        try:
            with database.translated():
                yield store
        finally:
            with contextlib.suppress(database.driver.Error):
                store.cursor.execute("ROLLBACK")
