"""The rail: the areas of the program, with how many things wait in each."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStyle, QToolButton, QVBoxLayout, QWidget

from cashier_app.ui import icons, look

_TALL: Final = 40
_COLLAPSED: Final = 52
_MOST_COUNTED: Final = 99


class RailButton(QToolButton):
    """One area: icon, word, count. Collapsed, the word moves to the tooltip and the count becomes a dot."""

    def __init__(self, title: str, icon: str, shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._icon = icon
        self._shortcut = shortcut
        self._count = 0
        self._collapsed = False
        self.setProperty("role", "rail")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(look.font(weight=QFont.Weight.Medium))
        self._name()

    @property
    def count(self) -> int:
        """How many things wait."""
        return self._count

    def show_count(self, count: int) -> None:
        """Show how many things wait; none shows nothing."""
        self._count = count
        self._name()
        self.update()

    def collapse(self, *, collapsed: bool) -> None:
        """Show the icon alone, or icon and word."""
        self._collapsed = collapsed
        self._name()
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        if self._collapsed:
            return QSize(_COLLAPSED, _TALL)
        word = QFontMetrics(self.font()).horizontalAdvance(self._title)
        return QSize(16 + look.ICON + 10 + word + 44, _TALL)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isChecked() or self.underMouse()
        if lit:
            painter.fillRect(self.rect(), look.color("accent_soft"))
        if self.isChecked():
            painter.fillRect(self._placed(QRect(0, 0, 3, self.height())), look.color("accent"))
        role = "accent" if self.isChecked() else "muted"
        at = QRect(16, (self.height() - look.ICON) // 2, look.ICON, look.ICON)
        painter.drawPixmap(self._placed(at), icons.pixmap(self._icon, role, ratio=max(2.0, self.devicePixelRatioF())))
        if not self._collapsed:
            painter.setFont(self.font())
            painter.setPen(look.color("text" if lit else "muted"))
            room = QRect(16 + look.ICON + 10, 0, self.width(), self.height())
            start = QStyle.visualAlignment(
                self.layoutDirection(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            )
            room.setRight(self.width() - 8)
            painter.drawText(self._placed(room), start, self._title)
        if self._count:
            self._paint_count(painter)
        if self.hasFocus():
            painter.setPen(look.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(4, 2, -3, -3), 4, 4)
        painter.end()

    def _paint_count(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("accent"))
        if self._collapsed:
            painter.drawEllipse(self._placed(QRect(16 + look.ICON - 3, 7, 8, 8)))
            return
        painter.setFont(look.font(look.Size.TINY, QFont.Weight.DemiBold))
        words = str(self._count) if self._count <= _MOST_COUNTED else f"{_MOST_COUNTED}+"
        wide = max(20, painter.fontMetrics().horizontalAdvance(words) + 12)
        pill = self._placed(QRect(self.width() - wide - 10, (self.height() - 18) // 2, wide, 18))
        painter.drawRoundedRect(pill, 9, 9)
        painter.setPen(look.color("on_accent"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _placed(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def _name(self) -> None:
        waiting = QCoreApplication.translate("rail", "{title}, {count} waiting")
        name = waiting.format(title=self._title, count=self._count) if self._count else self._title
        self.setAccessibleName(name)
        self.setAccessibleDescription(self._shortcut)
        self.setToolTip(f"{name} ({self._shortcut})" if self._shortcut else name)


class Rail(QWidget):
    """The areas from top to bottom; exactly one is the current one."""

    chosen = Signal(str)
    """The id of the area somebody wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._is_collapsed = False
        self.setAccessibleName(QCoreApplication.translate("rail", "Areas"))
        self.setProperty("role", "background")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, look.SPACE * 2, 0, look.SPACE * 2)
        self._column.setSpacing(0)
        self._column.addStretch()

    @property
    def is_collapsed(self) -> bool:
        """Whether only icons are shown."""
        return self._is_collapsed

    def add(self, area_id: str, title: str, icon: str, shortcut: str = "") -> None:
        """Add an area below the others."""
        button = RailButton(title, icon, shortcut)
        button.clicked.connect(lambda _checked=False: self.chosen.emit(area_id))
        self._group.addButton(button)
        self._buttons[area_id] = button
        self._column.insertWidget(len(self._buttons) - 1, button)

    def mark(self, area_id: str) -> None:
        """Show which area is the current one."""
        self._buttons[area_id].setChecked(True)

    def show_count(self, area_id: str, count: int) -> None:
        """Show how many things wait in an area; areas this user has not got are ignored."""
        if area_id in self._buttons:
            self._buttons[area_id].show_count(count)

    def collapse(self, *, collapsed: bool) -> None:
        """Icons alone, or icons and words."""
        self._is_collapsed = collapsed
        for button in self._buttons.values():
            button.collapse(collapsed=collapsed)

    def button(self, area_id: str) -> RailButton:
        """The button of an area."""
        return self._buttons[area_id]
