"""Typing like a person, in any script."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def type_text(widget: QWidget, text: str) -> None:
    """QTest aborts the whole process on a key outside ASCII; this does not."""
    for letter in text:
        if ord(letter) < 128:
            QTest.keyClicks(widget, letter)
        else:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key."""
    QTest.keyClick(widget, key, modifier)


def press_where_the_focus_is(key: Qt.Key) -> None:
    """One key, to whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None, "something has the focus"
    QTest.keyClick(focus, key)
