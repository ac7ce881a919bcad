"""The counter's screen: WHO, WHAT and HOW side by side, the day's payments below."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.actions import Actions
from cashier_app.ui.receipt_printing import ReceiptDesk, ReceiptOutcome
from cashier_app.ui.view_models.counter import CounterModel, Finished
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.home import Chosen
from cashier_app.ui.view_models.numbers import receipt_number
from cashier_app.ui.views.counter_how import HowPanel
from cashier_app.ui.views.counter_strip import TodayStrip
from cashier_app.ui.views.counter_what import WhatPanel
from cashier_app.ui.views.counter_who import WhoPanel
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.words import EmptyState, rule

SHARES = (29, 38, 33)


class CounterScreen(QWidget):
    """Layout and binding; everything it knows is its model's."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        self._desk = desk
        self.model = CounterModel(desk, ReceiptDesk(desk.backend, desk.printer))
        bound = self._bind(actions)
        self.who = WhoPanel(self.model, bound["counter.history"])
        self.what = WhatPanel(self.model, bound["counter.distribute"])
        self.how = HowPanel(self.model, bound["counter.take"], bound["counter.to_drawer"])
        self.strip = TodayStrip(self.model)
        self._left = QStackedWidget()
        self._left.addWidget(self._empty())
        self._left.addWidget(self._customer())
        across = QHBoxLayout()
        across.setContentsMargins(look.SPACE * 5, look.SPACE * 4, look.SPACE * 5, look.SPACE * 4)
        across.setSpacing(look.SPACE * 4)
        across.addWidget(self._left, SHARES[0] + SHARES[1])
        across.addWidget(rule(Qt.Orientation.Vertical))
        across.addWidget(self.how, SHARES[2])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(across, 1)
        column.addWidget(rule())
        column.addWidget(self.strip)
        self.model.changed.connect(self._render)
        self.model.focus.connect(self._go)
        self.model.taken.connect(self._say_taken)
        self.model.printed.connect(self._say_printed)
        self.strip.chosen.connect(desk.go.event.emit)
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """The screen is shown."""
        self.model.enter()

    def leave(self) -> None:
        """The screen is left; what was typed stays."""
        self.model.leave()

    def clear(self) -> None:
        """The next person must not see this one's screen."""
        self.model.clear()

    def pay(self, chosen: Chosen) -> None:
        """Somebody was found in the home field."""
        self.model.pay(chosen)

    @property
    def open_work(self) -> str:
        """What is open here, in words; nothing while the counter is empty."""
        visit = self.model.visit
        if visit is None:
            return ""
        words = QCoreApplication.translate("counter", "The payment of {name}")
        return words.format(name=visit.payees[0].glance.name)

    # -- making

    def _bind(self, actions: Actions) -> dict[str, QAction]:
        model = self.model
        handlers = {
            "counter.take": model.take,
            "counter.add_payee": model.add_payee,
            "counter.other_payor": model.other_payor,
            "counter.first_tender": lambda: self._tender(0),
            "counter.second_tender": lambda: self._tender(1),
            "counter.third_tender": lambda: self._tender(2),
            "counter.show_last": model.show_last,
            "counter.to_drawer": lambda: self._desk.go.area.emit("my_drawer"),
            "counter.print_last": model.print_last,
            "counter.distribute": model.edit_distribution,
            "counter.drop_payee": model.drop_payee,
            "counter.next_payee": self._next_payee,
            "counter.history": self._history,
        }
        return {name: actions.bind(self, name, handler) for name, handler in handlers.items()}

    def _empty(self) -> QWidget:
        translate = QCoreApplication.translate
        return EmptyState(
            "counter",
            translate("counter", "Ready for the next customer"),
            translate(
                "counter", "Scan a bill, or type a number, a name or an address. F2 leads to the field from anywhere."
            ),
        )

    def _customer(self) -> QWidget:
        side = QWidget()
        row = QHBoxLayout()
        row.setSpacing(look.SPACE * 4)
        row.addWidget(self.who, SHARES[0])
        row.addWidget(rule(Qt.Orientation.Vertical))
        row.addWidget(self.what, SHARES[1])
        row.setContentsMargins(0, 0, 0, 0)
        side.setLayout(row)
        return side

    # -- showing

    def _render(self) -> None:
        visit = self.model.visit
        self._left.setCurrentIndex(0 if visit is None else 1)

    def _go(self, where: str) -> None:
        place, _, number = where.partition(" ")
        field: QLineEdit | None = None
        if place == "amount":
            field = self.what.amount
        elif place == "share":
            field = self.what.share_edit(int(number))
        elif place == "tender":
            field = self.how.amount_edit(int(number))
        elif place == "reference":
            field = self.how.reference_edit(int(number))
        if field is None:
            self._desk.go.search.emit()
            return
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _tender(self, number: int) -> None:
        place = self.model.place_of_kind(number)
        if place is not None:
            self.model.start_tender(place)

    def _next_payee(self) -> None:
        visit = self.model.visit
        if visit is not None:
            self.model.show_payee((self.model.current + 1) % len(visit.payees))

    def _history(self) -> None:
        if self.model.payee is not None:
            self._desk.go.account.emit(self.model.payee.glance.account_id)

    def _say_taken(self, finished: Finished) -> None:
        money = manner(finished.currency)
        words = QCoreApplication.translate("counter", "{amount} taken from {name}. Undo is Cancel (F8)")
        self._desk.say(words.format(amount=money.with_currency(finished.amount), name=finished.name), "good")

    def _say_printed(self, outcome: ReceiptOutcome) -> None:
        self._desk.say(printed_words(outcome), "attention" if outcome.problem or outcome.not_endorsed else "good")


def printed_words(outcome: ReceiptOutcome) -> str:
    """What the notice line says of a receipt, and of the checks endorsed with it; what to do first, then why."""
    translate = QCoreApplication.translate
    problem = outcome.problem or outcome.endorsing_problem
    if outcome.may_come_out:
        words = translate(
            "counter", "The payment is taken; look whether its receipt came out (F10 copies it): {problem}"
        )
    elif outcome.problem and outcome.not_endorsed:
        words = translate(
            "counter",
            "The payment is taken, its receipt not printed (F10), its check not endorsed (F8, F11): {problem}",
        )
    elif outcome.problem:
        words = translate("counter", "The payment is taken, but its receipt is not printed (F10 prints it): {problem}")
    elif outcome.not_endorsed:
        words = translate("counter", "The receipt is printed, but the check is not endorsed (F8, then F11): {problem}")
    elif outcome.copy:
        words = translate("counter", "Receipt {number} printed again, as copy {copy}")
    elif outcome.endorsed:
        words = translate("counter", "Receipt {number} printed, check endorsed. Undo is Cancel (F8)")
    else:
        words = translate("counter", "Receipt {number} printed. Undo is Cancel (F8)")
    return words.format(number=receipt_number(outcome.receipt_number), copy=outcome.copy, problem=problem)
