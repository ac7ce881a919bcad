"""The adapter does what the product's own driver does: each script runs on both and must agree."""

import datetime as dt
import sqlite3
import time
from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from cashier_app.simulation import apsw_driver
from cashier_app.simulation.driver_errors import product_driver
from cashier_app.simulation.statement_kinds import Kind, autocheckpoint_pages, kind_of, plain_insert

TABLES = """
CREATE TABLE account (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, balance INTEGER NOT NULL CHECK (balance >= 0))
    STRICT;
CREATE TABLE entry (id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, amount INTEGER) STRICT;
CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT) STRICT;
CREATE TRIGGER frozen BEFORE UPDATE OF amount ON entry
    BEGIN SELECT RAISE(ABORT, 'LDG-001: a frozen entry cannot change'); END;
CREATE TRIGGER logged AFTER INSERT ON entry BEGIN INSERT INTO log (what) VALUES ('entry'); END;
CREATE VIRTUAL TABLE search USING fts5(name, tokenize='trigram');
INSERT INTO account (code, balance) VALUES ('a', 1), ('b', 2), ('c', 3);
INSERT INTO entry (account, amount) VALUES (1, 10), (1, 20), (2, 30);
"""


CHANGES = (Kind.CHANGE, Kind.CHANGE_WITH_ROWS)


class Color(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


def opened(module: Any) -> Any:
    connection = module.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.executescript(TABLES)
    return connection


def outcome(module: Any, script: Callable[[Any], Any]) -> Any:
    connection = opened(module)
    try:
        return script(connection)
    except module.Error as error:
        return type(error), str(error), getattr(error, "sqlite_errorname", None), connection.in_transaction
    finally:
        connection.close()


def executed(sql: str, *parameters: Any) -> Callable[[Any], Any]:
    def script(connection: Any) -> Any:
        cursor = connection.cursor()
        cursor.execute(sql, *parameters)
        columns = cursor.description and [name for name, *_ in cursor.description]
        rows = cursor.fetchall()
        assert (cursor.description is None) == (columns is None)
        kind = kind_of(sql)
        # With RETURNING the product's driver tells the row count of an earlier statement.
        rowcount = None if kind == Kind.CHANGE_WITH_ROWS else cursor.rowcount
        return rows, columns, rowcount, cursor.lastrowid if kind in CHANGES else None

    return script


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("SELECT id, code AS name FROM account ORDER BY id", ()),
        ("SELECT id, code FROM account WHERE id = ? AND code = ?", (99, "x")),
        ("SELECT 1 WHERE 0", ()),
        ("  -- why\n /* what */ SELECT count(*) FROM account", ()),
        ("WITH q AS (SELECT 1 AS a) SELECT a FROM q", ()),
        ("VALUES (1, 2), (3, 4)", ()),
        ("PRAGMA foreign_keys", ()),
        ("SELECT :a + :b", {"a": 1, "b": 2}),
        ("SELECT ?, ?, ?, ?, ?, ?", (None, True, b"\0bytes", 1.5, 2**62, "é ł 水")),
        ("SELECT ?, ?", (Color.RED, Level.HIGH)),
        ("SELECT ?", (bytearray(b"x"),)),
        ("INSERT INTO account (code, balance) VALUES (?, ?)", ("d", 4)),
        ("INSERT INTO account (code, balance) VALUES ('d', 4), ('e', 5)", ()),
        ("INSERT INTO account (code, balance) VALUES ('a', 4) ON CONFLICT DO NOTHING", ()),
        ("INSERT INTO account (code, balance) SELECT code || '2', 1 FROM account", ()),
        ("INSERT INTO account (code, balance) VALUES ('d', 4) RETURNING id, code", ()),
        ("INSERT INTO entry (account, amount) VALUES (1, 5)", ()),
        ("UPDATE account SET balance = balance + 1", ()),
        ("UPDATE account SET balance = 1 WHERE id = 99", ()),
        ("UPDATE account SET balance = 7 WHERE id < 3 RETURNING id", ()),
        ("WITH q AS (SELECT 1 AS a) UPDATE account SET balance = 0 WHERE id IN (SELECT a FROM q)", ()),
        ("DELETE FROM log", ()),
        ("REPLACE INTO account (id, code, balance) VALUES (1, 'z', 1)", ()),
        ("CREATE TABLE other (a INTEGER) STRICT", ()),
        ("BEGIN IMMEDIATE", ()),
        ("INSERT INTO search VALUES ('Müller, Jörg')", ()),
        ("SELECT name FROM search WHERE search MATCH ?", ("Mül",)),
        # refused
        ("INSERT INTO account (code, balance) VALUES ('a', 1)", ()),
        ("INSERT INTO account (code, balance) VALUES (NULL, 1)", ()),
        ("INSERT INTO account (code, balance) VALUES ('n', -1)", ()),
        ("INSERT INTO account (code, balance) VALUES ('n', 'text')", ()),
        ("INSERT INTO account (id, code, balance) VALUES (1, 'n', 1)", ()),
        ("INSERT INTO entry (account, amount) VALUES (99, 1)", ()),
        ("UPDATE entry SET amount = 0", ()),
        ("SELECT nothing FROM account", ()),
        ("SELECT * FROM nowhere", ()),
        ("SELEC", ()),
        ("COMMIT", ()),
    ],
)
def test_a_statement_gives_the_same_as_the_product_driver(sql, parameters):
    script = executed(sql, parameters)
    assert outcome(apsw_driver, script) == outcome(product_driver(), script)


