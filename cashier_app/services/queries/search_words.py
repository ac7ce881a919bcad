"""The word index: accounts in which every word that was typed begins some word, fast however common the words are.

Neither database may read all that a common beginning matches. SQLite streams what it has indexed as a prefix, but
gathers longer ones first; PostgreSQL gathers every prefix first. So both answer in two steps: a cheap one that is
enough for common words, and a whole one that is cheap for rare words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import text

from cashier_app.models.search import KNOWN_LETTERS
from cashier_app.services.kernel.guarded import Guarded
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

MOST = 100
"""So many candidates are looked at; the best of them are shown."""


def _guarded(sql: str, condition: str) -> Guarded:
    """A query with `{seen}` where the condition for viewers from whom something is kept belongs."""
    return Guarded(text(sql.format(seen="")), text(sql.format(seen=f" AND {condition}")))


_MATCH = _guarded(
    "SELECT rowid FROM search_document WHERE search_document MATCH :query{seen} LIMIT :most",
    "(SELECT access_group FROM account WHERE id = search_document.rowid) IN "
    "(SELECT value FROM json_each(:access_groups))",
)
_SEEN = "(SELECT access_group FROM account WHERE id = account_id) = ANY(:access_groups)"

_FIRST_ACCOUNTS = 20_000
_AMONG_THE_FIRST = _guarded(
    "SELECT account_id FROM (SELECT account_id, words FROM search_document ORDER BY account_id LIMIT :first) first "
    "WHERE words @@ CAST(:query AS tsquery){seen} LIMIT :most",
    _SEEN,
)
_SAMPLE = 2_000
_RARE = _SAMPLE // 1_000
"""A word that begins no more documents of the sample is enough to ask the index for."""
_COMMON = _SAMPLE // 20
"""One that begins so many is never gathered."""
_INITIALS = 2
_FREQUENCIES = Statement(
    text(
        "SELECT place, count(*) FROM (SELECT words FROM search_document ORDER BY account_id LIMIT :sample) sample "
        "JOIN unnest(CAST(:queries AS tsquery[])) WITH ORDINALITY AS asked (query, place) ON words @@ query "
        "GROUP BY place"
    )
)
_BY_INDEX = _guarded(
    "SELECT account_id FROM search_document WHERE words @@ CAST(:gathered AS tsquery) "
    # In this form the index is not asked, only the rows that it found.
    "AND (words @@ CAST(:whole AS tsquery)) IS NOT FALSE{seen} LIMIT :most",
    _SEEN,
)


class Candidates(NamedTuple):
    """Some accounts that answer."""

    account_ids: list[int]
    certain: bool
    """False: only the first letters of long words were compared; whoever asks compares the rest."""


def candidates(store: Store, words: Sequence[str]) -> Iterator[Candidates]:
    """First what is found cheaply, then, for whom that is not enough, what there is. At most `MOST` each time."""
    wanted = _without_beginnings(words)
    if not wanted:
        return
    yield from _on_sqlite(store, wanted) if store.dialect == "sqlite" else _on_postgresql(store, wanted)


def _without_beginnings(words: Sequence[str]) -> list[str]:
    """A word that begins another one asks for nothing more."""
    return [
        word
        for place, word in enumerate(words)
        if not any(
            other.startswith(word) and (other != word or later > place)
            for later, other in enumerate(words)
            if later != place
        )
    ]


def _on_sqlite(store: Store, words: Sequence[str]) -> Iterator[Candidates]:
    known = [word[:KNOWN_LETTERS] for word in words]
    if known != list(words):
        found = _matching(store, known)
        yield Candidates(found, certain=False)
        if len(found) < MOST:
            return
    yield Candidates(_matching(store, words), certain=True)


def _matching(store: Store, words: Sequence[str]) -> list[int]:
    query = " ".join(f'"{word}" *' for word in words)
    return [row[0] for row in store.all(_MATCH, query=query, most=MOST)]


def _on_postgresql(store: Store, words: Sequence[str]) -> Iterator[Candidates]:
    counts = _frequencies(store, words)
    whole = _query(words)
    if min(counts.values()) > _RARE:
        found = store.all(_AMONG_THE_FIRST, query=whole, first=_FIRST_ACCOUNTS, most=MOST)
        yield Candidates([row[0] for row in found], certain=True)
        if all(len(word) <= _INITIALS for word in words):
            return  # initials of hundreds of thousands: not worth gathering
    rows = store.all(_BY_INDEX, gathered=_gathered(counts), whole=whole, most=MOST)
    yield Candidates([row[0] for row in rows], certain=True)


def _frequencies(store: Store, words: Sequence[str]) -> dict[str, int]:
    """How many documents of the sample have each word, the rarest first."""
    counts = dict(store.all(_FREQUENCIES, queries=[_query([word]) for word in words], sample=_SAMPLE))
    found = {word: counts.get(place, 0) for place, word in enumerate(words, start=1)}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _gathered(counts: Mapping[str, int]) -> str:
    """What the index is asked for: the rarest word alone, or the two rarest.

    Words that are all common, and hardly ever together, are looked up as whole words: those the index need not gather.
    """
    rarest, *others = counts
    if counts[rarest] <= _RARE or not others:
        return _query([rarest])
    if counts[rarest] > _COMMON:
        return f"'{rarest}' & '{others[0]}'"
    return _query([rarest, others[0]] if counts[others[0]] <= _COMMON else [rarest])


def _query(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}':*" for word in words)
