"""Databases for tests, and the real data where it is present.

A test that asks for `database_url` runs twice, on SQLite and on PostgreSQL. Fixtures: `database_url` (both kinds, with
the schema), `ledger_url` (both kinds, with the demo utility and its people), `sqlite_url`, `sqlite_ledger_url`,
`postgresql_url` (one kind), `empty_database_url` (both kinds, no table), `databases` (both kinds, for tests that need
several). `--database sqlite` or `--database postgresql` leaves the other kind out.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cashier_app import settings
from cashier_app.services.administration import users
from tests.builders import furnished
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import PostgresqlServer, session_server

_KINDS = ("sqlite", "postgresql")
_BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=_KINDS, help="run the tests of both databases on this one only")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes seconds; left out of make check")
    config.addinivalue_line("markers", "soak: takes many minutes; run only where -m asks for it (make soak)")


@pytest.hookimpl(tryfirst=True)  # before -m is applied
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # A test that uses only the server's databases needs the server, whether or not it says so.
    for item in items:
        if "postgresql_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgresql)

    # In the hook and not in `addopts`, where any other -m would bring the long runs back.
    if "soak" not in config.option.markexpr:
        _keep(config, items, lambda item: not item.get_closest_marker("soak"))
    wanted = config.getoption("--database")
    if wanted is not None:
        _keep(config, items, lambda item: _kind_of(item) in (None, wanted))


def _keep(config: pytest.Config, items: list[pytest.Item], wanted: Callable[[pytest.Item], bool]) -> None:
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (kept if wanted(item) else left_out).append(item)
    if left_out:
        items[:] = kept
        config.hook.pytest_deselected(items=left_out)


def _kind_of(item: pytest.Item) -> str | None:
    if item.get_closest_marker("postgresql"):
        return "postgresql"
    fixtures = set(getattr(item, "fixturenames", ()))
    return "sqlite" if {"databases", "sqlite_databases"} & fixtures else None


@pytest.fixture(scope="session", autouse=True)
def slow_hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """What the product hashes passwords with. Tests sign in often and are given one that is not slow on purpose."""
    products_own = users._hasher
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_hasher", lambda: quick)
        yield products_own


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    with session_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: PostgresqlServer) -> PostgresqlDatabases:
    return PostgresqlDatabases(postgresql_server)


@pytest.fixture(params=_BOTH)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Each kind of database in turn, for tests that need several of them."""
    kind: Databases = request.getfixturevalue(f"{request.param}_databases")
    return kind


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.with_schema(tmp_path) as url:
        yield url


@pytest.fixture
def ledger_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.copy_of(furnished, tmp_path) as url:
        yield url


@pytest.fixture
def sqlite_ledger_url(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[str]:
    with sqlite_databases.copy_of(furnished, tmp_path) as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.empty(tmp_path) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[str]:
    with sqlite_databases.with_schema(tmp_path) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> Iterator[str]:
    with postgresql_databases.with_schema(tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Directory of the real data, which is not part of the project; CASHIER_DATA names it."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    directory = settings.read({"CASHIER_DATA": os.environ.get("CASHIER_DATA") or str(beside)}).data
    if directory is None:
        pytest.skip("the real data is not on this machine (CASHIER_DATA names its directory)")
    return directory
