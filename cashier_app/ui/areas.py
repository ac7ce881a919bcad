"""The areas of the rail and the screens behind them, as data. A screen is made as `Screen(desk, actions)`.

Its module is imported when somebody first goes there, so that nobody waits for screens they do not use. The session
calls what a screen offers: `enter()`, `leave()`, `clear()` (Esc-Esc: the next person must not see this one's screen),
`open_account(key)`, `open_event(key)`, `pay(key)`, `take_home(text, scanned=…)` for what is
typed or scanned in the home field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from cashier_app.ui.actions import QT_TRANSLATE_NOOP, Actions
from cashier_app.ui.views.main_window import Area

if TYPE_CHECKING:
    from cashier_app.ui.view_models.desk import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the rail."""

    id: str
    title: str
    icon: str
    module: str
    """Below `cashier_app.ui.views`."""
    screen: str
    """The class in it."""
    right: str = ""
    """The right somebody needs to see it."""


PLACES: Final = (
    Place("counter", QT_TRANSLATE_NOOP("actions", "Counter"), "counter", "counter", "CounterScreen", "TakePayment"),
    Place(
        "my_drawer", QT_TRANSLATE_NOOP("actions", "My drawer"), "drawer", "my_drawer", "MyDrawerScreen", "TakePayment"
    ),
    Place(
        "customer", QT_TRANSLATE_NOOP("actions", "Customers"), "customer", "customer", "CustomerScreen", "ViewCustomers"
    ),
    Place("event", QT_TRANSLATE_NOOP("actions", "Payments"), "receipt", "event", "EventScreen", "CancelOwnPayment"),
    Place("to_do", QT_TRANSLATE_NOOP("actions", "To do"), "approvals", "to_do", "ToDoScreen", "WorkOnToDo"),
    Place("board", QT_TRANSLATE_NOOP("actions", "Drawers"), "board", "board", "BoardScreen", "DepositControls"),
    Place("books", QT_TRANSLATE_NOOP("actions", "Books"), "report", "books", "BooksScreen", "see-expected"),
    Place(
        "ledger",
        QT_TRANSLATE_NOOP("actions", "Ledger"),
        "transfer",
        "general_ledger",
        "GeneralLedgerScreen",
        "RunGl",
    ),
    Place("batch", QT_TRANSLATE_NOOP("actions", "Batch"), "calendar", "batch", "BatchScreen", "RunBatch"),
    Place("journal", QT_TRANSLATE_NOOP("actions", "Journal"), "history", "journal", "JournalScreen", "ViewJournal"),
    Place("setup", QT_TRANSLATE_NOOP("actions", "Setup"), "setup", "setup", "SetupScreen", "LoadConfiguration"),
    Place("users", QT_TRANSLATE_NOOP("actions", "Users"), "users", "users", "UsersScreen", "MaintainUsers"),
)

ACCOUNT_PLACE: Final = "customer"
"""Where `desk.go.account` leads."""
EVENT_PLACE: Final = "event"
"""Where `desk.go.event` leads."""
BATCH_PLACE: Final = "batch"
"""Where `desk.go.run` leads."""
TO_DO_PLACE: Final = "to_do"
"""Whose count says what waits for the user's roles."""


def areas(desk: Desk, places: tuple[Place, ...] = PLACES) -> tuple[Area, ...]:
    """The areas for one desk, in the order of the rail."""
    return tuple(Area(place.id, place.title, place.icon, _factory(place, desk), place.right) for place in places)


def _factory(place: Place, desk: Desk) -> Callable[[Actions], QWidget]:
    def make(actions: Actions) -> QWidget:
        module = import_module(f"cashier_app.ui.views.{place.module}")
        screen: QWidget = getattr(module, place.screen)(desk, actions)
        return screen

    return make
