"""A card of the supervisor's board: one thing, its state, and what needs somebody."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.widgets.words import StatusBadge, Tone, label


class Card(QFrame):
    """A title, a badge, a line of muted words, and whatever is put below. Can be reached and opened with the keys."""

    opened = Signal()
    """Enter, Space or a click."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setMinimumWidth(260)
        self._title = label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
        self._badge = StatusBadge()
        self._badge.hide()
        self._words = label(role="muted", wraps=True)
        head = QHBoxLayout()
        head.setSpacing(look.SPACE * 2)
        head.addWidget(self._title, 1)
        head.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body = QVBoxLayout()
        """Where the content goes."""
        self.body.setSpacing(look.SPACE * 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 4] * 4)
        column.setSpacing(look.SPACE)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addSpacing(look.SPACE)
        column.addLayout(self.body)
        self.show_head(title)

    def show_head(self, title: str, words: str = "", badge: str = "", tone: Tone = "neutral") -> None:
        """Show title, the line below it, and the state."""
        self._title.setText(title)
        self._words.setText(words)
        self._badge.setVisible(bool(badge))
        self._badge.show_state(badge, tone)
        self.setAccessibleName(", ".join(part for part in (title, badge, words) if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()
