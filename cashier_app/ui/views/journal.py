"""The journal for auditors: entries on the left, newest first, the selected one whole on the right."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.services.queries.administration import JournalRow
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.table_models.rows import Align
from cashier_app.ui.table_models.tree import Branch, Heading
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.journal import Journal, readable
from cashier_app.ui.views.ledger_words import in_fours, who
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.day_edit import DayEdit
from cashier_app.ui.widgets.saving import ask_where, write_file
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import Fact, FactList, ProblemLabel, SectionLabel, label
from cashier_app.ui.widgets.work_place import MARGIN, ListBeside
from cashier_app.ui.widgets.work_place import Heading as ScreenHeading


class JournalScreen(QWidget):
    """Every command that was executed, with what it said and what it was told."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.journal = Journal(desk)
        self.heading = ScreenHeading(translate("journal", "Journal"))
        save = QPushButton(self)
        save.setProperty("kind", "quiet")
        wear(save, actions.bind(self, "journal.csv", self._save))
        self.heading.add(save)
        self.day = DayEdit(translate("journal", "Only this day"), desk.backend.business_date)
        self.command = QLineEdit()
        self.command.setAccessibleName(translate("journal", "Only this command"))
        self.command.setPlaceholderText(translate("journal", "Only this command, such as TakePayment"))
        self._problem = ProblemLabel(self.day)
        self.entries = TreeView(
            translate("journal", "Entries, newest first"),
            (
                Heading(translate("journal", "When"), sample="24 Nov 2026 17:45"),
                Heading(translate("journal", "Command"), stretch=1, sample="OpenTenderControl"),
                Heading(translate("journal", "Who"), stretch=1, sample="Sue Okafor"),
                Heading(translate("journal", "Entry"), Align.END, sample="12345"),
            ),
        )
        self.entries.setRootIsDecorated(False)
        self.facts = FactList()
        self.content, self.result = QPlainTextEdit(), QPlainTextEdit()
        for text, name in (
            (self.content, translate("journal", "What was asked")),
            (self.result, translate("journal", "What was told")),
        ):
            text.setReadOnly(True)
            text.setProperty("kind", "plain")
            text.setTabChangesFocus(True)
            text.setAccessibleName(name)
        self._title = label(size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
        self._build()
        self.journal.changed.connect(self._render)
        self.entries.current_changed.connect(self._show)
        self.day.editingFinished.connect(self._filter)
        self.command.editingFinished.connect(self._filter)
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.journal.enter()

    def leave(self) -> None:
        """Left."""
        self.journal.leave()

    # -- made of

    def _build(self) -> None:
        translate = QCoreApplication.translate
        filters = QHBoxLayout()
        filters.setSpacing(look.SPACE * 2)
        filters.addWidget(self.day, 1)
        filters.addWidget(self.command, 2)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.heading)
        column.addLayout(filters)
        column.addWidget(self._problem)
        column.addWidget(self.entries, 1)
        right = QWidget()
        detail = QVBoxLayout(right)
        detail.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        detail.setSpacing(look.SPACE * 2)
        detail.addWidget(self._title)
        detail.addWidget(self.facts)
        for words, text, share in (
            (translate("journal", "What was asked"), self.content, 3),
            (translate("journal", "What was told"), self.result, 2),
        ):
            detail.addWidget(SectionLabel(words))
            detail.addWidget(text, share)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(left, right, shares=(3, 2)))

    # -- rendering

    def _render(self) -> None:
        journal = self.journal
        self.entries.show_rows(len(journal.rows), lambda place: _branch(journal.rows[place]), grown=journal.appended)
        if not journal.appended:
            self.entries.go_to_first()
        self.entries.more = journal.more if journal.has_more else None
        nothing = QCoreApplication.translate("journal", "Nothing was executed that fits; widen the filter.")
        self.heading.show_words(
            QCoreApplication.translate("journal", "Journal"), journal.problem or ("" if journal.rows else nothing)
        )

    def _show(self, row: object) -> None:
        if not isinstance(row, JournalRow):
            return
        translate = QCoreApplication.translate
        self._title.setText(row.command)
        facts = [
            (translate("journal", "Who"), who(row.user, row.approver)),
            (translate("journal", "When"), when.moment(row.executed_at)),
            (translate("journal", "Business date"), when.day(row.business_date)),
            (translate("journal", "Entry"), f"{row.node} {row.sequence}"),
            (translate("journal", "Command id"), row.command_id),
            (translate("journal", "Hash"), in_fours(row.hash)),
        ]
        self.facts.show_facts([Fact(name, value) for name, value in facts])
        kept = translate("journal", "Shown to whoever may see the customers of all offices.")
        self.content.setPlainText(readable(row.content) or kept)
        self.result.setPlainText(readable(row.result))

    # -- doing

    def _filter(self) -> None:
        self._problem.show_problem(self.day.problem)
        if not self.day.problem:
            self.journal.only(self.day.value, self.command.text())

    def _save(self) -> None:
        title = QCoreApplication.translate("journal", "Save the entries shown")
        content = self.journal.csv()
        tasks = self._desk.backend.tasks
        ask_where(self, title, "journal.csv", lambda path: write_file(tasks, path, content, self._desk.say))


def _branch(row: JournalRow) -> Branch:
    return Branch(
        (when.moment(row.executed_at), row.command, who(row.user, row.approver), str(row.sequence)),
        key=row.journal_id,
        row=row,
        tips=("", row.command, who(row.user, row.approver), f"{row.node} {row.sequence}"),
        figures=(NO_FIGURE, NO_FIGURE, NO_FIGURE, figure(FigureKind.COMMAND, row.journal_id)),
    )
