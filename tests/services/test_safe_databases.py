"""The databases are opened the one way in which acknowledged payments are safe (R reliability D2-D6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.administration.setup import install
from cashier_app.services.kernel.configuration import VERSION
from cashier_app.services.kernel.database import SAFE_SQLITE, Database, parse_url
from cashier_app.services.kernel.reading import reading
from tests.builders import Ledger, a_ledger


def _setting(database: Database, name: str) -> Any:
    return database.connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_sqlite_keeps_what_was_acknowledged(sqlite_url: str):
    database = Database(sqlite_url)
    found = {name: _setting(database, name) for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0}
    assert _setting(database, "busy_timeout") == 30_000
    database.close()


def test_sqlite_is_a_version_that_cannot_damage_its_file_or_is_used_alone(sqlite_url: str):
    database = Database(sqlite_url)
    alone = _setting(database, "locking_mode") == "exclusive"
    assert tuple(database.driver.sqlite_version_info) >= SAFE_SQLITE or alone
    database.close()


class _Listening:
    """A connection that remembers the statements of the next commands."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.statements = connection, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def cursor(self) -> Any:
        return _ListeningCursor(self.connection.cursor(), self.statements)


class _ListeningCursor:
    def __init__(self, cursor: Any, statements: list[str]) -> None:
        self._cursor, self._statements = cursor, statements

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, sql: str, *values: Any) -> Any:
        self._statements.append(sql)
        return self._cursor.execute(sql, *values)


def test_every_command_begins_its_transaction_before_it_reads(ledger: Ledger):
    ledger.database.connection = listening = _Listening(ledger.database.connection)
    ledger.do(SealDay(), "sue")
    ledger.database.connection = listening.connection
    begin = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN ISOLATION LEVEL SERIALIZABLE"}
    assert listening.statements[0] == begin[ledger.database.dialect]
    assert [sql for sql in listening.statements if sql.startswith("BEGIN")] == listening.statements[:1]


@pytest.mark.postgresql
def test_postgresql_is_serializable_and_durable(postgresql_url: str):
    database = Database(postgresql_url)
    cursor = database.connection.cursor()
    cursor.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
    assert cursor.execute("SHOW transaction_isolation").fetchone()[0] == "serializable"
    cursor.execute("ROLLBACK")
    database.close()


def test_an_existing_ledger_is_not_set_up_again(database_url: str):
    database = Database(database_url)
    with pytest.raises(EnvironmentProblem, match="DB-EXISTS"):
        install(database, "AGAIN")
    database.close()


def test_a_missing_file_is_not_made_by_looking_at_it(tmp_path: Path):
    with pytest.raises(EnvironmentProblem, match="DB-MISSING"):
        Database(str(tmp_path / "none.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_something_else_is_left_alone(tmp_path: Path):
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 100, encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="DB-DAMAGED"):
        Database(str(path))
    assert path.read_text(encoding="utf-8").startswith("Dear")


def test_an_empty_database_asks_to_be_set_up(empty_database_url: str):
    database = Database(empty_database_url, must_exist=False)
    with pytest.raises(EnvironmentProblem, match="DB-OLD"):
        a_ledger_over(database)
    database.close()


def a_ledger_over(database: Database) -> None:
    with database.translated():
        database.connection.cursor().execute("SELECT * FROM journal")


@pytest.mark.parametrize("url", ["mysql://somewhere/ledger", "http://:::"])
def test_other_databases_are_refused_by_name(url: str):
    with pytest.raises(EnvironmentProblem, match="DB-URL"):
        parse_url(url)


def test_a_read_only_file_takes_no_money(sqlite_url: str):
    ledger = a_ledger(sqlite_url)
    ledger.database.connection.execute("PRAGMA query_only = ON")
    assert ledger.refusal(SealDay(), "sue") == "DB-READONLY"
    ledger.database.connection.execute("PRAGMA query_only = OFF")


def test_a_full_disk_takes_no_money_and_the_next_command_works(sqlite_url: str):
    ledger = a_ledger(sqlite_url)
    before = ledger.value("SELECT count(*) FROM journal")
    pages = _setting(ledger.database, "page_count")
    ledger.database.connection.execute(f"PRAGMA max_page_count = {pages}")
    codes = {ledger.refusal(SealDay(), "sue") for _ in range(200)}
    assert "DB-FULL" in codes
    taken = ledger.value("SELECT count(*) FROM journal") - before
    assert ledger.value("SELECT count(*) FROM seal") == taken
    ledger.database.close()
    ledger.database.connect()
    assert ledger.refusal(SealDay(), "sue") == ""


def test_another_program_that_holds_the_file_is_waited_for_and_then_named(sqlite_url: str):
    ledger = a_ledger(sqlite_url)
    ledger.database.connection.execute("PRAGMA busy_timeout = 50")
    other = ledger.database.driver.connect(parse_url(sqlite_url).database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert ledger.refusal(SealDay(), "sue") == "DB-BUSY"
    other.execute("ROLLBACK")
    other.close()
    assert ledger.refusal(SealDay(), "sue") == ""


def test_a_file_that_could_not_be_opened_again_is_tried_once_more_by_whoever_reads(ledger: Ledger, monkeypatch):
    """Found by the simulator: a server whose disk failed twice answered with an error of Python."""
    database = ledger.database

    def fail() -> None:
        raise EnvironmentProblem("DB-IO", "The disk did not obey.")

    monkeypatch.setattr(database, "connect", fail)
    for _ in range(2):
        with pytest.raises(EnvironmentProblem, match="DB-IO"):
            database.reopen()
    with pytest.raises(EnvironmentProblem, match="DB-IO"), reading(database, access=EVERYTHING):
        pass
    monkeypatch.undo()
    with reading(database, access=EVERYTHING) as store:
        assert store.value(VERSION) > 0
