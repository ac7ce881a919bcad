"""Control central: the account in the header, its facts beside the river of its history, actions in place (row F2)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.figures import Figure, FigureKind, figure
from cashier_app.services.customers.accounts import AccountOpened
from cashier_app.services.queries.accounts import AccountGlance, HistoryRow, PersonRow
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.view_models.account_form import AccountForm
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.view_models.customer import Customer
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.account_form import AccountSheet
from cashier_app.ui.views.customer_adjusting import CustomerAdjusting
from cashier_app.ui.views.customer_disputing import CustomerDisputing
from cashier_app.ui.views.customer_facts import CustomerFacts
from cashier_app.ui.views.customer_river import CustomerRiver
from cashier_app.ui.views.customer_sheets import AlertSheet, OfficeSheet, PersonSheet
from cashier_app.ui.views.ledger_words import aged, manner
from cashier_app.ui.views.shown_figures import debt_figures
from cashier_app.ui.widgets.bars import AgedDebtBar
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.words import EmptyState, StatusBadge, label
from cashier_app.ui.widgets.work_place import MARGIN, Column, Heading, ListBeside

_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignBottom

_HISTORY, _FORMS, _ADJUSTMENTS = range(3)
"""What may stand beside the facts."""


class DebtBar(AgedDebtBar):
    """The bar as a button: it opens the debt to the day."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
            painter.end()


class Balance(QWidget):
    """A balance with its name above."""

    def __init__(self, name: str, *, large: bool) -> None:
        super().__init__()
        size = look.Size.TITLE if large else look.Size.LARGE
        self._name = name
        self._amount = label(size=size, weight=QFont.Weight.DemiBold)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.SPACE * 5, 0, 0, 0)
        column.setSpacing(0)
        words = label(name, role="muted", size=look.Size.TINY)
        column.addWidget(words)
        column.addWidget(self._amount, 1)
        for part in (words, self._amount):
            part.setAlignment(_END)

    def show_amount(self, amount: int, words: AmountFormat, address: Figure) -> None:
        """Show it; a credit is marked CR."""
        self._amount.setText(words.balance(amount))
        carry(self, Named(self._name, words.balance(amount), address))
        self._amount.setAccessibleName(words.with_currency(amount))


class AccountHeader(QWidget):
    """Who it is, what is owed, what must be seen."""

    def __init__(self) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._glance: AccountGlance | None = None
        self._waiting = 0
        self.heading = Heading("")
        self.current = Balance(translate("customer", "Current balance"), large=True)
        self.payoff = Balance(translate("customer", "Payoff balance"), large=False)
        for balance in (self.payoff, self.current):
            self.heading.add(balance)
        self.bar = DebtBar()
        self._alerts = Flow()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.heading)
        column.addWidget(self._alerts)
        column.addWidget(self.bar)

    def show_glance(self, glance: AccountGlance) -> None:
        """Show an account."""
        self._glance = glance
        words = manner(glance.currency)
        about = (glance.number, glance.address, glance.customer_class_description or glance.customer_class)
        self.heading.show_words(glance.name, "  ·  ".join(part for part in about if part))
        for balance, amount, which in (
            (self.current, glance.current_balance, "current"),
            (self.payoff, glance.payoff_balance, "payoff"),
        ):
            balance.show_amount(amount, words, figure(FigureKind.ACCOUNT, glance.account_id, which))
        self.bar.show_debt(aged(glance.aged), words)
        carry(self.bar, *debt_figures(glance.account_id, aged(glance.aged), words))
        self._alerts.clear()
        self._alerts.setVisible(bool(glance.alerts) or bool(self._waiting))
        self._show_badges(glance)

    def show_waiting(self, adjustments: int) -> None:
        """Tell how many adjustments count for nothing yet (S1 p.67)."""
        self._waiting = adjustments
        if self._glance is not None:
            self.show_glance(self._glance)

    def _show_badges(self, glance: AccountGlance) -> None:
        if self._waiting:
            words = QCoreApplication.translate("customer", "{count} not frozen: Ctrl+J").format(count=self._waiting)
            self._alerts.add(StatusBadge(words, "attention"))
        for alert in glance.alerts:
            badge = StatusBadge(alert.text, "accent" if alert.alert_id is not None else "attention")
            badge.setToolTip(alert.text)
            self._alerts.add(badge)


