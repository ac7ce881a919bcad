"""Commands under way, kept on disk until their outcome is known (R reliability S1, S3).

Each running program has a folder of its own, held by a lock that dies with the program. Whoever
starts later and can take the lock of another folder knows that its program crashed, and inherits
what it left.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

_LOCK: Final = "lock"


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A command that was to be sent, as it was written down before."""

    command_id: str
    name: str
    """The command's name, as the journal has it."""
    user_id: int
    login: str
    ledger: str
    """Which ledger it was meant for."""
    at: str
    """When, in ISO form, UTC."""
    content: str = ""
    """The command as JSON."""
    words: str = ""
    """What the person was doing, in the words of the screen: "Take 125.35 USD from Jane Masters"."""
    confirmed: tuple[str, ...] = ()
    """Codes of warnings that had been confirmed."""


class UnderWayFolder:
    """The folder of this program, and those that crashed programs left behind. It blocks: not for the window's thread.

    Raises OSError when the disk does not obey; then the command must not be sent.
    """

    def __init__(self, state: Path) -> None:
        self._all = state / "under-way"
        self._own = self._all / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._locks: list[Any] = []

    def note(self, command: UnderWay) -> None:
        """Write it down so that a power cut does not forget it."""
        if not self._own.exists():
            self._own.mkdir(parents=True, mode=0o700)
            self._hold(self._own)
        final = self._path(command.command_id)
        draft = final.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(command), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(final)
        _sync_folder(self._own)

    def forget(self, command_id: str) -> None:
        """Its outcome is known. Looks also at what crashed programs left."""
        for path in self._all.glob(f"*/{command_id}.json"):
            path.unlink(missing_ok=True)

    def left_behind(self) -> list[UnderWay]:
        """What programs that are gone left, and what we ourselves do not know the outcome of; oldest first."""
        found: list[UnderWay] = []
        for folder in sorted(self._all.iterdir()) if self._all.exists() else []:
            if folder == self._own or self._hold(folder):
                found.extend(_read(folder))
        return sorted(found, key=lambda command: command.at)

    def close(self) -> None:
        """Give the folders up; one with nothing in it goes away."""
        held, self._locks = self._locks, []
        for lock in held:
            folder = Path(lock.fileName()).parent
            lock.unlock()
            if not any(folder.glob("*.json")):
                shutil.rmtree(folder, ignore_errors=True)

    def _path(self, command_id: str) -> Path:
        return self._own / f"{command_id}.json"

    def _hold(self, folder: Path) -> bool:
        """Take a folder that nobody alive holds."""
        if any(Path(lock.fileName()).parent == folder for lock in self._locks):
            return True
        from PySide6.QtCore import QLockFile  # noqa: PLC0415  # view models know this module but not Qt

        lock = QLockFile(str(folder / _LOCK))
        lock.setStaleLockTime(0)  # never by age: only a program that is gone loses its lock
        if not lock.tryLock(0):
            return False
        self._locks.append(lock)
        return True


def _read(folder: Path) -> Iterator[UnderWay]:
    for path in folder.glob("*.json"):
        fields = json.loads(path.read_text(encoding="utf-8"))
        yield UnderWay(**{**fields, "confirmed": tuple(fields.get("confirmed", ()))})


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too, where folders can be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
