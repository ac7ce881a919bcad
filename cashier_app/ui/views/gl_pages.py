"""Pages of the general ledger: trial balance, checks, accounting calendars, distribution codes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.calendars import AccountingCalendar, Period
from cashier_app.domain.gl_tables import DistributionCode
from cashier_app.services.queries.check_requests import CheckRow
from cashier_app.ui import look
from cashier_app.ui.actions import wear
from cashier_app.ui.table_models.rows import RowsModel
from cashier_app.ui.view_models.general_ledger import GeneralLedger
from cashier_app.ui.views.gl_columns import (
    balance_columns,
    check_columns,
    check_state,
    code_columns,
    detail_columns,
    period_columns,
)
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.words import Fact, FactList, ProblemLabel, SectionLabel, StatusBadge, label
from cashier_app.ui.widgets.work_place import MARGIN, ActionSheet, Choice, Column, Heading, ListBeside


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
            balance_columns(), key=lambda row: (row.currency, row.gl_division, row.gl_account, row.description)
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
        self._rows.replace(self._ledger.checks)
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


class PeriodSheet(ActionSheet):
    """A fiscal period, new or known."""

    def __init__(self, ledger: GeneralLedger) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("gl", "Fiscal period"), translate("gl", "Save the period"))
        today = ledger.desk.backend.business_date
        self.code = ""
        self.year, self.number = QLineEdit(), QLineEdit()
        self.days = {
            "begin": DayEdit(translate("gl", "Begins"), today),
            "end": DayEdit(translate("gl", "Ends"), today),
            "open_from": DayEdit(translate("gl", "Open from"), today),
            "open_to": DayEdit(translate("gl", "Open to"), today),
        }
        self.form.add("year", translate("gl", "Fiscal year"), self.year)
        self.form.add("number", translate("gl", "Period"), self.number, beside=True)
        for place, (name, editor) in enumerate(self.days.items()):
            self.form.add(name, editor.accessibleName(), editor, beside=place % 2 == 1)

    def start(self, calendar: AccountingCalendar, period: Period | None) -> None:
        """Open for a period of a calendar, or for a new one."""
        self.code = calendar.code
        self.year.setText(str(period.year) if period else "")
        self.number.setText(str(period.number) if period else "")
        for name, editor in self.days.items():
            editor.set_value(getattr(period, name) if period else None)
        words = QCoreApplication.translate(
            "gl", "Periods cover every day: no gap, no overlap. Saving checks all of them."
        )
        self.open_sheet(words, focus=self.days["open_to"] if period else self.year)

    def typed(self) -> dict[str, object]:
        """What is in the form; None for what cannot be read."""
        numbers = {"year": self.year.text().strip(), "number": self.number.text().strip()}
        return {
            **{name: int(text) if text.isascii() and text.isdigit() else None for name, text in numbers.items()},
            **{name: editor.value for name, editor in self.days.items()},
        }


class CalendarsPage(QWidget):
    """Accounting calendars and their periods."""

    def __init__(self, ledger: GeneralLedger, *actions: QAction) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._ledger = ledger
        self.heading = Heading("")
        self.calendars = Choice(translate("gl", "Calendar"))
        self.years = Choice(translate("gl", "Fiscal year"))
        self.table = TableView(translate("gl", "Periods"))
        self._rows = RowsModel(
            period_columns(lambda: ledger.desk.backend.business_date), key=lambda row: (row.year, row.number)
        )
        self.table.setModel(self._rows)
        self.sheet = PeriodSheet(ledger)
        for choice in (self.calendars, self.years):
            self.heading.add(choice)
        for action in actions:
            button = QPushButton(self)
            wear(button, action)
            self.heading.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.heading)
        column.addWidget(self.table, 1)
        column.addWidget(self.sheet)
        self.calendars.activated.connect(lambda _place: self._show_calendar(keep_year=False))
        self.years.activated.connect(lambda _place: self._show_periods())
        self.sheet.wanted.connect(self._save)
        self.sheet.left.connect(self.table.setFocus)
        ledger.sending.changed.connect(self._follow)

    def render_page(self) -> None:
        """Show what is known now."""
        calendars = self._ledger.set_up.calendars
        self.calendars.offer([(each.code, each.description or each.code) for each in calendars])
        self._show_calendar(keep_year=True)

    @property
    def calendar(self) -> AccountingCalendar | None:
        """The one that is shown."""
        code = self.calendars.code
        return next((each for each in self._ledger.set_up.calendars if each.code == code), None)

    def change(self) -> None:
        """Open the form for the period in the list."""
        period = self.table.current_row()
        if self.calendar is not None:
            self.sheet.start(self.calendar, period if isinstance(period, Period) else None)

    def add(self) -> None:
        """Open the form for a new period."""
        if self.calendar is not None:
            self.sheet.start(self.calendar, None)

    def _save(self) -> None:
        self._ledger.save_period(self.sheet.code, self.sheet.typed(), lambda _outcome: self.sheet.close_sheet())  # type: ignore[arg-type]

    def _follow(self) -> None:
        self.sheet.show_busy(busy=self._ledger.sending.busy)
        if not self.sheet.isHidden():
            self.sheet.show_problems(self._ledger.sending.problems)

    def _show_calendar(self, *, keep_year: bool) -> None:
        calendar = self.calendar
        years = sorted({period.year for period in calendar.all_periods()}) if calendar else []
        before = self.years.code if keep_year else ""
        today = str(self._ledger.desk.backend.business_date.year)
        self.years.offer([(str(year), str(year)) for year in years])
        self.years.choose(before or today)
        translate = QCoreApplication.translate
        words = translate("gl", "Postings to a period are taken on business days from its first to its last open day.")
        self.heading.show_words(calendar.description or calendar.code if calendar else "", words)
        self._show_periods()

    def _show_periods(self) -> None:
        year = self.years.code
        periods = self.calendar.all_periods() if self.calendar else ()
        shown = [period for period in periods if str(period.year) == year]
        self._rows.replace(shown)
        if not self.table.currentIndex().isValid():
            today = self._ledger.desk.backend.business_date
            current = (place for place, period in enumerate(shown) if period.begin <= today <= period.end)
            self.table.go_to(next(current, 0))


class CodesPage(QWidget):
    """Distribution codes and the accounts behind them."""

    def __init__(self, ledger: GeneralLedger) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._ledger = ledger
        self.table = TableView(translate("gl", "Distribution codes"))
        self._rows = RowsModel(code_columns(), key=lambda row: row.code)
        self.table.setModel(self._rows)
        self.heading = Heading("")
        self.facts = FactList()
        self.accounts = TableView(translate("gl", "GL accounts"))
        self._accounts = RowsModel(detail_columns(), key=lambda row: row.effective)
        self.accounts.setModel(self._accounts)
        right = Column(translate("gl", "Distribution code"))
        right.body.setContentsMargins(MARGIN, 0, 0, 0)
        for part in (self.heading, self.facts, SectionLabel(translate("gl", "GL accounts"))):
            right.body.addWidget(part)
        right.body.addWidget(self.accounts, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(self.table, right, shares=(1, 1)))
        self.table.current_changed.connect(self._show)

    def render_page(self) -> None:
        """Show what is known now."""
        self._rows.replace(self._ledger.set_up.codes)
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)
        self._show(self.table.current_row())

    def _show(self, row: object) -> None:
        if not isinstance(row, DistributionCode):
            return
        translate = QCoreApplication.translate
        self.heading.show_words(row.code, row.description)
        priority = str(row.accounting_priority) if row.real_code else ""
        facts = [
            (translate("gl", "Account algorithm"), row.gl_account_rule or translate("gl", "the installation's")),
            (translate("gl", "Becomes payable at"), row.real_code),
            (
                translate("gl", "Accounting method"),
                row.accounting_method.replace("_", " ").lower() if row.real_code else "",
            ),
            (translate("gl", "Accounting priority"), priority),
            (translate("gl", "Bad debt goes to"), f"{row.write_off_division} {row.write_off_sa_type}".strip()),
            (translate("gl", "Override at write-off"), translate("gl", "yes") if row.write_off_override else ""),
        ]
        self.facts.show_facts([Fact(name, value) for name, value in facts if value])
        self._accounts.replace(sorted(row.gl_accounts, key=lambda detail: detail.effective, reverse=True))
