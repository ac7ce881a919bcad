"""A disk in memory that knows what has reached the platter and what a power cut may still undo.

The model is that of a file system with powersafe overwrite, as SQLite assumes on every desktop:

* A write is durable after the next successful sync of its file, not before.
* At a power cut each unsynced write is kept, dropped or torn. Tearing happens between sectors: the
  sectors of one write are kept or dropped each for itself, a few come out as rubbish. Bytes outside
  the write never change.
* A new name is durable after the first sync of its file, a deletion after the next sync of the
  directory; until then either may be undone, and a deleted file comes back with what it held.

Files keep their *current* content and a list of how to undo what is not synced. A sync is then no
more than forgetting the list, which is what makes thousands of commits a second possible.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

SECTOR = 512
"""Bytes that reach the platter together or not at all."""

_TORN = 0.5
"""Share of the writes not kept whole that are torn; the others are dropped whole."""

_RUBBISH = 0.05
"""Share of lost sectors that come out as rubbish instead of their old content."""

Change = tuple[int, bytes | None, bytes, int]
"""One unsynced change: offset, new bytes (None for a truncation), overwritten bytes, size before."""


class MemoryFile:
    """One file: what reading it shows, and what a power cut may take away again."""

    __slots__ = ("content", "forgotten", "named", "unsynced")

    def __init__(self, content: bytes = b"") -> None:
        self.content = bytearray(content)
        self.unsynced: list[Change] = []
        self.forgotten: dict[int, bytes] = {}
        """After a failed sync: sectors the system takes for written, with what the platter holds."""
        self.named = False
        """Whether the directory entry was made durable by a sync of this file."""

    def write(self, offset: int, data: bytes) -> None:
        """Replace the bytes from `offset` on; a gap before it is filled with zeros."""
        content = self.content
        size = len(content)
        if self.forgotten:
            self._remember(offset, offset + len(data))
        if offset >= size:
            self.unsynced.append((offset, data, b"", size))
            if offset > size:
                content.extend(bytes(offset - size))
            content += data
        else:
            end = offset + len(data)
            self.unsynced.append((offset, data, bytes(content[offset:end]), size))
            content[offset:end] = data

    def truncate(self, size: int) -> None:
        """Set the size, shorter or longer."""
        content = self.content
        if self.forgotten:
            self._remember(size, len(content))
        self.unsynced.append((size, None, bytes(content[size:]), len(content)))
        _set_size(content, size)

    def settle(self, rng: random.Random) -> None:
        """A power cut: the content becomes what is found on the platter afterwards."""
        changes = self.unsynced
        content = self.content
        _undo(content, changes)
        survive = _survival(rng, len(changes))
        for place, (offset, data, _, _) in enumerate(changes):
            share = survive[place]
            if data is None:
                if rng.random() < share:
                    _set_size(content, offset)
            elif share >= 1 or rng.random() < share:
                _put(content, offset, data)
            elif share > 0 and rng.random() < _TORN:
                _tear(content, offset, data, rng)
        for start, old in self.forgotten.items():
            content[start : start + len(old)] = old[: max(0, len(content) - start)]
        changes.clear()
        self.forgotten.clear()

    def forget_unsynced(self, rng: random.Random) -> None:
        """A sync failed and the system took its pages for clean all the same.

        Reading goes on showing the new bytes and the next sync succeeds, but about half of the
        sectors concerned keep their old bytes on the platter unless they are written once more.
        """
        platter = bytearray(self.content)
        _undo(platter, self.unsynced)
        touched: set[int] = set()
        for offset, data, old, _ in self.unsynced:
            end = offset + len(old if data is None else data)
            touched.update(range(offset - offset % SECTOR, end, SECTOR))
        size = len(self.content)
        for start in sorted(touched):
            if start < size and rng.random() < 0.5:  # noqa: PLR2004
                end = min(start + SECTOR, size)
                self.forgotten[start] = bytes(platter[start:end]).ljust(end - start, b"\0")
        self.unsynced.clear()

    def _remember(self, offset: int, end: int) -> None:
        """Writing to a forgotten sector makes the whole sector count as unsynced again."""
        content = self.content
        for start in range(offset - offset % SECTOR, end, SECTOR):
            old = self.forgotten.pop(start, None)
            if old is not None:
                # Only what the lost write had changed: its neighbours in the sector are safe.
                new = bytes(content[start : start + len(old)])
                differing = [place for place, (one, other) in enumerate(zip(new, old, strict=False)) if one != other]
                if differing:
                    first, beyond = differing[0], differing[-1] + 1
                    self.unsynced.append((start + first, new[first:beyond], old[first:beyond], len(content)))


class MemoryDisk:
    """The files of one machine by name."""

    def __init__(self) -> None:
        self.names: dict[str, MemoryFile] = {}
        self._durable_names: dict[str, MemoryFile] = {}
        self._unsynced_names: list[tuple[str, MemoryFile | None]] = []

    def create(self, name: str) -> MemoryFile:
        """An empty file, whose name a power cut may still take away."""
        file = MemoryFile()
        self.names[name] = file
        self._unsynced_names.append((name, file))
        return file

    def sync(self, file: MemoryFile) -> None:
        """Make the content of the file durable, and its name if this is its first sync."""
        file.unsynced.clear()
        if not file.named:
            file.named = True
            self.sync_directory()

    def delete(self, name: str) -> None:
        """Take the name away; durable only after `sync_directory`."""
        if self.names.pop(name, None) is not None:
            self._unsynced_names.append((name, None))

    def sync_directory(self) -> None:
        """Make all creations and deletions durable."""
        self._durable_names = dict(self.names)
        self._unsynced_names.clear()

    def cut_power(self, rng: random.Random) -> None:
        """Leave only what a restart finds."""
        names = dict(self._durable_names)
        for name, file in self._unsynced_names:
            if rng.random() < 0.5:  # noqa: PLR2004
                if file is None:
                    names.pop(name, None)
                else:
                    names[name] = file
        for name in sorted(names):
            names[name].settle(rng)
            names[name].named = True
        self.names = names
        self.sync_directory()

    def contents(self) -> dict[str, bytes]:
        """What reading every file shows now, by name."""
        return {name: bytes(self.names[name].content) for name in sorted(self.names)}

    def replace_all(self, contents: Mapping[str, bytes]) -> None:
        """Hold exactly these files, all durable."""
        self.names = {}
        for name in sorted(contents):
            self.names[name] = file = MemoryFile(contents[name])
            file.named = True
        self.sync_directory()


def _undo(content: bytearray, changes: list[Change]) -> None:
    for offset, _, old, size in reversed(changes):
        content[offset : offset + len(old)] = old
        _set_size(content, size)


def _set_size(content: bytearray, size: int) -> None:
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _survival(rng: random.Random, count: int) -> list[float]:
    """For each unsynced change in order, the chance that it is kept whole.

    Independent chances alone would almost never give the two ends (nothing written back yet,
    everything written back) nor the orderly disk that stops in the middle, so each has its turn.
    """
    turn = rng.randrange(8)
    if turn == 0:
        return [0.0] * count
    if turn == 1:
        return [1.0] * count
    if turn == 2:  # noqa: PLR2004
        whole = rng.randrange(count + 1)
        return ([1.0] * whole + [0.5] + [0.0] * count)[:count]
    return [rng.random()] * count


def _tear(content: bytearray, offset: int, data: bytes, rng: random.Random) -> None:
    """Put some of the sectors of a write; possibly none."""
    start = 0
    while start < len(data):
        end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
        chance = rng.random()
        if chance < 0.5:  # noqa: PLR2004
            _put(content, offset + start, data[start:end])
        elif chance > 1 - _RUBBISH:
            _put(content, offset + start, rng.randbytes(end - start))
        start = end
