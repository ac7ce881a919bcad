"""The accounts that answer what is typed in the home field, in a list below it; the keys stay in the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QVBoxLayout, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.ui import look
from cashier_app.ui.view_models.home import Home
from cashier_app.ui.view_models.numbers import account_number
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import AmountLabel
from cashier_app.ui.widgets.elided import ElidedLabel
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.scan import ScanField
from cashier_app.ui.widgets.words import label, restyle

if TYPE_CHECKING:
    from cashier_app.services.queries.search import Found

MOST_ROWS = 12
_WIDTH = 640


class HitRow(QWidget):
    """One account: name and number, address, balance."""

    def __init__(self, hits: HomeHits, place: int) -> None:
        super().__init__()
        self._hits, self._place = hits, place
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = ElidedLabel(weight=QFont.Weight.Medium)
        self._number = label(role="muted")
        self._number.setFixedWidth(112)
        self._address = ElidedLabel(role="muted")
        self._balance = AmountLabel(credit=True)
        self._balance.setFixedWidth(112)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.SPACE * 3, 0, look.SPACE * 3, 0)
        row.setSpacing(look.SPACE * 3)
        row.addWidget(self._number)
        row.addWidget(self._name, 3)
        row.addWidget(self._address, 3)
        row.addWidget(self._balance)
        self.setFixedHeight(look.ROW)

    def show_hit(self, hit: Found, *, marked: bool) -> None:
        """Show an account; the marked one is what Enter takes."""
        self._name.setText(hit.name)
        self._number.setText(account_number(hit.number))
        self._address.setText(hit.address)
        self._balance.set_amount(hit.current_balance, manner(hit.currency))
        balance = manner(hit.currency).balance(hit.current_balance)
        carry(self, Named(hit.name, balance, figure(FigureKind.ACCOUNT, hit.account_id, "current")))
        self.setAccessibleName(f"{hit.name}, {hit.number}, {hit.address}, {balance}")
        if bool(self.property("marked")) != marked:
            self.setProperty("marked", marked)
            restyle(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        self._hits.model.choose(self._place)


class HomeHits(QFrame):
    """Lies below the scan field while there is something to choose from, and never takes the focus."""

    def __init__(self, over: QWidget, field: ScanField, model: Home) -> None:
        super().__init__(over)
        self.model = model
        self._over, self._field = over, field
        self.setProperty("role", "popup")
        self.setAccessibleName(QCoreApplication.translate("home", "Accounts found"))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        self._rows: list[HitRow] = []
        self._problem = label(role="attention", wraps=True)
        self._problem.setContentsMargins(look.SPACE * 3, look.SPACE, look.SPACE * 3, look.SPACE)
        self._more = label(role="muted", size=look.Size.TINY)
        self._more.setContentsMargins(look.SPACE * 3, look.SPACE, look.SPACE * 3, look.SPACE)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, look.SPACE, 1, look.SPACE)
        self._column.setSpacing(0)
        self._column.addWidget(self._problem)
        self._column.addWidget(self._more)
        self.hide()
        over.installEventFilter(self)
        field.installEventFilter(self)
        field.textEdited.connect(model.type)
        field.submitted.connect(model.submit)
        field.scanned.connect(self._scanned)
        model.changed.connect(self._render)
        model.chosen.connect(self._chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if watched is self._field and event.type() == QEvent.Type.FocusOut:
            self.model.close()
        if watched is not self._field and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if self.isHidden():
            return False
        if event.key() in steps:
            self.model.move(steps[Qt.Key(event.key())])
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.model.close()
            self._field.clear()
            return True
        return False

    def _scanned(self, text: str) -> None:
        self.model.submit(text, scanned=True)

    def _chosen(self, _chosen: object) -> None:
        self._field.clear()

    def _render(self) -> None:
        hits = self.model.hits[:MOST_ROWS]
        while len(self._rows) < len(hits):
            row = HitRow(self, len(self._rows))
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(hits))
            if place < len(hits):
                row.show_hit(hits[place], marked=place == self.model.at)
        problem = self.model.problem
        if self.model.nothing_found:
            problem = QCoreApplication.translate(
                "home", "No account answers \u201c{text}\u201d. Fewer letters find more; part of the address will do."
            ).format(text=self.model.text)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._more.setText(self._foot(len(hits)))
        self._more.setVisible(bool(hits))
        self.setVisible(self.model.is_open)
        if self.model.is_open:
            self._place()
            self.raise_()

    def _foot(self, shown: int) -> str:
        translate = QCoreApplication.translate
        if len(self.model.hits) > shown:
            return translate("home", "More than these answer; type more of the name or address.")
        if shown and not self.model.hits[0].check_digit_ok:
            return translate("home", "The last digit does not fit. Did you mean this one?")
        return translate("home", "Enter takes the marked one, the arrows mark another.")

    def _place(self) -> None:
        over = self._over
        corner = self._field.mapTo(over, QPoint(0, self._field.height() + look.SPACE))
        width = min(max(_WIDTH, self._field.width()), over.width() - corner.x() - look.SPACE * 4)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(corner)
