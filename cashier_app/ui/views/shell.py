"""The frame around every screen: rail, home field, the state of drawer and line, the quiet notices."""

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.ui import icons, look
from cashier_app.ui.views.rail import Rail
from cashier_app.ui.widgets.scan import ScanField
from cashier_app.ui.widgets.words import KeyHint, Notice, Tone, label, restyle, rule

_HEAD = 52
_NARROW = 1200
"""Below this width the rail shows icons only."""


class Chip(QPushButton):
    """A state in the header: an icon, a word, a colored shape. Pressing it leads to what it is about."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tone: Tone = "neutral"
        self.setProperty("kind", "quiet")
        self.setIconSize(QSize(18, 18))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(QCoreApplication.translate("shell", "Nothing to show"))

    def reserve(self, sample: str) -> None:
        """Keep room for a text like this one, so that nothing beside it moves while the words change."""
        self.setProperty("align", "start")
        restyle(self)
        before = self.text()
        self.setText(sample)
        self.setMinimumWidth(self.sizeHint().width())
        self.setText(before)

    def show_state(self, text: str, tone: Tone = "neutral", *, about: str = "") -> None:
        """Show this; an empty text hides the chip. `about` completes the words for screen readers and the tooltip."""
        self._tone = tone
        self.setText(text)
        self.setVisible(bool(text))
        icons.dress(self, self._icon, "muted" if tone == "neutral" else tone)
        self.setAccessibleName(f"{about}: {text}" if about else text)
        self.setToolTip(self.accessibleName())


class Shell(QWidget):
    """Everything but the screens. It shows what it is told and reports what is pressed."""

    area_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        translate = QCoreApplication.translate
        self.rail = Rail()
        self.scan = ScanField()
        self.drawer = Chip("drawer")
        self.line = Chip("unsent")
        self.user = Chip("customer")
        self.notice = Notice()
        self.keys_button = _hint_button(translate("shell", "keys"), "F1")
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
