"""Backups: taken while work goes on, and called one only after it was opened and proven (R reliability P10).

SQLite is copied by its own online backup into a file beside the target, which gets its name last.
PostgreSQL is dumped in the server's custom format and restored into a scratch database to be proven.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import exists, select, update

from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.models.journal import Node
from cashier_app.models.sync import Device
from cashier_app.services.kernel.database import Database, has_schema, parse_url
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.writing import writing
from cashier_app.services.safekeeping import postgresql_backup
from cashier_app.services.verifying import verify

_COMPANIONS = ("", "-wal", "-shm")
"""Files that together are an SQLite database."""


ROOM = 1_000_000
"""Keys left out after a restore: more than a server gives between two backups."""

_LEAVE_ROOM = Statement(
    update(Node)
    .where(exists(select(Device.id)), Node.id.not_in(select(Device.node_id)))
    .values(last_key=Node.last_key + ROOM)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupTaken:
    """A file from which the ledger can be made again."""

    file: str
    size: int
    """Bytes."""
    checked: dict[str, int]
    """What verification looked at in the copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRestored:
    """The ledger as the backup has it."""

    database: str
    file: str
    kept_aside: str
    """Where the former ledger is now; empty where there was none."""
    checked: dict[str, int]


def back_up(url: str, file: Path) -> BackupTaken:
    """Write a proven backup of the ledger to a new file; work may go on meanwhile.

    Raises:
        EnvironmentProblem: BAK-001 when the file exists (backups are never overwritten), BAK-002 when the
            copy does not prove whole, BAK-003 and BAK-005 when PostgreSQL's programs or rights are missing.
    """
    if file.exists():
        raise EnvironmentProblem("BAK-001", f"{file} exists, and a backup is never overwritten; choose another name.")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        if parse_url(url).get_backend_name() == "postgresql":
            checked = _dumped(url, part)
        else:
            _copy_sqlite(url, part)
            checked = _proven(str(part), "BAK-002", "The copy does not prove whole; there is no backup")
        _to_disk(part)
        part.rename(file)
        _to_disk(file.parent)
    finally:
        for companion in _COMPANIONS:
            part.with_name(part.name + companion).unlink(missing_ok=True)
    return BackupTaken(file=str(file), size=file.stat().st_size, checked=checked)


def restore(url: str, file: Path, clock: Clock, *, replace: bool = False) -> LedgerRestored:
    """Make the ledger as a backup has it; a former ledger is kept aside, never deleted.

    The backup is proven first; until then nothing of the former ledger is touched.

    Raises:
        EnvironmentProblem: BAK-004 when there is a ledger and `replace` was not said, BAK-006 when the file is
            no backup or does not prove whole, DB-BUSY when somebody works in the ledger.
    """
    if not file.is_file():
        raise EnvironmentProblem("BAK-006", f"There is no backup file {file}.")
    if _holds_a_ledger(url) and not replace:
        raise EnvironmentProblem(
            "BAK-004", "There is a ledger already. With --replace it is kept aside and the backup takes its place."
        )
    mark = clock.now().strftime("%Y%m%d-%H%M%S")
    if parse_url(url).get_backend_name() == "postgresql":
        kept, checked = _restored_postgresql(url, file, mark)
    else:
        kept, checked = _restored_sqlite(Path(parse_url(url).database or ""), file, mark)
    return LedgerRestored(database=url, file=str(file), kept_aside=kept, checked=checked)


def leave_room(database: Database) -> None:
    """Give no key once more that a branch may have heard of: what it holds by that key is somebody else's.

    A server that was restored from a backup goes on with keys far beyond those that it can have given since.
    """
    with writing(database) as store:
        store.apply(_LEAVE_ROOM, [{}])


def _holds_a_ledger(url: str) -> bool:
    """Whether there is anything in the place; what cannot be read counts as a ledger."""
    address = parse_url(url)
    if address.get_backend_name() != "postgresql":
        return Path(address.database or "").exists()
    with contextlib.closing(Database(url)) as database, database.translated():
        return has_schema(database)


def _proven(url: str, code: str, otherwise: str) -> dict[str, int]:
    with contextlib.closing(Database(url)) as database:
        verdict = verify(database)
    if not verdict.ok:
        first = "; ".join(str(problem) for problem in verdict.problems[:3])
        raise EnvironmentProblem(code, f"{otherwise}: {first}")
    return verdict.checked


def _ready_to_go_on(url: str) -> dict[str, int]:
    """Prove what is to become the ledger, and leave room in it, before it gets the ledger's name."""
    checked = _proven(url, "BAK-006", "The file does not prove whole; nothing was changed")
    with contextlib.closing(Database(url)) as database:
        leave_room(database)
    return checked


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# -- SQLite


def _copy_sqlite(url: str, part: Path) -> None:
    with contextlib.closing(Database(url)) as source:
        copy_file(source, part)


def copy_file(source: Database, file: Path) -> None:
    """Copy an SQLite ledger to a new file, which is on the disk when this returns."""
    with source.translated(), source.lock, contextlib.closing(source.driver.connect(str(file))) as target:
        source.connection.backup(target)
    _to_disk(file)


def _restored_sqlite(place: Path, file: Path, mark: str) -> tuple[str, dict[str, int]]:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.restoring")
    try:
        shutil.copyfile(file, part)
        checked = _ready_to_go_on(str(part))
        _to_disk(part)
        kept = _keep_aside(place, mark) if place.exists() else ""
        part.rename(place)
        _to_disk(place.parent)
    finally:
        for companion in _COMPANIONS:
            part.with_name(part.name + companion).unlink(missing_ok=True)
    return kept, checked


def _keep_aside(place: Path, mark: str) -> str:
    """Move a database with its companions; refuses while somebody works in it."""
    with _nobody_in(place):
        pass
    aside = place.with_name(f"{place.name}.before-{mark}")
    for companion in reversed(_COMPANIONS):
        part = place.with_name(place.name + companion)
        if part.exists():
            part.rename(aside.with_name(aside.name + companion))
    return str(aside)


@contextlib.contextmanager
def _nobody_in(place: Path) -> Iterator[None]:
    """Refuse with DB-BUSY while another program has the file; a damaged one may go all the same."""
    try:
        database = Database(str(place), any_revision=True)
    except EnvironmentProblem as problem:
        if problem.code == "DB-BUSY":
            raise
        yield
        return
    try:
        # Leaving write-ahead logging takes the file for itself alone, and folds the log into it.
        with database.translated():
            database.connection.execute("PRAGMA busy_timeout = 1000")
            database.connection.execute("PRAGMA journal_mode = DELETE")
        yield
    except EnvironmentProblem as problem:
        if problem.code == "DB-BUSY":
            raise EnvironmentProblem("DB-BUSY", "Somebody works in the ledger; close the program first.") from problem
    finally:
        database.close()


# -- PostgreSQL


def _dumped(url: str, part: Path) -> dict[str, int]:
    postgresql_backup.dump(parse_url(url), part)
    with postgresql_backup.scratch_database(parse_url(url), part) as scratch:
        return _proven(scratch, "BAK-002", "The copy does not prove whole; there is no backup")


def _restored_postgresql(url: str, file: Path, mark: str) -> tuple[str, dict[str, int]]:
    address = parse_url(url)
    with postgresql_backup.scratch_database(address, file, keep=True) as scratch:
        checked = _ready_to_go_on(scratch)
        held = _holds_a_ledger(url)
        kept = postgresql_backup.exchange(address, parse_url(scratch), f"{address.database}_before_{mark}")
    return kept if held else "", checked
