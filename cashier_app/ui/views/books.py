"""The books of a day, Z reports and seals: lists on the left, what is selected on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.domain.identifiers import counter_of
from cashier_app.services.queries.administration import SealRow, ZReportRow
from cashier_app.services.queries.ledger import LedgerLine, TrialTotal
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.table_models.rows import Align, Column, RowsModel
from cashier_app.ui.view_models.books import MOST_LINES, Books, totals_of
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.ledger_words import ft_words, in_fours, manner
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.pages import PageView
from cashier_app.ui.widgets.saving import ask_where, write_file
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.tabs import Tabs
from cashier_app.ui.widgets.words import Fact, FactList, ProblemLabel, label
from cashier_app.ui.widgets.work_place import MARGIN, Heading, ListBeside


class BooksScreen(QWidget):
    """Three pages: the general ledger of a day, Z reports, seals."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.books = Books(desk)
        self.heading = Heading("")
        self._problem = ProblemLabel()
        self._problem.hide()
        self.totals = TableView(translate("books", "Totals by account"))
        self._totals = RowsModel(
            _total_columns(self._day_figure), key=lambda row: (row.currency, row.distribution_code, row.gl_account)
        )
        self.lines = TableView(translate("books", "Lines behind the total"))
        self._lines = RowsModel(_line_columns(), key=lambda row: (row.ft_id, row.distribution_code, row.debit))
        self.reports = TableView(translate("books", "Z reports"))
        self._reports = RowsModel(_report_columns(), key=lambda row: row.report_id)
        self.seals = TableView(translate("books", "Seals"))
        self._seals = RowsModel(_seal_columns(), key=lambda row: row.seal_id)
        pairs: tuple[tuple[TableView, RowsModel[Any]], ...] = (
            (self.totals, self._totals),
            (self.lines, self._lines),
            (self.reports, self._reports),
            (self.seals, self._seals),
        )
        for view, model in pairs:
            view.setModel(model)
        self.sum_words = label(weight=QFont.Weight.DemiBold, wraps=True)
        self.paper = PageView(translate("books", "Z report"))
        self.seal_facts = FactList()
        self.tabs = Tabs(translate("books", "Books"))
        self._bind(actions)
        self._build()
        self.books.changed.connect(self._render)
        self.books.sending.changed.connect(self._show_problem)
        self.totals.current_changed.connect(self._show_lines)
        self.lines.chosen.connect(lambda row: desk.go.explain.emit(_line_figure(row)))
        self.reports.current_changed.connect(self._show_report)
        self.seals.current_changed.connect(self._show_seal)
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.books.enter()

    def leave(self) -> None:
        """Left."""
        self.books.leave()

    # -- made of

    def _bind(self, actions: Actions) -> None:
        self._actions = [
            actions.bind(self, "books.earlier", partial(self.books.step, -1)),
            actions.bind(self, "books.later", partial(self.books.step, 1)),
            actions.bind(self, "books.csv", self._save_csv),
            actions.bind(self, "books.pdf", self._save_pdf),
        ]
        self._seal = actions.bind(self, "books.seal", self._seal_day)

    def _build(self) -> None:
        translate = QCoreApplication.translate
        for action in self._actions:
            button = QPushButton(self)
            button.setProperty("kind", "quiet")
            wear(button, action)
            self.heading.add(button)
        ledger = QWidget()
        column = QVBoxLayout(ledger)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        beside = QWidget()
        apart = QVBoxLayout(beside)
        apart.setContentsMargins(look.SPACE * 4, 0, 0, 0)
        apart.addWidget(self.lines)
        column.addWidget(ListBeside(self.totals, beside, shares=(3, 2)), 1)
        column.addWidget(self.sum_words)
        seals = QWidget()
        right = QVBoxLayout(seals)
        right.setContentsMargins(MARGIN, 0, 0, 0)
        right.setSpacing(look.SPACE * 3)
        right.addWidget(self.seal_facts)
        button = QPushButton(seals)
        button.setProperty("kind", "primary")
        wear(button, self._seal)
        export = QPushButton(translate("books", "Save the seals"))
        export.clicked.connect(lambda _checked=False: self._save_seals())
        words = translate(
            "books", "A seal says how far each workstation's journal reached. Keep it elsewhere: it shows a cut tail."
        )
        right.addWidget(label(words, role="muted", wraps=True))
        right.addWidget(self._problem)
        buttons = Flow()
        buttons.add(button)
        buttons.add(export)
        right.addWidget(buttons)
        right.addStretch()
        self.tabs.add("ledger", translate("books", "General ledger"), ledger)
        self.tabs.add("reports", translate("books", "Z reports"), ListBeside(self.reports, self.paper, shares=(2, 3)))
        self.tabs.add("seals", translate("books", "Seals"), ListBeside(self.seals, seals, shares=(3, 2)))
        self.tabs.shown.connect(lambda _page: self._render_heading())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        whole.setSpacing(look.SPACE * 3)
        whole.addWidget(self.heading)
        whole.addWidget(self.tabs, 1)

    # -- rendering

    def _render(self) -> None:
        books = self.books
        self._render_heading()
        self._totals.replace(books.books.totals)
        self._reports.replace(books.reports)
        self._seals.replace(books.seals)
        for view in (self.totals, self.reports, self.seals):
            if not view.currentIndex().isValid():
                view.go_to(0)
        self.sum_words.setText(self._sum_words())
        carry(self.sum_words, *self._sums())
        self._show_lines(self.totals.current_row())
        self._show_seal(self.seals.current_row())

    def _day_figure(self, row: TrialTotal, which: str) -> Figure:
        return figure(FigureKind.DAY_TOTAL, self.books.day, row.currency, row.distribution_code, which)

    def _sums(self) -> Iterator[Named]:
        sides = (QCoreApplication.translate("books", "Debits"), QCoreApplication.translate("books", "Credits"))
        for currency, sums in self.books.sums.items():
            for words, amount, which in zip(sides, sums, ("debit", "credit"), strict=True):
                address = figure(FigureKind.DAY_TOTAL, self.books.day, currency, "", which)
                yield Named(words, manner(currency).with_currency(amount), address)

    def _render_heading(self) -> None:
        translate = QCoreApplication.translate
        day = when.day(self.books.day)
        title = translate("books", "Books of {day}").format(day=day)
        words = self.books.problem or (
            "" if self.books.books.totals else translate("books", "Nothing was booked on this day.")
        )
        self.heading.show_words(title, words)

    def _sum_words(self) -> str:
        translate = QCoreApplication.translate
        said = []
        for currency, (debit, credit) in self.books.sums.items():
            words = manner(currency)
            if debit == credit:
                sentence = translate("books", "Debits and credits are equal: {debit}.")
            else:
                sentence = translate("books", "Debits {debit} and credits {credit} differ: run the checks.")
            said.append(sentence.format(debit=words.with_currency(debit), credit=words.with_currency(credit)))
        if not self.books.books.all_lines:
            said.append(
                translate("books", "The first {count} lines are shown; a file has them all.").format(count=MOST_LINES)
            )
        return " ".join(said)

    def _show_lines(self, row: object) -> None:
        self._lines.replace(self.books.lines_of(row) if isinstance(row, TrialTotal) else ())

    def _show_report(self, row: object) -> None:
        if isinstance(row, ZReportRow):
            self.books.z_page(row.report_id, self.paper.show_pdf)

    def _show_seal(self, row: object) -> None:
        if not isinstance(row, SealRow):
            self.seal_facts.show_facts(())
            return
        translate = QCoreApplication.translate
        facts = [
            (translate("books", "Workstation"), row.node),
            (translate("books", "Entries"), str(row.sequence)),
            (translate("books", "Sealed"), when.moment(row.sealed_at)),
            (translate("books", "Hash"), in_fours(row.hash)),
            (translate("books", "Tenders ever taken"), "\n".join(totals_of(row))),
        ]
        self.seal_facts.show_facts([Fact(name, value) for name, value in facts if value])
        shown = [(each, each.rpartition(" ")[2]) for each in totals_of(row)]
        carry(self.seal_facts, *(Named(each, "", figure(FigureKind.SEAL, row.seal_id, code)) for each, code in shown))

    def _show_problem(self) -> None:
        problems = self.books.sending.problems
        self._problem.setVisible(bool(problems))
        self._problem.show_problem(" ".join(problem.sentence for problem in problems))

    # -- doing

    def _save_csv(self) -> None:
        self.books.csv(partial(self._save, f"books-{self.books.day.isoformat()}.csv"))

    def _save_pdf(self) -> None:
        self.books.pdf(partial(self._save, f"books-{self.books.day.isoformat()}.pdf"))

    def _save_seals(self) -> None:
        self._save(f"seals-{self.books.day.isoformat()}.csv", self.books.seals_file())

    def _save(self, proposal: str, content: bytes) -> None:
        title = QCoreApplication.translate("books", "Save the file")
        tasks = self._desk.backend.tasks
        ask_where(self, title, proposal, lambda path: write_file(tasks, path, content, self._desk.say))

    def _seal_day(self) -> None:
        words = QCoreApplication.translate("books", "The day is sealed. Keep a copy of the seals elsewhere.")
        self.tabs.show_page("seals")
        self.books.seal(lambda _outcome: self._desk.say(words, "good"))


