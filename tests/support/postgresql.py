"""The session's throw-away PostgreSQL: one server per test process, started by the first test that needs it.

One per process and not one for all: starting takes half a second, the workers start theirs at the same time, and no
worker has to know when the last of the others is done.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from cashier_app.interfaces.throwaway_postgresql import server_programs, throwaway_postgresql

_DROP_WITH_FORCE_SINCE = 130_000
_STRATEGY_SINCE = 150_000


class PostgresqlServer:
    """Creates and drops databases; keeps one connection for it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)

    def create(self, name: str, *, template: str = "template0") -> str:
        """A new database and its address. Copying files beats logging every page, and nothing here needs the log."""
        strategy = "STRATEGY FILE_COPY" if self._connection.info.server_version >= _STRATEGY_SINCE else ""
        self._connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} " + strategy).format(sql.Identifier(name), sql.Identifier(template))
        )
        return self.url_of(name)

    def drop(self, name: str) -> None:
        """Drop a database, even if the test left connections open."""
        force = "WITH (FORCE)" if self._connection.info.server_version >= _DROP_WITH_FORCE_SINCE else ""
        self._connection.execute(sql.SQL("DROP DATABASE {} " + force).format(sql.Identifier(name)))

    def url_of(self, name: str) -> str:
        return f"{self.url.rpartition('/')[0]}/{name}"

    def close(self) -> None:
        self._connection.close()


@contextmanager
def session_server() -> Iterator[PostgresqlServer]:
    """The server for this session; without server programs the test is skipped, in continuous integration it fails."""
    if server_programs() is None:
        message = "no PostgreSQL server programs on this machine: make setup installs them"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    with throwaway_postgresql() as url:
        server = PostgresqlServer(url)
        try:
            yield server
        finally:
            server.close()
