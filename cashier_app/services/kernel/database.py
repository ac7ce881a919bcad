"""Opens a ledger's database the one safe way, and turns what drivers say into our own errors.

SQLite: WAL, `synchronous=FULL`, foreign keys, no memory mapping, transactions begun with BEGIN
IMMEDIATE; below version 3.51.3 one exclusive connection, because older ones can damage a WAL file
(R reliability D2-D4). PostgreSQL: SERIALIZABLE, explicit transactions (D6).
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from sqlalchemy import URL, make_url
from sqlalchemy.schema import CreateIndex, CreateTable

from cashier_app.domain.errors import EnvironmentProblem, Problem, StaleData
from cashier_app.models import protection, search
from cashier_app.models.tables import Base
from cashier_app.models.types import microseconds
from cashier_app.services.kernel.statements import DIALECTS

SAFE_SQLITE = (3, 51, 3)
SCHEMA_REVISION = "0001"


_PATIENCE = {"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
"""After half a minute without a sign of life the line to PostgreSQL counts as broken; both sides look."""
_SESSION = (
    # Compiling a plan takes longer than any of our questions.
    "-c jit=off -c lock_timeout=30s -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)


class SerializationConflict(Exception):  # noqa: N818
    """Another transaction got in between: run the whole command again (PostgreSQL)."""

    perhaps_hopeless = False
    """True where a row existed already: repeating finds it, if it was somebody else's in the same moment."""


class Database:
    """One open connection to a ledger, for one thread at a time.

    Raises EnvironmentProblem with DB-AWAY, DB-MISSING, DB-OLD, DB-NEWER, DB-BUSY, DB-FULL, DB-READONLY, DB-IO
    or DB-DAMAGED for everything that is not ours to mend.
    """

    _lost = False
    """Whether the connection was to be opened again, and could not."""

    def __init__(self, url: str, *, must_exist: bool = True, any_revision: bool = False) -> None:
        self.url = parse_url(url)
        self.dialect = "postgresql" if self.url.get_backend_name() == "postgresql" else "sqlite"
        self.must_exist = must_exist
        self.lock = threading.RLock()
        self.driver: ModuleType = sqlite_driver() if self.dialect == "sqlite" else _psycopg()
        self.connection: Any = None
        self.shapes: set[int] = set()
        """Numbers of the journal shapes that this database is known to hold."""
        self.connect()
        if not any_revision:
            _refuse_other_revisions(self)

    def connect(self) -> None:
        """Open the connection (again)."""
        with self.translated():
            self.connection = self._open_sqlite() if self.dialect == "sqlite" else self._open_postgresql()

    def _open_sqlite(self) -> Any:
        path = self.url.database or ""
        if self.must_exist and path != ":memory:" and not Path(path).exists():
            raise EnvironmentProblem("DB-MISSING", f"There is no database file {path}. Create one with `cashier init`.")
        connection = self.driver.connect(
            path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        prepare_sqlite(connection, exclusive=tuple(self.driver.sqlite_version_info) < SAFE_SQLITE)
        return connection

    def _open_postgresql(self) -> Any:
        url = self.url.set(drivername="postgresql")
        connection = self.driver.connect(
            url.render_as_string(hide_password=False),
            autocommit=True,
            prepare_threshold=1,
            **{name: value for name, value in _PATIENCE.items() if name not in url.query},
            # What the address says comes last and wins.
            options=f"{_SESSION} {url.query.get('options', '')}",
        )
        connection.prepared_max = 1000
        return connection

    def roll_back(self) -> None:
        """Undo what was begun, after whatever went wrong; nothing where nothing was."""
        if self.dialect == "postgresql":
            # The connection's own way: after a pipeline that broke off psycopg would go on to name statements as
            # prepared which the server never prepared; this forgets them.
            self.connection.rollback()
        elif self.connection.in_transaction:
            # Not the connection's own way: it lends statements anew that a forgotten cursor still holds, and when that
            # cursor is collected the rows of whoever reads by then begin again from the first.
            self.connection.execute("ROLLBACK")

    def reopen(self) -> None:
        """Open the connection anew after an error of disk or line, and look at the file (R reliability D10).

        Raises:
            EnvironmentProblem: DB-DAMAGED, or what `connect` raises.
        """
        self.close()
        self._lost = True
        self.connect()
        self._lost = False
        if self.dialect == "sqlite":
            with self.translated():
                verdict = self.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise EnvironmentProblem(
                    "DB-DAMAGED", "The database file is damaged. Nothing was taken; restore a backup."
                )

    def ensure_open(self) -> None:
        """Open the connection again where the line broke, or where an earlier attempt to do so has failed."""
        is_broken = self.dialect == "postgresql" and self.connection is not None and self.connection.closed
        if is_broken or (self.connection is None and self._lost):
            self.reopen()

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the driver raises into errors of ours."""
        try:
            yield
        except self.driver.Error as problem:
            self.explain(problem)
        except UnicodeDecodeError as problem:  # not even what SQLite says of the file can be read
            raise EnvironmentProblem("DB-DAMAGED", _DAMAGED) from problem

    def explain(self, problem: Exception) -> NoReturn:
        """Raise what the operator or the door can deal with instead of the driver's exception."""
        if self.dialect == "postgresql":
            _explain_postgresql(problem, self.driver)
        _explain_sqlite(problem)

    @classmethod
    def over(cls, connect: Callable[[], Any], driver: ModuleType) -> Database:
        """A database whose SQLite connections somebody else opens and prepares: the simulator."""
        database = cls.__new__(cls)
        database.url = URL.create("sqlite", database=":simulated:")
        database.dialect = "sqlite"
        database.must_exist = False
        database.lock = threading.RLock()
        database.driver = driver
        database.shapes = set()
        database._open_sqlite = connect  # type: ignore[method-assign]  # noqa: SLF001  # the one thing that differs
        database.connect()
        return database

    def close(self) -> None:
        """Close the connection; the object may be connected again."""
        if self.connection is not None:
            with contextlib.suppress(self.driver.Error):
                self.connection.close()
            self.connection = None


def parse_url(text: str) -> URL:
    """A database URL; a plain path means an SQLite file."""
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser()))
    try:
        url = make_url(text)
    except Exception as problem:
        raise EnvironmentProblem("DB-URL", f"{text!r} is no database URL: {_ACCEPTED}.") from problem
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise EnvironmentProblem("DB-URL", f"{url.get_backend_name()} is not supported: {_ACCEPTED}.")
    return url


