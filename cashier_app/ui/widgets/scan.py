"""The home field: what is scanned or typed from anywhere lands here."""

from collections.abc import Callable
from time import monotonic
from typing import Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from cashier_app.ui import icons, look
from cashier_app.ui.widgets.words import KeyHint, restyle

SCANNER_GAP: Final = 0.035
"""Seconds between two keys below which no human types; wedge scanners send a key every few milliseconds."""
SCANNER_LENGTH: Final = 6
"""Fewer keys than this may be a lucky human."""


class Judgement(NamedTuple):
    """What the program thinks of a number while it is typed."""

    good: bool
    words: str
    """A word or two shown in the field: "account", "check digit?"."""


class ScanField(QLineEdit):
    """Takes account, bill and receipt numbers, names, addresses and scanned lines. Enter submits, Escape empties."""

    submitted = Signal(str)
    """What was typed, when Enter was pressed."""
    scanned = Signal(str)
    """What a scanner sent, wherever the focus was."""
    left = Signal()
    """Escape in an empty field: the second Escape, which clears the screen."""

    def __init__(
        self, judge: Callable[[str], Judgement | None] = lambda _text: None, parent: QWidget | None = None
    ) -> None:
        """`judge` says at each key what a number is; it must answer at once and may say nothing."""
        super().__init__(parent)
        self._judge = judge
        self._search = QAction(self)
        icons.dress(self._search, "search", "muted")
        self.addAction(self._search, QLineEdit.ActionPosition.LeadingPosition)
        self._verdict = KeyHint("")
        self._hint = KeyHint("F2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, look.SPACE * 2, 0)
        row.addStretch()
        row.addWidget(self._verdict)
        row.addWidget(self._hint)
        for part in (self._verdict, self._hint):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._verdict.hide()
        self.setFont(look.font(look.Size.BODY))
        self.setAccessibleName(QCoreApplication.translate("widgets", "Scan, number, name or address"))
        self.setPlaceholderText(QCoreApplication.translate("widgets", "Scan, number, name, address …"))
        self.textChanged.connect(self._show_verdict)

    def judge_with(self, judge: Callable[[str], Judgement | None]) -> None:
        """Ask this from now on what a number is."""
        self._judge = judge
        self._show_verdict(self.text())

    @property
    def verdict(self) -> str:
        """The words shown about what is typed."""
        return "" if self._verdict.isHidden() else self._verdict.text()

    def go_home(self) -> None:
        """Take the focus, ready to be typed over."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def take_scan(self, text: str) -> None:
        """A scanner sent this: show it, submit it as scanned, and be empty for the next."""
        self.setText(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.clear()
        self.scanned.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            text = self.text().strip()
            if text:
                self.submitted.emit(text)
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self._hint.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._hint.show()

    def _show_verdict(self, text: str) -> None:
        judged = self._judge(text.strip()) if text.strip() else None
        self._verdict.setVisible(judged is not None)
        if judged is not None:
            self._verdict.setText(judged.words)
            self._verdict.setAccessibleName(judged.words)
            self._verdict.setProperty("badge", "good" if judged.good else "attention")
            restyle(self._verdict)
        self.setAccessibleDescription("" if judged is None else judged.words)


class ScanCatcher(QObject):
    """Sends to the scan field what a scanner types while the focus is elsewhere, and what a person types at nothing.

    A wedge scanner is a keyboard: its keys go to whatever has the focus. This watches the window's keys, knows a
    scanner by its speed, gives the disturbed field its text back, and hands the scan to the home field. Letters typed
    while the focus is on something that takes no text, a table or a button, start a search at home.
    """

    def __init__(self, window: QWidget, field: ScanField, *, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(window)
        self._window = window
        self._field = field
        self._clock = clock
        self._keys = ""
        self._last = float("-inf")
        self._before: tuple[QLineEdit, str, int] | None = None
        self._is_on = True
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def switch(self, *, on: bool) -> None:
        """While off (locked, signing in, a second person's password) every key stays where it is typed."""
        self._is_on = on
        self._keys = ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if (
            self._is_on
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and watched is QApplication.focusWidget()
            and watched.window() is self._window
            and not _is_secret(watched)
            and not _is_in_popup(watched)
        ):
            return self._key(watched, event)
        return False

    def _key(self, focus: QWidget, event: QKeyEvent) -> bool:
        now = self._clock()
        fast = now - self._last < SCANNER_GAP
        self._last = now
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            scan, self._keys = self._keys, ""
            if fast and len(scan) >= SCANNER_LENGTH and focus is not self._field:
                self._give_back()
                self._field.take_scan(scan)
                return True
            if fast and len(scan) >= SCANNER_LENGTH:
                self._field.take_scan(scan)
                return True
            return False
        text = event.text()
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if not text or not text.isprintable() or not plain:
            return False
        if not fast:
            self._keys = ""
            self._before = (
                (focus, focus.text(), focus.cursorPosition())
                if isinstance(focus, QLineEdit) and focus is not self._field
                else None
            )
        self._keys += text
        if _takes_text(focus) or text == " ":
            return False
        self._field.go_home()
        self._field.insert(text)
        return True

    def _give_back(self) -> None:
        if self._before is not None:
            field, text, cursor = self._before
            field.setText(text)
            field.setCursorPosition(cursor)
            field.textEdited.emit(text)  # what listens to typing must forget the scan too
            self._before = None


def _takes_text(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox | QComboBox)


def _is_in_popup(widget: QWidget) -> bool:
    """What lies over the screen wants its own answer: a scan must not begin a payment behind a question."""
    at: QWidget | None = widget
    while at is not None:
        if at.property("role") == "popup":
            return True
        at = at.parentWidget()
    return False


def _is_secret(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit) and widget.echoMode() is not QLineEdit.EchoMode.Normal
