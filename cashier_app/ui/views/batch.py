"""Batch: what the company is owed as a chart and to the day, and the runs with their progress."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.domain.figures import Figure, FigureKind, figure
from cashier_app.services.batch.run_records import Run
from cashier_app.services.queries.accounts import DebtKind, DebtPiece
from cashier_app.services.queries.batch_runs import RunDetail, UnitError
from cashier_app.services.queries.company_debt import CompanyDebt
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.table_models.rows import Align, Column, RowsModel
from cashier_app.ui.view_models.batch import Batch, UnderWay
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.batch_form import StartSheet
from cashier_app.ui.views.batch_words import job_words, progress_words, state_words, total_words
from cashier_app.ui.views.ledger_words import age_words, manner
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.debt_chart import DebtChart, DebtColumn
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.tabs import Tabs
from cashier_app.ui.widgets.words import Fact, FactList, ProblemLabel, label
from cashier_app.ui.widgets.work_place import MARGIN, Heading, ListBeside
from cashier_app.ui.widgets.work_place import Column as SideColumn


class BatchScreen(QWidget):
    """Two pages: aged debt, runs."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.batch = Batch(desk)
        self.heading = Heading("")
        self.chart = DebtChart()
        self.grid = TableView(translate("batch", "Debt to the day"))
        self._grid: RowsModel[DebtRow] = RowsModel(_debt_columns(), key=lambda row: (row[0], row[1].kind, row[1].days))
        self.runs = TableView(translate("batch", "Runs"))
        self._runs = RowsModel(_run_columns(self._called), key=lambda row: row.run_id)
        self.errors = TableView(translate("batch", "What could not be done"))
        self._errors = RowsModel(_error_columns(), key=lambda row: row.unit)
        self.grid.setModel(self._grid)
        self.runs.setModel(self._runs)
        self.errors.setModel(self._errors)
        self.debt_words = label(wraps=True)
        self.facts = FactList()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(translate("batch", "Progress of the run"))
        self.progress_words = label(role="muted", wraps=True)
        self._problem = ProblemLabel()
        self.start_sheet = StartSheet()
        self._beside = QStackedWidget()
        self._wanted = ""
        """The run to go to as soon as it is listed."""
        self._told_problems: tuple[Problem, ...] = ()
        self.tabs = Tabs(translate("batch", "Batch"))
        self._bind(actions)
        self._build()
        self.batch.changed.connect(self._render)
        self.runs.current_changed.connect(self._choose)
        self.start_sheet.wanted.connect(self._start)
        self.start_sheet.left.connect(self._show_details)
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.batch.enter()

    def leave(self) -> None:
        """Left. A run goes on."""
        self.batch.leave()

    def open_run(self, run_id: str) -> None:
        """Show one run whole; it can be taken up here."""
        self.tabs.show_page("runs")
        self._wanted = run_id
        self.batch.choose(run_id)
        self.batch.refresh()

    # -- made of

    def _bind(self, actions: Actions) -> None:
        self._start_one = actions.bind(self, "batch.start", self._ask_which)
        self._go_on = actions.bind(self, "batch.go_on", self._take_up)
        self._stop = actions.bind(self, "batch.stop", self.batch.stop)

    def _build(self) -> None:
        translate = QCoreApplication.translate
        for action in (self._start_one, self._go_on, self._stop):
            button = QPushButton(self)
            button.setProperty("kind", "quiet")
            wear(button, action)
            self.heading.add(button)
        debt, below = _column()
        below.addWidget(self.debt_words)
        below.addWidget(self.chart, 2)
        below.addWidget(self.grid, 3)
        left, column = _column()
        column.addWidget(self.runs, 1)
        column.addWidget(self.bar)
        column.addWidget(self.progress_words)
        column.addWidget(self._problem)
        details, beside = _column()
        beside.setContentsMargins(MARGIN, 0, 0, 0)
        beside.addWidget(self.facts)
        beside.addWidget(self.errors, 1)
        beside.addStretch()
        form = SideColumn(translate("batch", "Start a job"))
        form.body.setContentsMargins(MARGIN, 0, 0, 0)
        form.body.addWidget(self.start_sheet)
        form.body.addStretch()
        self._beside.addWidget(details)
        self._beside.addWidget(form)
        self.tabs.add("debt", translate("batch", "Aged debt"), debt)
        self.tabs.add("runs", translate("batch", "Runs"), ListBeside(left, self._beside, shares=(3, 2)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        whole.setSpacing(look.SPACE * 3)
        whole.addWidget(self.heading)
        whole.addWidget(self.tabs, 1)

    # -- rendering

    def _render(self) -> None:
        batch = self.batch
        self.heading.show_words(QCoreApplication.translate("batch", "Batch"), batch.problem)
        self._render_debt()
        self._runs.replace(batch.runs)
        if self._wanted:
            rows = [row for row, run in enumerate(batch.runs) if run.run_id == self._wanted]
            for row in rows:
                self._wanted = ""
                self.runs.go_to(row)
        elif not self.runs.currentIndex().isValid():
            self.runs.go_to(0)
        self._render_progress(batch.under_way)
        self._render_run(batch.detail)
        self._problem.setVisible(bool(batch.run_problems))
        self._problem.show_problem(" ".join(problem.sentence for problem in batch.run_problems))
        if batch.form_problems is not self._told_problems:  # each time they are told, the focus goes to the first
            self._told_problems = batch.form_problems
            self.start_sheet.show_problems(batch.form_problems)
        self._offer()

    def _render_debt(self) -> None:
        debts = self.batch.debts
        self._grid.replace([(debt.currency, row) for debt in debts for row in debt.rows])
        self.debt_words.setText("\n".join(_debt_words(debt) for debt in debts))
        carry(self.debt_words, *(each for debt in debts for each in _debt_figures(debt)))
        largest = max(debts, key=lambda debt: debt.owed, default=None)
        if largest is None:
            self.chart.show_columns((), manner("USD"))
        else:
            self.chart.show_columns(chart_columns(largest), manner(largest.currency))

    def _render_progress(self, under_way: UnderWay | None) -> None:
        for part in (self.bar, self.progress_words):
            part.setVisible(under_way is not None)
        if under_way is not None:
            self.bar.setRange(0, under_way.total)  # without a total it only moves
            self.bar.setValue(under_way.done)
            self.progress_words.setText(progress_words(under_way))

    def _render_run(self, detail: RunDetail | None) -> None:
        if detail is None:
            translate = QCoreApplication.translate
            words = translate("batch", "Nothing has run yet. A run is shown here with what it did.")
            self.facts.show_facts([Fact("", words)])
            self.errors.hide()
            return
        self.facts.show_facts(_run_facts(detail, self._called(detail.run.batch_code)))
        self._errors.replace(detail.errors)
        self.errors.setVisible(bool(detail.errors))

    def _offer(self) -> None:
        running = self.batch.under_way is not None
        row = self.runs.current_row()
        self._start_one.setEnabled(not running and bool(self.batch.offered()))
        self._stop.setEnabled(running)
        self._go_on.setEnabled(isinstance(row, Run) and self.batch.can_go_on(row))

    # -- doing

    def _choose(self, row: object) -> None:
        self._offer()
        if isinstance(row, Run) and (self.batch.detail is None or self.batch.detail.run.run_id != row.run_id):
            self.batch.choose(row.run_id)

    def _ask_which(self) -> None:
        self.tabs.show_page("runs")
        self._beside.setCurrentIndex(1)
        self.start_sheet.start(self.batch.jobs, self.batch.offered())

    def _show_details(self) -> None:
        self._beside.setCurrentIndex(0)
        self.runs.setFocus()

    def _start(self) -> None:
        control = self.start_sheet.control
        if control is not None:
            self.batch.start(control, self.start_sheet.typed(), self.start_sheet.close_sheet, self._ran)

    def _called(self, code: str) -> str:
        return job_words(code, self.batch.description(code))

    def _take_up(self) -> None:
        row = self.runs.current_row()
        if isinstance(row, Run):
            self.tabs.show_page("runs")
            self.batch.go_on(row, self._ran)

    def _ran(self, how: str) -> None:
        translate = QCoreApplication.translate
        if how == "finished":
            self._desk.say(translate("batch", "The run is finished."), "good")
        else:
            self._desk.say(translate("batch", "Stopped. The run goes on from here when it is wanted again."), "neutral")
        self.runs.go_to(0)


DebtRow = tuple[str, DebtPiece]
"""A currency, and what is owed of one age."""


def _column() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look.SPACE * 2)
    return page, column


def chart_columns(debt: CompanyDebt) -> list[DebtColumn]:
    """New and future charges, thirty days at a time up to the oldest bucket, then what is disputed, if anything."""
    translate = QCoreApplication.translate
    columns = [
        DebtColumn(
            translate("batch", "New"), debt.of(DebtKind.NEW_CHARGE), 0, _owed(debt.currency, DebtKind.NEW_CHARGE)
        ),
        DebtColumn(translate("batch", "Future"), debt.of(DebtKind.FUTURE), 0, _owed(debt.currency, DebtKind.FUTURE)),
    ]
    lump = debt.oldest_bucket_age
    for place, first in enumerate([0, *range(31, lump, 30)]):
        last = min(30 * (place + 1), lump - 1)
        amount = debt.of(DebtKind.AGED, first, last)
        address = _owed(debt.currency, DebtKind.AGED, first, last)
        columns.append(DebtColumn(f"{first}-{last}", amount, min(place + 1, 3), address))
    columns.append(DebtColumn(f"{lump}+", debt.of(DebtKind.OLDEST), 4, _owed(debt.currency, DebtKind.OLDEST)))
    if disputed := debt.of(DebtKind.DISPUTED):
        address = _owed(debt.currency, DebtKind.DISPUTED)
        columns.append(DebtColumn(translate("batch", "Disputed"), disputed, 5, address))
    return columns


def _owed(currency: str, which: str, first: int = 0, last: int = 0) -> Figure:
    return figure(FigureKind.COMPANY_DEBT, currency, which, first, last)


def _debt_words(debt: CompanyDebt) -> str:
    words = manner(debt.currency)
    said = QCoreApplication.translate("batch", "{count} agreements owe {owed}; others have {credit} in credit.")
    return said.format(
        count=f"{debt.agreements:,}", owed=words.with_currency(debt.owed), credit=words.with_currency(-debt.credit)
    )


def _debt_figures(debt: CompanyDebt) -> list[Named]:
    translate = QCoreApplication.translate
    words = manner(debt.currency)
    return [
        Named(translate("batch", "Owed"), words.with_currency(debt.owed), _owed(debt.currency, "owed")),
        Named(translate("batch", "In credit"), words.with_currency(-debt.credit), _owed(debt.currency, "credit")),
        Named(translate("batch", "Agreements"), f"{debt.agreements:,}", _owed(debt.currency, "agreements")),
    ]


def _run_facts(detail: RunDetail, called: str) -> list[Fact]:
    translate = QCoreApplication.translate
    run = detail.run
    facts = [
        (translate("batch", "Job"), called),
        (translate("batch", "State"), state_words(run)),
        (translate("batch", "Asked for"), when.moment(run.requested_at)),
        (translate("batch", "Ended"), when.moment(run.ended_at)),
        (translate("batch", "Message"), run.message),
    ]
    said = [Fact(name, value) for name, value in facts if value]
    if detail.chunks:
        chunks = translate("batch", "{done} of {total}").format(done=detail.chunks_done, total=detail.chunks)
        counts = [
            (translate("batch", "Chunks"), chunks, "chunks"),
            (translate("batch", "Done"), f"{detail.units_done:,}", "done"),
            (translate("batch", "Not done"), f"{detail.units_in_error:,}", "in_error"),
            *((total_words(name), f"{count:,}", name) for name, count in detail.totals.items()),
        ]
        said += [
            Fact(name, value, figure=figure(FigureKind.BATCH_RUN, run.run_id, which)) for name, value, which in counts
        ]
    return said


def _debt_columns() -> list[Column[DebtRow]]:
    translate = QCoreApplication.translate
    return [
        Column[DebtRow](translate("batch", "Age"), lambda row: age_words(row[1]), stretch=1),
        Column[DebtRow](translate("batch", "Currency"), lambda row: row[0], sample="USD"),
        Column[DebtRow](
            translate("batch", "Owed"),
            lambda row: manner(row[0]).grid(row[1].amount),
            lambda row: row[1].amount,
            align=Align.END,
            sample="123,456,789.00",
            figure=lambda row: _owed(row[0], row[1].kind.value, row[1].days, row[1].days),
        ),
    ]


def _run_columns(called: Callable[[str], str]) -> list[Column[Run]]:
    translate = QCoreApplication.translate
    return [
        Column[Run](translate("batch", "Job"), lambda row: called(row.batch_code), stretch=1),
        Column[Run](
            translate("batch", "Asked for"),
            lambda row: when.moment(row.requested_at),
            lambda row: row.requested_at,
            sample="24 Nov 2026 17:45",
        ),
        Column[Run](translate("batch", "State"), state_words, sample="stopped: can be resumed"),
        Column[Run](
            translate("batch", "Done"),
            lambda row: f"{row.done:,} / {row.total:,}" if row.total else "",
            lambda row: row.done,
            align=Align.END,
            sample="1,234 / 1,234",
            figure=lambda row: figure(FigureKind.BATCH_RUN, row.run_id, "chunks"),
        ),
    ]


def _error_columns() -> list[Column[UnitError]]:
    translate = QCoreApplication.translate
    return [
        Column[UnitError](
            translate("batch", "Agreement"), lambda row: str(row.unit), lambda row: row.unit, sample="1099511627776"
        ),
        Column[UnitError](translate("batch", "Why"), lambda row: row.message, stretch=1, tooltip=lambda row: row.code),
    ]
