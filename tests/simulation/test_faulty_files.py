"""Each fault of the disk by itself: what the program hears, and what is left."""

import gc
import random
import sqlite3
import time
from pathlib import Path

import pytest

from cashier_app.simulation.apsw_driver import OperationalError
from cashier_app.simulation.faults import FaultKind, MachineStopped
from cashier_app.simulation.faulty_files import FaultyDisk
from tests.simulation.counter import Counter


@pytest.fixture
def disk() -> FaultyDisk:
    return FaultyDisk(random.Random(1))


@pytest.fixture
def counter(disk: FaultyDisk) -> Counter:
    return Counter(disk, random.Random(1))


@pytest.mark.parametrize(
    ("fault", "words", "code"),
    [
        (FaultKind.DISK_FULL, "database or disk is full", "SQLITE_FULL"),
        (FaultKind.WRITE_ERROR, "disk I/O error", "SQLITE_IOERR"),
        (FaultKind.SYNC_ERROR, "disk I/O error", "SQLITE_IOERR"),
        (FaultKind.SYNC_LOST, "disk I/O error", "SQLITE_IOERR"),
    ],
)
def test_a_refused_payment_is_absent_and_the_next_one_is_taken(counter, fault, words, code):
    connection = counter.open()
    counter.pay(connection)
    counter.disk.arm(fault)
    with pytest.raises(OperationalError, match=words) as refused:
        counter.pay(connection)
    assert refused.value.sqlite_errorname.startswith(code)
    connection.rollback()
    assert not connection.in_transaction
    assert counter.disk.armed == ()
    counter.pay(connection)
    connection.close()
    present, health = counter.found()
    assert (present, health) == (counter.acknowledged, "ok")
    assert len(present) == 2


def test_a_read_error_is_heard(counter):
    connection = counter.open()
    for _ in range(20):
        counter.pay(connection)
    counter.disk.arm(FaultKind.READ_ERROR)
    with pytest.raises(OperationalError, match="disk I/O error") as refused:
        connection.execute("SELECT count(*), max(note) FROM segment").fetchall()
    assert refused.value.sqlite_errorname.startswith("SQLITE_IOERR")
    assert connection.execute("SELECT count(*) FROM segment").fetchone() == (80,)


def test_a_full_disk_stays_full_until_it_is_cleared(counter):
    connection = counter.open()
    counter.disk.arm(FaultKind.DISK_FULL, times=None)
    for _ in range(3):
        with pytest.raises(OperationalError, match="full"):
            counter.pay(connection)
        connection.rollback()
    assert connection.execute("SELECT count(*) FROM payment").fetchone() == (0,), "reading goes on"
    counter.disk.disarm()
    counter.pay(connection)


def test_a_failed_checkpoint_is_no_failed_commit(counter):
    connection = counter.open()
    connection.execute("PRAGMA wal_autocheckpoint=0")
    while len(counter.disk.snapshot()["branch.db-wal"]) < 200_000:
        counter.pay(connection)
    connection.execute("PRAGMA wal_autocheckpoint=1")
    synced = counter.disk.syncs
    counter.disk.arm(FaultKind.SYNC_ERROR, after=1)
    counter.pay(connection)
    assert counter.disk.armed == (), "the checkpoint's sync has failed"
    assert counter.disk.syncs == synced + 2
    connection.close()
    assert counter.found() == (counter.acknowledged, "ok")


def test_an_armed_fault_waits_for_as_many_operations_as_asked(counter):
    connection = counter.open()
    counter.pay(connection)
    before = counter.disk.writes
    counter.disk.arm(FaultKind.WRITE_ERROR, after=5)
    with pytest.raises(OperationalError):
        counter.pay(connection)
    assert counter.disk.writes - before == 6


def test_after_a_power_cut_everything_old_is_dead(counter):
    disk = counter.disk
    connection = counter.open()
    counter.pay(connection)
    disk.cut_power()
    assert disk.stopped_by is FaultKind.POWER_CUT
    with pytest.raises(MachineStopped):
        counter.pay(connection)
    with pytest.raises(MachineStopped):
        disk.connect()
    disk.restart()
    with pytest.raises(MachineStopped):
        connection.execute("SELECT count(*), max(note) FROM segment").fetchall()
    files = disk.snapshot()
    connection.close()
    del connection
    gc.collect()
    assert disk.snapshot() == files, "a late close of the old connection writes nothing"
    assert counter.found() == ({"command-1"}, "ok")


def test_no_error_handling_of_the_program_survives_a_power_cut(counter):
    connection = counter.open()
    counter.disk.arm(FaultKind.POWER_CUT, after=3)

    def program() -> None:
        try:
            counter.pay(connection)
        except Exception:  # noqa: BLE001
            pytest.fail("the program caught the loss of its power")
        finally:
            with pytest.raises(MachineStopped):
                connection.execute("SELECT 1")

    with pytest.raises(MachineStopped):
        program()


def test_only_one_connection_may_open_a_file(counter):
    connection = counter.open()
    counter.pay(connection)
    other = counter.disk.connect()
    with pytest.raises(OperationalError, match="database is locked"):
        other.execute("SELECT * FROM payment")
    connection.close()
    assert other.execute("SELECT count(*) FROM payment").fetchone() == (1,)


def test_only_faults_of_a_disk_can_be_armed(disk):
    with pytest.raises(ValueError, match="no fault of a disk"):
        disk.arm(FaultKind.REPLY_LOST)


def test_a_running_machine_is_not_restarted(disk):
    with pytest.raises(RuntimeError, match="runs"):
        disk.restart()


def test_real_files_go_in_and_out(disk, tmp_path: Path):
    prepared = tmp_path / "prepared.db"
    with sqlite3.connect(prepared) as real:
        real.execute("CREATE TABLE t (a)")
        real.execute("INSERT INTO t VALUES (1)")
    real.close()
    disk.load(prepared, "branch.db")
    connection = disk.connect("branch.db")
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    connection.execute("INSERT INTO t VALUES (2)")
    disk.export(tmp_path / "copy.db", "branch.db")
    assert (tmp_path / "copy.db-wal").exists()
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT a FROM t").fetchall() == [(1,), (2,)]
    copy.close()


def test_a_backup_put_back_shows_the_old_state(counter):
    connection = counter.open()
    counter.pay(connection)
    backup = counter.disk.snapshot()
    counter.pay(connection)
    counter.disk.restore(backup)
    assert counter.found() == ({"command-1"}, "ok")


def test_without_faults_it_is_fast_enough_for_the_simulator(counter):
    # The simulator needs 3,000 small transactions a second; a tenth of that is left for slow machines.
    connection = counter.open()
    started = time.perf_counter()
    for _ in range(500):
        counter.pay(connection)
    assert 500 / (time.perf_counter() - started) > 300


@pytest.mark.parametrize("gone", ["killed", "replaced"])
def test_a_connection_of_yesterday_does_not_delete_the_log_of_today(counter: Counter, disk: FaultyDisk, gone: str):
    counter.open().close()
    old = counter.open()  # and nothing written, so that its closing finds nothing to do but tidy up
    if gone == "killed":
        disk.kill_process()
        disk.restart()
    else:
        disk.restore(disk.snapshot())
    new = counter.open()
    counter.pay(new)
    old.close()
    disk.cut_power()
    disk.restart()
    assert counter.found() == (counter.acknowledged, "ok")
