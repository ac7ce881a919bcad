"""A list whose rows open in place, with the keys: Enter or Right opens, Left closes, the arrows walk."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from cashier_app.ui import icons, look
from cashier_app.ui.table_models.rows import ROW_ROLE
from cashier_app.ui.table_models.tree import Branch, Heading, TreeModel

_PADDING: Final = 24
_NARROWEST: Final = 72
_TEXT_AT: Final = 7
"""Where the style sheet begins the text of a cell."""


class _Overflowing(QStyledItemDelegate):
    """Lets a text run on over the empty cells after it: what opens below a row is a sentence, not a cell."""

    def initStyleOption(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if _run(index) is not None:
            option.text = ""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        run = _run(index)
        tree = self.parent()
        if run is None or not isinstance(tree, QTreeView):
            return
        first, last = run
        owner = index.sibling(index.row(), first)
        rect = tree.visualRect(owner).united(tree.visualRect(index.sibling(index.row(), last)))
        rect = rect.adjusted(_TEXT_AT, 0, -_TEXT_AT, 0)
        painter.save()
        painter.setClipRect(option.rect)
        font = owner.data(Qt.ItemDataRole.FontRole) or tree.font()
        painter.setFont(font)
        painter.setPen(owner.data(Qt.ItemDataRole.ForegroundRole) or look.color("text"))
        text = QFontMetrics(font).elidedText(str(owner.data() or ""), Qt.TextElideMode.ElideRight, rect.width())
        side = QStyle.visualAlignment(tree.layoutDirection(), Qt.AlignmentFlag.AlignLeading)
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


def _run(index: QModelIndex | QPersistentModelIndex) -> tuple[int, int] | None:
    """First and last column of the text that runs over this cell, if it runs over more than one."""
    columns = index.model().columnCount()
    first = index.column()
    while first >= 0 and not index.sibling(index.row(), first).data():
        first -= 1
    if first < 0:
        return None
    last = first
    while last + 1 < columns and not index.sibling(index.row(), last + 1).data():
        last += 1
    alignment = index.sibling(index.row(), first).data(Qt.ItemDataRole.TextAlignmentRole)
    leading = bool(alignment & Qt.AlignmentFlag.AlignLeading) or not bool(alignment & Qt.AlignmentFlag.AlignRight)
    return (first, last) if leading and last > first and index.column() <= last else None


class TreeView(QTreeView):
    """Branches in columns. What was open and selected stays so when the rows are shown anew."""

    WINDOW: Final = 200
    """So many places of a long list are rows at one time; they are exchanged so many at a time:"""
    STEP: Final = 50

    chosen = Signal(object)
    """The frozen row on which Enter was pressed and below which nothing opens, or which was double-clicked."""
    current_changed = Signal(object)
    """The frozen row the keys are on now, or None."""

    def __init__(
        self, name: str, headings: Sequence[Heading], *, header: bool = True, parent: QWidget | None = None
    ) -> None:
        """`name` is what the list holds, for screen readers."""
        super().__init__(parent)
        self.rows = TreeModel(headings, self)
        self.more: Callable[[], None] | None = None
        """Called when the end comes near; None at the end of the list. Qt's own fetching reads a page too early."""
        self._count, self._first, self._sliding = 0, 0, False
        self._make: Callable[[int], Branch] = lambda _place: Branch(())
        self._made: dict[int, Branch] = {}
        self.setModel(self.rows)
        self.setItemDelegate(_Overflowing(self))
        self.setAccessibleName(name)
        self.setFont(look.font())
        self.setUniformRowHeights(True)
        self.setHeaderHidden(not header)
        self.setIndentation(look.SPACE * 4)
        self.setExpandsOnDoubleClick(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet(f"QTreeView::item {{ min-height: {look.ROW_DENSE - 1}px; }}")
        head = self.header()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(False)
        head.setSectionsMovable(False)
        head.setHighlightSections(False)
        head.setFont(look.font(look.Size.TINY))
        head.setFixedHeight(look.ROW_DENSE)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.setAccessibleName(name)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._look_for_end())
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.data(ROW_ROLE)))

    def show_branches(self, branches: Sequence[Branch]) -> None:
        """Show these rows; those about the same things stay open, and the keys stay where they were."""
        opened = {branch.key for branch in self._opened()}
        current = self.rows.branch_at(self.currentIndex())
        at = self.verticalScrollBar().value()
        self.rows.show(branches)
        for key in opened - {None}:
            self.setExpanded(self.rows.find(key), True)
        if current is not None and current.key is not None:
            self.setCurrentIndex(self.rows.find(current.key))
        self.verticalScrollBar().setValue(at)

    def show_rows(self, count: int, make: Callable[[int], Branch], *, grown: bool = False) -> None:
        """Show a long list, of which `make` gives the branch at a place: only some around what is in view are rows.

        Qt lays all rows out anew when one is added; so many at a time cost less than a frame. Where the list has only
        `grown` at its end, what is in view stays as it is.
        """
        is_full = self._first + self.WINDOW <= self._count
        self._count, self._make = count, make
        if not grown:
            self._made = {}
            self._first = max(0, min(self._first, count - self.WINDOW))
        if not grown or not is_full:
            self.show_branches(self._window())
        self._slide_where_needed()

    def current_row(self) -> Any:
        """The frozen row the keys are on; that of the nearest row above where it has none."""
        index: Any = self.currentIndex()
        while index.isValid():
            row = index.siblingAtColumn(0).data(ROW_ROLE)
            if row is not None:
                return row
            index = index.parent()
        return None

    def go_to(self, key: object) -> None:
        """Put the keys on the row about `key`."""
        index = self.rows.find(key)
        if index.isValid():
            self.setCurrentIndex(index)

    def go_to_first(self) -> None:
        """Put the keys on the first row where they are nowhere; who has walked on in a long list stays there."""
        if not self.currentIndex().isValid() and self.rows.rowCount() and not self._first:
            self.setCurrentIndex(self.rows.index(0, 0))

    def show_column(self, column: int, *, on: bool) -> None:
        """Show a column, or give its room to the others."""
        if self.isColumnHidden(column) is on:
            self.setColumnHidden(column, not on)
            self._share_width()

    def fit(self, most_rows: int = 12) -> None:
        """Be as high as the rows shown, up to `most_rows`: for lists inside a column that scrolls as a whole."""
        shown = 0
        index: Any = self.rows.index(0, 0)
        while index.isValid() and shown < most_rows:
            shown += 1
            index = self.indexBelow(index)
        head = 0 if self.isHeaderHidden() else self.header().height()
        self.setFixedHeight(head + max(1, shown) * look.ROW_DENSE + 2 * self.frameWidth() + 2)

    def currentChanged(  # noqa: N802
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit(self.current_row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            first = index.siblingAtColumn(0)
            if self.rows.rowCount(first):
                self.setExpanded(first, not self.isExpanded(first))
            else:
                self.chosen.emit(self.current_row())
            return
        super().keyPressEvent(event)

    def drawBranches(  # noqa: N802
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Only what opens has a mark; lines of a tree would be boxes within boxes."""
        if not self.rows.rowCount(index):
            return
        name = "chevron_down" if self.isExpanded(index) else "chevron_right"
        side = 14
        at = QRect(rect.right() - side - 1, rect.center().y() - side // 2, side, side)
        painter.drawPixmap(
            QStyle.visualRect(self.layoutDirection(), rect, at), icons.pixmap(name, "muted", side, ratio=2.0)
        )

    def drawRow(self, painter: QPainter, options: Any, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        super().drawRow(painter, options, index)
        painter.save()
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(options.rect.bottomLeft(), options.rect.bottomRight())
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._share_width()

    def _look_for_end(self) -> None:
        if not self._sliding and not self._slide_where_needed() and self._is_near_end() and self.more is not None:
            self.more()

    def _slide_where_needed(self) -> bool:
        """Where the rows end but the list does not."""
        if self._first and self.verticalScrollBar().value() <= self.viewport().height() // 2:
            self._slide(-self.STEP)
        elif self._first + self.WINDOW < self._count and self._is_near_end():
            self._slide(self.STEP)
        else:
            return False
        return True

    def _is_near_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - self.viewport().height() // 2

    def _slide(self, by: int) -> None:
        """Make rows of other places of a long list; what is in view stays where it is."""
        self._sliding = True
        top = self.indexAt(QPoint(0, 0))
        branch, offset = self.rows.branch_at(top), self.visualRect(top).top()
        self._first = max(0, min(self._first + by, self._count - self.WINDOW))
        self.show_branches(self._window())
        if branch is not None:
            self.scrollTo(self.rows.find(branch.key), QAbstractItemView.ScrollHint.PositionAtTop)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - offset)
        self._sliding = False

    def _window(self) -> list[Branch]:
        places = range(self._first, min(self._count, self._first + self.WINDOW))
        self._made = {place: self._made.get(place) or self._make(place) for place in places}
        return list(self._made.values())

    def _opened(self) -> list[Branch]:
        found = []
        index: Any = self.rows.index(0, 0)
        while index.isValid():
            if self.isExpanded(index):
                branch = self.rows.branch_at(index)
                if branch is not None:
                    found.append(branch)
            index = self.indexBelow(index)
        return found

    def _share_width(self) -> None:
        metrics, titles = self.fontMetrics(), self.header().fontMetrics()
        headings = self.rows.headings
        wanted = [
            max(metrics.horizontalAdvance(heading.sample or "m" * 6), titles.horizontalAdvance(heading.title))
            + _PADDING
            for heading in headings
        ]
        wanted[0] += self.indentation() * (2 if self.rootIsDecorated() else 0)
        wanted = [0 if self.isColumnHidden(place) else wide for place, wide in enumerate(wanted)]
        shares = sum(heading.stretch for heading in headings)
        free = self.viewport().width() - sum(wanted)
        for place, heading in enumerate(headings):
            extra = free * heading.stretch // shares if shares else 0
            self.setColumnWidth(place, max(wanted[place] + extra, min(wanted[place], _NARROWEST)))
