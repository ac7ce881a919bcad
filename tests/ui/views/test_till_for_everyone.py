"""The till's screens: names for screen readers, tab order, a visible focus, longer words in the smallest window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.ui.test_for_everyone import LongerWords, is_inner
from tests.ui.till import focus_name

CONTENT = (1024 - 53, 700 - 90)
"""What a screen gets in the smallest window, the rail folded."""


def at_the_counter(till):
    till.find("Jane Masters")
    till.press("F6")


def several_at_the_counter(till):
    till.find("Jane Masters")
    till.press("F3")
    till.find("Leilani")
    till.press("F11")


def nobody_at_the_counter(till):
    till.go("counter")


def drawer_form(key):
    def play(till):
        till.go("my_drawer")
        till.press(key)

    return play


def short_drawer(till):
    till.find("Jane Masters")
    for key in ("F6", "Return"):
        till.press(key)
    till.type("4711")
    till.press("Return")
    screen = till.go("my_drawer")
    till.press("F8")
    screen.count.save.click()
    till.settle()


STATES = [
    pytest.param(nobody_at_the_counter, id="nobody"),
    pytest.param(at_the_counter, id="customer"),
    pytest.param(several_at_the_counter, id="several"),
    *(
        pytest.param(drawer_form(key), id=name)
        for key, name in (("F4", "turn-in"), ("F5", "pay-in"), ("F6", "pay-out"), ("F7", "no-sale"), ("F8", "count"))
    ),
    pytest.param(drawer_form("F10"), id="x-report"),
    pytest.param(short_drawer, id="short"),
]


def stops(screen: QWidget) -> Iterator[QWidget]:
    for widget in screen.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not is_inner(widget):
            yield widget


def shown(till) -> QWidget:
    return till.window.screen_of(till.window.current_area)


@pytest.mark.slow
@pytest.mark.parametrize("play", STATES)
def test_every_control_has_a_name(till, play):
    play(till)
    nameless = []
    for widget in stops(shown(till)):
        interface = QAccessible.queryAccessibleInterface(widget)
        if not (widget.accessibleName() or (interface and interface.text(QAccessible.Text.Name))):
            nameless.append(widget)
    assert nameless == []


@pytest.mark.slow
@pytest.mark.parametrize("play", STATES)
def test_the_focus_can_be_seen(till, play):
    play(till)
    invisible = []
    for widget in stops(shown(till)):
        if widget.isVisible() and widget.isEnabled():
            till.window.shell.scan.setFocus()
            before = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if widget.hasFocus() and widget.grab().toImage() == before:
                invisible.append(widget.accessibleName())
    assert invisible == []


@pytest.mark.slow
@pytest.mark.parametrize("play", STATES)
def test_longer_words_fit_the_smallest_window_in_either_direction(played, qapp, play):
    translator = LongerWords()
    qapp.installTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        played.window.resize(1024, 700)
        played.sign_in("ann")
        _open_drawer(played)
        play(played)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        qapp.processEvents()
        assert (played.window.width(), played.window.height()) == (1024, 700)
        screen = shown(played)
        assert screen.minimumSizeHint().width() <= CONTENT[0]
        assert screen.minimumSizeHint().height() <= CONTENT[1]
        for button in screen.findChildren(QPushButton):
            if button.isVisible() and button.text():
                assert button.width() >= button.minimumSizeHint().width(), button.text()
    finally:
        qapp.removeTranslator(translator)
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def _open_drawer(stage):
    from cashier_app.services.cashiering.tender_controls import OpenTenderControl  # noqa: PLC0415

    stage.do(OpenTenderControl(tender_source="CASH-A01"), "ann")
    stage.settle()


def test_tab_walks_the_counter_from_left_to_right(till):
    till.find("Jane Masters")
    names = []
    for _ in range(6):
        names.append(focus_name())
        till.press("Tab")
    in_order = [name for name in names if name in {"Amount paid", "By hand", "Cash", "Check", "Card at the terminal"}]
    assert in_order == ["Amount paid", "By hand", "Cash", "Check", "Card at the terminal"]


def test_places_at_the_counter_never_move(till):
    counter = till.go("counter")
    places = []
    for name in ("Jane Masters", "Leilani", "Wolfeschlegel"):
        till.find(name)
        till.press("F6")
        places.append(
            [
                widget.mapTo(till.window, widget.rect().topLeft())
                for widget in (counter.what.amount, counter.how.change, counter.how.button, counter.how.amount_edit(1))
            ]
        )
        till.window.clear_requested.emit()
    assert places[0] == places[1] == places[2]
