"""The place of the general ledger: runs, trial balance, checks, calendars and codes behind tabs (rows C4, C6)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.services.general_ledger.answering import AnswersTaken
from cashier_app.services.queries.check_requests import CheckRow
from cashier_app.services.queries.transactions import FtFact
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.general_ledger import GeneralLedger
from cashier_app.ui.views.gl_pages import BalancePage, ChecksPage
from cashier_app.ui.views.gl_runs import RunsPage
from cashier_app.ui.views.gl_set_up import CalendarsPage, CodesPage
from cashier_app.ui.widgets.saving import ask_where, write_file
from cashier_app.ui.widgets.tabs import Tabs
from cashier_app.ui.widgets.work_place import MARGIN, Heading


class GeneralLedgerScreen(QWidget):
    """Five pages behind chips."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.ledger = GeneralLedger(desk)
        self.heading = Heading(translate("gl", "General ledger"))
        self._bind(actions)
        self.runs = RunsPage(self.ledger)
        self.balance = BalancePage(self.ledger)
        self.checks = ChecksPage(self.ledger, self._extract, self._respond)
        self.calendars = CalendarsPage(self.ledger, self._change_period, self._add_period, self._extend)
        self.codes = CodesPage(self.ledger, self._change_account)
        self.tabs = Tabs(translate("gl", "General ledger"))
        self.tabs.add("balance", translate("gl", "Trial balance"), self.balance)
        self.tabs.add("runs", translate("gl", "Runs"), self.runs)
        self.tabs.add("checks", translate("gl", "Checks"), self.checks)
        self.tabs.add("calendars", translate("gl", "Calendars"), self.calendars)
        self.tabs.add("codes", translate("gl", "Distribution codes"), self.codes)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        whole.setSpacing(look.SPACE * 3)
        whole.addWidget(self.heading)
        whole.addWidget(self.tabs, 1)
        self.ledger.changed.connect(self._render)
        self.ledger.sending.changed.connect(self.checks.render_page)
        self.runs.fts.chosen.connect(self._explain)
        self.tabs.shown.connect(self._offer)
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.ledger.enter()

    def leave(self) -> None:
        """Left."""
        self.clear()
        self.ledger.leave()

    def clear(self) -> None:
        """Close what is open in place."""
        for page in (self.calendars, self.codes):
            page.sheet.close_sheet()

    # -- made of

    def _bind(self, actions: Actions) -> None:
        self._file = actions.bind(self, "ledger.file", self._save_file)
        self._papers = [
            actions.bind(self, "ledger.pdf", partial(self._save_paper, ".pdf")),
            actions.bind(self, "ledger.xlsx", partial(self._save_paper, ".xlsx")),
        ]
        run = actions.bind(self, "ledger.run", self._run)
        for place, action in enumerate((run, self._file, *self._papers)):
            button = QPushButton(self)
            button.setProperty("kind", "primary" if place == 0 else "quiet")
            wear(button, action)
            self.heading.add(button)
        actions.bind(self, "ledger.earlier", partial(self.ledger.step, -1))
        actions.bind(self, "ledger.later", partial(self.ledger.step, 1))
        self._extract = actions.bind(self, "ledger.extract", self._hand_checks_over)
        self._respond = actions.bind(self, "ledger.respond", self._take_answers)
        self._change_period = actions.bind(self, "ledger.period", self._edit_period)
        self._add_period = actions.bind(self, "ledger.new_period", self._new_period)
        self._change_account = actions.bind(self, "ledger.account", self._edit_account)
        self._extend = actions.bind(self, "ledger.year", self._extend_calendar)

    def _offer(self, page: str) -> None:
        """Offer only files that the page has."""
        self._file.setVisible(page in {"balance", "runs", "checks"})
        for action in self._papers:
            action.setVisible(page in {"balance", "runs"})

    def _render(self) -> None:
        words = self.ledger.problem
        self.heading.show_words(QCoreApplication.translate("gl", "General ledger"), words)
        for page in (self.runs, self.balance, self.checks, self.calendars, self.codes):
            page.render_page()

    # -- doing

    def _run(self) -> None:
        self.tabs.show_page("runs")
        self.ledger.start_run(self._ran)

    def _ran(self, how: str) -> None:
        translate = QCoreApplication.translate
        said = {
            "nothing": translate("gl", "Nothing new: everything was handed over already."),
            "stopped": translate("gl", "Stopped. The run goes on from here when it is wanted again."),
            "closed": translate("gl", "Handed over. The run's files can be saved."),
        }
        self._desk.say(said[how], "good" if how == "closed" else "neutral")
        if how == "closed":
            self.runs.table.go_to(0)

    def _save_file(self) -> None:
        page = self.tabs.current
        if page == "runs":
            self.ledger.run_file(self.runs.layout_choice.code or "CSV", lambda file: self._save(*file))
        elif page == "checks":
            row = self.checks.table.current_row()
            if isinstance(row, CheckRow) and row.run_number:
                self.ledger.check_file(row.run_number, lambda file: self._save(*file))
            else:
                words = QCoreApplication.translate(
                    "gl", "Choose a check that was handed over: its run's file is saved."
                )
                self._desk.say(words, "neutral")
        else:
            self._save_paper(".csv")

    def _save_paper(self, form: str) -> None:
        run = self.ledger.run
        if self.tabs.current == "runs" and run is not None:
            self.ledger.run_paper(form, partial(self._save, f"run-{run.run.number}{form}"))
        else:
            shown = self.ledger.balance
            name = f"trial-balance-{shown.fiscal_year}-{shown.period:02d}{form}"
            self.ledger.balance_paper(form, partial(self._save, name))

    def _save(self, proposal: str, content: bytes) -> None:
        title = QCoreApplication.translate("gl", "Save the file")
        tasks = self._desk.backend.tasks
        ask_where(self, title, proposal, lambda path: write_file(tasks, path, content, self._desk.say))

    def _hand_checks_over(self) -> None:
        self.tabs.show_page("checks")
        self.ledger.extract(self._handed_over)

    def _handed_over(self, done: Any) -> None:
        translate = QCoreApplication.translate
        if done.number is None:
            self._desk.say(translate("gl", "No check is due."), "neutral")
            return
        words = translate("gl", "Run {number}: {count} check(s) handed over.")
        self._desk.say(words.format(number=done.number, count=done.requests), "good")
        self.ledger.check_file(done.number, lambda file: self._save(*file))

    def _take_answers(self) -> None:
        self.tabs.show_page("checks")
        dialog = QFileDialog(self, QCoreApplication.translate("gl", "Answers of accounts payable"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.ledger.respond(Path(name), self._answered))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _answered(self, taken: AnswersTaken) -> None:
        translate = QCoreApplication.translate
        words = translate("gl", "{paid} paid, {held} held, {canceled} canceled.").format(
            paid=taken.paid, held=taken.held, canceled=taken.canceled
        )
        self._desk.say(words, "good")
        self.checks.outcome.setText(" ".join(taken.exceptions))

    def _edit_period(self) -> None:
        self.tabs.show_page("calendars")
        self.calendars.change()

    def _new_period(self) -> None:
        self.tabs.show_page("calendars")
        self.calendars.add()

    def _edit_account(self) -> None:
        self.tabs.show_page("codes")
        self.codes.change()

    def _extend_calendar(self) -> None:
        self.tabs.show_page("calendars")
        calendar = self.calendars.calendar
        if calendar is not None:
            words = QCoreApplication.translate("gl", "One more year of months is laid out.")
            self.ledger.extend(calendar.code, lambda _outcome: self._desk.say(words, "good"))

    def _explain(self, row: object) -> None:
        if isinstance(row, FtFact):
            self._desk.go.explain.emit(figure(FigureKind.TRANSACTION, row.ft_id, "current"))
