"""Words on the screen: section labels, badges, keys, problems, notices, facts, and what to do where nothing is yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QAction, QFont, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cashier_app.domain.figures import NO_FIGURE, Figure
from cashier_app.ui import icons, look
from cashier_app.ui.actions import wear
from cashier_app.ui.widgets.figures import Named, carry

Tone = Literal["neutral", "accent", "good", "attention", "danger"]

TONE_ICONS: Final[dict[str, str]] = {
    "neutral": "info",
    "accent": "info",
    "good": "ok",
    "attention": "warning",
    "danger": "cancel",
}
"""Every tone has a shape too: color never speaks alone."""


def label(
    text: str = "",
    *,
    size: int = look.Size.BODY,
    weight: QFont.Weight = QFont.Weight.Normal,
    role: str = "",
    wraps: bool = False,
) -> QLabel:
    """A plain label in our type; `role` is a color role such as `muted`."""
    made = QLabel(text)
    made.setFont(look.font(size, weight))
    made.setTextFormat(Qt.TextFormat.PlainText)  # names and notes come from outside and are never markup
    made.setWordWrap(wraps)
    if role:
        made.setProperty("role", role)
    return made


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again after a property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def rule(orientation: Qt.Orientation = Qt.Orientation.Horizontal) -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setProperty("role", "rule")
    if orientation == Qt.Orientation.Horizontal:
        line.setFixedHeight(1)
    else:
        line.setFixedWidth(1)
    return line


class SectionLabel(QLabel):
    """The tiny capitals over a part of a screen. Read aloud it is the words, not the capitals."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        made = look.font(look.Size.TINY, QFont.Weight.DemiBold)
        made.setCapitalization(QFont.Capitalization.AllUppercase)
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        self.setFont(made)
        self.setProperty("role", "muted")
        self.setAccessibleName(text)


class StatusBadge(QLabel):
    """A state in one or two words, tinted; the words carry the meaning."""

    def __init__(self, text: str = "", tone: Tone = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(look.font(look.Size.TINY, QFont.Weight.DemiBold))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.show_state(text, tone)

    def show_state(self, text: str, tone: Tone = "neutral") -> None:
        """Show this state."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setProperty("badge", tone)
        restyle(self)


class KeyHint(QLabel):
    """A key, drawn like one."""

    def __init__(self, shortcut: str, parent: QWidget | None = None) -> None:
        """`shortcut` in Qt's portable spelling."""
        native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText) or shortcut
        super().__init__(native, parent)
        self.setFont(look.font(look.Size.TINY, QFont.Weight.Medium))
        self.setProperty("role", "key")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(native)


