"""WHO: the customer at the counter, how old the debt is, and what the cashier must know before taking money."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.ui import icons, look
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.view_models.counter import CounterModel
from cashier_app.ui.view_models.numbers import account_number
from cashier_app.ui.view_models.paying import Visit
from cashier_app.ui.view_models.recorded_here import RecordedHere
from cashier_app.ui.views.ledger_words import aged, manner
from cashier_app.ui.views.shown_figures import debt_figures
from cashier_app.ui.widgets.bars import AgedDebtBar
from cashier_app.ui.widgets.elided import ElidedLabel
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.keyed import KeyedButton
from cashier_app.ui.widgets.when import day
from cashier_app.ui.widgets.when import moment as when_moment
from cashier_app.ui.widgets.words import SectionLabel, label

MOST_ALERTS = 4


HEAD = 28
"""Height of the line over each column, so that all three begin at the same place."""


def section(words: str) -> SectionLabel:
    """The tiny capitals over a column."""
    made = SectionLabel(words)
    made.setFixedHeight(HEAD)
    made.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    return made


class AlertLine(QWidget):
    """One thing to know, with the sign that says so without color."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._icon.setFixedSize(16, 18)
        self._words = label(role="attention", wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE + 2)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        look.changed.connect(self._draw)
        self._draw()

    def show_words(self, words: str) -> None:
        """Show a sentence; nothing hides the line."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def _draw(self) -> None:
        self._icon.setPixmap(icons.pixmap("warning", "attention", 16))


class WhoPanel(QWidget):
    """The payee in view, and the payor where somebody else pays."""

    def __init__(self, model: CounterModel, history: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("counter", "Who"))
        self._name = label(size=look.Size.LARGE, weight=QFont.Weight.DemiBold, wraps=True)
        self._number = ElidedLabel(role="muted")
        self._address = ElidedLabel()
        self._bar = AgedDebtBar()
        self._recorded_here = RecordedHere(model.desk)
        self._recorded = label(wraps=True)
        self._recorded.hide()
        self._alerts = [AlertLine() for _ in range(MOST_ALERTS)]
        self._last = label(role="muted", wraps=True)
        self._payor = label(weight=QFont.Weight.Medium, role="accent", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE)
        column.addWidget(section(translate("counter", "Who")))
        for widget in (self._name, self._number, self._address):
            column.addWidget(widget)
        column.addSpacing(look.SPACE * 2)
        column.addWidget(self._bar)
        column.addWidget(self._recorded)
        column.addSpacing(look.SPACE * 2)
        for line in self._alerts:
            column.addWidget(line)
        column.addSpacing(look.SPACE)
        column.addWidget(self._last)
        column.addWidget(self._payor)
        column.addStretch(1)
        buttons = Flow()
        buttons.add(KeyedButton(history))
        column.addWidget(buttons)
        model.changed.connect(self._render)
        self._recorded_here.changed.connect(self._render_recorded)

    def _render(self) -> None:
        payee, visit = self._model.payee, self._model.visit
        self._recorded_here.follow(payee.glance.account_id if payee is not None else None)
        if payee is None or visit is None:
            return
        glance = payee.glance
        money = manner(glance.currency)
        translate = QCoreApplication.translate
        self._name.setText(glance.name)
        self._number.setText(f"{account_number(glance.number)} · {glance.customer_class_description}")
        self._address.setText(glance.address)
        self._bar.show_debt(aged(glance.aged), money)
        carry(self._bar, *debt_figures(glance.account_id, aged(glance.aged), money))
        texts = [alert.text for alert in glance.alerts]
        if len(texts) > MOST_ALERTS:
            rest = translate("counter", "{count} more in History").format(count=len(texts) - MOST_ALERTS + 1)
            texts = [*texts[: MOST_ALERTS - 1], rest]
        for place, line in enumerate(self._alerts):
            line.show_words(texts[place] if place < len(texts) else "")
        self._last.setText(self._last_paid(money))
        last = glance.last_payment
        paid = [] if last is None else [figure(FigureKind.PAYMENT, last.payment_id)]
        carry(self._last, *(Named(self._last.text(), "", each) for each in paid))
        self._render_recorded()
        self._payor.setText(self._payor_words(visit))

    def _render_recorded(self) -> None:
        """At a branch: the balance is the server's, and may not know yet what was paid here."""
        payee, found = self._model.payee, self._recorded_here
        moment = found.as_of
        translate = QCoreApplication.translate
        words = ""
        shown = []
        if payee is not None and found.amount:
            amount = manner(payee.glance.currency).text(found.amount)
            words = translate("counter", "{amount} was recorded here and is not in the balance yet.").format(
                amount=amount
            )
            address = figure(FigureKind.RECORDED_HERE, payee.glance.account_id)
            shown.append(Named(translate("counter", "Recorded here"), amount, address))
        if payee is not None and moment is not None:
            as_of = translate("counter", "Balance as of {moment}.").format(moment=when_moment(moment))
            words = f"{words} {as_of}".strip()
        self._recorded.setText(words)
        carry(self._recorded, *shown)
        self._recorded.setVisible(bool(words))

    def _payor_words(self, visit: Visit) -> str:
        translate = QCoreApplication.translate
        if self._model.adding == "payee":
            return translate("counter", "Now scan or find the account that is paid for too. F3 again leaves it.")
        if self._model.adding == "payor":
            return translate("counter", "Now find the account of who pays. F4 again leaves it.")
        if visit.payor is None:
            return ""
        words = translate("counter", "Paid by {name}, {number}")
        return words.format(name=visit.payor.name, number=account_number(visit.payor.number))

    def _last_paid(self, money: AmountFormat) -> str:
        payee = self._model.payee
        last = payee.glance.last_payment if payee else None
        if last is None:
            return QCoreApplication.translate("counter", "No payment yet")
        words = QCoreApplication.translate("counter", "Last paid {day}  {amount}  {tender}")
        return words.format(
            day=day(last.pay_date), amount=money.text(last.amount), tender=last.tender_description
        ).strip()