def _line_figure(row: LedgerLine) -> Figure:
    return figure(FigureKind.TRANSACTION, row.ft_id, "payoff")


def _total_columns(address: Callable[[TrialTotal, str], Figure]) -> list[Column[TrialTotal]]:
    translate = QCoreApplication.translate
    return [
        Column[TrialTotal](
            translate("books", "Account"), lambda row: row.gl_account, lambda row: row.gl_account, sample="10-1010"
        ),
        Column[TrialTotal](
            translate("books", "Description"),
            lambda row: row.description or row.distribution_code,
            lambda row: row.description,
            stretch=1,
            tooltip=lambda row: row.distribution_code,
        ),
        Column[TrialTotal](
            translate("books", "Lines"),
            lambda row: str(row.count),
            lambda row: row.count,
            align=Align.END,
            sample="12,345",
            figure=lambda row: address(row, "lines"),
        ),
        Column[TrialTotal](
            translate("books", "Debit"),
            lambda row: manner(row.currency).grid(row.debit),
            lambda row: row.debit,
            align=Align.END,
            sample="1,234,567.00",
            figure=lambda row: address(row, "debit"),
        ),
        Column[TrialTotal](
            translate("books", "Credit"),
            lambda row: manner(row.currency).grid(row.credit),
            lambda row: row.credit,
            align=Align.END,
            sample="1,234,567.00",
            figure=lambda row: address(row, "credit"),
        ),
    ]


