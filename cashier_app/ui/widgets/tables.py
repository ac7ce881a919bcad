"""A dense table that stays fast with a million rows."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from cashier_app.ui import look
from cashier_app.ui.table_models.rows import ROW_ROLE, Column, RowsModel

_PADDING: Final = 26
_NARROWEST: Final = 64
"""What a stretching column keeps before the list scrolls sideways."""


class TableView(QTableView):
    """Rows of one height, one selected at a time, moved through with the keys.

    Widths come from the columns' samples and stretches: a walk over all rows to find the widest cell takes minutes in
    the longest lists, and selecting everything seconds; neither can be switched on here.
    """

    chosen = Signal(object)
    """The row on which Enter was pressed or which was double-clicked."""
    current_changed = Signal(object)
    """The row the keys are on now, or None."""

    def __init__(self, name: str, *, dense: bool = True, parent: QWidget | None = None) -> None:
        """`name` is what the list holds, for screen readers."""
        super().__init__(parent)
        self._place: tuple[object, int] = (None, 0)
        self.more: Callable[[], None] | None = None
        """Called when the end comes near; None at the end of the list."""
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._look_for_end())
        self.setAccessibleName(name)
        self.setFont(look.font())
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows walk it
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(look.ROW_DENSE if dense else look.ROW)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setHighlightSections(False)
        head.setSectionsMovable(False)
        head.setFont(look.font(look.Size.TINY))
        head.setFixedHeight(look.ROW_DENSE)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.setAccessibleName(name)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.data(ROW_ROLE)))

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        super().setModel(model)
        if model is not None:
            # Connected after Qt's own, so that the view has let go of the old rows when the keys go back.
            model.modelAboutToBeReset.connect(self._remember_place)
            model.modelReset.connect(self._return_to_place)
            # Without an indicator first, switching sorting on would sort by the first column at once.
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(any(column.sort_key is not None for column in self._columns()))
            self._share_width()

    def current_row(self) -> Any:
        """The frozen row the keys are on, or None."""
        index = self.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def go_to(self, row: int) -> None:
        """Put the keys on a row and bring it into view."""
        model = self.model()
        if model is not None and 0 <= row < model.rowCount():
            self.setCurrentIndex(model.index(row, 0))

    def fit(self, rows: int) -> None:
        """Be as high as so many rows: for lists inside a column that scrolls as a whole."""
        height = self.verticalHeader().defaultSectionSize() * max(1, rows)
        self.setFixedHeight(self.horizontalHeader().height() + height + 2 * self.frameWidth() + 2)

    def go_on(self) -> None:
        """The next row, where there is one: work lists go on by themselves."""
        self.go_to(self.currentIndex().row() + 1)

    def selectAll(self) -> None:  # noqa: N802
        """Nothing: it takes seconds in long lists and one row is worked on at a time."""

    def currentChanged(  # noqa: N802
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit(current.data(ROW_ROLE) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.current_row()
            if row is not None:
                self.chosen.emit(row)
                return
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mousePressEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._share_width()

    def _look_for_end(self) -> None:
        bar = self.verticalScrollBar()
        if self.more is not None and bar.value() >= bar.maximum() - self.viewport().height() // 2:
            self.more()

    def _remember_place(self) -> None:
        model, row = self.model(), self.current_row()
        key = model.key_of(row) if isinstance(model, RowsModel) and row is not None else None
        self._place = (key, self.verticalScrollBar().value())

    def _return_to_place(self) -> None:
        """Where the row that the keys were on is still there they stay on it, and nothing scrolls."""
        key, at = self._place
        model = self.model()
        row = model.place_of(key) if isinstance(model, RowsModel) and key is not None else None
        if row is not None:
            self.go_to(row)
            self.verticalScrollBar().setValue(at)

    def _columns(self) -> tuple[Column[Any], ...]:
        return tuple(getattr(self.model(), "columns", ()))

    def _share_width(self) -> None:
        columns = self._columns()
        if not columns:
            return
        metrics, titles = self.fontMetrics(), self.horizontalHeader().fontMetrics()
        wanted = [
            max(
                metrics.horizontalAdvance(column.sample or "m" * 8),
                titles.horizontalAdvance(column.title) + (18 if column.sort_key else 0),
            )
            + _PADDING
            for column in columns
        ]
        shares = sum(column.stretch for column in columns)
        free = self.viewport().width() - sum(wanted)
        for place, column in enumerate(columns):
            extra = free * column.stretch // shares if shares else 0
            self.setColumnWidth(place, max(wanted[place] + extra, min(wanted[place], _NARROWEST)))

    def _copy(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            texts = (str(index.siblingAtColumn(place).data() or "") for place in range(len(self._columns())))
            QGuiApplication.clipboard().setText("\t".join(texts))
