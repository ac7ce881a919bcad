"""Runs to the general ledger: the list, a run's journal entry, what is behind each line, down to one transaction."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.domain.identifiers import counter_of
from cashier_app.services.queries.gl_runs import GlEntryRow, GlRunRow
from cashier_app.services.queries.transactions import FtFact
from cashier_app.ui import look
from cashier_app.ui.table_models.rows import RowsModel
from cashier_app.ui.view_models.general_ledger import MOST_FTS, GeneralLedger
from cashier_app.ui.views.gl_columns import entry_columns, ft_columns, run_columns, run_state
from cashier_app.ui.views.ledger_words import ft_words, gl_words, manner, side
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.words import Fact, FactList, ProblemLabel, SectionLabel, StatusBadge, label
from cashier_app.ui.widgets.work_place import MARGIN, Choice, Heading, ListBeside


class RunsPage(QWidget):
    """Runs on the left, the chosen one on the right."""

    def __init__(self, ledger: GeneralLedger) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._ledger = ledger
        self.table = TableView(translate("gl", "Runs"))
        self._runs = RowsModel(run_columns(), key=lambda row: row.run_id)
        self.entries = TableView(translate("gl", "Journal entry"))
        self._entries = RowsModel(
            entry_columns(lambda: ledger.run.run.run_id if ledger.run else 0), key=lambda row: row.line
        )
        self.fts = TableView(translate("gl", "Transactions"))
        self._fts = RowsModel(ft_columns(), key=lambda row: row.ft_id)
        for view, model in ((self.table, self._runs), (self.entries, self._entries), (self.fts, self._fts)):
            view.setModel(model)
        self.heading = Heading("")
        self.badge = StatusBadge()
        self.facts = FactList()
        self.layout_choice = Choice(translate("gl", "File layout"))
        self.sources = label(role="muted", wraps=True)
        self.detail = label(wraps=True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(translate("gl", "Progress of the run"))
        self.stop = QPushButton(translate("gl", "Stop after this chunk"))
        self.stop.setProperty("kind", "quiet")
        self._problem = ProblemLabel()
        self._build()
        self.stop.clicked.connect(lambda _checked=False: ledger.stop_run())
        self.table.current_changed.connect(self._choose_run)
        self.entries.current_changed.connect(self._choose_line)
        self.fts.current_changed.connect(self._show_ft)

    def _build(self) -> None:
        translate = QCoreApplication.translate
        left = QWidget()
        column = QVBoxLayout(left)
        left.setMinimumWidth(320)
        column.setContentsMargins(0, 0, MARGIN, 0)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.table, 1)
        column.addWidget(self.progress)
        column.addWidget(self.stop)
        column.addWidget(self._problem)
        right = QWidget()
        body = QVBoxLayout(right)
        body.setContentsMargins(MARGIN, 0, 0, 0)
        body.setSpacing(look.SPACE * 2)
        for part in (self.badge, self.layout_choice):
            self.heading.add(part)
        self._inside = QWidget()
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(look.SPACE * 2)
        inside.addWidget(SectionLabel(translate("gl", "Journal entry")))
        inside.addWidget(self.entries, 3)
        inside.addWidget(SectionLabel(translate("gl", "Behind this line")))
        inside.addWidget(self.sources)
        inside.addWidget(self.fts, 2)
        inside.addWidget(self.detail)
        for table in (self.entries, self.fts):
            table.setMinimumHeight(100)
        body.addWidget(self.heading)
        body.addWidget(self.facts)
        body.addWidget(self._inside, 1)
        body.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(left, right, shares=(1, 3)))

    def render_page(self) -> None:
        """Show what is known now."""
        ledger = self._ledger
        self._runs.replace(ledger.runs)
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)
        self._render_progress()
        self._render_run()
        self._fts.replace(ledger.behind.fts)
        self.sources.setText(self._source_words())
        self._show_ft(self.fts.current_row())

    def _render_progress(self) -> None:
        under_way = self._ledger.under_way
        self.progress.setVisible(under_way is not None)
        self.stop.setVisible(under_way is not None)
        if under_way is not None:
            done, total = under_way
            self.progress.setRange(0, total)
            self.progress.setValue(done)
            self.progress.setFormat(QCoreApplication.translate("gl", "%v of %m chunks"))
        problems = self._ledger.run_problems
        self._problem.setVisible(bool(problems))
        self._problem.show_problem(" ".join(problem.sentence for problem in problems))

    def _render_run(self) -> None:
        translate = QCoreApplication.translate
        facts = self._ledger.run
        self.badge.setVisible(facts is not None)
        self.layout_choice.setVisible(facts is not None and bool(facts.files))
        self._inside.setVisible(facts is not None)
        if facts is None:
            words = translate(
                "gl", "A run hands everything over that was frozen since the last one, each exactly once."
            )
            self.heading.show_words(translate("gl", "Nothing was handed over yet"), words)
            self.facts.show_facts(())
            self._entries.replace(())
            return
        run = facts.run
        words = translate("gl", "{day}, started {moment} by {user}. {fts} transactions with {lines} GL lines.")
        self.heading.show_words(
            translate("gl", "Run {number}").format(number=run.number),
            words.format(
                day=when.day(run.business_date),
                moment=when.moment(run.started_at),
                user=run.user,
                fts=f"{run.ft_count:,}",
                lines=f"{run.line_count:,}",
            ),
        )
        self.badge.show_state(*run_state(run.status))
        shown = [
            (translate("gl", "Staged"), _staged_words(run) if run.status != "CLOSED" else ""),
            (translate("gl", "Left for later"), _held_words(facts.held)),
        ]
        self.facts.show_facts([Fact(name, value) for name, value in shown if value])
        held = figure(FigureKind.GL_RUN, run.run_id, "held")
        carry(self.facts, *(Named(name, value, held) for name, value in shown[1:] if value))
        self.layout_choice.offer([(file.layout, f"{file.layout} ({file.byte_count:,})") for file in facts.files])
        self._entries.replace(facts.entries)

    def _source_words(self) -> str:
        row = self.entries.current_row()
        behind = self._ledger.behind
        if not isinstance(row, GlEntryRow) or not behind.sources:
            return ""
        translate = QCoreApplication.translate
        sentence = translate("gl", "{description} ({code}) on {day}, by {rule}: {amounts}, {count} lines.")
        said = [
            sentence.format(
                description=source.description or source.distribution_code,
                code=source.distribution_code,
                day=when.day(source.accounting_date),
                rule=source.algorithm,
                amounts=", ".join(side(each, row.currency) for each in (source.debit, -source.credit) if each),
                count=f"{source.line_count:,}",
            )
            for source in behind.sources[:4]
        ]
        if len(behind.fts) >= MOST_FTS:
            said.append(translate("gl", "The first {count} transactions are shown.").format(count=MOST_FTS))
        return " ".join(said)

    def _choose_run(self, row: object) -> None:
        known = self._ledger.run
        if isinstance(row, GlRunRow) and (known is None or known.run.run_id != row.run_id):
            self._ledger.choose_run(row.run_id)

    def _choose_line(self, row: object) -> None:
        if isinstance(row, GlEntryRow):
            self._ledger.choose_line(row.line)

    def _show_ft(self, row: object) -> None:
        self.detail.setText(ft_sentences(row) if isinstance(row, FtFact) else "")


def ft_sentences(ft: FtFact) -> str:
    """A financial transaction with its effects, its maker and its journal entry, in sentences."""
    translate = QCoreApplication.translate
    words = manner(ft.currency)
    lines = "; ".join(f"{side(line.amount, ft.currency)} {gl_words(line)}" for line in ft.lines)
    effects = translate("gl", "{what} of {day}: current {current}, payoff {payoff}.").format(
        what=ft_words(ft.kind),
        day=when.day(ft.accounting_date),
        current=words.text(ft.current_amount),
        payoff=words.text(ft.payoff_amount),
    )
    made = translate("gl", "By {user} with {command} (entry {entry}), rule {rule}.").format(
        user=ft.user, command=ft.command, entry=counter_of(ft.journal_id), rule=ft.algorithm
    )
    books = translate("gl", "Booked: {lines}.").format(lines=lines)
    return f"{effects} {made} {books}"


def _staged_words(run: GlRunRow) -> str:
    words = QCoreApplication.translate("gl", "{done} of {total} chunks")
    return words.format(done=f"{run.chunks_staged:,}", total=f"{run.chunks:,}")


def _held_words(held: tuple[tuple[str, int], ...]) -> str:
    translate = QCoreApplication.translate
    reasons = {
        "GL_DATE": translate("gl", "until their GL date"),
        "NO_ACCOUNT": translate("gl", "no account in force"),
        "NO_PERIOD": translate("gl", "no fiscal period"),
    }
    return ", ".join(f"{count:,} ({reasons.get(reason, reason)})" for reason, count in held)
