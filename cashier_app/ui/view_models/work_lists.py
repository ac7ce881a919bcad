"""Work that waits: events that do not balance, events that are not frozen, notes for the back office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cashier_app.services.queries.events import (
    EventLine,
    unbalanced_events,
    unfrozen_events,
)
from cashier_app.services.queries.to_do import ToDoCount, ToDoRow, to_do_counts, to_do_entries
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
        return self.events + len(self.items)

    @property
    def events(self) -> int:
        """How many payment events wait; the rest waits under To do as well."""
        return len(self.unbalanced) + len(self.unfrozen)


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


class ToDoWaiting(Screen):
    """How much waits for the user's To Do roles."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "to_do", "approval_request", "configuration", "user")
        self.count = 0

    def refresh(self) -> None:
        """Count again."""
        user = self.desk.backend.user
        if user is not None:
            self.ask(self._show, to_do_counts, user.id)

    def _show(self, counts: tuple[ToDoCount, ...]) -> None:
        self.count = sum(each.count for each in counts)
        self.notify()
