"""Everything a person can do on the screens, in one place: a section per screen. The window's own keys are its own.

A key may mean different things on different screens (sections are groups); F1, F2, Ctrl+E, Ctrl+K, Ctrl+B, Ctrl+L,
Ctrl+1 … 9, Shift+Esc, Ctrl+Shift+D and Ctrl+Shift+Q belong to the window.
"""

from typing import Final

from cashier_app.ui.actions import QT_TRANSLATE_NOOP, ActionSpec, Catalog
from cashier_app.ui.office_actions import OFFICE_ACTIONS

COUNTER: Final = QT_TRANSLATE_NOOP("actions", "Counter")
MY_DRAWER: Final = QT_TRANSLATE_NOOP("actions", "My drawer")

# -- Counter ----------------------------------------------------------------------------------------------------------

COUNTER_ACTIONS: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        "counter.take",
        QT_TRANSLATE_NOOP("actions", "Take payment"),
        "Ctrl+Return",
        right="TakePayment",
        group=COUNTER,
        tip=QT_TRANSLATE_NOOP("actions", "Enter in the tender does the same"),
        icon="ok",
    ),
    ActionSpec(
        "counter.add_payee",
        QT_TRANSLATE_NOOP("actions", "Pay for another account too"),
        "F3",
        right="TakePayment",
        group=COUNTER,
        tip=QT_TRANSLATE_NOOP("actions", "The next account found is added to this visit"),
        icon="plus",
    ),
    ActionSpec(
        "counter.other_payor",
        QT_TRANSLATE_NOOP("actions", "Somebody else pays"),
        "F4",
        right="TakePayment",
        group=COUNTER,
        tip=QT_TRANSLATE_NOOP("actions", "The next account found is whose money it is"),
        icon="customer",
    ),
    ActionSpec(
        "counter.first_tender",
        QT_TRANSLATE_NOOP("actions", "First tender: cash"),
        "F5",
        right="TakePayment",
        group=COUNTER,
        icon="cash",
    ),
    ActionSpec(
        "counter.second_tender",
        QT_TRANSLATE_NOOP("actions", "Second tender: check"),
        "F6",
        right="TakePayment",
        group=COUNTER,
        icon="check",
    ),
    ActionSpec(
        "counter.third_tender",
        QT_TRANSLATE_NOOP("actions", "Third tender: card"),
        "F7",
        right="TakePayment",
        group=COUNTER,
        icon="card",
    ),
    ActionSpec(
        "counter.show_last",
        QT_TRANSLATE_NOOP("actions", "Cancel or correct the last payment"),
        "F8",
        right="TakePayment",
        group=COUNTER,
        tip=QT_TRANSLATE_NOOP("actions", "Opens the last payment event"),
        icon="cancel",
    ),
    ActionSpec(
        "counter.to_drawer",
        QT_TRANSLATE_NOOP("actions", "Go to my drawer"),
        "F9",
        right="TakePayment",
        group=COUNTER,
        icon="drawer",
    ),
    ActionSpec(
        "counter.print_last",
        QT_TRANSLATE_NOOP("actions", "Print the last receipt again"),
        "F10",
        right="ReprintReceipt",
        group=COUNTER,
        tip=QT_TRANSLATE_NOOP("actions", "It is noted, and marked COPY where the original came out"),
        icon="print",
    ),
    ActionSpec(
        "counter.distribute",
        QT_TRANSLATE_NOOP("actions", "By hand"),
        "F11",
        right="TakePayment",
        group=COUNTER,
        tip=QT_TRANSLATE_NOOP("actions", "Place the payment on agreements by hand; again: leave it to the rules"),
        icon="edit",
    ),
    ActionSpec(
        "counter.drop_payee",
        QT_TRANSLATE_NOOP("actions", "Leave this account out"),
        "Ctrl+Backspace",
        right="TakePayment",
        group=COUNTER,
        icon="minus",
    ),
    ActionSpec(
        "counter.next_payee",
        QT_TRANSLATE_NOOP("actions", "Next account of this visit"),
        "Ctrl+Tab",
        right="TakePayment",
        group=COUNTER,
        icon="arrow_right",
    ),
    ActionSpec(
        "counter.history",
        QT_TRANSLATE_NOOP("actions", "History"),
        "Ctrl+H",
        right="ViewCustomers",
        group=COUNTER,
        icon="history",
    ),
)

# -- My drawer --------------------------------------------------------------------------------------------------------

MY_DRAWER_ACTIONS: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        "drawer.open",
        QT_TRANSLATE_NOOP("actions", "Open the drawer"),
        "F3",
        right="OpenTenderControl",
        group=MY_DRAWER,
        icon="drawer",
    ),
    ActionSpec(
        "drawer.turn_in",
        QT_TRANSLATE_NOOP("actions", "Turn in"),
        "F4",
        right="TurnInFunds",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "Hand part of it to the head cashier"),
        icon="deposit",
    ),
    ActionSpec(
        "drawer.pay_in",
        QT_TRANSLATE_NOOP("actions", "Pay in"),
        "F5",
        right="MoveDrawerCash",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "Put cash in without a customer"),
        icon="plus",
    ),
    ActionSpec(
        "drawer.pay_out",
        QT_TRANSLATE_NOOP("actions", "Pay out"),
        "F6",
        right="MoveDrawerCash",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "Take cash out without a customer"),
        icon="minus",
    ),
    ActionSpec(
        "drawer.no_sale",
        QT_TRANSLATE_NOOP("actions", "No sale"),
        "F7",
        right="OpenDrawer",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "Open it without a payment, with a word why"),
        icon="eye_off",
    ),
    ActionSpec(
        "drawer.count",
        QT_TRANSLATE_NOOP("actions", "Count and balance"),
        "F8",
        right="StartBalancing",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "Stop taking money and count"),
        icon="count",
    ),
    ActionSpec(
        "drawer.resume",
        QT_TRANSLATE_NOOP("actions", "Take up again"),
        "F11",
        right="StartBalancing",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "Back from counting to taking money"),
        icon="arrow_left",
    ),
    ActionSpec(
        "drawer.report",
        QT_TRANSLATE_NOOP("actions", "X report"),
        "F10",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "What the drawer says of itself now"),
        icon="report",
    ),
    ActionSpec(
        "drawer.print_paper",
        QT_TRANSLATE_NOOP("actions", "Print on the receipt printer"),
        "Ctrl+P",
        group=MY_DRAWER,
        tip=QT_TRANSLATE_NOOP("actions", "The report or slip in view, in its short form"),
        icon="print",
    ),
    ActionSpec(
        "drawer.save_report",
        QT_TRANSLATE_NOOP("actions", "Save the report as PDF"),
        "Ctrl+S",
        group=MY_DRAWER,
        icon="print",
    ),
)


def catalog() -> Catalog:
    """All declared actions; each window takes its own."""
    return Catalog(
        (
            *COUNTER_ACTIONS,
            *MY_DRAWER_ACTIONS,
            *OFFICE_ACTIONS,
        )
    )
