"""Telling SQL statements apart, as far as a DBAPI cursor must know: cached, for texts that recur."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

TEXTS_REMEMBERED = 2048

_LEADING_COMMENTS = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_FIRST_WORD = re.compile(r"[A-Za-z]+")
_CHANGING = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_RETURNING = re.compile(r"\bRETURNING\b", re.IGNORECASE)
_NOT_ROW_FOR_ROW = re.compile(r"\b(?:CONFLICT|RETURNING|SELECT)\b", re.IGNORECASE)
_PLAIN_INSERT = re.compile(r"INSERT\s+INTO\b", re.IGNORECASE)
_AUTOCHECKPOINT = re.compile(r"PRAGMA\s+wal_autocheckpoint\s*(?:=|\()\s*(-?\d+)", re.IGNORECASE)

_CHANGES = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE"})
_QUERIES = frozenset({"SELECT", "VALUES", "PRAGMA", "EXPLAIN", "WITH"})


class Kind(IntEnum):
    """What a statement leaves behind for the cursor to tell."""

    OTHER = 0
    """Transactions and schema: neither rows nor a row count."""
    CHANGE = 1
    """Changed rows and no result."""
    CHANGE_WITH_ROWS = 2
    """Changed rows and a result (RETURNING)."""
    QUERY = 3
    """A result."""
    AUTOCHECKPOINT = 4
    """Sets how often the WAL is checkpointed, which the adapter does itself."""


@lru_cache(maxsize=TEXTS_REMEMBERED)
def kind_of(sql: str) -> Kind:
    """What kind of statement this is, by its first word. Guesses at no grammar beyond that."""
    start = _body(sql)
    word = _FIRST_WORD.match(sql, start)
    first = word.group().upper() if word else ""
    if first in _CHANGES or (first == "WITH" and _CHANGING.search(sql, start)):
        return Kind.CHANGE_WITH_ROWS if _RETURNING.search(sql, start) else Kind.CHANGE
    if first == "PRAGMA" and _AUTOCHECKPOINT.match(sql, start):
        return Kind.AUTOCHECKPOINT
    return Kind.QUERY if first in _QUERIES else Kind.OTHER


@lru_cache(maxsize=TEXTS_REMEMBERED)
def plain_insert(sql: str) -> bool:
    """Whether one execution adds exactly one row, or fails."""
    start = _body(sql)
    return bool(_PLAIN_INSERT.match(sql, start)) and not _NOT_ROW_FOR_ROW.search(sql, start)


def autocheckpoint_pages(sql: str) -> int:
    """The number in a statement of kind AUTOCHECKPOINT."""
    found = _AUTOCHECKPOINT.match(sql, _body(sql))
    assert found is not None
    return int(found.group(1))


def _body(sql: str) -> int:
    comments = _LEADING_COMMENTS.match(sql)
    return comments.end() if comments else 0