def _line_columns() -> list[Column[LedgerLine]]:
    translate = QCoreApplication.translate
    return [
        Column[LedgerLine](translate("books", "What"), lambda row: ft_words(row.kind), stretch=1),
        Column[LedgerLine](
            translate("books", "Entry"),
            lambda row: str(counter_of(row.journal_id)),
            lambda row: row.journal_id,
            align=Align.END,
            sample="12345",
        ),
        Column[LedgerLine](
            translate("books", "Debit"),
            lambda row: manner(row.currency).grid(row.debit),
            lambda row: row.debit,
            align=Align.END,
            sample="123,456.00",
            figure=lambda row: _line_figure(row) if row.debit else NO_FIGURE,
        ),
        Column[LedgerLine](
            translate("books", "Credit"),
            lambda row: manner(row.currency).grid(row.credit),
            lambda row: row.credit,
            align=Align.END,
            sample="123,456.00",
            figure=lambda row: _line_figure(row) if row.credit else NO_FIGURE,
        ),
    ]


def _report_columns() -> list[Column[ZReportRow]]:
    translate = QCoreApplication.translate
    return [
        Column[ZReportRow](
            translate("books", "Number"),
            lambda row: str(row.number),
            lambda row: row.number,
            align=Align.END,
            sample="1234",
            figure=lambda row: figure(FigureKind.Z_REPORT, row.report_id, "", "expected"),
        ),
        Column[ZReportRow](translate("books", "Drawer"), lambda row: row.tender_source, stretch=1),
        Column[ZReportRow](translate("books", "Workstation"), lambda row: row.node, sample="COUNTER-1"),
        Column[ZReportRow](
            translate("books", "Printed"),
            lambda row: when.moment(row.printed_at),
            lambda row: row.printed_at,
            sample="24 Nov 2026 17:45",
        ),
    ]


def _seal_columns() -> list[Column[SealRow]]:
    translate = QCoreApplication.translate
    kinds = {"DAY": translate("books", "Day's end"), "DRAWER": translate("books", "Drawer balanced")}
    return [
        Column[SealRow](
            translate("books", "Day"),
            lambda row: when.day(row.business_date),
            lambda row: row.business_date,
            sample="24 Nov 2026",
        ),
        Column[SealRow](translate("books", "Kind"), lambda row: kinds.get(row.kind, row.kind), stretch=1),
        Column[SealRow](translate("books", "Workstation"), lambda row: row.node, sample="COUNTER-1"),
        Column[SealRow](
            translate("books", "Entries"),
            lambda row: str(row.sequence),
            lambda row: row.sequence,
            align=Align.END,
            sample="1234567",
        ),
        Column[SealRow](translate("books", "Hash"), lambda row: row.hash[:12], sample="0123456789ab"),
    ]
