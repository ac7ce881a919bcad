"""The bytes over which the journal's hashes run (R reliability 3.3).

Format 1: each field as its length in decimal, a colon, and its UTF-8 bytes, in the order of
`entry_fields`; `hash = SHA-256(hash of the entry before + those bytes)`. The stored text is the truth:
renaming a column or a class does not change an old hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

FORMAT = 1
NO_HASH = bytes(32)
"""What stands before the first entry of a chain."""


class Entry(NamedTuple):
    """A journal entry as it is hashed."""

    id: int
    """Node and sequence in one key."""
    format: int
    command_id: str
    name: str
    user_id: int
    approver_id: int | None
    business_date: date
    executed_at: datetime
    content: str
    result: str
    changes: str
    effects: tuple[str, ...]
    """The effects of the entry itself, then of its parts."""


def entry_hash(previous: bytes, entry: Entry) -> bytes:
    """The hash that ties an entry to all before it."""
    return hashlib.sha256(previous + canonical(entry_fields(entry))).digest()


def entry_fields(entry: Entry) -> Sequence[str]:
    """The fields in their documented order."""
    return (
        str(entry.format),
        str(entry.id),
        entry.command_id,
        entry.name,
        str(entry.user_id),
        "" if entry.approver_id is None else str(entry.approver_id),
        entry.business_date.isoformat(),
        entry.executed_at.isoformat(timespec="microseconds"),
        entry.content,
        entry.result,
        entry.changes,
        *entry.effects,
    )


def canonical(fields: Iterable[str]) -> bytes:
    """Fields with their lengths before them, so that no two lists of fields give the same bytes."""
    return b"".join([b"%d:%b" % (len(raw), raw) for raw in [field.encode() for field in fields]])