def test_the_row_count_of_returning_is_right_once_all_rows_are_read():
    cursor = opened(apsw_driver).execute("UPDATE account SET balance = 7 WHERE id < 3 RETURNING id")
    assert cursor.fetchall() == [(1,), (2,)]
    assert cursor.rowcount == 2


def test_many_rows_count_as_in_the_product_driver():
    def script(connection: Any) -> list[Any]:
        cursor = connection.cursor()
        counted = []
        for sql, rows in (
            ("INSERT INTO entry (account, amount) VALUES (?, ?)", [(1, 1), (2, 2), (3, 3)]),
            ("INSERT INTO account (code, balance) VALUES (?, 1) ON CONFLICT DO NOTHING", [("a",), ("x",)]),
            ("UPDATE account SET balance = 9 WHERE id = ?", [(1,), (2,), (99,)]),
            ("DELETE FROM entry WHERE account = ?", [(1,), (2,)]),
            ("INSERT INTO log (what) VALUES (?)", []),
            ("INSERT INTO log (what) VALUES (:a)", [{"a": "x"}]),
        ):
            cursor.executemany(sql, rows)
            counted.append(cursor.rowcount)
        return counted

    expected = outcome(product_driver(), script)
    assert outcome(apsw_driver, script) == expected == [3, 1, 2, 5, 0, 1]


def test_executemany_takes_any_iterable_and_stops_at_the_refused_row():
    connection = opened(apsw_driver)
    with pytest.raises(apsw_driver.IntegrityError, match=r"^UNIQUE constraint failed: account\.code$"):
        connection.executemany(
            "INSERT INTO account (code, balance) VALUES (?, 1)", ((code,) for code in ("x", "x", "y"))
        )
    assert connection.execute("SELECT code FROM account WHERE code >= 'x'").fetchall() == [("x",)]


def reading_by_pieces(connection: Any) -> Any:
    cursor = connection.execute("SELECT id FROM account ORDER BY id")
    pieces = [cursor.fetchone(), cursor.fetchmany(1), cursor.fetchall(), cursor.fetchone(), cursor.fetchall()]
    cursor.execute("SELECT id FROM account ORDER BY id")
    for row in cursor:
        pieces.append(row)
        break
    pieces.append(next(cursor))
    pieces.extend(cursor)
    pieces.append(next(cursor, "end"))
    cursor.arraysize = 2
    cursor.execute("SELECT id FROM account ORDER BY id")
    return [*pieces, cursor.fetchmany(), cursor.fetchmany(5)]


def transactions(connection: Any) -> Any:
    seen = []
    for end in (connection.commit, connection.rollback, lambda: connection.execute("ROLLBACK")):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO log (what) VALUES ('x')")
        seen.append(connection.in_transaction)
        end()
        seen.append(connection.in_transaction)
        connection.commit()
        connection.rollback()
        seen.append(connection.execute("SELECT count(*) FROM log").fetchone())
    return seen


def reading_the_last_row_ends_the_statement(connection: Any) -> Any:
    cursor = connection.execute("SELECT count(*) FROM account")
    cursor.fetchone()
    connection.execute("DROP TABLE log")  # would be locked by an open statement
    return True


def a_function(connection: Any) -> Any:
    connection.create_function("twice", 1, lambda value: value * 2, deterministic=True)
    return connection.execute("SELECT twice(21)").fetchone()


@pytest.mark.parametrize(
    "script", [reading_by_pieces, transactions, reading_the_last_row_ends_the_statement, a_function]
)
def test_a_conversation_goes_as_with_the_product_driver(script):
    assert outcome(apsw_driver, script) == outcome(product_driver(), script)


def test_exceptions_are_those_of_the_product_driver():
    assert apsw_driver.IntegrityError is product_driver().IntegrityError


def test_the_text_of_a_trigger_is_heard():
    with pytest.raises(apsw_driver.IntegrityError, match=r"^LDG-001: a frozen entry cannot change$"):
        opened(apsw_driver).execute("UPDATE entry SET amount = 0")


