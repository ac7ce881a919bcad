"""Finding one of many by a few letters of its name, best match first."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

T = TypeVar("T")

_START_OF_WORD: Final = 8
_NEXT_TO_LAST: Final = 5
_GAP: Final = 1


def folded(text: str) -> str:
    """Lower case without accents, so that "bezalen" finds "bezählen"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def score(letters: str, name: str) -> int | None:
    """How well a name answers the letters: all must appear in order; None if they do not. Higher is better."""
    wanted = folded(letters).replace(" ", "")
    text = folded(name)
    if not wanted:
        return 0
    best: int | None = None
    # Greedy from every possible first letter: "tp" should find the T and P of "Print: Take Payment" as initials.
    for start in (place for place, letter in enumerate(text) if letter == wanted[0]):
        found = _score_from(wanted, text, start)
        if found is not None and (best is None or found > best):
            best = found
    return None if best is None else best - len(text) // 8


def find(letters: str, things: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """The things whose name answers the letters, best first; equally good ones keep their order."""
    scored = [(score(letters, name(thing)), thing) for thing in things]
    kept = [(points, thing) for points, thing in scored if points is not None]
    return [thing for _, thing in sorted(kept, key=lambda pair: -pair[0])]


def _score_from(wanted: str, text: str, start: int) -> int | None:
    total, place, last = 0, start, -1
    for letter in wanted:
        place = _next(text, letter, max(place, last + 1))
        if place < 0:
            return None
        if place == 0 or not text[place - 1].isalnum():
            total += _START_OF_WORD
        if last >= 0:
            total += _NEXT_TO_LAST if place == last + 1 else -_GAP * min(place - last - 1, 5)
        last = place
    return total


def _next(text: str, letter: str, at_or_after: int) -> int:
    plain = text.find(letter, at_or_after)
    if plain < 0 or plain == at_or_after:
        return plain
    # Prefer the start of a later word over a letter inside this one: people type initials.
    word = text.find(" " + letter, at_or_after)
    return word + 1 if word >= 0 else plain
