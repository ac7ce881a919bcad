"""Which figure is where on the screen: what a widget or a cell shows has an address, so that it can be explained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from cashier_app.domain.figures import Figure
from cashier_app.ui.table_models.rows import FIGURE_ROLE

Index = QModelIndex | QPersistentModelIndex
_MOST_ROWS: Final = 60
"""So many rows of one list are offered when somebody asks for all figures of a screen."""


class Named(NamedTuple):
    """A figure as it is shown."""

    words: str
    """What it is called there."""
    text: str
    """As it is written."""
    figure: Figure


_carried: WeakKeyDictionary[QWidget, tuple[Named, ...]] = WeakKeyDictionary()


def carry(widget: QWidget, *figures: Named) -> None:
    """Say which figures a widget shows now, instead of those it showed before."""
    _carried[widget] = figures


def figures_at(widget: QWidget | None, where: QPoint | None = None) -> list[Named]:
    """The figures that are shown there: of the cell or else the row in a list, else of the widget or one around it.

    `where` is a place on the screen; without it the keys decide.
    """
    while widget is not None:
        if isinstance(widget, QAbstractItemView):
            index = widget.currentIndex() if where is None else _index_at(widget, where)
            found = list(_of_cell(index) or _of_row(index))
        else:
            found = list(_carried.get(widget, ()))
        if found:
            return found
        widget = None if widget.isWindow() else widget.parentWidget()
    return []


def figures_below(screen: QWidget) -> list[Named]:
    """Every figure that is in view on a screen, each once."""
    found: dict[Figure, Named] = {}
    for child in screen.findChildren(QWidget):
        if not child.isVisible():
            continue
        shown = _of_view(child) if isinstance(child, QAbstractItemView) else _carried.get(child, ())
        for each in shown:
            found.setdefault(each.figure, each)
    return list(found.values())


def _index_at(view: QAbstractItemView, where: QPoint) -> QModelIndex:
    return view.indexAt(view.viewport().mapFromGlobal(where))


def _of_cell(index: Index) -> Iterator[Named] | None:
    if not index.isValid() or not index.data(FIGURE_ROLE):
        return None
    return iter([_named(index)])


def _of_row(index: Any) -> Iterator[Named]:
    """Of the row, or of the nearest one above that shows any."""
    while index.isValid():
        cells = [index.siblingAtColumn(column) for column in range(index.model().columnCount())]
        shown = [cell for cell in cells if cell.data(FIGURE_ROLE)]
        if shown:
            yield from map(_named, shown)
            return
        index = index.parent()


def _of_view(view: QAbstractItemView) -> Iterator[Named]:
    index: Any = view.indexAt(QPoint(2, 2))
    for _ in range(_MOST_ROWS):
        if not index.isValid():
            return
        cells = [index.siblingAtColumn(column) for column in range(index.model().columnCount())]
        yield from (_named(cell) for cell in cells if cell.data(FIGURE_ROLE))
        below = view.visualRect(index).bottomLeft() + QPoint(2, 2)
        if below.y() > view.viewport().height():
            return
        index = view.indexAt(QPoint(2, below.y()))


def _named(cell: Any) -> Named:
    """In the words of the row and of the column."""
    model = cell.model()
    cells = [cell.siblingAtColumn(column) for column in range(model.columnCount())]
    about = [str(each.data()) for each in cells if each.data() and not each.data(FIGURE_ROLE)]
    title = model.headerData(cell.column(), Qt.Orientation.Horizontal) or ""
    words = " · ".join(part for part in (*about[:2], str(title)) if part)
    return Named(words, str(cell.data() or ""), Figure(cell.data(FIGURE_ROLE)))


class FigureMenu(QObject):
    """The context menu of every figure within a widget: what is shown there can be explained."""

    chosen = Signal(str)
    """The address of the figure."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.menu: QMenu | None = None
        """The one that is open, or was."""
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._over and isinstance(event, QContextMenuEvent):
            return self._offer(event)
        return super().eventFilter(watched, event)

    def _offer(self, event: QContextMenuEvent) -> bool:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        where = event.globalPos()
        if by_keys:
            found = figures_at(self._over.window().focusWidget())
        else:
            found = figures_at(self._over.childAt(self._over.mapFromGlobal(where)), where)
        if not found:
            return False
        self.menu = QMenu(self._over)
        for each in found:
            words = QCoreApplication.translate("figures", "Explain {words}  {text}")
            action = self.menu.addAction(words.format(words=each.words, text=each.text).replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, figure=each.figure: self.chosen.emit(figure))
        self.menu.aboutToHide.connect(self.menu.deleteLater)
        self.menu.popup(where)
        return True
