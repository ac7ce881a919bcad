"""Pages of the general ledger: trial balance, checks."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.services.queries.check_requests import CheckRow
from cashier_app.ui import look
from cashier_app.ui.actions import wear
from cashier_app.ui.table_models.rows import RowsModel
from cashier_app.ui.view_models.general_ledger import GeneralLedger
from cashier_app.ui.views.gl_columns import (
    balance_columns,
    check_columns,
    check_state,
)
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.words import Fact, FactList, ProblemLabel, StatusBadge, label
from cashier_app.ui.widgets.work_place import MARGIN, Choice, Column, Heading, ListBeside


class BalancePage(QWidget):
    """The trial balance of a period."""

    def __init__(self, ledger: GeneralLedger) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._ledger = ledger
        self.heading = Heading("")
        self.periods = Choice(translate("gl", "Period"))
        self.heading.add(self.periods)
        self.table = TableView(translate("gl", "Trial balance"))
        self._rows = RowsModel(
            balance_columns(lambda: (ledger.balance.fiscal_year, ledger.balance.period)),
            key=lambda row: (row.currency, row.gl_division, row.gl_account, row.description),
        )
        self.table.setModel(self._rows)
        self.sums = label(weight=QFont.Weight.DemiBold, wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.heading)
        column.addWidget(self.table, 1)
        column.addWidget(self.sums)
        self.periods.activated.connect(lambda _place: self._choose())

    def render_page(self) -> None:
        """Show what is known now."""
        translate = QCoreApplication.translate
        balance = self._ledger.balance
        title = translate("gl", "Period {period} of {year}").format(period=balance.period, year=balance.fiscal_year)
        empty = translate("gl", "Nothing was booked yet. Payments and adjustments stand here once they are frozen.")
        self.heading.show_words(
            title if balance.rows else translate("gl", "Trial balance"), "" if balance.rows else empty
        )
        self.periods.setVisible(bool(balance.periods))
        self.periods.offer([(f"{year}-{number}", f"{number}/{year}") for year, number in balance.periods])
        self.periods.choose(f"{balance.fiscal_year}-{balance.period}")
        self._rows.replace(balance.rows)
        self.sums.setText(" ".join(self._sum_words()))
        carry(self.sums, *self._division_sums())

    def _sum_words(self) -> list[str]:
        translate = QCoreApplication.translate
        said = []
        for (currency, division), (opening, debit, credit, closing) in self._ledger.balance.sums.items():
            words = manner(currency)
            is_whole = debit == credit and not opening and not closing
            sentence = (
                translate("gl", "{division}: debits equal credits, {debit}; balances add up to nothing.")
                if is_whole
                else translate("gl", "{division}: debits {debit} and credits {credit} differ: run the checks.")
            )
            amounts = {"debit": words.with_currency(debit), "credit": words.with_currency(credit)}
            said.append(sentence.format(division=division, **amounts))
        return said

    def _division_sums(self) -> Iterator[Named]:
        translate = QCoreApplication.translate
        balance = self._ledger.balance
        for (currency, division), (_opening, debit, credit, _closing) in balance.sums.items():
            for words, amount, which in (
                (translate("gl", "{division}, debits"), debit, "debit"),
                (translate("gl", "{division}, credits"), credit, "credit"),
            ):
                place = (currency, division, "", "", balance.fiscal_year, balance.period)
                yield Named(
                    words.format(division=division),
                    manner(currency).with_currency(amount),
                    figure(FigureKind.TRIAL_BALANCE, *place, which),
                )

    def _choose(self) -> None:
        year, _, number = self.periods.code.partition("-")
        if year:
            self._ledger.show_period(int(year), int(number))


class ChecksPage(QWidget):
    """Check requests and how they stand."""

    def __init__(self, ledger: GeneralLedger, *actions: QAction) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._ledger = ledger
        self.table = TableView(translate("gl", "Check requests"))
        self._rows = RowsModel(check_columns(), key=lambda row: row.request_id)
        self.table.setModel(self._rows)
        self.heading = Heading("")
        self.badge = StatusBadge()
        self.heading.add(self.badge)
        self.facts = FactList()
        self.outcome = label(role="muted", wraps=True)
        self._problem = ProblemLabel()
        right = Column(translate("gl", "Check request"))
        right.body.setContentsMargins(MARGIN, 0, 0, 0)
        buttons = Flow()
        for action in actions:
            button = QPushButton(self)
            wear(button, action)
            buttons.add(button)
        for part in (self.heading, self.facts, buttons, self.outcome, self._problem):
            right.body.addWidget(part)
        right.body.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(self.table, right, shares=(3, 2)))
        self.table.current_changed.connect(lambda _row: self._show())

    def render_page(self) -> None:
        """Show what is known now."""
        checks = self._ledger.checks
        if checks.appended:
            self._rows.extend(checks.rows[len(self._rows.rows) :])
        else:
            self._rows.replace(checks.rows)
        self.table.more = checks.more if checks.has_more else None
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)
        problems = self._ledger.sending.problems
        self._problem.setVisible(bool(problems))
        self._problem.show_problem(" ".join(problem.sentence for problem in problems))
        self._show()

    def _show(self) -> None:
        translate = QCoreApplication.translate
        row = self.table.current_row()
        self.badge.setVisible(isinstance(row, CheckRow))
        if not isinstance(row, CheckRow):
            words = translate("gl", "A refund whose type asks for a check stands here once it is frozen.")
            self.heading.show_words(translate("gl", "No check was asked for yet"), words)
            self.facts.show_facts(())
            return
        self.heading.show_words(row.payee, " · ".join(row.address.splitlines()))
        self.badge.show_state(*check_state(row.status))
        facts = [
            (translate("gl", "Amount"), manner(row.currency).with_currency(row.amount)),
            (translate("gl", "Cut on"), when.day(row.cut_date)),
            (translate("gl", "Method"), row.payment_method),
            (translate("gl", "Handed over in run"), str(row.run_number or "")),
            (translate("gl", "Check"), row.document_number),
            (translate("gl", "Paid on"), when.day(row.document_date)),
        ]
        self.facts.show_facts([Fact(name, value) for name, value in facts if value])
