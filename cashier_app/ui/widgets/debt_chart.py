"""What the company is owed by age, as columns: new charges first, the oldest bucket last. Drawn by us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cashier_app.domain.figures import NO_FIGURE, Figure
from cashier_app.ui import look
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.widgets.figures import Named, carry

_GAP: Final = 6
_TOP: Final = 22
"""For the amount above the tallest column."""
_FOOT: Final = 22
"""For what the columns are called."""


@dataclass(frozen=True, slots=True)
class DebtColumn:
    """One column."""

    name: str
    amount: int
    tone: int
    """Which of the colors of debt: 0 new … 4 oldest, 5 disputed."""
    figure: Figure = NO_FIGURE


class DebtChart(QWidget):
    """Columns with their ages below and their amounts above; right-to-left it starts at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[DebtColumn, ...] = ()
        self._format = AmountFormat()
        self.setFont(look.font(look.Size.TINY))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_columns(self, columns: Sequence[DebtColumn], currency: AmountFormat) -> None:
        """Show these columns."""
        self._columns = tuple(columns)
        self._format = currency
        said = [f"{column.name}: {currency.text(column.amount)}" for column in columns if column.amount]
        nothing = QCoreApplication.translate("widgets", "Nothing is owed")
        self.setAccessibleName("; ".join(said) or nothing)
        self.setToolTip("\n".join(said))
        carry(self, *(Named(each.name, currency.text(each.amount), each.figure) for each in columns if each.amount))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(560, 220)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(240, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setFont(self.font())
        base = self.height() - _FOOT
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.drawLine(QPointF(0, base + 0.5), QPointF(self.width(), base + 0.5))
        most = max((column.amount for column in self._columns), default=0)
        if not most:
            painter.setPen(look.color("muted"))
            nothing = QCoreApplication.translate("widgets", "Nothing is owed")
            painter.drawText(QRectF(0, 0, self.width(), base), Qt.AlignmentFlag.AlignCenter, nothing)
        else:
            for place, column in enumerate(self._columns):
                self._paint_column(painter, place, column, most, base)
        painter.end()

    def _paint_column(self, painter: QPainter, place: int, column: DebtColumn, most: int, base: int) -> None:
        step = self.width() / len(self._columns)
        at = place * step
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            at = self.width() - at - step
        tall = max(2, column.amount * (base - _TOP) // most) if column.amount > 0 else 0
        if tall:
            box = QRectF(at + _GAP / 2 + 0.5, base - tall + 0.5, step - _GAP, tall)
            painter.setPen(QPen(look.color("line_strong"), 1))
            painter.setBrush(QColor(look.roles().debt[column.tone]))
            painter.drawRect(box)
            painter.setPen(look.color("text"))
            above = QRectF(at, base - tall - _TOP + 4, step, _TOP - 4)
            self._paint_word(painter, self._format.text(column.amount), above)
        painter.setPen(look.color("muted"))
        self._paint_word(painter, column.name, QRectF(at, base + 4, step, _FOOT - 4))

    def _paint_word(self, painter: QPainter, word: str, room: QRectF) -> None:
        """Leave out what has no room: the list below the chart has it."""
        if QFontMetrics(self.font()).horizontalAdvance(word) <= room.width():
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, word)
