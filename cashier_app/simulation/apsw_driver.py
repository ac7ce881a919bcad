"""A thin DBAPI 2 module (PEP 249) over apsw, for SQLAlchemy's SQLite dialect and for raw cursors.

    create_engine("sqlite://", module=apsw_driver, creator=disk.connect, poolclass=StaticPool)

It behaves like the product's own driver in autocommit mode: transactions begin with an explicit
`BEGIN IMMEDIATE` and end with `COMMIT`, `ROLLBACK`, `commit()` or `rollback()`. Its exceptions *are*
those of the product's driver, with the same words and `sqlite_errorcode`, so that code which tells
refusals apart need not know on which of the two it runs. `MachineStopped` passes through untouched.

Three things of sqlite3 are missing on purpose: implicit transactions (`isolation_level` other than
None), declared-type converters, and the check for one statement per call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Self

from cashier_app.simulation.apsw_cursor import Cursor, Parameters
from cashier_app.simulation.driver_errors import product_driver, translated
from cashier_app.simulation.faults import FaultKind, MachineStopped
from cashier_app.simulation.optional import apsw_module

_driver = product_driver()

apilevel = "2.0"
threadsafety = 1
paramstyle = "qmark"

Warning: type[Exception] = _driver.Warning  # noqa: A001
Error: type[Exception] = _driver.Error
InterfaceError: type[Exception] = _driver.InterfaceError
DatabaseError: type[Exception] = _driver.DatabaseError
DataError: type[Exception] = _driver.DataError
OperationalError: type[Exception] = _driver.OperationalError
IntegrityError: type[Exception] = _driver.IntegrityError
InternalError: type[Exception] = _driver.InternalError
ProgrammingError: type[Exception] = _driver.ProgrammingError
NotSupportedError: type[Exception] = _driver.NotSupportedError

Binary = memoryview
Date = dt.date
Time = dt.time
Timestamp = dt.datetime

STATEMENTS_CACHED = 500
"""Prepared statements kept by a connection; the product has some hundreds of SQL texts."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def _microseconds(instant: dt.datetime) -> int:
    if instant.tzinfo is None:
        raise ProgrammingError("A time without its zone cannot be stored.")
    return (instant - _EPOCH) // _MICROSECOND


_adapters: dict[type, Callable[[Any], Any]] = {dt.date: dt.date.isoformat, dt.datetime: _microseconds}


def register_adapter(kind: type, adapter: Callable[[Any], Any], /) -> None:
    """Bind values of exactly this type as what `adapter` makes of them, on every connection.

    Types that SQLite knows (None, int, float, str, bytes and their subclasses, such as bool and
    StrEnum) are bound as they are and never adapted. Dates are ISO text and aware instants
    microseconds since 1970 unless registered otherwise.
    """
    _adapters[kind] = adapter


def __getattr__(name: str) -> Any:
    # SQLAlchemy asks for the version; apsw must not be needed merely to import this module.
    if name == "sqlite_version":
        return apsw_module().sqlite_lib_version()
    if name == "sqlite_version_info":
        return tuple(int(part) for part in apsw_module().sqlite_lib_version().split("."))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def connect(
    database: str,
    *,
    timeout: float = 5.0,
    isolation_level: None = None,
    vfs: str | None = None,
    autocheckpoint: int = 1000,
    owner: object = None,
    **_ignored: Any,
) -> Connection:
    """Open a database in autocommit mode, on a VFS where one is named, whose `owner` is kept alive.

    Other options of sqlite3 (`check_same_thread`, `cached_statements`, …) are accepted without effect.
    """
    _refuse_implicit_transactions(isolation_level)
    try:
        raw = apsw_module().Connection(database, vfs=vfs, statementcachesize=STATEMENTS_CACHED)
    except Exception as error:
        raise translated(error) from error
    raw.set_busy_timeout(int(timeout * 1000))
    raw.convert_binding = _adapted
    return Connection(raw, autocheckpoint, owner)


