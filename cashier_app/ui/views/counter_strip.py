"""Today at this drawer: the latest payments in one line, canceled ones marked in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.ui import icons, look
from cashier_app.ui.view_models.counter import STRIP, CounterModel
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.keyed import plain
from cashier_app.ui.widgets.when import clock
from cashier_app.ui.widgets.words import SectionLabel

if TYPE_CHECKING:
    from cashier_app.services.queries.events import EventLine

_NAME_WIDTH = 130


class TodayStrip(QWidget):
    """As many of the latest events as there is room for, newest first."""

    chosen = Signal(object)
    """The key of the event that was pressed."""

    def __init__(self, model: CounterModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("counter", "Today at this drawer"))
        self._buttons = [self._button() for _ in range(STRIP)]
        self._title = SectionLabel(translate("counter", "Today"))
        row = QHBoxLayout(self)
        row.setContentsMargins(look.SPACE * 5, 0, look.SPACE * 3, 0)
        row.setSpacing(look.SPACE)
        row.addWidget(self._title)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch()
        self.setFixedHeight(40)
        model.changed.connect(self._render)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _button(self) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "quiet")
        button.setFont(look.font(look.Size.TINY))
        button.setAccessibleName(QCoreApplication.translate("counter", "Payment"))
        button.hide()
        button.clicked.connect(lambda _checked=False: self.chosen.emit(button.property("event")))
        return button

    def _render(self) -> None:
        for place, button in enumerate(self._buttons):
            if place < len(self._model.today):
                self._show(button, self._model.today[place])
        self._fit()

    def _show(self, button: QPushButton, line: EventLine) -> None:
        canceled = line.state.value == "CANCELED"
        recorded = line.state.value == "RECORDED"
        unfinished = line.state.value in {"UNBALANCED", "UNFROZEN"}
        name = button.fontMetrics().elidedText(line.name, Qt.TextElideMode.ElideRight, _NAME_WIDTH)
        amount = manner(line.currency).text(line.amount)
        state = QCoreApplication.translate("counter", "canceled") if canceled else ""
        if unfinished:
            state = QCoreApplication.translate("counter", "unfinished")
        button.setText(plain("  ".join(part for part in (clock(line.at), name, amount, state) if part)))
        icon = "cancel" if canceled else "warning" if unfinished else "tick" if recorded else "ok"
        icons.dress(button, icon, "muted")
        button.setToolTip(f"{line.name} {amount} {state}".strip())
        button.setAccessibleName(f"{clock(line.at)} {line.name} {amount} {state}".strip())
        button.setProperty("event", line.event_id)
        carry(button, Named(line.name, amount, figure(FigureKind.EVENT, line.event_id, "tenders")))

    def _fit(self) -> None:
        room = self.width() - self._title.sizeHint().width() - look.SPACE * 10
        shown = len(self._model.today)
        for place, button in enumerate(self._buttons):
            room -= button.sizeHint().width() + look.SPACE
            button.setVisible(place < shown and room >= 0)
