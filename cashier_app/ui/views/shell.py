"""The frame around every screen: rail, home field, the state of drawer and line, the quiet notices."""

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.ui import icons, look
from cashier_app.ui.views.rail import Rail
from cashier_app.ui.widgets.scan import ScanField
from cashier_app.ui.widgets.words import KeyHint, Notice, Tone, label, restyle, rule

_HEAD = 52
_SMALL_CHIP = 96
_SCAN = 240
"""What the scan field keeps when words around it grow."""
_NARROW = 1200
"""Below this width the rail shows icons only."""


class Chip(QPushButton):
    """A state in the header: an icon, a word, a colored shape. Pressing it leads to what it is about.

    Where there is no room for its words they end in dots; tooltip and screen readers have them whole.
    """

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tone: Tone = "neutral"
        self._words = ""
        self._reserved = 0
        self.setProperty("kind", "quiet")
        self.setIconSize(QSize(18, 18))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(QCoreApplication.translate("shell", "Nothing to show"))

    def reserve(self, sample: str) -> None:
        """Keep room for a text like this one, so that nothing beside it moves while the words change."""
        self.setProperty("align", "start")
        restyle(self)
        self._reserved = self._width_of(sample)
        self.updateGeometry()

    def show_state(self, text: str, tone: Tone = "neutral", *, about: str = "") -> None:
        """Show this; an empty text hides the chip. `about` completes the words for screen readers and the tooltip."""
        self._tone, self._words = tone, text
        self.setText(text)
        self.setVisible(bool(text))
        icons.dress(self, self._icon, "muted" if tone == "neutral" else tone)
        self.setAccessibleName(f"{about}: {text}" if about else text)
        self.setToolTip(self.accessibleName())
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(max(self._reserved, self._width_of(self._words)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        wanted = self.sizeHint()
        return QSize(min(wanted.width(), _SMALL_CHIP), wanted.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _width_of(self, words: str) -> int:
        beside = super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
        return beside + self.fontMetrics().horizontalAdvance(words)

    def _fit(self) -> None:
        room = self.width() - self._width_of("")
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 0))
        if self._words and shown != self.text():
            self.setText(shown if self.width() < self.sizeHint().width() else self._words)


class Shell(QWidget):
    """Everything but the screens. It shows what it is told and reports what is pressed."""

    area_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.rail = Rail()
        self.scan = ScanField()
        self.scan.setMinimumWidth(_SCAN)
        self.drawer = Chip("drawer")
        self.line = Chip("unsent")
        self.user = Chip("customer")
        self.notice = Notice()
        self.keys_button = _hint_button(translate("shell", "keys"), "F1")
        self.explain_button = _hint_button(translate("shell", "explain"), "Ctrl+E")
        self.any_button = _hint_button(translate("shell", "any action"), "Ctrl+K")
        self._screens: dict[str, QWidget] = {}
        self.content = QStackedWidget()
        self.content.setAccessibleName(translate("shell", "Screen"))
        for chip in (self.drawer, self.line, self.user):
            chip.hide()

        head = QHBoxLayout()
        head.setContentsMargins(look.SPACE * 4, 0, look.SPACE * 3, 0)
        head.setSpacing(look.SPACE * 2)
        head.addWidget(self.scan, 3)
        head.addStretch(1)
        for chip in (self.drawer, self.line, self.user):
            head.addWidget(chip)
        header = QWidget()
        header.setLayout(head)
        header.setFixedHeight(_HEAD)

        foot = QHBoxLayout()
        foot.setContentsMargins(look.SPACE * 4, 0, look.SPACE * 3, 0)
        foot.setSpacing(look.SPACE * 2)
        foot.addWidget(self.notice, 1)
        foot.addWidget(self.keys_button)
        foot.addWidget(self.explain_button)
        foot.addWidget(self.any_button)
        footer = QWidget()
        footer.setLayout(foot)
        footer.setFixedHeight(36)

        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(header)
        right.addWidget(rule())
        right.addWidget(self.content, 1)
        right.addWidget(rule())
        right.addWidget(footer)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addWidget(rule(Qt.Orientation.Vertical))
        whole.addLayout(right, 1)
        self.rail.chosen.connect(self.area_chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        if narrow != (0 <= event.oldSize().width() < _NARROW):  # only when it is crossed: the user's own choice stays
            self.rail.collapse(collapsed=narrow)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("background"))
        painter.fillRect(self.content.geometry(), look.color("surface"))
        painter.end()


def _hint_button(words: str, shortcut: str) -> QPushButton:
    button = QPushButton()
    button.setProperty("kind", "quiet")
    button.setAccessibleName(f"{words}, {shortcut}")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its key is shorter than the way to it
    row = QHBoxLayout(button)
    row.setContentsMargins(look.SPACE, 0, look.SPACE, 0)
    row.setSpacing(look.SPACE)
    hint, text = KeyHint(shortcut), label(words, size=look.Size.TINY, role="muted")
    for part in (hint, text):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(part)
    button.setMinimumWidth(row.sizeHint().width())
    return button
