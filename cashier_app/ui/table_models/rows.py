"""Tables of frozen rows: columns declared as data, one model for lists in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cashier_app.domain.figures import Figure
from cashier_app.ui import look

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The frozen row itself."""
SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 1
FIGURE_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""The address of the figure that a cell shows; empty where it shows none."""

_NOWHERE: Final = QModelIndex()


class Align(Enum):
    """Where a column's text stands. `END` is for amounts and follows the reading direction's numbers: always right."""

    START = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
    CENTER = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
    END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)  # without slots: `Column[Payment](...)` could not note its type argument
class Column(Generic[Row]):
    """One column as data."""

    title: str
    text: Callable[[Row], str]
    """What the cell shows."""
    sort_key: Callable[[Row], Any] | None = None
    """The value to sort by, never the formatted text; without it the column cannot be sorted."""
    align: Align = Align.START
    role: Callable[[Row], str] | None = None
    """The color role of the text, where it is not `text`. Color repeats what the words say."""
    tooltip: Callable[[Row], str] | None = None
    stretch: int = 0
    """Share of the free width; 0 keeps the width given by `sample`."""
    sample: str = ""
    """A text as wide as the cells usually are: widths come from it, not from a walk over all rows."""
    figure: Callable[[Row], Figure] | None = None
    """What the cell shows, so that it can be explained."""


def amount_column(title: str, text: Callable[[Row], str], value: Callable[[Row], int], **more: Any) -> Column[Row]:
    """A column of amounts: right-aligned, sorted by minor units."""
    return Column(title, text, sort_key=value, align=Align.END, **{"sample": "-12,345.00", **more})


_ANSWERED: Final = frozenset(
    {
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
        int(Qt.ItemDataRole.ForegroundRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(SORT_ROLE),
        int(FIGURE_ROLE),
        int(ROW_ROLE),
    }
)


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows held in memory, for lists up to some ten thousand."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        rows: Sequence[Row] = (),
        *,
        key: Callable[[Row], object] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`key` names what a row is about; with it, `replace` keeps selection and scrolling where rows stay."""
        super().__init__(parent)
        self.columns: tuple[Column[Row], ...] = tuple(columns)
        self._key = key
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._rows: list[Row] = list(rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in the order shown."""
        return tuple(self._rows)

    def row_at(self, row: int) -> Row | None:
        """The frozen row at a place, or None where there is none."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Called thousands of times per frame: compare plain values, make nothing that is not asked for.
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[index.column()].align.value
        if role not in _ANSWERED:
            return None
        row = self.row_at(index.row())
        return None if row is None else self._cell(self.columns[index.column()], row, role)

    def _cell(self, column: Column[Row], row: Row, role: int) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return look.color(column.role(row)) if column.role else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip(row) if column.tooltip else None
        if role == SORT_ROLE:
            return column.sort_key(row) if column.sort_key else None
        if role == FIGURE_ROLE:
            return column.figure(row) if column.figure else None
        return row

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].align.value
        return None

    def place_of(self, key: object) -> int | None:
        """Where the row with this key stands."""
        if self._key is None:
            return None
        return next((place for place, row in enumerate(self._rows) if self._key(row) == key), None)

    def key_of(self, row: Row) -> object:
        """What a row is about; None where nobody said."""
        return None if self._key is None else self._key(row)

    def replace(self, rows: Sequence[Row]) -> None:
        """Show these rows instead. Where the keys are the same, only what changed is repainted and nothing moves."""
        coming = self._in_order(list(rows))
        if self._key is not None and [self._key(row) for row in coming] == [self._key(row) for row in self._rows]:
            for place, row in enumerate(coming):
                if row != self._rows[place]:
                    self._rows[place] = row
                    self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))
            return
        self.beginResetModel()
        self._rows = coming
        self.endResetModel()

    def extend(self, rows: Sequence[Row]) -> None:
        """Show these rows below the others, or among them where they are sorted."""
        if self._sorted_by is not None:
            self.replace([*self._rows, *rows])
        elif rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the column's value; a column without a sort key, or column -1, leaves the order alone."""
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        if self._sorted_by is None or self.columns[column].sort_key is None:
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        rows_held = [self._rows[index.row()] for index in held]
        before = {id(row): place for place, row in enumerate(self._rows)}
        self._rows = self._in_order(self._rows)
        if held:
            after = {id(row): place for place, row in enumerate(self._rows)}
            if len(after) == len(before):
                moved = [self.index(after[id(row)], index.column()) for row, index in zip(rows_held, held, strict=True)]
                self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _in_order(self, rows: list[Row]) -> list[Row]:
        if self._sorted_by is None:
            return rows
        column, order = self._sorted_by
        sort_key = self.columns[column].sort_key
        if sort_key is None:
            return rows
        return sorted(rows, key=sort_key, reverse=order == Qt.SortOrder.DescendingOrder)
