"""The river of an account's history: newest first, chips as filters, each row opens with its FTs and GL lines."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.services.queries.accounts import HistoryKind, HistoryRow
from cashier_app.ui import look
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.view_models.customer import CHIPS, Customer
from cashier_app.ui.views.ledger_words import ft_branch, manner, who
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import EmptyState

_CELLS = 5
_AMOUNT = 3
_CANCELLATIONS = CHIPS["cancellations"]


class CustomerRiver(QWidget):
    """Chips above, the history below."""

    opened = Signal(object)
    """A `HistoryRow` whose payment event somebody wants to see."""

    def __init__(self, customer: Customer) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._customer = customer
        self.chips: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(look.SPACE * 2)
        for chip, words in (
            ("payments", translate("customer", "Payments")),
            ("adjustments", translate("customer", "Adjustments")),
            ("cancellations", translate("customer", "Cancellations")),
        ):
            button = QPushButton(words)
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setAccessibleName(translate("customer", "Show only: {words}").format(words=words))
            button.clicked.connect(lambda _checked=False, chip=chip: customer.toggle(chip))
            self.chips[chip] = button
            row.addWidget(button)
        row.addStretch()
        self.tree = TreeView(
            translate("customer", "History"),
            (
                Heading(translate("customer", "Day"), sample="24 Nov 2026"),
                Heading(translate("customer", "What"), stretch=3, sample="Cash, check canceled"),
                Heading(translate("customer", "Number"), stretch=1, sample="000421170339"),
                amount_heading(translate("customer", "Amount")),
                amount_heading(translate("customer", "Balance"), "12,345.00 CR"),
            ),
        )
        self.empty = EmptyState(
            "history",
            translate("customer", "Nothing happened yet"),
            translate("customer", "Payments and adjustments of this account will be listed here, newest first."),
        )
        self.at_the_server = EmptyState(
            "history",
            translate("customer", "The history is at the server"),
            translate(
                "customer",
                "A branch knows what is owed, as the server last said. What happened before is listed at the office.",
            ),
        )
        self._pages = QStackedWidget()
        for page in (self.tree, self.empty, self.at_the_server):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        self.tree.chosen.connect(self.opened)

    def render_rows(self) -> None:
        """Show the history as the view model knows it."""
        customer = self._customer
        self.tree.show_rows(
            len(customer.rows), lambda place: history_branch(customer.rows[place]), grown=customer.appended
        )
        if not customer.appended:
            self.tree.go_to_first()
        self.tree.more = customer.more if customer.has_more else None
        for chip, button in self.chips.items():
            button.setChecked(chip in customer.chips)
        self._pages.setCurrentWidget(self._page(anything=bool(customer.rows)))

    def _page(self, *, anything: bool) -> QWidget:
        customer = self._customer
        if not anything and customer.elsewhere:
            return self.at_the_server
        return self.tree if anything or customer.chips or customer.loading else self.empty


def history_branch(row: HistoryRow) -> Branch:
    """One thing that happened, with what it did below."""
    words = manner(row.currency)
    taken_back = row.status == "CANCELED" and row.kind not in _CANCELLATIONS
    title = row.title or row.kind.value.replace("_", " ").capitalize()
    if taken_back:
        title = QCoreApplication.translate("customer", "{title}, canceled later").format(title=title)
    if row.disputed_in is not None:
        title = QCoreApplication.translate("customer", "{title}, disputed").format(title=title)
    number = row.receipt_number or row.reference
    return Branch(
        (
            when.day(row.at.date()),
            title,
            number,
            words.text(row.amount),
            "" if row.balance is None else words.balance(row.balance),
        ),
        key=(row.kind, row.payment_id, row.adjustment_id, row.at),
        row=row,
        below=(*_about(row), *(ft_branch(ft, _CELLS, _AMOUNT, row.accounting_date) for ft in row.fts)),
        role="muted" if taken_back or row.kind is HistoryKind.PENDING_PAYMENT else "",
        tips=(when.moment(row.at), title, number),
        figures=(
            *[NO_FIGURE] * _AMOUNT,
            row.figure,
            NO_FIGURE if row.balance is None else figure(FigureKind.BALANCE_THEN, row.fts[-1].ft_id),
        ),
    )


def _about(row: HistoryRow) -> list[Branch]:
    translate = QCoreApplication.translate
    by = translate("customer", "{moment} by {who}").format(
        moment=when.moment(row.at), who=who(row.user, row.approver) or translate("customer", "the system")
    )
    lines = [by]
    if row.cancel_reason:
        lines.append(translate("customer", "Reason: {reason}").format(reason=row.cancel_reason))
    if row.dispute_reason:
        lines.append(translate("customer", "Disputed: {reason}").format(reason=row.dispute_reason))
    if row.comment:
        lines.append(row.comment)
    if row.amount != row.payoff_amount:
        payoff = manner(row.currency).text(row.payoff_amount)
        lines.append(translate("customer", "Payoff balance changes by {amount}").format(amount=payoff))
    return [Branch(("", line), role="muted", tips=("", line)) for line in lines]