class Connection:
    """One connection in autocommit mode."""

    def __init__(self, raw: Any, autocheckpoint: int, owner: object = None) -> None:
        self.raw = raw
        """The connection of apsw, for what this adapter does not offer."""
        self._checkpoints = _Autocheckpoint(autocheckpoint)
        self._owner = owner
        self.stopped: FaultKind | None = None
        """Why the machine of this connection is gone for good, set by the machine."""
        raw.set_wal_hook(self._checkpoints)

    def __del__(self) -> None:
        # Left to itself, apsw prints what a file of a stopped machine says to being closed.
        self.close()

    @property
    def isolation_level(self) -> None:
        """None, as transactions are begun explicitly."""
        return

    @isolation_level.setter
    def isolation_level(self, level: str | None) -> None:
        _refuse_implicit_transactions(level)

    @property
    def autocheckpoint(self) -> int:
        """After how many WAL pages a commit checkpoints; 0 for never."""
        return self._checkpoints.pages

    @autocheckpoint.setter
    def autocheckpoint(self, pages: int) -> None:
        self._checkpoints.pages = pages

    def cursor(self) -> Cursor:
        """A new cursor."""
        self._refuse_if_stopped()
        try:
            return Cursor(self)
        except Exception as error:
            raise self.heard(error) from error

    def execute(self, sql: str, parameters: Parameters = ()) -> Cursor:
        """A new cursor that has executed this."""
        cursor = self.cursor()
        cursor.execute(sql, parameters)
        return cursor

    def executemany(self, sql: str, parameters: Iterable[Parameters]) -> Cursor:
        """A new cursor that has executed this for each set of parameters."""
        cursor = self.cursor()
        cursor.executemany(sql, parameters)
        return cursor

    def executescript(self, script: str) -> Cursor:
        """Execute several statements after each other; results are thrown away."""
        cursor = self.cursor()
        try:
            for _ in self.raw.execute(script):
                pass
        except Exception as error:
            raise self.heard(error) from error
        return cursor

    def commit(self) -> None:
        """End the open transaction, if there is one."""
        if self.in_transaction:
            self._run("COMMIT")

    def rollback(self) -> None:
        """Undo the open transaction, if there is one."""
        if self.in_transaction:
            self._run("ROLLBACK")

    def close(self) -> None:
        """Close. Never raises: a machine without power cannot refuse to be switched off."""
        # As in sqlite3, a failed checkpoint at closing is nobody's error: the WAL remains.
        with suppress(Exception, MachineStopped):
            self.raw.close(True)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        try:
            return bool(self.raw.in_transaction)
        except Exception as error:
            raise self.heard(error) from error

    @property
    def total_changes(self) -> int:
        """Rows changed since opening, those of triggers included."""
        return int(self.raw.total_changes())

    def create_function(
        self,
        name: str,
        narg: int,
        func: Callable[..., Any] | None,
        *,
        deterministic: bool = False,
    ) -> None:
        """Make a Python function known to SQL. What it raises reaches the caller unchanged."""
        self.raw.create_scalar_function(name, func, narg, deterministic=deterministic)

    def create_collation(self, name: str, func: Callable[[str, str], int] | None) -> None:
        """Make an order of texts known to SQL."""
        self.raw.create_collation(name, func)

    def set_trace_callback(self, callback: Callable[[str], object] | None) -> None:
        """Be told each statement before it is executed, on connections opened for tests."""

        def trace(_cursor: Any, sql: str, _bindings: Any) -> bool:
            assert callback is not None
            callback(sql)
            return True

        self.raw.set_exec_trace(None if callback is None else trace)

    def interrupt(self) -> None:
        """Make the running statement fail."""
        self.raw.interrupt()

    def backup(self, target: Connection, *, name: str = "main") -> None:
        """Copy the whole database into another connection."""
        try:
            with target.raw.backup("main", self.raw, name) as copy:
                while not copy.done:
                    copy.step(-1)
        except Exception as error:
            raise self.heard(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.commit()
        elif not issubclass(kind, MachineStopped):
            self.rollback()

    def heard(self, error: Exception) -> BaseException:
        """An error of apsw as the caller is to hear it.

        SQLite still answers on a machine that is gone, with errors that follow from the first one;
        none of them may look like an error that the program could handle.
        """
        return translated(error) if self.stopped is None else MachineStopped(self.stopped)

    def _refuse_if_stopped(self) -> None:
        if self.stopped is not None:
            raise MachineStopped(self.stopped)

    def _run(self, sql: str) -> None:
        self._refuse_if_stopped()
        try:
            self.raw.execute(sql)
        except Exception as error:
            raise self.heard(error) from error


class _Autocheckpoint:
    """Checkpoints after a commit, as SQLite does by itself, but keeps quiet where SQLite does.

    SQLite ignores a failed automatic checkpoint, since the commit is safe in the WAL. apsw raises
    the error of the file layer all the same, from a COMMIT that succeeded. So the checkpoint is made
    here, where its error can be dropped as SQLite means it.
    """

    def __init__(self, pages: int) -> None:
        self.pages = pages

    def __call__(self, raw: Any, schema: str, pages: int) -> int:
        if 0 < self.pages <= pages:
            apsw = apsw_module()
            with suppress(apsw.Error):
                raw.wal_checkpoint(schema, apsw.SQLITE_CHECKPOINT_PASSIVE)
        return 0


def _adapted(_cursor: Any, number: int, value: Any) -> Any:
    adapter = _adapters.get(type(value))
    if adapter is None:
        raise ProgrammingError(f"Error binding parameter {number}: type '{type(value).__name__}' is not supported")
    return adapter(value)


def _refuse_implicit_transactions(level: str | None) -> None:
    if level is not None:
        raise NotSupportedError("Transactions are begun explicitly here; isolation_level must be None.")
