"""One way to explain every figure: its parts, which add up to it, and the reasons behind it (row H7, design D15).

A figure has an address (`domain.figures`); an explainer, registered by its kind, makes an `Explanation`. Parts and
reasons carry addresses in turn, so whoever follows them walks a tree that nobody had to build.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from typing import Any, Final, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from cashier_app.domain.errors import refuse
from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, read_figure
from cashier_app.domain.identifiers import COUNTER_BITS, LARGEST_NODE, key_of
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.store import Store

T = TypeVar("T")

MODULES: Final = (
    "accounts",
    "adjustments",
    "books",
    "branches",
    "company",
    "debts",
    "deposits",
    "drawers",
    "histories",
    "origins",
    "payments",
    "work",
)
"""Modules beside this one that hold explainers."""
PAGE: Final = 50
"""So many parts are given at once."""
_LARGEST_KEY: Final = key_of(LARGEST_NODE, 2**COUNTER_BITS - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the amounts that make up a figure."""

    words: str
    amount: int
    figure: Figure = NO_FIGURE
    """Explains it further; empty where there is no more to say."""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A sentence about a figure, and where it leads."""

    words: str
    figure: Figure = NO_FIGURE
    place: Literal["", "account", "event"] = ""
    """The screen of that thing."""
    key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A figure explained. Where it has parts, they and `rest` add up to it."""

    figure: Figure
    title: str
    amount: int | None
    """Minor units of `currency`, or a plain number where that is empty. Nothing for what is no amount."""
    currency: str
    parts: tuple[Part, ...]
    rest: int
    """What the parts that are not given come to; with the next pages it becomes 0."""
    next: str
    """Ask with it as `after` for more parts; empty at the end."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who wants to know. What accounts they may see, the store knows (decision 21)."""

    may: Callable[[str], bool]
    """Whether they hold a right."""
    today: date
    now: datetime
    user_id: int | None = None

    def needs(self, *rights: str) -> None:
        """Refuse with SEC-003 whoever holds none of the rights."""
        if not any(self.may(right) for right in rights):
            refuse("SEC-003", f"This is not for you. Ask somebody with the right {' or '.join(rights)}.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one figure, with everything that answers it."""

    store: Store
    config: Configuration
    viewer: Viewer
    figure: Figure
    after: str = ""
    most: int = PAGE

    def answer(
        self,
        title: str,
        amount: int | None,
        currency: str = "",
        parts: Sequence[Part] = (),
        reasons: Sequence[Reason] = (),
        *,
        rest: int = 0,
        next: str = "",  # noqa: A002
    ) -> Explanation:
        """The answer to it."""
        return Explanation(
            figure=self.figure,
            title=title,
            amount=amount,
            currency=currency,
            parts=tuple(parts),
            rest=rest,
            next=next,
            reasons=tuple(replace(each, figure=NO_FIGURE) if each.figure == self.figure else each for each in reasons),
        )


class Page(NamedTuple):
    """Some of the parts, what the others come to, and where they begin."""

    parts: tuple[Part, ...]
    rest: int = 0
    next: str = ""


Explainer = Callable[..., Explanation]


def explains(kind: FigureKind, *rights: str) -> Callable[[Explainer], Explainer]:
    """Make a function the explainer of a kind, for whoever holds one of the rights.

    It is called with the question and the keys of the address, read as its annotations say.
    """

    def register(function: Explainer) -> Explainer:
        function.__dict__["explains"] = (kind, rights)
        return function

    return register


def explain(  # noqa: PLR0917  # as screens ask
    store: Store, config: Configuration, figure: str, viewer: Viewer, after: str = "", most: int = PAGE
) -> Explanation:
    """Explain a figure; refuses with EXP-001 what is no address, with SEC-003 and SEC-031 whom it is kept from.

    What is not there any more is refused by its own code. The reasons come with the first page of parts.
    """
    kind, keys = read_figure(figure)
    explainer = explainers()[kind]
    viewer.needs(*explainer.__dict__["explains"][1])
    return explainer(Asked(store, config, viewer, Figure(figure), after, most), *_read_keys(explainer, kind, keys))


@cache
def explainers() -> dict[FigureKind, Explainer]:
    """The explainer of each kind."""
    found: dict[FigureKind, Explainer] = {}
    for name in MODULES:
        module = import_module(f"cashier_app.services.explaining.{name}")
        for function in vars(module).values():
            if inspect.isfunction(function) and "explains" in function.__dict__:
                found[function.__dict__["explains"][0]] = function
    return found


@cache
def rights_to_ask() -> tuple[str, ...]:
    """Whoever holds none of these can have nothing explained."""
    return tuple(sorted({right for each in explainers().values() for right in each.__dict__["explains"][1]}))


@cache
def _shapes(explainer: Explainer) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(explainer)
    return tuple((name, hints[name]) for name in list(inspect.signature(explainer).parameters)[1:])


def _read_keys(explainer: Explainer, kind: FigureKind, keys: Sequence[str]) -> list[Any]:
    shapes = _shapes(explainer)
    try:
        return [_read(shape, key) for (_, shape), key in zip(shapes, keys, strict=True)]
    except ValueError:
        form = ":".join((kind, *(f"<{name}>" for name, _ in shapes)))
        refuse("EXP-001", f"{kind} is written as {form}.", "figure")


def _read(shape: Any, key: str) -> Any:
    if get_origin(shape) is Literal:
        if key not in get_args(shape):
            raise ValueError(key)
        return key
    if shape is int:
        number = int(key) if key.isascii() else -1
        if not 0 <= number <= _LARGEST_KEY:
            raise ValueError(key)
        return number
    if shape is date:
        return date.fromisoformat(key)
    return shape(key)  # a text, or one of an enumeration


# -- pages


def page_of(asked: Asked, items: Sequence[T], amount: Callable[[T], int], part: Callable[[T], Part]) -> Page:
    """A page of parts that are known at once."""
    first = cursor(asked.after)[0] if asked.after else 0
    beyond = first + asked.most
    rest = sum(amount(item) for item in items[beyond:])
    return Page(tuple(map(part, items[first:beyond])), rest, str(beyond) if len(items) > beyond else "")


def page_by_key(  # noqa: PLR0917  # a page has as many sides
    asked: Asked,
    total: int,
    read: Callable[[int, int], Sequence[T]],
    key: Callable[[T], int],
    amount: Callable[[T], int],
    part: Callable[[T], Part],
) -> Page:
    """A page of parts that are read in order of their keys: `read(after, most)`."""
    after, left = cursor(asked.after) if asked.after else (0, total)
    rows = read(after, asked.most + 1)
    shown = rows[: asked.most]
    left -= sum(amount(row) for row in shown)
    more = len(rows) > asked.most
    return Page(tuple(map(part, shown)), left, f"{key(shown[-1])},{left}" if more else "")


def cursor(text: str) -> tuple[int, int]:
    """Where a page begins, and what is left from there; refuses with EXP-001."""
    key, _, left = text.partition(",")
    try:
        return int(key), int(left or 0)
    except ValueError:
        refuse("EXP-001", "Send `after` as the page before gave it.", "after")


def place_of(text: str) -> tuple[datetime, int, int]:
    """Where in a history a page begins, and what is left from there; refuses with EXP-001."""
    try:
        at, ft_id, left = text.split(",")
        instant = datetime.fromisoformat(at)
        return instant.astimezone(UTC), int(ft_id), int(left)
    except ValueError:
        refuse("EXP-001", "Send `after` as the page before gave it.", "after")
