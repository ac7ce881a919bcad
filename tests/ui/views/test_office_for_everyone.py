"""Every back-office screen: names for screen readers, a visible focus, room for longer words in the smallest window."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from cashier_app.ui.views.board import BoardScreen
from cashier_app.ui.views.books import BooksScreen
from cashier_app.ui.views.customer import CustomerScreen
from cashier_app.ui.views.event import EventScreen
from cashier_app.ui.views.journal import JournalScreen
from cashier_app.ui.views.users import UsersScreen
from tests.builders import a_payment, an_account, an_open_drawer, check
from tests.ui.office import an_office
from tests.ui.test_for_everyone import LongerWords, is_inner

CONTENT = (1024 - 53, 700 - 90)
"""What a screen gets in the smallest window, the rail folded."""
SCREENS = [
    pytest.param("olga", CustomerScreen, id="customer"),
    pytest.param("sue", EventScreen, id="event"),
    pytest.param("sue", BoardScreen, id="board"),
    pytest.param("sue", BooksScreen, id="books"),
    pytest.param("vera", JournalScreen, id="journal"),
    pytest.param("adam", UsersScreen, id="users"),
]


@pytest.fixture
def make(sqlite_ledger_url, tmp_path, qtbot):
    """The screen with something on it."""
    opened = []

    def made(login, kind):
        context = an_office(sqlite_ledger_url, tmp_path, login)
        office = context.__enter__()
        opened.append(context)
        account = an_account(office.ledger, owing={"ELEC": "84.10", "GAS": "41.25"})
        an_open_drawer(office.ledger)
        taken = office.ledger.do(a_payment(account, check("140.00"), paying="125.35"))
        screen = office.screen(qtbot, kind, CONTENT)
        if isinstance(screen, CustomerScreen):
            screen.open_account(account.id)
        if isinstance(screen, EventScreen):
            screen.open_event(taken.event_id)
        QApplication.processEvents()
        return screen

    yield made
    for context in opened:
        context.__exit__(None, None, None)


def open_sheets(screen):
    for name in (
        "_add_note",
        "_adjust",
        "_change_person",
        "_cancel_tender",
        "_transfer",
        "_start_new",
        "_start_password",
    ):
        if hasattr(screen, name):
            getattr(screen, name)()
            yield name


def stops(screen):
    return [
        widget
        for widget in screen.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not is_inner(widget)
    ]


@pytest.mark.parametrize(("login", "kind"), SCREENS)
def test_every_control_has_a_name(make, login, kind):
    screen = make(login, kind)
    list(open_sheets(screen))
    nameless = []
    for widget in stops(screen):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not (widget.accessibleName() or (interface and interface.text(QAccessible.Text.Name))):
            nameless.append(widget)
    assert nameless == []


@pytest.mark.parametrize(("login", "kind"), SCREENS)
def test_the_focus_can_be_seen(make, login, kind):
    screen = make(login, kind)
    invisible = []
    for widget in stops(screen):
        if widget.isVisible() and widget.isEnabled():
            screen.window().setFocus()
            widget.clearFocus()
            before = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if widget.hasFocus() and widget.grab().toImage() == before:
                invisible.append(widget.accessibleName())
    assert invisible == []


@pytest.mark.parametrize(("login", "kind"), SCREENS)
def test_longer_words_fit_the_smallest_window_in_either_direction(make, qapp, login, kind):
    translator = LongerWords()
    qapp.installTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        screen = make(login, kind)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        qapp.processEvents()
        assert screen.minimumSizeHint().width() <= CONTENT[0]
        assert screen.minimumSizeHint().height() <= CONTENT[1]
        for _ in open_sheets(screen):
            qapp.processEvents()
            assert screen.minimumSizeHint().width() <= CONTENT[0]
            for button in screen.findChildren(QPushButton):
                if button.isVisible() and button.text():
                    assert button.width() >= button.minimumSizeHint().width(), button.text()
    finally:
        qapp.removeTranslator(translator)
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
