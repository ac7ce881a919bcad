"""Ledgers of earlier versions: the same schema as a new one, and every cent and hash where it was."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.kernel.database import SCHEMA_REVISION, Database, parse_url, revision_of
from cashier_app.services.safekeeping import upgrading
from cashier_app.services.safekeeping.upgrading import known_revisions, migrate, upgrade
from tests.builders import a_ledger
from tests.checkers import check, digest
from tests.soak.revisions import Revisions

SAVED = Path(__file__).parents[1] / "data" / "ledgers"
"""A ledger saved by each released version: `python -m tests.support.saved_ledger`."""

_SQLITE_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
_POSTGRESQL_SCHEMA = (
    """SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
       WHERE table_schema = 'public' ORDER BY 1, 2""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
       WHERE NOT tgisinternal ORDER BY 1, 2""",
    """SELECT proname, regexp_replace(prosrc, '\\s+', ' ', 'g') FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace ORDER BY 1""",
)


def _schema(database: Database) -> list[Any]:
    cursor = database.connection.cursor()
    if database.dialect == "sqlite":
        rows = cursor.execute(_SQLITE_SCHEMA).fetchall()
        return [(*row[:3], "".join(row[3].split()) if row[3] else None) for row in rows]
    return [cursor.execute(query).fetchall() for query in _POSTGRESQL_SCHEMA]


def test_a_migrated_ledger_has_the_schema_of_a_new_one(database_url: str, tmp_path: Path, request: Any):
    new = Database(database_url)
    databases = request.getfixturevalue(f"{new.dialect}_databases")
    directory = tmp_path / "empty"
    directory.mkdir()
    with databases.empty(directory) as url:
        migrated = Database(url, must_exist=False)
        migrate(migrated)
        assert _schema(migrated) == _schema(new), "the models have changed: see tests/support/first_migration.py"
        assert revision_of(migrated) == SCHEMA_REVISION
        migrated.close()
    new.close()


def test_the_program_expects_the_last_revision():
    assert known_revisions()[-1] == SCHEMA_REVISION


@pytest.mark.parametrize("revision", known_revisions())
def test_a_saved_ledger_of_every_version_opens_with_today_s_code(revision: str, tmp_path: Path):
    path = tmp_path / "saved.db"
    path.write_bytes(gzip.decompress((SAVED / f"{revision}.db.gz").read_bytes()))
    upgrade(str(path), FixedClock())
    check(str(path))
    database = Database(str(path))
    assert database.connection.execute("SELECT count(*), sum(amount) FROM tender").fetchone() == (5, 14135)
    database.close()


def _set_revision(url: str, revision: str) -> None:
    database = Database(url, any_revision=True)
    database.connection.cursor().execute(f"UPDATE alembic_version SET version_num = '{revision}'")
    database.close()


def test_a_ledger_of_a_later_version_is_left_alone(database_url: str):
    _set_revision(database_url, "9999")
    with pytest.raises(EnvironmentProblem, match="DB-NEWER"):
        Database(database_url)
    with pytest.raises(EnvironmentProblem, match="DB-NEWER"):
        upgrade(database_url, FixedClock())


def test_a_ledger_of_an_earlier_version_says_how_to_go_on(database_url: str):
    _set_revision(database_url, "0000")
    with pytest.raises(EnvironmentProblem, match=r"DB-OLD.*cashier upgrade"):
        Database(database_url)


def test_an_empty_database_is_not_a_ledger_to_upgrade(tmp_path: Path):
    Database(str(tmp_path / "empty.db"), must_exist=False).close()
    with pytest.raises(EnvironmentProblem, match=r"DB-OLD.*cashier init"):
        upgrade(str(tmp_path / "empty.db"), FixedClock())


def test_a_ledger_of_this_version_is_left_as_it_is(database_url: str):
    ledger = a_ledger(database_url)
    before = digest(ledger.database)
    assert upgrade(database_url, FixedClock()) is None
    assert digest(ledger.database) == before
    ledger.close()


def test_an_upgrade_keeps_a_copy_and_a_failed_one_leaves_the_ledger(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    ledger = a_ledger(sqlite_url)
    before = digest(ledger.database)
    ledger.close()
    _set_revision(sqlite_url, "0000")
    monkeypatch.setattr(upgrading, "known_revisions", lambda: ("0000", "0001"))
    with pytest.raises(Exception, match="0000"):  # there is no way from a revision that never was
        upgrade(sqlite_url, FixedClock())
    _set_revision(sqlite_url, SCHEMA_REVISION)
    (copy,) = Path(parse_url(sqlite_url).database or "").parent.glob("*-before-upgrade-of-0000-*")
    _set_revision(str(copy), SCHEMA_REVISION)
    for path in (sqlite_url, str(copy)):
        database = Database(path)
        assert digest(database) == before
        database.close()


def test_a_copy_that_was_broken_off_does_not_pass_for_one(sqlite_url: str):
    """Found by killing an upgrade: a file named as the backup held no table."""
    ledger = a_ledger(sqlite_url)
    database = ledger.database
    whole = database.connection
    folder = Path(parse_url(sqlite_url).database or "").parent

    class BrokenOff:
        """A connection whose copy ends after some pages, as when the program is killed."""

        def backup(self, target: Any) -> None:
            whole.backup(target, pages=5, progress=self._end)

        def _end(self, *_: int) -> None:
            raise KeyboardInterrupt

    database.connection = BrokenOff()
    with pytest.raises(KeyboardInterrupt):
        upgrading._backed_up(database, "0001", FixedClock())
    database.connection = whole
    assert list(folder.glob("*-before-upgrade-*")) == []
    copy = Database(str(upgrading._backed_up(database, "0001", FixedClock())))
    assert digest(copy) == digest(database)
    copy.close()
    ledger.close()


def test_of_two_programs_that_upgrade_at_once_one_waits(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    revisions = Revisions(tmp_path / "migrations")
    revision = revisions.add()
    monkeypatch.setattr(upgrading, "_MIGRATIONS", revisions.folder)
    a_ledger(sqlite_url).close()
    database, other = Database(sqlite_url), Database(sqlite_url)
    other.connection.execute("PRAGMA busy_timeout = 0")
    waited = []

    def meanwhile(statement: str) -> None:
        """The other gets to the same place, once this one has seen which revision is there."""
        if statement.startswith("CREATE TABLE soak"):
            try:
                other.connection.execute("UPDATE alembic_version SET version_num = version_num")
            except other.driver.OperationalError:
                waited.append(statement)

    database.connection.set_trace_callback(meanwhile)
    migrate(database)
    database.connection.set_trace_callback(None)
    assert len(waited) == 1
    assert upgrading.revision_of(database) == revision
    database.close()
    other.close()