@pytest.mark.parametrize("parameters", [(), (1, 2), (object(),), (dt.timedelta(1),)])
def test_wrong_parameters_are_refused(parameters):
    with pytest.raises(apsw_driver.ProgrammingError):
        opened(apsw_driver).execute("SELECT ?", parameters)


def test_dates_and_instants_are_bound_and_naive_times_refused():
    connection = opened(apsw_driver)
    instant = dt.datetime(2026, 1, 5, 15, 0, 0, 7, dt.UTC)
    bound = connection.execute("SELECT ?, ?", (dt.date(2026, 1, 5), instant)).fetchone()
    assert bound == ("2026-01-05", 1767625200000007)
    with pytest.raises(apsw_driver.ProgrammingError, match="zone"):
        connection.execute("SELECT ?", (dt.datetime(2026, 1, 5),))  # noqa: DTZ001


def test_other_types_are_bound_as_registered():
    class Meters:
        pass

    apsw_driver.register_adapter(Meters, lambda _: 12)
    assert opened(apsw_driver).execute("SELECT ?", (Meters(),)).fetchone() == (12,)


def test_using_what_is_closed_is_refused_in_the_words_sqlalchemy_knows():
    connection = opened(apsw_driver)
    cursor = connection.cursor()
    cursor.close()
    with pytest.raises(apsw_driver.ProgrammingError, match="Cannot operate on a closed"):
        cursor.execute("SELECT 1")
    connection.close()
    connection.close()
    with pytest.raises(apsw_driver.ProgrammingError, match=r"Cannot operate on a closed database\."):
        connection.execute("SELECT 1")


def test_implicit_transactions_are_refused():
    with pytest.raises(apsw_driver.NotSupportedError):
        apsw_driver.connect(":memory:", isolation_level="")  # type: ignore[arg-type]
    with pytest.raises(apsw_driver.NotSupportedError):
        opened(apsw_driver).isolation_level = "DEFERRED"


def test_a_block_commits_or_rolls_back():
    connection = opened(apsw_driver)
    with connection:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM log")
    assert connection.execute("SELECT count(*) FROM log").fetchone() == (0,)

    def failing() -> None:
        with connection:
            connection.execute("BEGIN")
            connection.execute("DELETE FROM search")
            connection.execute("DELETE FROM entry")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert connection.execute("SELECT count(*) FROM entry").fetchone() == (3,)


def test_a_backup_copies_everything():
    source, target = opened(apsw_driver), apsw_driver.connect(":memory:")
    source.backup(target)
    assert target.execute("SELECT count(*) FROM account").fetchone() == (3,)


def test_statements_can_be_traced():
    connection = opened(apsw_driver)
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    connection.execute("SELECT 1").fetchall()
    connection.set_trace_callback(None)
    connection.execute("SELECT 2").fetchall()
    assert seen == ["SELECT 1"]


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", Kind.QUERY),
        ("select 'RETURNING'", Kind.QUERY),
        ("INSERT INTO t VALUES (1)", Kind.CHANGE),
        ("insert into t values (1) returning id", Kind.CHANGE_WITH_ROWS),
        ("WITH q AS (SELECT 1) DELETE FROM t", Kind.CHANGE),
        ("PRAGMA wal_autocheckpoint = 100", Kind.AUTOCHECKPOINT),
        ("PRAGMA wal_autocheckpoint", Kind.QUERY),
        ("/* a */ -- b\n BEGIN IMMEDIATE", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_kinds_of_statements(sql, kind):
    assert kind_of(sql) is kind


def test_the_number_of_pages_is_read():
    assert autocheckpoint_pages("PRAGMA wal_autocheckpoint(250)") == 250
    connection = opened(apsw_driver)
    assert connection.execute("PRAGMA wal_autocheckpoint=250").fetchall() == [(250,)]
    assert connection.autocheckpoint == 250


def test_only_inserts_of_one_row_each_are_counted_by_their_parameters():
    assert plain_insert("INSERT INTO t (a) VALUES (?)")
    assert not plain_insert("INSERT INTO t VALUES (?) ON CONFLICT DO NOTHING")
    assert not plain_insert("INSERT OR IGNORE INTO t VALUES (?)")
    assert not plain_insert("INSERT INTO t SELECT ?")


def test_the_hot_path_stays_within_reach_of_the_standard_driver():
    def seconds(module: Any) -> float:
        cursor = opened(module).cursor()
        started = time.perf_counter()
        for number in range(3000):
            cursor.execute("INSERT INTO log (what) VALUES (?)", ("x",))
            cursor.execute("SELECT what FROM log WHERE id = ?", (number,)).fetchone()
        return time.perf_counter() - started

    assert min(seconds(apsw_driver) for _ in range(3)) < 4 * min(seconds(sqlite3) for _ in range(3))
