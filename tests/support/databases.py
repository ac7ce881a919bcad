"""Fresh databases in milliseconds: what tests begin with is made once per process, and every test receives a copy."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from cashier_app.services.kernel.database import Database, create_schema
from tests.support.postgresql import PostgresqlServer

Maker = Callable[[str], object]
"""Makes in an empty database what tests begin with; a function of a module, so that it is known again."""


def prepare(url: str) -> None:
    """Create the product's schema in an empty database."""
    database = Database(url, must_exist=False)
    try:
        create_schema(database)
    finally:
        database.close()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


class Databases(Protocol):
    """Gives out fresh databases of one kind."""

    def copy_of(self, make: Maker, directory: Path) -> AbstractContextManager[str]:
        """Address of a copy of what a maker makes, once per process; gone afterwards."""
        ...

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
        self._templates: dict[Maker, Path] = {}

    def _template(self, make: Maker) -> Path:
        if make not in self._templates:
            path = self._directory / f"template-{len(self._templates)}.db"
            path.unlink(missing_ok=True)
            make(sqlite_url(path))
            _write_everything_to_the_file(path)
            self._templates[make] = path
        return self._templates[make]

    @contextmanager
    def copy_of(self, make: Maker, directory: Path) -> Iterator[str]:
        path = directory / "cashier.db"
        shutil.copyfile(self._template(make), path)
        yield sqlite_url(path)

    def with_schema(self, directory: Path) -> AbstractContextManager[str]:
        return self.copy_of(prepare, directory)

    @contextmanager
    def empty(self, directory: Path) -> Iterator[str]:
        yield sqlite_url(directory / "empty.db")


class PostgresqlDatabases:
    """Databases of the session's throw-away server, copied from templates by the server itself."""

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._templates: dict[Maker, str] = {}

    def template(self, make: Maker) -> str:
        """Name of the database that a maker made."""
        if make not in self._templates:
            name = f"template_{next(self._numbers)}"
            url = self._server.create(name)
            try:
                make(url)
            except BaseException:
                self._server.drop(name)
                raise
            self._templates[make] = name
        return self._templates[make]

    def copy_of(self, make: Maker, directory: Path) -> AbstractContextManager[str]:
        return self._copy(self.template(make))

    def with_schema(self, directory: Path) -> AbstractContextManager[str]:
        return self.copy_of(prepare, directory)

    def empty(self, directory: Path) -> AbstractContextManager[str]:
        return self._copy("template0")

    @contextmanager
    def _copy(self, template: str) -> Iterator[str]:
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
