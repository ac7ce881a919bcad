"""What a window knows of the journal: how far it has read, which entries are its own (decision 20).

Nothing of the ledger is imported before it is open.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cashier_app.services.kernel.freshness import Seen
    from cashier_app.services.kernel.store import Store

MOST: Final = 500
"""So many changes of others are told one by one; after more every screen looks again at all it shows."""
_OWN_KEPT: Final = 1000


class Following:
    """Follows what others write, for one window."""

    def __init__(self) -> None:
        self.cursor = ""
        """Up to where the feed of changes was read."""
        self._own: deque[int] = deque(maxlen=_OWN_KEPT)

    def begin(self, store: Store) -> None:
        """From here on: whoever opens the ledger sees all that was before."""
        from cashier_app.services.kernel.cursors import heads  # noqa: PLC0415

        self.cursor = heads(store)

    def did(self, journal_id: int) -> None:
        """This window made the entry, and knows of it."""
        self._own.append(journal_id)

    def news(self, store: Store) -> frozenset[tuple[str, int]] | None:
        """What others changed since the last look; None where it is too much to name."""
        from cashier_app.services.branches.feed import read_changes  # noqa: PLC0415

        found = read_changes(store, self.cursor, MOST, without=self._own)
        if found.more or found.reset:
            self.begin(store)
            return None
        self.cursor = found.cursor
        return frozenset(found.changes)

    def seen(self, cursor: str, *things: tuple[str, int]) -> Seen:
        """What a screen showed when the ledger stood there."""
        from cashier_app.services.kernel.freshness import Seen  # noqa: PLC0415
        from cashier_app.services.kernel.work import Change  # noqa: PLC0415

        return Seen(cursor, tuple(Change(*thing) for thing in things), frozenset(self._own))