_ACCEPTED = "sqlite:///path/to/file.db or postgresql://user@host/name would be"


def sqlite_driver() -> ModuleType:
    """The SQLite driver: our own build where there is one, else Python's.

    Registers how dates and instants are bound.
    """
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415  # absent on some platforms
    except ImportError:
        dbapi2 = sqlite3
    dbapi2.register_adapter(date, date.isoformat)
    dbapi2.register_adapter(datetime, microseconds)
    return dbapi2  # type: ignore[no-any-return]


def _psycopg() -> ModuleType:
    import psycopg  # noqa: PLC0415  # only where PostgreSQL is used

    # It warns of each pipeline that an error ends; the error itself is raised, and where it is only a conflict with
    # another command, this one is run again and nobody need hear of it.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    return psycopg


def prepare_sqlite(connection: Any, *, exclusive: bool) -> None:
    """Settings without which acknowledged payments can be lost (R reliability D2)."""
    settings = ["locking_mode = EXCLUSIVE"] if exclusive else []
    settings += [
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "mmap_size = 0",
        "cache_size = -65536",
        # 16 MB of log before it is written back: pages that many payments change are then written once.
        "wal_autocheckpoint = 4000",
        "busy_timeout = 30000",
        "trusted_schema = OFF",
    ]
    for setting in settings:
        answer = connection.execute(f"PRAGMA {setting}").fetchall()
        # Changing to WAL can fail after it was answered, and a rollback journal needs more than FULL.
        if setting.startswith("journal_mode") and answer != [("wal",)]:
            raise EnvironmentProblem("DB-IO", "The database file cannot be used safely (no write-ahead log).")
    # What a killed program had written but not synced is read like any commit, and a power cut would still take it
    # back: bring it to the disk before anybody is told of it.
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def schema(dialect: str) -> Iterator[str]:
    """The statements that create everything: tables, indexes, triggers, the search index."""
    known = DIALECTS[dialect]
    for table in Base.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=known))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=known))
    yield from search.statements(dialect)
    yield from protection.triggers(dialect)
    yield (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    yield f"INSERT INTO alembic_version VALUES ('{SCHEMA_REVISION}')"  # noqa: S608  # a constant


def create_schema(database: Database) -> None:
    """Create all tables in an empty database, in one transaction; DB-EXISTS when there are some."""
    with database.lock, database.translated():
        cursor = database.connection.cursor()
        if has_schema(database):
            raise EnvironmentProblem("DB-EXISTS", "This database already holds a ledger; it was left as it is.")
        cursor.execute("BEGIN")
        try:
            for statement in schema(database.dialect):
                cursor.execute(statement)
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise


def revision_of(database: Database) -> str | None:
    """The revision of the schema that a database holds; nothing where it holds none."""
    with database.lock, database.translated():
        cursor = database.connection.cursor()
        if not has_schema(database):
            return None
        (revision,) = cursor.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(revision)


def _refuse_other_revisions(database: Database) -> None:
    try:
        present = revision_of(database)
    except BaseException:
        database.close()
        raise
    if present in {None, SCHEMA_REVISION}:
        return
    database.close()
    if present > SCHEMA_REVISION:
        raise EnvironmentProblem("DB-NEWER", f"This ledger is of a later version ({present}). Update the program.")
    raise EnvironmentProblem(
        "DB-OLD",
        f"This ledger is of an earlier version ({present}). Run `cashier upgrade`, which makes a backup first.",
    )


def has_schema(database: Database) -> bool:
    """Whether the tables are there."""
    cursor = database.connection.cursor()
    if database.dialect == "sqlite":
        cursor.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'journal'")
    else:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'journal' AND schemaname = current_schema()")
    return bool(cursor.fetchone()[0])


_DAMAGED = "The database file is damaged. Nothing was taken; restore a backup."
_SQLITE_CAUSES = (
    ("database or disk is full", "DB-FULL", "The disk is full. Nothing was taken; free some space and try again."),
    ("readonly", "DB-READONLY", "The database cannot be written. Nothing was taken; check who owns the file."),
    ("malformed", "DB-DAMAGED", _DAMAGED),
    ("could not decode", "DB-DAMAGED", _DAMAGED),
    ("not a database", "DB-DAMAGED", "The file is not a database of ours. Nothing was changed."),
    (
        "disk i/o error",
        "DB-IO",
        "The disk did not obey. Nothing was taken; the file will be checked before the next write.",
    ),
    ("locked", "DB-BUSY", "Another program holds the database. Nothing was taken; try again."),
    ("busy", "DB-BUSY", "Another program holds the database. Nothing was taken; try again."),
    ("interrupted", "DB-BUSY", "What the database was doing was broken off. Nothing was taken; try again."),
    ("unable to open", "DB-AWAY", "The database file cannot be opened. Check its path and who may read it."),
    (
        "no such table",
        "DB-OLD",
        "This database holds no ledger of this version. Run `cashier init` or `cashier upgrade`.",
    ),
)


def _explain_sqlite(problem: Exception) -> NoReturn:
    text = str(problem)
    if "LEDGER-001" in text:
        raise StaleData([Problem("LEDGER-001", text)]) from problem
    for cause, code, sentence in _SQLITE_CAUSES:
        if cause in text.lower():
            raise EnvironmentProblem(code, sentence) from problem
    raise problem


def _explain_postgresql(problem: Exception, psycopg: Any) -> NoReturn:
    state = getattr(problem, "sqlstate", None) or ""
    if state in {"40001", "40P01"}:
        raise SerializationConflict(str(problem)) from problem
    if state == "23505":
        conflict = SerializationConflict(str(problem))
        conflict.perhaps_hopeless = "journal" not in str(problem)
        raise conflict from problem
    if "LEDGER-001" in str(problem):
        raise StaleData([Problem("LEDGER-001", str(problem).splitlines()[0])]) from problem
    if state == "55P03":
        raise EnvironmentProblem("DB-BUSY", "Others hold what this needs. Nothing was taken; try again.") from problem
    if state == "53100":
        raise EnvironmentProblem("DB-FULL", "The server's disk is full. Nothing was taken.") from problem
    if state == "42P01":
        raise EnvironmentProblem(
            "DB-OLD", "This database holds no ledger of this version. Run `cashier init`."
        ) from problem
    if state[:2] in {"08", "57"} or (isinstance(problem, psycopg.OperationalError) and not state):
        raise EnvironmentProblem(
            "DB-AWAY", "The database server does not answer. Nothing was taken; try again."
        ) from problem
    raise problem