class CustomerScreen(QWidget):
    """Finds an account and shows it whole."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self._beside = _HISTORY
        """What stands beside the facts while no form does."""
        self.customer = Customer(desk)
        self.form = AccountForm(desk)
        said = self._say
        self.header = AccountHeader()
        self.facts = CustomerFacts(may_end_alerts=desk.may("AddAlert"))
        self.river = CustomerRiver(self.customer)
        self.alert_sheet = AlertSheet(self.customer, said)
        self.person_sheet = PersonSheet(self.customer, said)
        self.office_sheet = OfficeSheet(self.customer, said)
        self.adjusting = CustomerAdjusting(self, desk, actions)
        self.disputing = CustomerDisputing(self, desk, actions)
        self._sheets = (
            self.alert_sheet,
            self.person_sheet,
            self.office_sheet,
            *self.adjusting.sheets,
            *self.disputing.sheets,
        )
        self.account_sheet = AccountSheet(self.form)
        self._bind(actions)
        self.empty = EmptyState(
            "customer",
            translate("customer", "Find a customer"),
            translate("customer", "Scan a bill, or type a number, a name or an address in the field above."),
            self._open_account,
        )
        self._account_page = self._make_account_page()
        self._pages = QStackedWidget(self)
        for page in (self.empty, self._account_page, self.account_sheet):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self._connect()
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.customer.enter()
        self.adjusting.adjustments.enter()

    def leave(self) -> None:
        """Left."""
        self.customer.leave()
        self.adjusting.adjustments.leave()

    def clear(self) -> None:
        """Show nobody."""
        self._beside = _HISTORY
        self._close_sheets()
        self.customer.clear()
        self.adjusting.show_account(None)
        self._show_page()

    def open_account(self, account_id: int) -> None:
        """Show an account."""
        self._beside = _HISTORY
        self._close_sheets()
        self.customer.open(account_id)
        self.adjusting.show_account(account_id)
        self.river.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- made of

    def _bind(self, actions: Actions) -> None:
        self._open_account = actions.bind(self, "customer.new", self._start_account)
        self._actions = [
            actions.bind(self, "customer.pay", self._pay),
            actions.bind(self, "customer.event", self._open_event),
            actions.bind(self, "customer.debt", self.facts.open_debt),
            actions.bind(self, "customer.note", self._add_note),
            actions.bind(self, "customer.person", self._change_person),
            *self.adjusting.actions,
            *self.disputing.actions,
            actions.bind(self, "customer.office", self._move),
        ]

    def _make_account_page(self) -> QWidget:
        page = QWidget()
        buttons = Flow(gap=look.SPACE)
        for action in self._actions:
            button = QPushButton(page)
            button.setProperty("kind", "primary" if action is self._actions[0] else "quiet")
            wear(button, action)
            buttons.add(button)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.river)
        sheets = Column(QCoreApplication.translate("customer", "Action"))
        for sheet in self._sheets:
            sheets.body.addWidget(sheet)
        sheets.body.addStretch()
        self._right = QStackedWidget()
        self._right.addWidget(right)
        self._right.addWidget(sheets)
        self._right.addWidget(self.adjusting.page)
        top = QVBoxLayout()
        top.setContentsMargins(MARGIN, MARGIN - look.SPACE, MARGIN, look.SPACE * 3)
        top.setSpacing(look.SPACE * 3)
        top.addWidget(self.header)
        top.addWidget(buttons)
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(ListBeside(self.facts, self._right, shares=(2, 3)), 1)
        return page

    def _connect(self) -> None:
        self.customer.changed.connect(self._render)
        self.header.bar.pressed.connect(self.facts.open_debt)
        self.facts.alert_ended.connect(lambda key: self.customer.end_alert(key, lambda: self._say(_ended())))
        self.facts.person_chosen.connect(self._start_person)
        self.river.opened.connect(self._show_event)
        self.account_sheet.opened.connect(self._account_opened)
        self.account_sheet.left.connect(self._show_page)
        for sheet in self._sheets:
            sheet.left.connect(self._back_from_sheet)

    # -- rendering

    def _render(self) -> None:
        customer = self.customer
        if customer.glance is not None and not customer.appended:
            self.header.show_glance(customer.glance)
            self.facts.show_glance(customer.glance)
        self.river.render_rows()
        self._show_page()

    def _show_page(self) -> None:
        if self.account_sheet.sheet.isVisibleTo(self.account_sheet):
            self._pages.setCurrentWidget(self.account_sheet)
        else:
            self._pages.setCurrentWidget(self.empty if self.customer.glance is None else self._account_page)

    # -- doing

    def _say(self, sentence: str) -> None:
        self._desk.say(sentence, "good")

    def _add_note(self) -> None:
        if self.customer.glance is not None:
            self.show_sheet(self.alert_sheet.start)

    def _move(self) -> None:
        if self.customer.glance is not None:
            self.show_sheet(self.office_sheet.start)

    def _back_from_sheet(self) -> None:
        self._right.setCurrentIndex(self._beside)
        tree = self.adjusting.page.tree if self._beside == _ADJUSTMENTS else self.river.tree
        tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_sheet(self, start: Callable[[], None]) -> None:
        """Open a form where the history was, or the list of adjustments."""
        self._close_sheets()
        self._right.setCurrentIndex(_FORMS)
        start()

    def show_river(self) -> None:
        """Show the history beside the facts."""
        self._beside = _HISTORY
        self._back_from_sheet()

    def show_adjustments(self) -> None:
        """Show the account's adjustments instead of its history."""
        self._close_sheets()
        self._beside = _ADJUSTMENTS
        self._back_from_sheet()

    def _close_sheets(self) -> None:
        self._right.setCurrentIndex(self._beside)
        for sheet in self._sheets:
            sheet.hide()
        self.account_sheet.sheet.hide()

    def _pay(self) -> None:
        if self.customer.account_id is not None:
            self._desk.go.pay.emit(self.customer.account_id)

    def _open_event(self) -> None:
        self._show_event(self.river.tree.current_row())

    def _show_event(self, row: object) -> None:
        if isinstance(row, HistoryRow) and row.event_id is not None:
            self._desk.go.event.emit(row.event_id)

    def _change_person(self) -> None:
        row = self.facts.people.current_row()
        persons = self.customer.glance.persons if self.customer.glance else ()
        self._start_person(row if isinstance(row, PersonRow) else next(iter(persons), None))

    def _start_person(self, row: object) -> None:
        if isinstance(row, PersonRow) and self._desk.may("ChangePerson"):
            self.show_sheet(partial(self.person_sheet.start, row))

    def _start_account(self) -> None:
        self._close_sheets()
        self.account_sheet.start()
        self._show_page()

    def _account_opened(self, opened: AccountOpened) -> None:
        words = QCoreApplication.translate("customer", "Account {number} opened").format(number=opened.number)
        self._say(words)
        self.open_account(opened.account_id)


def _ended() -> str:
    return QCoreApplication.translate("customer", "Note ended")