class ProblemLabel(QWidget):
    """What is wrong with the field beside it and what would be accepted. Its place stays reserved."""

    def __init__(self, field: QWidget | None = None, parent: QWidget | None = None) -> None:
        """`field`, when given, is marked as refused while a problem is shown and described by it."""
        super().__init__(parent)
        self._field = field
        self._icon = QLabel()
        self._icon.setFixedSize(16, 16)
        self._words = label(role="danger", wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(look.SPACE)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.setMinimumHeight(22)
        look.changed.connect(self._draw_icon)
        self.clear()

    @property
    def text(self) -> str:
        """What is shown."""
        return self._words.text()

    def show_problem(self, sentence: str, accepted: str = "") -> None:
        """Show the sentence and what would be accepted; an empty sentence clears."""
        text = " ".join(part for part in (sentence, accepted) if part)
        self._words.setText(text)
        self.setAccessibleName(text or QCoreApplication.translate("widgets", "No problem"))
        self._draw_icon()
        if self._field is not None:
            self._field.setProperty("refused", bool(text))
            self._field.setAccessibleDescription(text)
            restyle(self._field)

    def clear(self) -> None:
        """Nothing is wrong (any more)."""
        self.show_problem("")

    def _draw_icon(self) -> None:
        if self.text:
            self._icon.setPixmap(icons.pixmap("warning", "danger", 16))
        else:
            self._icon.clear()


class EmptyState(QWidget):
    """What stands where a list is empty: what this place is for, and the one thing to do next."""

    def __init__(
        self, icon: str, title: str, sentence: str, action: QAction | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{title}. {sentence}")
        self._icon_name = icon
        self._icon = QLabel()
        heading = label(title, size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
        words = label(sentence, role="muted", wraps=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setMaximumWidth(440)
        column = QVBoxLayout(self)
        column.setSpacing(look.SPACE * 2)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(words, 8)
        row.addStretch()
        column.addLayout(row)
        if action is not None:
            button = QPushButton(self)
            wear(button, action)
            column.addSpacing(look.SPACE * 2)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        look.changed.connect(self._draw_icon)
        self._draw_icon()

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icons.pixmap(self._icon_name, "muted", 40))


class Notice(QWidget):
    """The quiet line at the foot of the window: the last thing that happened, gone by itself after a while."""

    def __init__(self, parent: QWidget | None = None, *, stays_ms: int = 12_000) -> None:
        super().__init__(parent)
        self._tone: Tone = "neutral"
        self._icon = QLabel()
        self._icon.setFixedSize(16, 16)
        self._words = label()
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE * 2)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self._effect = QGraphicsOpacityEffect(self)
        self._effect.setEnabled(False)
        self.setGraphicsEffect(self._effect)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.setDuration(look.FADE_MS)
        self._fade.finished.connect(self._faded)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(stays_ms)
        self._timer.timeout.connect(self.clear)
        look.changed.connect(self._draw_icon)
        self.setAccessibleName(QCoreApplication.translate("widgets", "Notices"))

    @property
    def text(self) -> str:
        """What is shown."""
        return self._words.text()

    def say(self, text: str, tone: Tone = "neutral", *, stays: bool = False) -> None:
        """Show one sentence; `stays` keeps it until the next one, for what must not be missed."""
        self._tone = tone
        self._words.setText(text)
        self._words.setToolTip(text)
        self.setAccessibleDescription(text)
        self._draw_icon()
        self._timer.stop()
        if text and not stays:
            self._timer.start()
        if text and self.isVisible():
            self._effect.setEnabled(True)
            self._fade.setStartValue(0.0)
            self._fade.setEndValue(1.0)
            self._fade.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)

    def clear(self) -> None:
        """Say nothing."""
        self.say("")

    def _faded(self) -> None:
        self._effect.setEnabled(False)  # an effect at rest costs a buffer and blurs text at odd scales

    def _draw_icon(self) -> None:
        if self.text:
            role = "muted" if self._tone == "neutral" else self._tone
            self._icon.setPixmap(icons.pixmap(TONE_ICONS[self._tone], role, 16))
        else:
            self._icon.clear()


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a fact list."""

    name: str
    value: str
    amount: bool = False
    """Amounts stand right, so that a column of them lines up."""
    role: str = ""
    strong: bool = False
    figure: Figure = NO_FIGURE
    """What the value is, so that it can be explained."""


class FactList(QWidget):
    """Names and values in two columns, in reading order."""

    def __init__(self, facts: Sequence[Fact] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.SPACE * 4)
        self._grid.setVerticalSpacing(look.SPACE + 2)
        self._grid.setColumnStretch(1, 1)
        self._values: list[tuple[QLabel, QLabel]] = []
        self.show_facts(facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts; labels are reused, so nothing flickers when only values change."""
        while len(self._values) < len(facts):
            name, value = label(role="muted"), label(wraps=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the window's own explains it
            row = len(self._values)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 1)
            self._values.append((name, value))
        for place, (name, value) in enumerate(self._values):
            shown = place < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                self._show(facts[place], name, value)
        self.setAccessibleName("; ".join(f"{fact.name}: {fact.value}" for fact in facts))

    def _show(self, fact: Fact, name: QLabel, value: QLabel) -> None:
        name.setText(fact.name)
        value.setText(fact.value)
        value.setAccessibleName(f"{fact.name}: {fact.value}")
        carry(value, *([Named(fact.name, fact.value, fact.figure)] if fact.figure else []))
        value.setFont(look.font(weight=QFont.Weight.DemiBold if fact.strong else QFont.Weight.Normal))
        flag = Qt.AlignmentFlag
        value.setAlignment(
            (flag.AlignRight | flag.AlignAbsolute if fact.amount else flag.AlignLeading) | flag.AlignVCenter
        )
        value.setWordWrap(not fact.amount)
        if value.property("role") != fact.role:
            value.setProperty("role", fact.role)
            restyle(value)
