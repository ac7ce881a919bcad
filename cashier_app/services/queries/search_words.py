"""The word index: accounts in which every word that was typed begins some word, fast however common the words are.

Neither database may read all that a common beginning matches. SQLite streams what it has indexed as a prefix, but
gathers longer ones first; PostgreSQL gathers every prefix first. So both answer in two steps: a cheap one that is
enough for common words, and a whole one that is cheap for rare words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import text

from cashier_app.domain.access import Access
from cashier_app.models.search import KNOWN_LETTERS, office_word
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

MOST = 100
"""So many candidates are looked at; the best of them are shown."""


_MATCH = Statement(text("SELECT rowid FROM search_document WHERE search_document MATCH :query LIMIT :most"))

_FIRST_ACCOUNTS = 20_000
_AMONG_THE_FIRST = Statement(
    text(
        "SELECT account_id FROM (SELECT account_id, words FROM search_document ORDER BY account_id LIMIT :first) first "
        "WHERE words @@ CAST(:query AS tsquery) LIMIT :most"
    )
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
_BY_INDEX = Statement(
    text(
        "SELECT account_id FROM search_document WHERE words @@ CAST(:gathered AS tsquery) "
        # In this form the index is not asked, only the rows that it found.
        "AND (words @@ CAST(:whole AS tsquery)) IS NOT FALSE LIMIT :most"
    )
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
    offices = " OR ".join(f'"{word}"' for word in _office_words(store.access))
    whole = f"({query}) AND ({offices})" if offices else query
    return [row[0] for row in store.all(_MATCH, query=whole, most=MOST)]


def _office_words(access: Access) -> list[str]:
    """One of these stands in every document that the viewer may see; none where nothing is kept from them."""
    return [] if access.everything else [office_word(group) for group in ("", *sorted(access.groups))]


def _on_postgresql(store: Store, words: Sequence[str]) -> Iterator[Candidates]:
    offices = " | ".join(f"'{word}'" for word in _office_words(store.access))
    counts, of_offices = _frequencies(store, words, offices)
    whole = f"{_query(words)} & ({offices})" if offices else _query(words)
    if min(*counts.values(), of_offices) > _RARE:
        found = store.all(_AMONG_THE_FIRST, query=whole, first=_FIRST_ACCOUNTS, most=MOST)
        yield Candidates([row[0] for row in found], certain=True)
        if all(len(word) <= _INITIALS for word in words):
            return  # initials of hundreds of thousands: not worth gathering
    is_small = of_offices < min(counts.values())
    gathered = _gathered_of_office(counts, offices) if is_small else _gathered(counts)
    rows = store.all(_BY_INDEX, gathered=gathered, whole=whole, most=MOST)
    yield Candidates([row[0] for row in rows], certain=True)


def _frequencies(store: Store, words: Sequence[str], offices: str) -> tuple[dict[str, int], int]:
    """How many documents of the sample have each word, the rarest first; and how many the viewer may see."""
    queries = [*(_query([word]) for word in words), *([offices] if offices else [])]
    counts = dict(store.all(_FREQUENCIES, queries=queries, sample=_SAMPLE))
    found = {word: counts.get(place, 0) for place, word in enumerate(words, start=1)}
    of_offices = counts.get(len(queries), 0) if offices else _SAMPLE
    return dict(sorted(found.items(), key=lambda item: item[1])), of_offices


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


def _gathered_of_office(counts: Mapping[str, int], offices: str) -> str:
    """For a viewer who sees fewer accounts than have any of the words: those, with a word that is not common."""
    rarest = next(iter(counts))
    return f"({offices}) & {_query([rarest])}" if counts[rarest] <= _COMMON else offices


def _query(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}':*" for word in words)
