"""The table in which a drawer is counted: value times pieces, adding up while figures are typed."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QRegularExpression, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from cashier_app.ui import look
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.view_models.counting import Counting
from cashier_app.ui.widgets.amounts import AmountLabel
from cashier_app.ui.widgets.words import SectionLabel, label, rule

_MOST_DIGITS: Final = 6
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


class PiecesEdit(QLineEdit):
    """A field for a number of pieces; empty is none. Up, Down and Enter walk the column, Tab walks the rows."""

    moved = Signal(int)
    """By how many rows the person wants to go."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAlignment(_RIGHT)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(f"[0-9]{{0,{_MOST_DIGITS}}}"), self))
        self.setMinimumWidth(64)
        self.setMaximumWidth(120)

    @property
    def pieces(self) -> int:
        """What is typed."""
        return int(self.text() or "0")

    def show_pieces(self, pieces: int) -> None:
        """Show a number; the field somebody is typing into is left alone while it means the same."""
        if pieces != self.pieces:
            self.setText(str(pieces) if pieces else "")

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}
        if event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class DenominationTable(QWidget):
    """Notes and coin with loose pieces, rolls or bundles, the amount of each and the total."""

    finished = Signal()
    """Enter in the last row."""

    def __init__(self, counting: Counting, currency: AmountFormat | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counting = counting
        self._format = currency or AmountFormat()
        self._loose: list[PiecesEdit] = []
        self._packs: list[PiecesEdit | None] = []
        self._amounts: list[AmountLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.SPACE * 3)
        self._grid.setVerticalSpacing(look.SPACE)
        self._grid.setColumnStretch(4, 1)
        self._head()
        for row in range(len(counting.denominations)):
            self._row(row)
        self._foot()
        self.setAccessibleName(QCoreApplication.translate("widgets", "Cash count"))
        counting.changed.connect(self._render)
        self._render()

    def start(self) -> None:
        """Put the focus on the first figure to type."""
        if self._loose:
            self._loose[0].setFocus(Qt.FocusReason.TabFocusReason)

    def edits(self) -> list[PiecesEdit]:
        """The fields in the order in which Tab walks them."""
        pairs = zip(self._loose, self._packs, strict=True)
        return [edit for pair in pairs for edit in pair if edit is not None]

    def _head(self) -> None:
        translate = QCoreApplication.translate
        titles = (
            translate("widgets", "Denomination"),
            translate("widgets", "Loose"),
            translate("widgets", "Packed"),
            "",
            translate("widgets", "Amount"),
        )
        for column, title in enumerate(titles):
            if title:
                self._grid.addWidget(
                    SectionLabel(title), 0, column, _RIGHT if column else Qt.AlignmentFlag.AlignLeading
                )
        self._grid.addWidget(rule(), 1, 0, 1, 5)

    def _row(self, row: int) -> None:
        denomination = self._counting.denominations[row]
        name = denomination.name or self._format.text(denomination.value)
        place = row + 2
        self._grid.addWidget(label(name, weight=QFont.Weight.Medium), place, 0, _RIGHT)
        loose = PiecesEdit(QCoreApplication.translate("widgets", "{name}, loose pieces").format(name=name))
        loose.textEdited.connect(lambda _text, row=row, edit=loose: self._counting.count(row, loose=edit.pieces))
        loose.moved.connect(lambda step, row=row: self._move(self._loose, row, step))
        self._grid.addWidget(loose, place, 1)
        self._loose.append(loose)
        self._packs.append(self._pack_edit(row, name) if denomination.packed else None)
        amount = AmountLabel(self._format, dash_for_zero=True)
        self._grid.addWidget(amount, place, 4)
        self._amounts.append(amount)

    def _pack_edit(self, row: int, name: str) -> PiecesEdit:
        denomination = self._counting.denominations[row]
        translate = QCoreApplication.translate
        words = translate("widgets", "rolls of {n}") if denomination.coin else translate("widgets", "bundles of {n}")
        words = words.format(n=denomination.packed)
        edit = PiecesEdit(f"{name}, {words}")
        edit.textEdited.connect(lambda _text: self._counting.count(row, packs=edit.pieces))
        edit.moved.connect(lambda step: self._move(self._packs, row, step))
        self._grid.addWidget(edit, row + 2, 2)
        self._grid.addWidget(label(words, size=look.Size.TINY, role="muted"), row + 2, 3)
        return edit

    def _foot(self) -> None:
        place = len(self._counting.denominations) + 2
        self._grid.addWidget(rule(), place, 0, 1, 5)
        total: QLabel = label(
            QCoreApplication.translate("widgets", "Total"), size=look.Size.LARGE, weight=QFont.Weight.DemiBold
        )
        self._grid.addWidget(total, place + 1, 0)
        self._total = AmountLabel(self._format, size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
        self._grid.addWidget(self._total, place + 1, 1, 1, 4)
        self._grid.setRowStretch(place + 2, 1)

    def _move(self, column: list[PiecesEdit] | list[PiecesEdit | None], row: int, step: int) -> None:
        at = row + step
        while 0 <= at < len(column):
            edit = column[at]
            if edit is not None:
                edit.setFocus(Qt.FocusReason.TabFocusReason)
                return
            at += step
        if step > 0:
            self.finished.emit()

    def _render(self) -> None:
        for row, amount in enumerate(self._amounts):
            self._loose[row].show_pieces(self._counting.loose(row))
            packs = self._packs[row]
            if packs is not None:
                packs.show_pieces(self._counting.packs(row))
            amount.set_amount(self._counting.amount(row))
        self._total.set_amount(self._counting.total)
