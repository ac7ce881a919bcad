"""Ctrl+K: any action by a few letters of its name, with the keys alone."""

from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QAction, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from cashier_app.ui import look
from cashier_app.ui.actions import Actions
from cashier_app.ui.view_models.finding import find
from cashier_app.ui.views.overlay import Overlay
from cashier_app.ui.widgets.words import label

_MOST_SHOWN: Final = 12
_KEY_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_GROUP_ROLE: Final = Qt.ItemDataRole.UserRole + 2


class CommandPalette(Overlay):
    """Finds and does any action that could be done now."""

    def __init__(self, over: QWidget, actions: Actions) -> None:
        super().__init__(over, width=560)
        self._actions = actions
        translate = QCoreApplication.translate
        self._letters = _Letters(self)
        self._letters.setAccessibleName(translate("palette", "Find an action"))
        self._letters.setPlaceholderText(translate("palette", "What do you want to do?"))
        self._letters.textChanged.connect(self._render)
        self._found = QListWidget()
        self._found.setAccessibleName(translate("palette", "Actions found"))
        self._found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._found.setItemDelegate(_ActionDelegate(self._found))
        self._found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found.itemClicked.connect(lambda _item: self.choose())
        self._nothing = label(translate("palette", "No action is called that. Fewer letters find more."), role="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.SPACE * 2] * 4)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self._letters)
        column.addWidget(self._found)
        column.addWidget(self._nothing)
        self.setAccessibleName(translate("palette", "Find an action"))

    def summon(self) -> None:
        """Open with everything offered."""
        self._letters.clear()
        self._render()
        self.open(self._letters)

    def shown(self) -> list[str]:
        """The texts of the actions shown, best first."""
        return [self._found.item(row).text() for row in range(self._found.count())]

    def step(self, rows: int) -> None:
        """Go down or up, round the end."""
        count = self._found.count()
        if count:
            self._found.setCurrentRow((self._found.currentRow() + rows) % count)

    def choose(self) -> None:
        """Close, then do what is marked: the action finds the focus where it was."""
        item = self._found.currentItem()
        action = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if not isinstance(action, QAction):
            return
        self.dismiss()
        if isValid(action):
            action.trigger()

    def _render(self) -> None:
        offered = [action for action in self._actions.offered() if action.isEnabled()]
        found = find(self._letters.text(), offered, lambda action: action.text())
        self._found.clear()
        for action in found[:_MOST_SHOWN]:
            spec = self._actions.spec(action)
            item = QListWidgetItem(action.text())
            item.setData(Qt.ItemDataRole.UserRole, action)
            item.setData(_KEY_ROLE, spec.key)
            item.setData(_GROUP_ROLE, QCoreApplication.translate("actions", spec.group) if spec.group else "")
            said = ", ".join(part for part in (action.text(), spec.key) if part)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self._found.addItem(item)
        self._found.setCurrentRow(0)
        self._found.setFixedHeight(max(1, self._found.count()) * look.ROW + 2)
        self._found.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._place()


class _Letters(QLineEdit):
    """The palette's field: arrows move the mark below, Enter chooses it."""

    def __init__(self, palette: CommandPalette) -> None:
        super().__init__(palette)
        self._owner = palette

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self._owner.step(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._owner.choose()
        elif event.key() == Qt.Key.Key_Escape:
            self._owner.dismiss()
        else:
            super().keyPressEvent(event)


class _ActionDelegate(QStyledItemDelegate):
    """The action, its group in muted words, its key at the far end."""

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, look.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        shown: Any = option
        room: QRect = shown.rect
        self.initStyleOption(option, index)
        painter.save()
        if shown.widget.currentIndex().row() == index.row():
            painter.fillRect(room, look.color("accent_soft"))
        inside = room.adjusted(10, 0, -10, 0)
        flag = Qt.AlignmentFlag
        # A painter knows only left and right.
        start = QStyle.visualAlignment(shown.direction, flag.AlignLeading | flag.AlignVCenter)
        end = QStyle.visualAlignment(shown.direction, flag.AlignTrailing | flag.AlignVCenter)
        painter.setFont(look.font(weight=QFont.Weight.Medium))
        painter.setPen(look.color("text"))
        text = str(index.data())
        painter.drawText(inside, start, text)
        width = painter.fontMetrics().horizontalAdvance(text) + 10
        painter.setFont(look.font(look.Size.TINY))
        painter.setPen(look.color("muted"))
        painter.drawText(inside, end, str(index.data(_KEY_ROLE) or ""))
        right_to_left = shown.direction == Qt.LayoutDirection.RightToLeft
        beside = inside.adjusted(0, 0, -width, 0) if right_to_left else inside.adjusted(width, 0, 0, 0)
        painter.drawText(beside, start, str(index.data(_GROUP_ROLE) or ""))
        painter.restore()
