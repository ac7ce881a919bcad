"""The bytes over which the journal's hashes run (R reliability 3.3).

Format 1: each field as its length in decimal, a colon, and its UTF-8 bytes, in the order of
`entry_fields`; `hash = SHA-256(hash of the entry before + those bytes)`. The stored text is the truth:
renaming a column or a class does not change an old hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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


def entry_fields(entry: Entry) -> Iterable[str]:
    """The fields in their documented order."""
    yield str(entry.format)
    yield str(entry.id)
    yield entry.command_id
    yield entry.name
    yield str(entry.user_id)
    yield "" if entry.approver_id is None else str(entry.approver_id)
    yield entry.business_date.isoformat()
    yield entry.executed_at.isoformat(timespec="microseconds")
    yield entry.content
    yield entry.result
    yield entry.changes
    yield from entry.effects


def canonical(fields: Iterable[str]) -> bytes:
    """Fields with their lengths before them, so that no two lists of fields give the same bytes."""
    parts = []
    for field in fields:
        raw = field.encode()
        parts.append(b"%d:" % len(raw))
        parts.append(raw)
    return b"".join(parts)
