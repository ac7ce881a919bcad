"""Stops writing when the ledger is found broken, and lets it go on once it is whole again (R reliability P17).

The mark is a version of the configuration below zero, which every command reads anyway; the reason lies
beside it, as a control record that no command writes. Reading, previews and first results of commands
sent again go on.
"""

from __future__ import annotations

from cashier_app.services.kernel.configuration import READ_ONLY
from cashier_app.services.kernel.database import Database
from cashier_app.services.verifying.verdict import Verdict


def block_writing(database: Database, verdict: Verdict) -> None:
    """Refuse every further command, telling the first breach as the reason."""
    reason = str(verdict.problems[0]) if verdict.problems else "the ledger is broken."
    _mark(database, "UPDATE configuration_state SET version = -version - 1 WHERE version >= 0", reason)


def allow_writing(database: Database) -> bool:
    """Go on; returns whether writing had been blocked. Only for a ledger that was verified."""
    if not is_blocked(database):
        return False
    _mark(database, "UPDATE configuration_state SET version = -version WHERE version < 0", None)
    return True


def is_blocked(database: Database) -> bool:
    """Whether commands are refused."""
    with database.lock, database.translated():
        cursor = database.connection.cursor()
        cursor.execute("SELECT count(*) FROM configuration_state WHERE version < 0")
        return bool(cursor.fetchone()[0])


def _mark(database: Database, change: str, reason: str | None) -> None:
    mark = "?" if database.dialect == "sqlite" else "%s"
    with database.lock, database.translated():
        cursor = database.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if database.dialect == "sqlite" else "BEGIN")
        try:
            cursor.execute(change)
            cursor.execute(f"DELETE FROM control_record WHERE table_name = {mark}", (READ_ONLY,))  # noqa: S608
            if reason is not None:
                cursor.execute(
                    f"INSERT INTO control_record (table_name, code, content) VALUES ({mark}, {mark}, {mark})",  # noqa: S608
                    (READ_ONLY, "REASON", reason),
                )
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
