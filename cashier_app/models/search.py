"""The full-text index behind the search box: one document per account, on both databases.

A document holds the words of names and addresses, and phone numbers as digits. Numbers of accounts, bills and the like
are not in it: they are unique, share long beginnings, and have indexes of their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

KNOWN_LETTERS = 6
"""Prefixes up to so many letters are indexed as such by SQLite."""

_PREFIXES = ",".join(str(letters) for letters in range(1, KNOWN_LETTERS + 1))

SQLITE = (
    (
        f"CREATE VIRTUAL TABLE search_document USING fts5(words, tokenize = 'ascii', prefix = '{_PREFIXES}', "
        "detail = 'none', content = '', contentless_delete = 1)"
    ),
)
"""Row id is the account's key. The words themselves are not stored again.

Words come folded; the tokenizer `ascii` takes every letter beyond ASCII as part of a word, whatever it is.
"""

POSTGRESQL = (
    "CREATE TABLE search_document (account_id BIGINT PRIMARY KEY REFERENCES account (id), words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_document_words ON search_document USING gin (words)",
)

LONGEST_WORD = 40
"""What is longer is cut, in documents and in questions."""
_OFFICE = "§"
_LOCAL_DIGITS = 7
"""A phone number is found by all its digits, and without its area code."""


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that create the index."""
    return SQLITE if dialect == "sqlite" else POSTGRESQL


def document(texts: Iterable[str], phones: Iterable[str] = (), *, access_group: str = "") -> str:
    """The words under which an account is found: each once, folded, between blanks; and the word of its office."""
    words = dict.fromkeys(word for text in texts for word in words_of(text))
    for phone in phones:
        digits = "".join(c for c in phone if c in "0123456789")[:LONGEST_WORD]
        words.update(dict.fromkeys(part for part in (digits, digits[-_LOCAL_DIGITS:]) if part))
    return " ".join((*words, office_word(access_group)))


def office_word(access_group: str) -> str:
    """The word that the documents of one office have, or of none: nobody can type it.

    With it, the few accounts of a small office are found among a million without looking at the others.
    """
    return _OFFICE + (blake2b(access_group.encode(), digest_size=6).hexdigest() if access_group else "")


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word[:LONGEST_WORD] for word in folded(text).split()]


def folded(text: str) -> str:
    """Text as it is searched: lower case, no accents, only letters and digits between blanks."""
    if text.isascii():
        return " ".join(text.lower().translate(_PLAIN).split())
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe"})
_PLAIN = {code: " " for code in range(128) if not chr(code).isalnum()}
