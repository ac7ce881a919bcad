"""The full-text index behind the search box: one document per account, on both databases."""

from __future__ import annotations

import unicodedata

SQLITE = (
    (
        "CREATE VIRTUAL TABLE search_document USING fts5("
        "words, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4', detail = 'none', content = '', "
        "contentless_delete = 1)"
    ),
)
"""Row id is the account's key. The words themselves are not stored again."""

POSTGRESQL = (
    "CREATE TABLE search_document (account_id BIGINT PRIMARY KEY REFERENCES account (id), words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_document_words ON search_document USING gin (words)",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that create the index."""
    return SQLITE if dialect == "sqlite" else POSTGRESQL


def folded(text: str) -> str:
    """Text as it is searched: lower case, no accents, only letters and digits between blanks."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe"})
