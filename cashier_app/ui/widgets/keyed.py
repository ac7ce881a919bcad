"""A quiet button with its key drawn beside its words, for what is done with the keys and only found with the mouse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from cashier_app.ui import look
from cashier_app.ui.actions import wear
from cashier_app.ui.widgets.words import KeyHint


def plain(text: str) -> str:
    """Text from outside for a button: an ampersand in a name is not a mnemonic."""
    return text.replace("&", "&&")


class KeyedButton(QWidget):
    """Words and key of an action; follows its text, state and visibility."""

    def __init__(self, action: QAction, *, kind: str = "quiet", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton(self)
        self.button.setProperty("kind", kind)
        self._action = action
        self._hint = KeyHint(action.shortcut().toString(QKeySequence.SequenceFormat.PortableText))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE)
        row.addWidget(self.button)
        row.addWidget(self._hint, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        wear(self.button, action)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self._hint.setVisible(not self._action.shortcut().isEmpty())
        self._hint.setEnabled(self._action.isEnabled())
        # Without a parent it would jump up as a window of its own.
        if self.parent() is not None or not self._action.isVisible():
            self.setVisible(self._action.isVisible())
