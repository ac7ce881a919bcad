"""Pages that set the general ledger up: accounting calendars, distribution codes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cashier_app.domain.calendars import AccountingCalendar, Period
from cashier_app.domain.gl_tables import DistributionCode, GlAccount
from cashier_app.ui.table_models.rows import RowsModel
from cashier_app.ui.view_models.general_ledger import GeneralLedger
from cashier_app.ui.views.gl_columns import code_columns, detail_columns, period_columns
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel
from cashier_app.ui.widgets.work_place import MARGIN, ActionSheet, Choice, Column, Heading, ListBeside, column


class PeriodSheet(ActionSheet):
    """A fiscal period, new or known."""

    def __init__(self, ledger: GeneralLedger) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("gl", "Fiscal period"), translate("gl", "Save the period"))
        self.follow(ledger.sending)
        self.left.connect(ledger.told)
        self._ledger = ledger
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
        self._ledger.decide()
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
        self.heading.add_actions(*actions)
        column(self, self.heading, self.table, self.sheet, fills=self.table)
        self.calendars.activated.connect(lambda _place: self._show_calendar(keep_year=False))
        self.years.activated.connect(lambda _place: self._show_periods())
        self.sheet.wanted.connect(self._save)
        self.sheet.left.connect(self.table.setFocus)

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


class AccountSheet(ActionSheet):
    """The GL account behind a code from a day on."""

    def __init__(self, ledger: GeneralLedger) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("gl", "GL account from a day on"), translate("gl", "Save the account"))
        self.follow(ledger.sending)
        self.left.connect(ledger.told)
        self._ledger = ledger
        self.code = ""
        self.day = DayEdit(translate("gl", "From"), ledger.desk.backend.business_date)
        self.account, self.statistic, self.fund = QLineEdit(), QLineEdit(), QLineEdit()
        self.state = Choice()
        self.state.offer([("active", translate("gl", "active")), ("", translate("gl", "not used"))])
        self.form.add("effective", translate("gl", "From"), self.day)
        self.form.add("gl_account", translate("gl", "Account"), self.account, beside=True)
        self.form.add("statistic_code", translate("gl", "Statistic, may be empty"), self.statistic)
        self.form.add("fund", translate("gl", "Fund, may be empty"), self.fund, beside=True)
        self.form.add("active", translate("gl", "State"), self.state)

    def start(self, code: DistributionCode, account: GlAccount | None) -> None:
        """Open for a code, on what is in force there."""
        self._ledger.decide()
        self._ledger.sending.forget()
        self.code = code.code
        self.day.clear()
        for editor, name in ((self.account, "gl_account"), (self.statistic, "statistic_code"), (self.fund, "fund")):
            editor.setText(getattr(account, name) if account else "")
        self.state.choose("active" if account is None or account.active else "")
        words = QCoreApplication.translate(
            "gl", "{code}: from that day on. What was booked before stays on the account that it had."
        )
        self.open_sheet(words.format(code=code.code), focus=self.day)

    def typed(self) -> GlAccount | None:
        """What is in the form; nothing where there is no day."""
        if self.day.value is None:
            return None
        return GlAccount(
            effective=self.day.value,
            gl_account=self.account.text().strip(),
            active=bool(self.state.code),
            statistic_code=self.statistic.text().strip(),
            fund=self.fund.text().strip(),
        )


class CodesPage(QWidget):
    """Distribution codes and the accounts behind them."""

    def __init__(self, ledger: GeneralLedger, *actions: QAction) -> None:
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
        self.sheet = AccountSheet(ledger)
        self.heading.add_actions(*actions)
        for part in (self.heading, self.facts, SectionLabel(translate("gl", "GL accounts"))):
            right.body.addWidget(part)
        right.body.addWidget(self.accounts)
        right.body.addWidget(self.sheet)
        right.body.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(self.table, right, shares=(1, 1)))
        self.table.current_changed.connect(self._show)
        self.sheet.wanted.connect(self._save)
        self.sheet.left.connect(self.table.setFocus)

    def change(self) -> None:
        """Open the form for another account of the code in the list."""
        code = self.table.current_row()
        if isinstance(code, DistributionCode):
            today = self._ledger.desk.backend.business_date
            known = [each for each in code.gl_accounts if each.effective <= today]
            self.sheet.start(code, max(known, key=lambda each: each.effective, default=None))

    def _save(self) -> None:
        self._ledger.save_account(self.sheet.code, self.sheet.typed(), lambda _outcome: self.sheet.close_sheet())

    def render_page(self) -> None:
        """Show what is known now."""
        self._rows.replace(self._ledger.set_up.codes)
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)
        self._show(self.table.current_row())

    def _show(self, row: object) -> None:
        if not isinstance(row, DistributionCode):
            return
        if row.code != self.sheet.code:
            self.sheet.close_sheet()
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
        self.accounts.fit(max(3, len(row.gl_accounts)))
