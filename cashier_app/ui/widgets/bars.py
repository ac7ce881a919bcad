"""Amounts as lengths: aged debt, a limit, takings by tender type. Drawn by us, labelled directly, readable in gray."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cashier_app.ui import look
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.widgets.words import Tone

_BAR: Final = 12
_LABELS: Final = 18
_MARK: Final = 12


@dataclass(frozen=True, slots=True)
class AgedDebt:
    """What a customer owes, by how long ago it was due; minor units."""

    new: int = 0
    to_30: int = 0
    to_60: int = 0
    to_90: int = 0
    older: int = 0
    disputed: int = 0

    @property
    def parts(self) -> tuple[int, ...]:
        """Newest first; last what does not age."""
        return (self.new, self.to_30, self.to_60, self.to_90, self.older, self.disputed)


def shares(parts: Sequence[int], width: int, smallest: int = 4) -> list[int]:
    """Whole pixels for each part, adding up to the width; a part that is not zero is never invisible."""
    positive = [max(0, part) for part in parts]
    total = sum(positive)
    if not total or width <= 0:
        return [0] * len(positive)
    wide = [max(smallest, part * width // total) if part else 0 for part in positive]
    largest = max(range(len(wide)), key=wide.__getitem__)
    wide[largest] = max(0, wide[largest] + width - sum(wide))
    return wide


class _Word(NamedTuple):
    """A label of a bar."""

    text: str
    square: QColor | None = None
    """Color of the small square before it."""
    role: str = "text"


class _Bar(QWidget):
    """A bar with its labels below; right-to-left it starts at the right."""

    def __init__(self, parent: QWidget | None = None, *, labels: bool = True) -> None:
        super().__init__(parent)
        self._labels = labels
        self.setFont(look.font(look.Size.TINY))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(labels)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(80, _BAR + (_LABELS if self._labels else 0))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return self._labels

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return _BAR + (_LABELS * max(1, len(self._lines(width))) if self._labels else 0)

    def _segments(self) -> list[tuple[int, QColor]]:
        """Pixel widths and colors from the start."""
        raise NotImplementedError

    def _words(self) -> list[_Word]:
        """Labels from the start."""
        return []

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bar(painter)
        if self._labels:
            self._paint_words(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        outline = QRectF(0.5, 0.5, self.width() - 1, _BAR - 1)
        shape = QPainterPath()
        shape.addRoundedRect(outline, 3, 3)
        painter.fillPath(shape, look.color("background"))
        painter.save()
        painter.setClipPath(shape)
        at = 0
        edges = []
        for width, color in self._segments():
            painter.fillRect(self._mirrored(at, width), QBrush(color))
            at += width
            edges.append(at)
        # A gap of surface between neighbours keeps them apart in print and for every eye.
        painter.setPen(QPen(look.color("surface"), 1.5))
        for edge, following in pairwise([*edges, edges[-1] if edges else 0]):
            if 0 < edge < self.width() and following != edge:
                x = self._mirrored(edge, 0).x()
                painter.drawLine(int(x), 0, int(x), _BAR)
        painter.restore()
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.drawPath(shape)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(self.font())
        metrics = QFontMetrics(self.font())
        for number, line in enumerate(self._lines(self.width())):
            top = _BAR + 4 + number * _LABELS
            for at, word in line:
                self._paint_word(painter, metrics, at, top, word)

    def _paint_word(self, painter: QPainter, metrics: QFontMetrics, at: int, top: int, word: _Word) -> None:
        mark = _MARK if word.square is not None else 0
        if word.square is not None:
            box = self._mirrored(at, 8)
            painter.setPen(QPen(look.color("line_strong"), 1))
            painter.setBrush(word.square)
            painter.drawRect(QRectF(box.x() + 0.5, top + metrics.height() / 2 - 3.5, 7, 7))
        width = metrics.horizontalAdvance(word.text)
        painter.setPen(look.color(word.role))
        painter.drawText(int(self._mirrored(at + mark, width).x()), top + metrics.ascent(), word.text)

    def _lines(self, room: int) -> list[list[tuple[int, _Word]]]:
        """Labels with where they start, broken into as many lines as the width asks for: none is ever left out."""
        metrics = QFontMetrics(self.font())
        lines: list[list[tuple[int, _Word]]] = [[]]
        at = 0
        for word in self._words():
            width = metrics.horizontalAdvance(word.text) + (_MARK if word.square is not None else 0)
            if lines[-1] and at + width > room:
                lines.append([])
                at = 0
            lines[-1].append((at, word))
            at += width + 12
        return lines

    def _mirrored(self, at: float, width: float) -> QRectF:
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            at = self.width() - at - width
        return QRectF(at, 0, width, _BAR)


class AgedDebtBar(_Bar):
    """Debt by age, newest first, every part that is not zero named with its amount below the bar."""

    def __init__(self, currency: AmountFormat | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = currency or AmountFormat()
        self._debt = AgedDebt()
        self.show_debt(self._debt)

    @staticmethod
    def names() -> tuple[str, ...]:
        """What the parts are called."""
        translate = QCoreApplication.translate
        return (
            translate("widgets", "New"),
            translate("widgets", "0-30"),
            translate("widgets", "31-60"),
            translate("widgets", "61-90"),
            translate("widgets", "Older"),
            translate("widgets", "Disputed"),
        )

    def show_debt(self, debt: AgedDebt, currency: AmountFormat | None = None) -> None:
        """Show this debt."""
        self._debt = debt
        self._format = currency or self._format
        said = [
            f"{name} {self._format.text(part)}" for name, part in zip(self.names(), debt.parts, strict=True) if part
        ]
        nothing = QCoreApplication.translate("widgets", "Nothing is owed")
        self.setAccessibleName("; ".join(said) or nothing)
        self.setToolTip("\n".join(said))
        self.updateGeometry()
        self.update()

    def _segments(self) -> list[tuple[int, QColor]]:
        return [
            (width, QColor(color))
            for width, color in zip(shares(self._debt.parts, self.width()), look.roles().debt, strict=True)
        ]

    def _words(self) -> list[_Word]:
        words = [
            _Word(f"{name} {self._format.text(part)}", QColor(color))
            for name, part, color in zip(self.names(), self._debt.parts, look.roles().debt, strict=True)
            if part
        ]
        return words or [_Word(QCoreApplication.translate("widgets", "Nothing is owed"), role="muted")]


class LimitBar(_Bar):
    """How much of a limit is used. From `warn_at` percent it asks for attention, above it says so in words."""

    def __init__(
        self, name: str, currency: AmountFormat | None = None, *, warn_at: int = 80, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._format = currency or AmountFormat()
        self._warn_at = warn_at
        self._used = 0
        self._limit = 0
        self.show_used(0, 0)

    def show_used(self, used: int, limit: int) -> None:
        """Show what is used of the limit; a limit of 0 means that there is none."""
        self._used, self._limit = used, limit
        self.setAccessibleName(f"{self._name}: {self._sentence()}")
        self.updateGeometry()
        self.update()

    @property
    def tone(self) -> Tone:
        """How urgent it is."""
        if not self._limit or self._used * 100 < self._limit * self._warn_at:
            return "accent"
        return "danger" if self._used > self._limit else "attention"

    def _sentence(self) -> str:
        translate = QCoreApplication.translate
        if not self._limit:
            return translate("widgets", "{used}, no limit").format(used=self._format.text(self._used))
        if self._used > self._limit:
            sentence = translate("widgets", "{over} over the limit of {limit}")
        else:
            sentence = translate("widgets", "{used} of {limit}")
        return sentence.format(
            used=self._format.text(self._used),
            limit=self._format.text(self._limit),
            over=self._format.text(self._used - self._limit),
        )

    def _segments(self) -> list[tuple[int, QColor]]:
        if not self._limit:
            return []
        used = min(max(self._used, 0), self._limit)
        return [(used * self.width() // self._limit, look.color(self.tone))]

    def _words(self) -> list[_Word]:
        return [_Word(self._sentence(), role="muted" if self.tone == "accent" else self.tone)]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar."""

    name: str
    amount: int


