"""Backups are proven, never overwritten, and restored without losing what was there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.kernel.database import Database, parse_url
from cashier_app.services.safekeeping import backup, postgresql_backup
from cashier_app.services.safekeeping.backup import back_up, restore
from cashier_app.services.verifying import verify
from tests.builders import Ledger, a_ledger

CLOCK = FixedClock(datetime(2026, 1, 6, 12, 0, tzinfo=UTC))


def commands_in(url: str) -> int:
    database = Database(url)
    try:
        assert verify(database).ok
        return int(database.connection.cursor().execute("SELECT count(*) FROM journal").fetchone()[0])
    finally:
        database.close()


def another_command(ledger: Ledger) -> None:
    ledger.door.execute(SealDay(), user_id=0)


def test_backup_is_taken_while_the_ledger_is_open_and_holds_everything(ledger, tmp_path):
    another_command(ledger)
    taken = back_up(ledger.url, tmp_path / "evening.backup")
    assert taken.size == (tmp_path / "evening.backup").stat().st_size > 0
    assert taken.checked["journal entries"] > 0
    another_command(ledger)
    assert sorted(path.name for path in tmp_path.iterdir() if "part" in path.name) == []


def test_a_backup_is_never_overwritten(ledger, tmp_path):
    file = tmp_path / "evening.backup"
    file.write_text("somebody's", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="BAK-001"):
        back_up(ledger.url, file)
    assert file.read_text(encoding="utf-8") == "somebody's"


def test_restoring_over_a_ledger_must_be_said_and_keeps_the_former_one(ledger, tmp_path):
    file = tmp_path / "evening.backup"
    back_up(ledger.url, file)
    before = commands_in(ledger.url)
    another_command(ledger)
    ledger.close()
    with pytest.raises(EnvironmentProblem, match="BAK-004"):
        restore(ledger.url, file, CLOCK)
    assert commands_in(ledger.url) == before + 1

    done = restore(ledger.url, file, CLOCK, replace=True)
    assert commands_in(ledger.url) == before
    assert "20260106-120000" in done.kept_aside
    aside = done.kept_aside
    if "postgresql" in ledger.url:
        aside = f"{ledger.url.rpartition('/')[0]}/{done.kept_aside}"
    assert commands_in(aside) == before + 1


def test_a_restore_that_is_killed_leaves_the_former_ledger_or_one_that_gives_no_key_again(
    ledger, tmp_path, monkeypatch
):
    """Nothing is left to be done once the restored ledger has its name (R reliability P10)."""
    file = tmp_path / "evening.backup"
    back_up(ledger.url, file)
    another_command(ledger)
    before = ledger.value("SELECT count(*) FROM journal")
    ledger.close()

    def killed(_database):
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "leave_room", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(ledger.url, file, CLOCK, replace=True)
    assert commands_in(ledger.url) == before


def test_two_databases_exchange_their_names_or_keep_them(postgresql_url):
    address = parse_url(postgresql_url)
    Database(postgresql_url, must_exist=False).close()
    with pytest.raises(psycopg.Error):
        postgresql_backup.exchange(address, address.set(database="no_such_database"), f"{address.database}_aside")
    Database(postgresql_url, must_exist=False).close()


def test_a_ledger_in_which_somebody_works_is_not_replaced(ledger, tmp_path):
    file = tmp_path / "evening.backup"
    back_up(ledger.url, file)
    another_command(ledger)
    with pytest.raises(EnvironmentProblem, match="DB-BUSY"):
        restore(ledger.url, file, CLOCK, replace=True)
    another_command(ledger)


def test_a_file_that_is_no_backup_changes_nothing(ledger, tmp_path):
    ledger.close()
    before = commands_in(ledger.url)
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"not a backup" * 1000)
    for file in (rubbish, tmp_path / "missing"):
        with pytest.raises(EnvironmentProblem, match=r"BAK-006|DB-DAMAGED"):
            restore(ledger.url, file, CLOCK, replace=True)
    assert commands_in(ledger.url) == before


def test_a_damaged_backup_is_not_restored(sqlite_url, tmp_path):
    ledger = a_ledger(sqlite_url)
    file = tmp_path / "evening.backup"
    back_up(ledger.url, file)
    file.write_bytes(file.read_bytes().replace(b'"login":"ann"', b'"login":"eve"'))
    ledger.close()
    with pytest.raises(EnvironmentProblem, match="BAK-006"):
        restore(ledger.url, file, CLOCK, replace=True)
    assert commands_in(ledger.url) > 0


def test_a_ledger_that_does_not_prove_whole_gets_no_backup(sqlite_url, tmp_path):
    ledger = a_ledger(sqlite_url)
    ledger.unchecked = True
    cursor = ledger.database.connection.cursor()
    cursor.execute("UPDATE node SET sequence = sequence + 1")
    with pytest.raises(EnvironmentProblem, match="BAK-002"):
        back_up(ledger.url, tmp_path / "evening.backup")
    assert not (tmp_path / "evening.backup").exists()


def test_without_the_servers_programs_a_backup_is_refused(postgresql_url, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(Path, "glob", lambda _self, _pattern: iter(()))
    with pytest.raises(EnvironmentProblem, match="BAK-003"):
        back_up(postgresql_url, tmp_path / "evening.backup")


def test_a_user_who_may_create_no_database_is_told_what_is_missing(postgresql_url, postgresql_server, tmp_path):
    plain = postgresql_url.replace("+psycopg", "", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS teller")
        connection.execute("CREATE ROLE teller LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO teller")
    with pytest.raises(EnvironmentProblem, match="BAK-005"):
        back_up(postgresql_url.replace("postgres@", "teller@", 1), tmp_path / "evening.backup")
    assert not (tmp_path / "evening.backup").exists()
