"""A disk for SQLite that fails on command: power cuts, full disks, I/O errors, syncs that lie.

`FaultyDisk` is one machine's disk. It lives in memory and is registered with SQLite as a VFS of its
own through apsw; `connect` opens a database on it with the DBAPI adapter `apsw_driver`:

    disk = FaultyDisk(random.Random(seed))
    connection = disk.connect("branch.db")
    disk.arm(FaultKind.POWER_CUT, after=17)
    try:
        work(connection)
    except MachineStopped:
        disk.restart()          # the surviving files; every old connection stays dead

A VFS in Python offers no shared memory, which WAL needs unless the one connection locks the file
for itself: `connect` sets `locking_mode=EXCLUSIVE` before anything else, and a second connection to
the same file is refused as locked. Everything random comes from the generator given, and nothing
here reads a clock, so a seed replays a run exactly (to the byte after `seed_sqlite`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NoReturn
from weakref import ref

from cashier_app.simulation import apsw_driver
from cashier_app.simulation.faults import FILE_FAULTS, FaultKind, MachineStopped
from cashier_app.simulation.file_handles import (
    DELETE,
    READ,
    SYNC,
    TRUNCATE,
    WRITE,
    FileHandle,
    Gone,
    Machine,
    Scratch,
    vfs_class,
)
from cashier_app.simulation.memory_disk import MemoryDisk, MemoryFile
from cashier_app.simulation.optional import apsw_module

_CHANGES = frozenset({WRITE, SYNC, TRUNCATE, DELETE})

_STRIKES_AT: Mapping[FaultKind, frozenset[str]] = {
    FaultKind.POWER_CUT: _CHANGES,
    FaultKind.PROCESS_KILLED: _CHANGES,
    FaultKind.DISK_FULL: frozenset({WRITE}),
    FaultKind.READ_ERROR: frozenset({READ}),
    FaultKind.WRITE_ERROR: frozenset({WRITE}),
    FaultKind.SYNC_ERROR: frozenset({SYNC}),
    FaultKind.SYNC_LOST: frozenset({SYNC}),
}

_serial = count(1)


@dataclass(slots=True)
class _Armed:
    fault: FaultKind
    after: int
    times: int | None


class FaultyDisk(Machine):
    """The disk of one simulated machine.

    Kept by the simulator across restarts. Not for use from several threads at once.
    """

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        apsw_module()
        self._rng = rng
        self._disk = MemoryDisk()
        self._armed: list[_Armed] = []
        self._handles: dict[FileHandle, None] = {}
        self._connections: list[ref[apsw_driver.Connection]] = []
        self._stopped: FaultKind | None = None
        self.vfs_name = f"faulty-disk-{next(_serial)}"
        """Under this name SQLite opens files here, for connections made otherwise than by `connect`."""
        self._vfs = vfs_class()(self)

    # -- using it ---------------------------------------------------------------------------------

    def connect(self, name: str = "branch.db", *, autocheckpoint: int = 300, **options: Any) -> apsw_driver.Connection:
        """Open a database as its only connection, ready for WAL.

        The caller still sets `journal_mode`, `synchronous` and `foreign_keys`, as the product does.

        Raises:
            MachineStopped: the machine is off, or goes off while opening.
        """
        self._refuse_if_stopped()
        connection = apsw_driver.connect(name, vfs=self.vfs_name, autocheckpoint=autocheckpoint, owner=self, **options)
        self._connections = [known for known in self._connections if known() is not None] + [ref(connection)]
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        return connection

    def arm(self, fault: FaultKind, after: int = 0, times: int | None = 1) -> None:
        """Let a file fault strike once `after` more of the operations it can strike at went well.

        A power cut or a kill strikes at a write, sync, truncation or deletion; the others at what
        their names say. An error or a full disk lasts for `times` such operations, or until
        `disarm` where `times` is None. Several faults may be armed together.
        """
        if fault not in FILE_FAULTS:
            raise ValueError(f"{fault.value} is no fault of a disk.")
        self._armed.append(_Armed(fault, after, times))
        self.alert = True

    def disarm(self) -> None:
        """Forget every armed fault. A machine that is off stays off."""
        self._armed.clear()
        self.alert = self._stopped is not None

    @property
    def armed(self) -> tuple[FaultKind, ...]:
        """What has not struck yet, or is still striking."""
        return tuple(one.fault for one in self._armed)

    @property
    def stopped_by(self) -> FaultKind | None:
        """Why the machine is off; None while it runs."""
        return self._stopped

    def cut_power(self) -> None:
        """Pull the plug now. Every open file is dead for good; nothing is raised here."""
        self._go_off(FaultKind.POWER_CUT)

    def kill_process(self) -> None:
        """End the program now. The system keeps what was written, synced or not."""
        self._go_off(FaultKind.PROCESS_KILLED)

    def restart(self) -> None:
        """Turn the machine on again, with the files that survived and no fault armed.

        After a power cut those are the synced bytes and a random part of the others; after a kill
        all of them, which a power cut soon after may still undo.
        """
        if self._stopped is None:
            raise RuntimeError("The machine runs; cut its power or kill the program first.")
        if self._stopped is FaultKind.POWER_CUT:
            self._disk.cut_power(self._rng)
        self._stopped = None
        self.disarm()

    # -- looking into it --------------------------------------------------------------------------

    def snapshot(self) -> dict[str, bytes]:
        """The bytes of every file as a reader sees them now, synced or not, by name."""
        return self._disk.contents()

    def restore(self, files: Mapping[str, bytes]) -> None:
        """Hold exactly these files, all durable: a backup put back, a prepared machine.

        Every open connection is dead afterwards.
        """
        self._bury_handles(FaultKind.PROCESS_KILLED)
        self._disk.replace_all(files)

    def load(self, path: Path, name: str = "branch.db") -> None:
        """Put a real database file in, with its WAL where there is one; durable at once."""
        files = {stored: data for stored, data in self.snapshot().items() if not _belongs_to(stored, name)}
        files[name] = path.read_bytes()
        wal = path.with_name(path.name + "-wal")
        if wal.exists():
            files[name + "-wal"] = wal.read_bytes()
        self.restore(files)

    def export(self, path: Path, name: str = "branch.db") -> None:
        """Write a database to a real path, with its WAL, for looking at it with other tools."""
        for stored, data in self.snapshot().items():
            if _belongs_to(stored, name):
                path.with_name(path.name + stored.removeprefix(name)).write_bytes(data)

    # -- for the handles and the VFS --------------------------------------------------------------

    def meet(self, operation: str) -> FaultKind | None:
        self._refuse_if_stopped()
        struck: FaultKind | None = None
        for one in [one for one in self._armed if operation in _STRIKES_AT[one.fault]]:
            if one.after > 0:
                one.after -= 1
            elif struck is None:
                struck = one.fault
                if one.times is not None:
                    one.times -= 1
                    if one.times <= 0:
                        self._armed.remove(one)
        self.alert = bool(self._armed)
        return struck

    def make_durable(self, file: MemoryFile) -> None:
        self._disk.sync(file)

    def stop(self, fault: FaultKind) -> NoReturn:
        self._go_off(fault)
        raise MachineStopped(fault)

    def open_file(self, name: str | None) -> FileHandle:
        """Open or create a file; a file without a name is temporary and out of reach of faults."""
        self._refuse_if_stopped()
        if name is None:
            return FileHandle(Scratch(), MemoryFile(), self._rng)
        file = self._disk.names.get(name) or self._disk.create(name)
        handle = FileHandle(self, file, self._rng, self._handles)
        self._handles[handle] = None
        return handle

    def delete_file(self, name: str, *, durably: bool) -> None:
        """Delete a file; one that is not there counts as deleted.

        A file that is open stays: SQLite closes a log before it deletes it, so this is a connection of
        a machine that is gone, tidying up by name after the next one has started.
        """
        self.deletes += 1
        struck = self.meet(DELETE) if self.alert else None
        if self._is_open(name):
            return
        self._disk.delete(name)
        if struck is not None:
            self.stop(struck)
        if durably:
            self._disk.sync_directory()

    def _is_open(self, name: str) -> bool:
        file = self._disk.names.get(name)
        return file is not None and any(handle.is_of(file) for handle in self._handles)

    def exists(self, name: str) -> bool:
        """Whether a file of this name is there."""
        self._refuse_if_stopped()
        return name in self._disk.names

    def _refuse_if_stopped(self) -> None:
        if self._stopped is not None:
            raise MachineStopped(self._stopped)

    def _go_off(self, fault: FaultKind) -> None:
        if self._stopped is None:
            self._stopped = fault
            self.alert = True
            self._bury_handles(fault)

    def _bury_handles(self, fault: FaultKind) -> None:
        gone = Gone(fault)
        for handle in self._handles:
            handle.machine = gone
        self._handles.clear()
        for connection in filter(None, (known() for known in self._connections)):
            connection.stopped = fault
        self._connections.clear()


def _belongs_to(stored: str, name: str) -> bool:
    return stored in {name, name + "-wal", name + "-journal"}
