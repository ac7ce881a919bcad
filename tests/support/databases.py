"""Fresh databases in milliseconds: the schema is made once per process, and every test receives a copy."""

import importlib
import importlib.util
import itertools
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol

from tests.support.postgresql import PostgresqlServer


def prepare(url: str) -> None:
    """Create the product's schema in an empty database; the one place where tests learn how that is done."""
    name = "cashier_app.services.kernel.database"
    if importlib.util.find_spec(name) is None:
        return
    service = importlib.import_module(name)
    if hasattr(service, "create"):
        service.create(url)
        return
    database = service.Database(url, must_exist=False)
    try:
        service.create_schema(database)
    finally:
        database.close()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


class Databases(Protocol):
    """Gives out fresh databases of one kind."""

    def with_schema(self, directory: Path) -> AbstractContextManager[str]:
        """Address of a database that holds the product's schema and nothing else; gone afterwards."""
        ...

    def empty(self, directory: Path) -> AbstractContextManager[str]:
        """Address of a database without any table; gone afterwards."""
        ...


class SqliteDatabases:
    """Files; an in-memory database would be a different one in each thread."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @cached_property
    def _template(self) -> Path:
        path = self._directory / "template.db"
        path.unlink(missing_ok=True)
        prepare(sqlite_url(path))
        if path.exists():
            _write_everything_to_the_file(path)
        return path

    @contextmanager
    def with_schema(self, directory: Path) -> Iterator[str]:
        path = directory / "cashier.db"
        if self._template.exists():
            shutil.copyfile(self._template, path)
        yield sqlite_url(path)

    @contextmanager
    def empty(self, directory: Path) -> Iterator[str]:
        yield sqlite_url(directory / "empty.db")


class PostgresqlDatabases:
    """Databases of the session's throw-away server, copied from a template by the server itself."""

    _TEMPLATE = "cashier_template"

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)

    @cached_property
    def _template(self) -> str:
        url = self._server.create(self._TEMPLATE)
        try:
            prepare(url)
        except BaseException:
            # So that the next test fails for the same reason and not because the template exists.
            self._server.drop(self._TEMPLATE)
            raise
        return self._TEMPLATE

    @contextmanager
    def with_schema(self, directory: Path) -> Iterator[str]:
        with self._copy_of(self._template) as url:
            yield url

    @contextmanager
    def empty(self, directory: Path) -> Iterator[str]:
        with self._copy_of("template0") as url:
            yield url

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        url = self._server.create(name, template=template)
        try:
            yield url
        finally:
            self._server.drop(name)


def _write_everything_to_the_file(path: Path) -> None:
    """Copying a SQLite file is safe only when nothing is left in its write-ahead log."""
    try:
        from pysqlite3 import dbapi2 as sqlite3  # noqa: PLC0415 - absent on some platforms
    except ImportError:
        import sqlite3  # noqa: PLC0415
    connection = sqlite3.connect(path)
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    log = path.with_name(path.name + "-wal")
    if busy or (log.exists() and log.stat().st_size):
        raise AssertionError(f"{path} is still open after prepare(): database.create must close its connections")
