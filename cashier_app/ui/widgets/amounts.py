"""Amounts on the screen: typed in, shown in lines that add up, and the change due that is read across a counter."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.view_models.amounts import AmountFormat, AmountRefused
from cashier_app.ui.widgets.words import SectionLabel, restyle

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


class MoneyEdit(QLineEdit):
    """A field for one amount. Its value is whole minor units, or None while what is typed is no amount.

    While figures are typed without a decimal mark, the reading stands at the other end of the field, so that nobody has
    to leave it to know what 12550 will be taken for. Leaving the field writes the amount out.
    """

    value_changed = Signal(object)
    """The new value: an int, or None."""

    def __init__(
        self,
        name: str,
        currency: AmountFormat | None = None,
        *,
        implied_decimals: bool = True,
        negative: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`name` is what the amount is, for screen readers."""
        super().__init__(parent)
        self._format = currency or AmountFormat()
        self._implied = implied_decimals
        self._negative = negative
        self._value: int | None = None
        self._refused: AmountRefused | None = None
        self.setAccessibleName(name)
        self.setAlignment(_RIGHT)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # figures read so in every script
        self.setFont(look.font(weight=QFont.Weight.Medium))
        self.textEdited.connect(self._read)

    @property
    def currency(self) -> AmountFormat:
        """The currency and the user's manner of writing it."""
        return self._format

    @currency.setter
    def currency(self, currency: AmountFormat) -> None:
        self._format = currency
        if self._value is not None:
            self.setText(currency.text(self._value))
        self.update()

    @property
    def value(self) -> int | None:
        """Minor units; None while the field is empty or refused."""
        return self._value

    @property
    def refused(self) -> AmountRefused | None:
        """Why what is typed is no amount; None while it is one or the field is empty."""
        return self._refused

    @property
    def problem(self) -> str:
        """Why what is typed is no amount and what would be accepted; empty if nothing is wrong."""
        return "" if self._refused is None else _words_for(self._refused, self._format)

    def set_value(self, value: int | None) -> None:
        """Show an amount, or nothing."""
        self._refused = None
        self.setText("" if value is None else self._format.text(value))
        self._mark()
        self._keep(value)

    def sizeHint(self) -> QSize:  # noqa: N802
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance("-1,234,567.00 ") + 32, look.ROW)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(QFontMetrics(self.font()).horizontalAdvance("12,345.00") + 20, look.ROW)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._write_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._write_out()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        reading = self._reading()
        if not reading:
            return
        painter = QPainter(self)
        painter.setFont(look.font(look.Size.TINY))
        painter.setPen(look.color("muted"))
        room = QRect(10, 0, self.width() - 24 - self.fontMetrics().horizontalAdvance(self.text()), self.height())
        if painter.fontMetrics().horizontalAdvance(reading) <= room.width():
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, reading)
        painter.end()

    def _reading(self) -> str:
        if self._value is None or not self.hasFocus():
            return ""
        written = self._format.text(self._value)
        return "" if self.text() == written else f"= {written}"

    def _read(self, typed: str) -> None:
        self._refused = None
        value = None
        if typed.strip():
            try:
                value = self._format.parse(typed, negative=self._negative, implied_decimals=self._implied)
            except AmountRefused as refused:
                self._refused = refused
        self._mark()
        self._keep(value)

    def _keep(self, value: int | None) -> None:
        if value != self._value:
            self._value = value
            self.value_changed.emit(value)
        self.update()

    def _mark(self) -> None:
        if bool(self.property("refused")) != (self._refused is not None):
            self.setProperty("refused", self._refused is not None)
            restyle(self)

    def _write_out(self) -> None:
        if self._value is not None:
            self.setText(self._format.text(self._value))


class AmountLabel(QLabel):
    """One amount, right-aligned so that a column of them lines up; credits are marked CR where asked."""

    def __init__(
        self,
        currency: AmountFormat | None = None,
        *,
        credit: bool = False,
        dash_for_zero: bool = False,
        size: int = look.Size.BODY,
        weight: QFont.Weight = QFont.Weight.Normal,
        parent: QWidget | None = None,
    ) -> None:
        """`credit` writes a negative amount as `25.35 CR`, as on the bill, instead of with a minus sign."""
        super().__init__(parent)
        self._format = currency or AmountFormat()
        self._credit = credit
        self._dash = dash_for_zero
        self._value: int | None = None
        self.setFont(look.font(size, weight))
        self.setAlignment(_RIGHT)
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def value(self) -> int | None:
        """Minor units, or None while nothing is known."""
        return self._value

    def set_amount(self, value: int | None, currency: AmountFormat | None = None) -> None:
        """Show an amount; None leaves the place empty and reserved."""
        self._value = value
        self._format = currency or self._format
        self.setText(self._words())
        self.setAccessibleName("" if value is None else self._format.with_currency(value))
        # Where some carry CR, the others leave room for it, or their decimals would not line up.
        room = self.fontMetrics().horizontalAdvance(f" {self._format.credit_word}") if self._credit else 0
        self.setContentsMargins(0, 0, 0 if value is not None and value < 0 else room, 0)

    def _words(self) -> str:
        if self._value is None:
            return ""
        if self._value == 0 and self._dash:
            return self._format.grid(0)
        return self._format.balance(self._value) if self._credit else self._format.text(self._value)


class BigChange(QFrame):
    """The change due, large enough to be read by both sides of the counter, from the tender until the next scan."""

    def __init__(self, currency: AmountFormat | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = currency or AmountFormat()
        self._title = SectionLabel(self._words_for(0))
        self._figure = QLabel()
        self._figure.setFont(look.font(look.Size.CHANGE, QFont.Weight.DemiBold))
        self._figure.setAlignment(_RIGHT)
        self._figure.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        column.addWidget(self._figure)
        self.clear()

    @property
    def text(self) -> str:
        """The figure shown."""
        return self._figure.text()

    def show_change(self, due: int, currency: AmountFormat | None = None) -> None:
        """Show what is to be given back; a negative amount is what is still missing."""
        self._format = currency or self._format
        self._title.setText(self._words_for(due))
        self._figure.setText(self._format.text(abs(due)))
        self._figure.setProperty("role", "attention" if due < 0 else "")
        restyle(self._figure)
        self.setAccessibleName(f"{self._words_for(due)} {self._format.with_currency(abs(due))}")

    def clear(self) -> None:
        """Show nothing; the place stays reserved."""
        self._title.setText("")
        self._figure.setText("")
        self.setMinimumHeight(QFontMetrics(self._figure.font()).height() + 16)
        self.setAccessibleName(self._words_for(0))

    @staticmethod
    def _words_for(due: int) -> str:
        if due < 0:
            return QCoreApplication.translate("widgets", "Still missing")
        return QCoreApplication.translate("widgets", "Change due")


def _words_for(refused: AmountRefused, currency: AmountFormat) -> str:
    translate = QCoreApplication.translate
    words = {
        "not_a_number": translate("widgets", "Type an amount such as {example}."),
        "too_many_decimals": translate("widgets", "{currency} has {digits} decimals."),
        "negative": translate("widgets", "Type an amount above zero."),
        "too_large": translate("widgets", "The amount is larger than any account could owe."),
    }
    return words[refused.code].format(example=currency.plain(12550), currency=currency.currency, digits=currency.digits)
