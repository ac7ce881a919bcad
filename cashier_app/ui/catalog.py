"""Everything a person can do on the screens, in one place: a section per screen. The window's own keys are its own.

A key may mean different things on different screens (sections are groups); F1, F2, Ctrl+K, Ctrl+B, Ctrl+L,
Ctrl+1 … 9, Shift+Esc, Ctrl+Shift+D and Ctrl+Shift+Q belong to the window.
"""

from typing import Final

from cashier_app.ui.actions import QT_TRANSLATE_NOOP, ActionSpec, Catalog

COUNTER: Final = QT_TRANSLATE_NOOP("actions", "Counter")
MY_DRAWER: Final = QT_TRANSLATE_NOOP("actions", "My drawer")
CUSTOMER: Final = QT_TRANSLATE_NOOP("actions", "Customer")
EVENT: Final = QT_TRANSLATE_NOOP("actions", "Payment event")
BOARD: Final = QT_TRANSLATE_NOOP("actions", "Drawers")
USERS: Final = QT_TRANSLATE_NOOP("actions", "Users")
JOURNAL: Final = QT_TRANSLATE_NOOP("actions", "Journal")

# -- Counter ----------------------------------------------------------------------------------------------------------

COUNTER_ACTIONS: Final[tuple[ActionSpec, ...]] = ()

# -- My drawer --------------------------------------------------------------------------------------------------------

MY_DRAWER_ACTIONS: Final[tuple[ActionSpec, ...]] = ()

# -- Customer (control central) ---------------------------------------------------------------------------------------

CUSTOMER_ACTIONS: Final[tuple[ActionSpec, ...]] = ()

# -- Payment event ----------------------------------------------------------------------------------------------------

EVENT_ACTIONS: Final[tuple[ActionSpec, ...]] = ()

# -- Supervisor's board, deposits -------------------------------------------------------------------------------------

BOARD_ACTIONS: Final[tuple[ActionSpec, ...]] = ()

# -- Users ------------------------------------------------------------------------------------------------------------

USERS_ACTIONS: Final[tuple[ActionSpec, ...]] = ()

# -- Journal ----------------------------------------------------------------------------------------------------------

JOURNAL_ACTIONS: Final[tuple[ActionSpec, ...]] = ()


def catalog() -> Catalog:
    """All declared actions; each window takes its own."""
    return Catalog(
        (
            *COUNTER_ACTIONS,
            *MY_DRAWER_ACTIONS,
            *CUSTOMER_ACTIONS,
            *EVENT_ACTIONS,
            *BOARD_ACTIONS,
            *USERS_ACTIONS,
            *JOURNAL_ACTIONS,
        )
    )
