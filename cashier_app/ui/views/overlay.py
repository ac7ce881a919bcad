"""What lies over the screen for a moment: it takes the focus, and Escape gives it back to where it was."""

import weakref

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QWidget

from cashier_app.ui import look


class Overlay(QFrame):
    """A raised panel near the top of the widget it lies over, as wide as asked but never wider than there is room."""

    closed = Signal()

    def __init__(self, over: QWidget, width: int, *, stays: bool = False) -> None:
        """It goes when the focus does, by a click outside for example, unless it `stays` until it is answered."""
        super().__init__(over)
        self._stays = stays
        self._over = over
        self._width = width
        self._focus_before: weakref.ref[QWidget] | None = None
        self.setProperty("role", "popup")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        over.installEventFilter(self)
        self.hide()

    def open(self, focus: QWidget) -> None:
        """Lie over the screen with the focus on `focus`."""
        before = self.window().focusWidget()
        self._focus_before = weakref.ref(before) if before is not None and not self.isAncestorOf(before) else None
        self._place()
        self.show()
        self.raise_()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)
        _application().focusChanged.connect(self._watch_focus)

    def fit(self, *added: QWidget) -> None:
        """Be as large as it must be after parts were added or taken away while it is open."""
        for part in added:
            part.show()  # Qt itself would wait for the loop, and leave them out till then
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self._place()

    def dismiss(self) -> None:
        """Go away; the focus returns to where it was."""
        if self.isHidden():
            return
        _application().focusChanged.disconnect(self._watch_focus)
        self.hide()
        before = self._focus_before() if self._focus_before else None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        # The screen below is not to be worked at: F5 must not take a payment behind an open question.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802
        """Tab stays inside: what lies below is not there while this is open."""
        return False if self._only_one_stop() else super().focusNextPrevChild(next)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _watch_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or new is self or self.isAncestorOf(new) or not self._over.isAncestorOf(new):
            return
        if self._stays:
            (self._last_inside() or self).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_before = None
            self.dismiss()

    def _last_inside(self) -> QWidget | None:
        stops = [child for child in self.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus]
        return next((stop for stop in stops if stop.isVisible() and stop.isEnabled()), None)

    def _only_one_stop(self) -> bool:
        stops = [child for child in self.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus]
        return len(stops) < 2  # noqa: PLR2004

    def replace(self) -> None:
        """What is shown has grown or shrunk: take the room it needs."""
        layout = self.layout()
        if self.isVisible() and layout is not None:
            layout.invalidate()
            layout.activate()
            self._place()

    def _place(self) -> None:
        room = self._over.rect()
        width = min(self._width, room.width() - look.SPACE * 8)
        self.setFixedWidth(width)
        self.setMaximumHeight(room.height() - look.SPACE * 16)
        self.adjustSize()
        self.setFixedWidth(width)
        self.move((room.width() - width) // 2, look.SPACE * 14)


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication), "widgets need an application"
    return app
