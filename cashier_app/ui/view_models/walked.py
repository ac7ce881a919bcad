"""A long list that is fetched page by page, as somebody walks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from cashier_app.ui.view_models.desk import Screen

Row = TypeVar("Row")

PAGE: Final = 100
MOST_AGAIN: Final = 500
"""So many rows are read again at once when something has changed; whoever walks on fetches the others anew."""


class Walked(Generic[Row]):
    """The rows as far as they were walked; the screen is told of each page."""

    def __init__(self, screen: Screen, query: Callable[..., Sequence[Row]], key: Callable[[Row], Any]) -> None:
        """`query(store, config, *arguments, before, limit)` gives the rows that follow the one of key `before`."""
        self._screen, self._query, self._key = screen, query, key
        self.rows: list[Row] = []
        self.appended = False
        """Whether the last page was added below the others."""
        self.has_more = False
        self._arguments: tuple[Any, ...] = ()
        self._limit = PAGE
        # Of this list alone: the screen forgets an answer when the same listener was asked for again.
        self._first, self._next = partial(self._show), partial(self._add)

    def begin(self, *arguments: Any) -> None:
        """From the beginning; as far as it was walked where it is the same list."""
        again = arguments == self._arguments
        self._limit = min(max(PAGE, len(self.rows)), MOST_AGAIN) if again else PAGE
        self._arguments = arguments
        self._screen.ask(self._first, self._query, *arguments, before=None, limit=self._limit)

    def more(self) -> None:
        """The rows that follow."""
        if self.has_more:
            self.has_more, self._limit = False, PAGE
            before = self._key(self.rows[-1])
            self._screen.ask(self._next, self._query, *self._arguments, before=before, limit=PAGE)

    def clear(self) -> None:
        """Forget what was walked."""
        self.rows, self.has_more, self._arguments = [], False, ()

    def _show(self, found: Sequence[Row]) -> None:
        self.rows = list(found)
        self._told(found, appended=False)

    def _add(self, found: Sequence[Row]) -> None:
        self.rows.extend(found)
        self._told(found, appended=True)

    def _told(self, found: Sequence[Row], *, appended: bool) -> None:
        self.has_more, self.appended = len(found) == self._limit, appended
        self._screen.notify()
        self.appended = False
