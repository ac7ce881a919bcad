"""Work that waits: events that do not balance, events that are not frozen, notes for the back office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cashier_app.services.queries.events import (
    EventLine,
    unbalanced_events,
    unfrozen_events,
)
from cashier_app.services.queries.to_do import ToDoRow, to_do_entries
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that waits."""

    unbalanced: tuple[EventLine, ...] = ()
    unfrozen: tuple[EventLine, ...] = ()
    items: tuple[ToDoRow, ...] = ()

    @property
    def count(self) -> int:
        """How many things wait."""
        return len(self.unbalanced) + len(self.unfrozen) + len(self.items)


def what_waits(store: Store, config: Configuration, user_id: int | None = None) -> Waiting:
    """The three lists in one read; to look into is what waits for the user's roles, beside approvals."""
    items = tuple(row for row in to_do_entries(store, config, user_id=user_id) if row.request_id is None)
    return Waiting(unbalanced_events(store, config), unfrozen_events(store, config), items)


class WorkLists(Screen):
    """The three lists, always fresh."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "event", "account", "tender_control", "to_do")
        self.waiting = Waiting()

    def refresh(self) -> None:
        """Look again at what waits."""
        user = self.desk.backend.user
        self.ask(self._show, what_waits, user.id if user is not None else None)

    def _show(self, waiting: Waiting) -> None:
        self.waiting = waiting
        self.notify()
