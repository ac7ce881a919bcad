"""Rows that open in place: a row has cells, and rows below it. Long lists grow at their end as they are walked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from cashier_app.domain.figures import Figure
from cashier_app.ui import look
from cashier_app.ui.table_models.rows import FIGURE_ROLE, ROW_ROLE, Align

Index = QModelIndex | QPersistentModelIndex

_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a tree."""

    title: str
    align: Align = Align.START
    stretch: int = 0
    """Share of the free width; 0 keeps the width of `sample`."""
    sample: str = ""


def amount_heading(title: str, sample: str = "-12,345.00") -> Heading:
    """A column of amounts."""
    return Heading(title, Align.END, sample=sample)


@dataclass(frozen=True, slots=True)
class Branch:
    """A row: what its cells say, what it is about, and what opens below it."""

    cells: tuple[str, ...]
    key: object = None
    """What the row is about; keeps it open and selected when the rows are shown anew."""
    row: object = None
    """The frozen row behind it, given to who asks for the current one."""
    below: tuple["Branch", ...] = ()
    role: str = ""
    """Color role of the cells; words say the same."""
    strong: bool = False
    struck: bool = False
    """Taken back later; the words say so too."""
    tips: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    """What the cells show, so that it can be explained; empty for a cell that shows no figure."""


@dataclass(slots=True)
class _Placed:
    branch: Branch
    parent: "int | None"
    place: int
    below: "list[int]" = field(default_factory=list)


class TreeModel(QAbstractItemModel):
    """Branches under headings."""

    def __init__(self, headings: Sequence[Heading], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headings = tuple(headings)
        self._placed: list[_Placed] = []
        self._top: list[int] = []

    def show(self, branches: Iterable[Branch]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._placed, self._top = [], []
        for branch in branches:
            self._top.append(self._place(branch, None, len(self._top)))
        self.endResetModel()

    def append(self, branches: Sequence[Branch]) -> None:
        """Show these rows below the others."""
        if not branches:
            return
        first = len(self._top)
        self.beginInsertRows(_NOWHERE, first, first + len(branches) - 1)
        for branch in branches:
            self._top.append(self._place(branch, None, len(self._top)))
        self.endInsertRows()

    @property
    def top(self) -> tuple[Branch, ...]:
        """The rows of the first level."""
        return tuple(self._placed[at].branch for at in self._top)

    def branch_at(self, index: Index) -> Branch | None:
        """The row of an index."""
        return self._placed[index.internalId()].branch if index.isValid() else None

    def find(self, key: object) -> QModelIndex:
        """Where the row about `key` stands; an invalid index where it is not."""
        for at, placed in enumerate(self._placed):
            if placed.branch.key == key:
                return self.createIndex(placed.place, 0, at)
        return QModelIndex()

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        siblings = self._below(parent)
        if not (0 <= row < len(siblings) and 0 <= column < len(self.headings)):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row])

    def parent(self, index: Index = _NOWHERE) -> Any:
        if not index.isValid():
            return QModelIndex()
        above = self._placed[index.internalId()].parent
        return QModelIndex() if above is None else self.createIndex(self._placed[above].place, 0, above)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() and parent.column() > 0 else len(self._below(parent))

    def columnCount(self, _parent: Index = _NOWHERE) -> int:  # noqa: N802
        return len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        branch = self.branch_at(index)
        if branch is None:
            return None
        answer = _ANSWERS.get(role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.headings[index.column()].align.value
        return answer(branch, index.column()) if answer else None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.headings):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.headings[section].align.value
        return None

    def _below(self, parent: Index) -> list[int]:
        return self._placed[parent.internalId()].below if parent.isValid() else self._top

    def _place(self, branch: Branch, parent: int | None, place: int) -> int:
        at = len(self._placed)
        placed = _Placed(branch, parent, place)
        self._placed.append(placed)
        for number, below in enumerate(branch.below):
            placed.below.append(self._place(below, at, number))
        return at


def _font(branch: Branch) -> QFont | None:
    if not (branch.strong or branch.struck):
        return None
    made = look.font(weight=QFont.Weight.DemiBold if branch.strong else QFont.Weight.Normal)
    made.setStrikeOut(branch.struck)
    return made


def _text(branch: Branch, column: int) -> str:
    return branch.cells[column] if column < len(branch.cells) else ""


_ANSWERS: Final[dict[int, Callable[[Branch, int], Any]]] = {
    int(Qt.ItemDataRole.DisplayRole): _text,
    int(Qt.ItemDataRole.AccessibleTextRole): _text,
    int(Qt.ItemDataRole.ForegroundRole): lambda branch, _column: look.color(branch.role) if branch.role else None,
    int(Qt.ItemDataRole.FontRole): lambda branch, _column: _font(branch),
    int(Qt.ItemDataRole.ToolTipRole): lambda branch, column: branch.tips[column] if column < len(branch.tips) else None,
    int(ROW_ROLE): lambda branch, _column: branch.row,
    int(FIGURE_ROLE): lambda branch, column: branch.figures[column] if column < len(branch.figures) else None,
}
