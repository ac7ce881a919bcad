"""Bringing a ledger of an earlier version up to this one: backup first, then all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.kernel.database import SCHEMA_REVISION, Database, revision_of
from cashier_app.services.safekeeping.backup import copy_file

if TYPE_CHECKING:
    from alembic.config import Config

_ALONE = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": ("BEGIN", "SELECT pg_advisory_xact_lock(1867)"),
}
"""Of two programs that upgrade at once one waits, and finds everything done."""
_MIGRATIONS = Path(__file__).parents[2] / "models" / "migrations"


def upgrade(url: str, clock: Clock) -> Path | None:
    """Upgrade the ledger at `url`; returns the backup that was made of an SQLite file.

    A ledger of this version is left as it is. Money and history are the same before and after: a
    revision may add, never rewrite what the journal has proven.

    Raises:
        EnvironmentProblem: DB-OLD where there is no ledger, DB-NEWER where a later program has been here.
    """
    database = Database(url, any_revision=True)
    try:
        present = revision_of(database)
        if present is None:
            raise EnvironmentProblem("DB-OLD", "This database holds no ledger. Run `cashier init`.")
        if present not in known_revisions():
            raise EnvironmentProblem("DB-NEWER", f"This ledger is of a later version ({present}). Update the program.")
        if present == SCHEMA_REVISION:
            return None
        backup = _backed_up(database, present, clock) if database.dialect == "sqlite" else None
        migrate(database)
        return backup
    finally:
        database.close()


def known_revisions() -> tuple[str, ...]:
    """All revisions, oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # only for an upgrade

    scripts = ScriptDirectory.from_config(_config())
    return tuple(reversed([script.revision for script in scripts.walk_revisions()]))


def migrate(database: Database) -> None:
    """Run every revision that is missing, in one transaction."""
    from alembic import command  # noqa: PLC0415  # only for an upgrade

    config = _config()
    with _connection(database) as connection:
        config.attributes["connection"] = connection
        for statement in _ALONE[database.dialect]:
            connection.exec_driver_sql(statement)
        try:
            command.upgrade(config, "head")
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connection(database: Database) -> Iterator[Any]:
    """SQLAlchemy's view of a connection that is open already, with its own transactions left to us."""
    from sqlalchemy import NullPool, create_engine  # noqa: PLC0415

    name = "sqlite://" if database.dialect == "sqlite" else "postgresql+psycopg://"
    engine = create_engine(name, creator=lambda: database.connection, poolclass=NullPool, module=database.driver)
    connection = engine.connect()
    try:
        yield connection
    finally:
        # Closing would close the database's own connection under it.
        connection.detach()


def _backed_up(database: Database, revision: str, clock: Clock) -> Path:
    """A copy under its name only once it is whole: one that was broken off would pass for a backup."""
    source = Path(database.url.database or "")
    stamp = clock.now().strftime("%Y%m%dT%H%M%S")
    path = source.with_name(f"{source.stem}-before-upgrade-of-{revision}-{stamp}{source.suffix}")
    part = source.with_name(f".{source.name}.part")
    for left in (part, part.with_name(f"{part.name}-journal")):
        left.unlink(missing_ok=True)
    copy_file(database, part)
    part.replace(path)
    return path