class StackedBar(_Bar):
    """Takings by tender type as one bar, against a limit where there is one."""

    def __init__(self, name: str, currency: AmountFormat | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._format = currency or AmountFormat()
        self._parts: tuple[Part, ...] = ()
        self._limit = 0
        self.show_parts(())

    def show_parts(self, parts: Sequence[Part], limit: int = 0) -> None:
        """Show these parts; with a limit the bar's whole length is the limit, unless the parts exceed it."""
        self._parts = tuple(parts)
        self._limit = limit
        said = ", ".join(f"{part.name} {self._format.text(part.amount)}" for part in self._parts)
        nothing = QCoreApplication.translate("widgets", "nothing yet")
        self.setAccessibleName(f"{self._name}: {said or nothing}")
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    def _colors(self) -> list[QColor]:
        # Steps of one hue from strong to weak: they stay apart in gray, and names stand beside them.
        strong, weak = look.color("accent"), look.color("surface")
        steps = max(len(self._parts), 1)
        return [_mixed(strong, weak, place * 75 // steps) for place in range(len(self._parts))]

    def _segments(self) -> list[tuple[int, QColor]]:
        amounts = [part.amount for part in self._parts]
        rest = max(0, self._limit - sum(amounts))
        widths = shares([*amounts, rest], self.width())[: len(amounts)]
        return list(zip(widths, self._colors(), strict=True))

    def _words(self) -> list[_Word]:
        words = [
            _Word(f"{part.name} {self._format.text(part.amount)}", color)
            for part, color in zip(self._parts, self._colors(), strict=True)
            if part.amount
        ]
        return words or [_Word(QCoreApplication.translate("widgets", "nothing yet"), role="muted")]


def _mixed(one: QColor, other: QColor, percent: int) -> QColor:
    return QColor(
        one.red() + (other.red() - one.red()) * percent // 100,
        one.green() + (other.green() - one.green()) * percent // 100,
        one.blue() + (other.blue() - one.blue()) * percent // 100,
    )
