"""My drawer's screen: its state on the left; on the right what is done with it, its count, its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.money import Money
from cashier_app.ui import look
from cashier_app.ui.actions import Actions
from cashier_app.ui.receipt_printing import ReceiptDesk
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.my_drawer import MyDrawer
from cashier_app.ui.view_models.numbers import receipt_number
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.views.my_drawer_count import CountView
from cashier_app.ui.views.my_drawer_forms import (
    CountedForm,
    CountedSheet,
    MoveSheet,
    NoSaleSheet,
    OpenSheet,
    TurnInSheet,
)
from cashier_app.ui.views.my_drawer_state import DrawerState
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.keyed import KeyedButton
from cashier_app.ui.widgets.pages import PageView
from cashier_app.ui.widgets.saving import ask_where, write_file
from cashier_app.ui.widgets.words import EmptyState, label, rule
from cashier_app.ui.widgets.work_place import Column

if TYPE_CHECKING:
    from cashier_app.ui.widgets.work_place import ActionSheet

_IN_A_ROW = (
    "drawer.open",
    "drawer.turn_in",
    "drawer.pay_in",
    "drawer.pay_out",
    "drawer.no_sale",
    "drawer.count",
    "drawer.resume",
    "drawer.report",
    "drawer.print_paper",
)


class MyDrawerScreen(QWidget):
    """Layout and binding; everything it knows is its model's."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        self._desk = desk
        self.model = MyDrawer(desk, ReceiptDesk(desk.backend, desk.printer))
        self._bound = self._bind(actions)
        self._allowed = {name for name, action in self._bound.items() if action.isVisible()}
        """What the user has the right to; the drawer's state only takes away from it."""
        self.state = DrawerState(self.model)
        self.sheets: dict[str, ActionSheet] = {
            "open": OpenSheet(self.model),
            "turn_in": TurnInSheet(self.model),
            "pay_in": MoveSheet(self.model, into=True),
            "pay_out": MoveSheet(self.model, into=False),
            "no_sale": NoSaleSheet(self.model),
        }
        self._forms: dict[str, CountedForm] = {}
        self.count = CountView(self.model)
        self.page = PageView(QCoreApplication.translate("my_drawer", "Drawer report"))
        self._problem = label(role="danger", wraps=True)
        self._right = QStackedWidget()
        self._pages: dict[str, QWidget] = {}
        self._bar = Flow(gap=look.SPACE)
        self._shown_report = b""
        self._shown = ""
        self._lay_out()
        self.model.changed.connect(self._render)
        self.model.done.connect(self._say)
        self.state.void_wanted.connect(self.model.void_turn_in)
        self.state.report_wanted.connect(self.model.show_z_report)
        self.state.slip_wanted.connect(self.model.show_slip)
        self.count.save_wanted.connect(self.model.save_count)
        self.count.recount_wanted.connect(self._recount)
        self.count.balance_wanted.connect(self.model.balance)
        for sheet in self.sheets.values():
            sheet.left.connect(self._left)

    # -- what the session calls

    def enter(self) -> None:
        """The screen is shown."""
        self.model.enter()

    def leave(self) -> None:
        """The screen is left; a count that was begun stays."""
        self.model.leave()
        self.model.close_report()

    def clear(self) -> None:
        """Esc-Esc: nothing stays open but the drawer itself."""
        self.model.close_report()
        self.model.leave_form()

    # -- making

    def _bind(self, actions: Actions) -> dict[str, QAction]:
        model = self.model
        handlers: dict[str, Any] = {
            "drawer.open": lambda: model.begin("open"),
            "drawer.turn_in": lambda: model.begin("turn_in"),
            "drawer.pay_in": lambda: model.begin("pay_in"),
            "drawer.pay_out": lambda: model.begin("pay_out"),
            "drawer.no_sale": lambda: model.begin("no_sale"),
            "drawer.count": model.start_count,
            "drawer.resume": model.resume,
            "drawer.report": model.show_x_report,
            "drawer.print_paper": model.print_paper,
            "drawer.save_report": self._save_report,
        }
        return {name: actions.bind(self, name, handler) for name, handler in handlers.items()}

    def _lay_out(self) -> None:
        translate = QCoreApplication.translate
        for name in _IN_A_ROW:
            self._bar.add(KeyedButton(self._bound[name]))
        self._pages = {
            "nothing": EmptyState(
                "drawer",
                translate("my_drawer", "No drawer open"),
                translate("my_drawer", "Open your drawer to take money; its float is counted or taken as proposed."),
                self._bound["drawer.open"],
            ),
            "ready": EmptyState(
                "drawer",
                translate("my_drawer", "The drawer takes money"),
                translate("my_drawer", "Hand part of it over, move cash with a reason, or count and balance it."),
            ),
            **{name: self._in_column(self._form_of(name)) for name in self.sheets},
            "count": self._in_column(self.count),
            "report": _on_background(self.page),
        }
        for page in self._pages.values():
            self._right.addWidget(page)
        right = QVBoxLayout()
        right.setSpacing(look.SPACE * 2)
        right.addWidget(self._bar)
        right.addWidget(self._problem)
        right.addWidget(self._right, 1)
        across = QHBoxLayout(self)
        across.setContentsMargins(look.SPACE * 5, look.SPACE * 4, look.SPACE * 5, look.SPACE * 4)
        across.setSpacing(look.SPACE * 4)
        across.addWidget(self.state, 28)
        across.addWidget(rule(Qt.Orientation.Vertical))
        across.addLayout(right, 72)

    def _form_of(self, name: str) -> QWidget:
        sheet = self.sheets[name]
        if isinstance(sheet, CountedSheet):
            self._forms[name] = CountedForm(sheet)
            return self._forms[name]
        return sheet

    def _in_column(self, widget: QWidget) -> Column:
        column = Column(widget.accessibleName())
        column.body.setContentsMargins(0, 0, look.SPACE * 2, 0)
        column.body.addWidget(widget)
        column.body.addStretch(1)
        return column

    def _save_report(self) -> None:
        """Ask where the report in view goes as a PDF."""
        report, tasks = self.model.report, self._desk.backend.tasks
        title = QCoreApplication.translate("my_drawer", "Save the report")
        ask_where(self, title, "drawer-report.pdf", lambda path: write_file(tasks, path, report, self._desk.say))

    # -- showing

    def _render(self) -> None:
        model = self.model
        self._enable()
        shown = self._what_is_shown()
        self._right.setCurrentWidget(self._pages[shown])
        self._problem.setText(model.problem)
        self._problem.setVisible(bool(model.problem))
        if model.report != self._shown_report:
            self._shown_report = model.report
            if model.report:
                self.page.show_pdf(model.report)
            else:
                self.page.clear()
        for name, sheet in self.sheets.items():
            sheet.show_busy(busy=model.sending.busy)
            if name == shown and shown == self._shown:
                sheet.show_problems(model.sending.problems)
        if shown != self._shown:
            self._turn_to(shown)

    def _enable(self) -> None:
        model = self.model
        can = {
            "drawer.open": model.card is None,
            "drawer.resume": model.is_counting,
            "drawer.report": model.card is not None,
            "drawer.print_paper": model.job is not None and not model.is_counting,
            "drawer.save_report": bool(model.report),
        }
        for name, action in self._bound.items():
            if name in self._allowed:
                action.setEnabled(can.get(name, model.is_open))
                action.setVisible(can.get(name, model.is_open))

    def _what_is_shown(self) -> str:
        model = self.model
        if model.doing == "report" and (model.report or model.problem):
            return "report"
        if model.is_counting:
            return "count"
        if model.doing in self.sheets:
            return model.doing
        return "nothing" if model.card is None else "ready"

    def _turn_to(self, shown: str) -> None:
        before, self._shown = self._shown, shown
        if before in self.sheets:
            self.sheets[before].hide()
            self._desk.go.search.emit()
        if shown in self.sheets:
            self._open_sheet(shown)
        elif shown == "count":
            self.count.start()

    def _open_sheet(self, name: str) -> None:
        sheet, model = self.sheets[name], self.model
        currency = model.card.currency if model.card else model.facts.currency if model.facts else "USD"
        words = ""
        if isinstance(sheet, OpenSheet | TurnInSheet):
            sheet.amount.show_value(None, manner(currency))
            self._forms[name].offer_count(model.counting, currency)
        if isinstance(sheet, OpenSheet):
            sheet.show_sources()
        if isinstance(sheet, TurnInSheet):
            sheet.show_kinds()
            words = QCoreApplication.translate("my_drawer", "The head cashier receives it and counts it again.")
        if isinstance(sheet, MoveSheet):
            sheet.show_reasons()
            sheet.empty()
            sheet.amount.currency = manner(currency)
        if isinstance(sheet, NoSaleSheet):
            sheet.note.clear()
        focus = getattr(sheet, "amount", None)
        sheet.open_sheet(words, focus=focus)

    def _left(self) -> None:
        if self.model.doing in self.sheets:
            self.model.leave_form()

    def _recount(self) -> None:
        self.model.recount()
        self.count.start()

    def _say(self, what: str, result: Any) -> None:
        translate = QCoreApplication.translate

        def text(money: Money) -> str:
            return manner(money.currency).with_currency(money.minor)

        if what == "open":
            words = translate("my_drawer", "The drawer is open with {amount}").format(
                amount=text(result.starting_balance)
            )
        elif what == "turn_in":
            words = translate("my_drawer", "{amount} turned in, receipt {number}; it waits to be received").format(
                amount=text(result.amount), number=receipt_number(result.receipt_number)
            )
        elif what in {"pay_in", "pay_out"}:
            words = translate("my_drawer", "{amount} booked").format(amount=text(result.amount))
        elif what == "no_sale":
            words = translate("my_drawer", "The drawer is opened; it is noted")
        elif what == "balance":
            words = translate("my_drawer", "The drawer is closed with Z report {number}").format(number=result.z_number)
        elif what == "print_paper":
            words = translate("my_drawer", "Printed on the receipt printer")
        elif what == "no_print_paper":
            self._desk.say(translate("my_drawer", "Nothing was printed: {problem}").format(problem=result), "attention")
            return
        elif what == "no_slip":
            words = translate("my_drawer", "It is turned in, but its slip is not printed (press Slip): {problem}")
            self._desk.say(words.format(problem=result), "attention")
            return
        else:
            return
        self._desk.say(words, "good")


def _on_background(widget: QWidget) -> QWidget:
    """Paper lies on something darker than paper."""
    made = QWidget()
    made.setProperty("role", "background")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    return made
