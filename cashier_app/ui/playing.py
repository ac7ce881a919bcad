"""Plays a window as a person would: keys where the focus is, actions by name. For pictures, the demo day and tests."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def settle() -> None:
    """Let the windows catch up."""
    for _ in range(3):
        QApplication.processEvents()


def clear_away() -> None:
    """Let go of what asked to be deleted later: without a running loop nothing does, and every theme would dress it."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(window: QWidget, keys: str, widget: QWidget | None = None) -> None:
    """Press a key in a widget, or where the focus is, in Qt's portable spelling."""
    target = widget or QApplication.focusWidget() or window
    combination = QKeySequence(keys)[0]  # type: ignore[index]  # its stub forgets __getitem__
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
    settle()


def type_text(text: str) -> None:
    """Type where the focus is, letter by letter."""
    target = QApplication.focusWidget()
    assert target is not None, "something has the focus"
    for letter in text:
        QTest.keyClicks(target, letter)
    settle()


def trigger(window: QWidget, action_id: str) -> None:
    """Do an action by its name, as its key or button would, whether or not the window is the active one yet."""
    action = window.findChild(QAction, action_id)
    assert action is not None, f"{action_id} is offered"
    action.trigger()
    settle()


def point_at_nothing(window: QWidget) -> None:
    """Move the pointer out of the way."""
    QCursor.setPos(window.mapToGlobal(window.rect().bottomRight()))
    settle()


def close_for_good(window: QWidget) -> None:
    """Close a window and everything in it, now."""
    window.close()
    window.deleteLater()
    clear_away()
