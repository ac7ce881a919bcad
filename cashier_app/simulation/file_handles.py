"""Open files as SQLite sees them: each operation asks the machine first, then touches the memory.

Below `faulty_files`, which decides what fails; here is what an operation leaves behind when it does.
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from cashier_app.simulation.faults import FaultKind, MachineStopped
from cashier_app.simulation.memory_disk import MemoryFile
from cashier_app.simulation.optional import apsw_module

if TYPE_CHECKING:
    from cashier_app.simulation.faulty_files import FaultyDisk

READ, WRITE, SYNC, TRUNCATE, DELETE = "read", "write", "sync", "truncate", "delete"
"""The operations at which a fault may strike."""

_POWERSAFE_OVERWRITE = 0x1000
_BLOCK = 4096


class Machine:
    """What a file handle asks before it does anything: is the power on, is a fault due?

    The counters tell how many operations of each kind were asked for, successful or not.
    """

    def __init__(self) -> None:
        self.alert = False
        """Whether `meet` must be asked; a plain attribute, as every file operation looks at it."""
        self.reads = 0
        self.writes = 0
        self.syncs = 0
        self.truncates = 0
        self.deletes = 0

    def meet(self, operation: str) -> FaultKind | None:
        """Which fault strikes at this operation."""
        raise NotImplementedError

    def make_durable(self, file: MemoryFile) -> None:
        """Sync a file."""
        raise NotImplementedError

    def stop(self, fault: FaultKind) -> NoReturn:
        """End the machine in the middle of an operation."""
        raise MachineStopped(fault)


class Gone(Machine):
    """The machine of a handle that was open at a power cut.

    It stays off, also after the restart, lest a late close of an old connection write into the new
    machine's files.
    """

    def __init__(self, fault: FaultKind) -> None:
        super().__init__()
        self.alert = True
        self._fault = fault

    def meet(self, operation: str) -> FaultKind | None:  # noqa: ARG002
        raise MachineStopped(self._fault)


class Scratch(Machine):
    """For SQLite's nameless temporary files, in which nothing worth a fault is kept."""

    def make_durable(self, file: MemoryFile) -> None:
        file.unsynced.clear()


class FileHandle:
    """One open file, as SQLite sees it. The method names are those that apsw looks for."""

    __slots__ = ("_file", "_handles", "_level", "_rng", "machine")

    def __init__(
        self,
        machine: Machine,
        file: MemoryFile,
        rng: random.Random,
        handles: dict[FileHandle, None] | None = None,
    ) -> None:
        self.machine = machine
        self._file = file
        self._rng = rng
        self._handles = {} if handles is None else handles
        self._level = 0

    def is_of(self, file: MemoryFile) -> bool:
        """Whether this is the file that is open here."""
        return self._file is file

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        machine = self.machine
        machine.reads += 1
        if machine.alert and machine.meet(READ):
            raise _disk_error("SQLITE_IOERR_READ")
        with memoryview(self._file.content) as content:
            return bytes(content[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        machine = self.machine
        machine.writes += 1
        if machine.alert and (struck := machine.meet(WRITE)):
            self._fail_to_write(struck, data, offset)
        self._file.write(offset, data)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        machine = self.machine
        machine.syncs += 1
        if machine.alert and (struck := machine.meet(SYNC)):
            if struck in {FaultKind.POWER_CUT, FaultKind.PROCESS_KILLED}:
                machine.stop(struck)
            if struck is FaultKind.SYNC_LOST:
                self._file.forget_unsynced(self._rng)
            raise _disk_error("SQLITE_IOERR_FSYNC")
        machine.make_durable(self._file)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        machine = self.machine
        machine.truncates += 1
        struck = machine.meet(TRUNCATE) if machine.alert else None
        self._file.truncate(newsize)
        if struck:
            machine.stop(struck)

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._file.content)

    def xLock(self, level: int) -> None:  # noqa: N802
        # Levels as SQLite counts them: 1 shared, 2 reserved, 3 pending, 4 exclusive.
        others = max((one._level for one in self._handles if one is not self and one._file is self._file), default=0)  # noqa: SLF001
        if (level == 1 and others > 2) or (level == 2 and others > 1) or (level > 2 and others > 0):  # noqa: PLR2004
            raise apsw_module().BusyError("database is locked")
        self._level = max(self._level, level)

    def xUnlock(self, level: int) -> None:  # noqa: N802
        self._level = min(self._level, level)

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return any(one._level > 1 and one._file is self._file for one in self._handles)  # noqa: SLF001

    def xSectorSize(self) -> int:  # noqa: N802
        return _BLOCK

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return _POWERSAFE_OVERWRITE

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002, N802
        return False

    def xClose(self) -> None:  # noqa: N802
        self._level = 0
        self._handles.pop(self, None)

    def _fail_to_write(self, struck: FaultKind, data: bytes, offset: int) -> NoReturn:
        if struck is FaultKind.POWER_CUT:
            self._file.write(offset, data)
            self.machine.stop(struck)
        # A killed program, a full disk and a broken one leave any beginning of the write behind.
        self._file.write(offset, data[: self._rng.randrange(len(data) + 1)])
        if struck is FaultKind.PROCESS_KILLED:
            self.machine.stop(struck)
        raise _disk_error("SQLITE_FULL" if struck is FaultKind.DISK_FULL else "SQLITE_IOERR_WRITE")


def _disk_error(code_name: str) -> Exception:
    """The error with the words and codes that SQLite itself gives for it."""
    apsw = apsw_module()
    code: int = getattr(apsw, code_name)
    full = code_name == "SQLITE_FULL"
    error: Exception = apsw.FullError("database or disk is full") if full else apsw.IOError("disk I/O error")
    error.result, error.extendedresult = code & 0xFF, code  # type: ignore[attr-defined]
    return error


@cache
def vfs_class() -> Any:
    apsw = apsw_module()

    class FaultyVFS(apsw.VFS):  # type: ignore[misc, name-defined]
        """Passes SQLite's wishes about files to a `FaultyDisk`."""

        def __init__(self, disk: FaultyDisk) -> None:
            super().__init__(disk.vfs_name, base="")
            self._disk = disk

        def xOpen(self, name: Any, flags: list[int]) -> FileHandle:  # noqa: N802
            plain = name if isinstance(name, str | None) else name.filename()
            if plain is not None and not flags[0] & apsw.SQLITE_OPEN_CREATE and not self._disk.exists(plain):
                raise apsw.CantOpenError("unable to open database file")
            flags[1] = flags[0]
            return self._disk.open_file(plain)

        def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
            self._disk.delete_file(filename, durably=syncdir)

        def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802
            return self._disk.exists(pathname)

        def xFullPathname(self, name: str) -> str:  # noqa: N802
            return name

        def xSleep(self, microseconds: int) -> int:  # noqa: N802
            # Waiting for a lock takes no real time: nobody else could give it free meanwhile.
            return microseconds

    return FaultyVFS


def seed_sqlite(rng: random.Random) -> None:
    """Let SQLite's own random numbers follow from `rng`, in this whole process.

    They are the salts of a WAL and SQL's `random()`. Without this two runs of one seed do the same
    but their files differ by the salts.
    """
    apsw = apsw_module()

    class Seeder(apsw.VFS):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__("seeder", base="", makedefault=True)

        def xRandomness(self, numbytes: int) -> bytes:  # noqa: N802
            return rng.randbytes(numbytes)

    # SQLite asks the default VFS once, when it first needs a number after forgetting the others.
    seeder = Seeder()
    apsw.randomness(0)
    apsw.randomness(1)
    seeder.unregister()
