"""To do: what waits for the user's roles on the left, by type; one whole on the right, decided in place (D3, D4)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import zip_longest
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.services.queries.approvals import DecidedRow
from cashier_app.services.queries.to_do import ToDoRow
from cashier_app.ui import look
from cashier_app.ui.actions import Actions
from cashier_app.ui.table_models.tree import Branch, amount_heading
from cashier_app.ui.table_models.tree import Heading as TreeHeading
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.to_do import ToDoLists, way_to
from cashier_app.ui.views.ledger_words import item_advice, item_words, manner
from cashier_app.ui.views.to_do_detail import ToDoDetail
from cashier_app.ui.views.to_do_sheets import ApproveSheet, ForwardSheet, WordsSheet
from cashier_app.ui.views.to_do_words import age_words, outcome_words, status_words
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.bars import Part, StackedBar
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.tabs import Tabs
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import EmptyState, ProblemLabel, SectionLabel
from cashier_app.ui.widgets.work_place import MARGIN, Column, Heading, ListBeside
from cashier_app.ui.widgets.work_place import column as stacked

_WHOLE: Final = AmountFormat(digits=0)
"""Counts, as bars write them."""


class ToDoScreen(QWidget):
    """The user's lists and the chosen entry."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.lists = ToDoLists(desk)
        self.heading = Heading(translate("to_do", "To do"))
        self.tree = TreeView(
            translate("to_do", "What waits for you"),
            (
                TreeHeading("", stretch=1, sample="Jane Masters: A check came back"),
                TreeHeading("", sample="24 Nov 2026"),
            ),
            header=False,
        )
        self.decided = TreeView(
            translate("to_do", "Decided requests"),
            (
                TreeHeading(translate("to_do", "Decided"), sample="24 Nov 2026"),
                TreeHeading(translate("to_do", "Customer"), stretch=1, sample="Jane Masters"),
                TreeHeading(translate("to_do", "State"), sample="rejected"),
                amount_heading(translate("to_do", "Amount")),
            ),
        )
        self.decided.setRootIsDecorated(False)
        self.ages = StackedBar(translate("to_do", "Approvals waiting"), _WHOLE)
        self._ages_title = SectionLabel(translate("to_do", "Approvals waiting, by age"))
        self._nothing = EmptyState(
            "ok",
            translate("to_do", "Nothing waits for you"),
            translate("to_do", "What somebody of your To Do roles must look into or approve is listed here."),
        )
        self._unchosen = EmptyState(
            "approvals",
            translate("to_do", "Choose what to look into"),
            translate("to_do", "It is shown here whole, with what can be done about it."),
        )
        self.approve_sheet = ApproveSheet(desk.backend.business_date)
        self.reject_sheet = WordsSheet(
            translate("to_do", "Reject"),
            translate("to_do", "Reject it"),
            "reason",
            translate("to_do", "Why it is rejected"),
            dangerous=True,
        )
        self.comment_sheet = WordsSheet(
            translate("to_do", "Comment"), translate("to_do", "Say it"), "text", translate("to_do", "What to say")
        )
        self.complete_sheet = WordsSheet(
            translate("to_do", "Complete"),
            translate("to_do", "Complete it"),
            "text",
            translate("to_do", "What was done"),
        )
        self.forward_sheet = ForwardSheet()
        self.sheets = (
            self.approve_sheet,
            self.reject_sheet,
            self.comment_sheet,
            self.complete_sheet,
            self.forward_sheet,
        )
        self._bind(actions)
        self._build()
        self._listen()
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.lists.enter()

    def leave(self) -> None:
        """Left."""
        self._close_sheets()
        self.lists.leave()

    def clear(self) -> None:
        """Show no entry."""
        self._close_sheets()
        self.lists.clear()

    # -- made of

    def _bind(self, actions: Actions) -> None:
        handlers: dict[str, Callable[[], None]] = {
            "approve": self._start_approving,
            "reject": self._start_rejecting,
            "open": self._open,
            "take": lambda: self.lists.take(self._said),
            "comment": lambda: self._start(self.comment_sheet.start),
            "forward": lambda: self._start(partial(self.forward_sheet.start, self.lists.waiting.roles)),
            "complete": lambda: self._start(self.complete_sheet.start),
        }
        self._action = {name: actions.bind(self, f"todo.{name}", handler) for name, handler in handlers.items()}
        self._allowed = {name: action.isVisible() for name, action in self._action.items()}

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self.heading)
        self._left_pages = QStackedWidget()
        self._left_pages.addWidget(self.tree)
        self._left_pages.addWidget(self._nothing)
        waiting = QWidget()
        stacked(waiting, self._left_pages, self._ages_title, self.ages, fills=self._left_pages)
        translate = QCoreApplication.translate
        self.tabs = Tabs(translate("to_do", "To do"))
        self.tabs.add("waiting", translate("to_do", "Waiting"), waiting)
        self.tabs.add("decided", translate("to_do", "Decided requests"), self.decided)
        column.addWidget(self.tabs, 1)
        self.problem = ProblemLabel()
        self.problem.hide()
        self.detail = ToDoDetail(tuple(self._action.values()), (self.problem, *self.sheets))
        self.column = Column(QCoreApplication.translate("to_do", "Entry"))
        self.column.body.addWidget(self.detail)
        self.column.body.addStretch()
        self._right_pages = QStackedWidget()
        self._right_pages.addWidget(self.column)
        self._right_pages.addWidget(self._unchosen)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(left, self._right_pages, shares=(2, 3)))

    def _listen(self) -> None:
        lists = self.lists
        lists.changed.connect(self._render)
        lists.sending.changed.connect(self._follow)
        self.tree.current_changed.connect(self._choose)
        self.tree.chosen.connect(lambda _row: self._open())
        self.decided.current_changed.connect(self._choose_decided)
        self.decided.chosen.connect(lambda _row: self._open())
        self.tabs.shown.connect(self._turn_to)
        self.approve_sheet.wanted.connect(self._approve)
        self.reject_sheet.wanted.connect(lambda: lists.reject(self.reject_sheet.words.text(), self._said))
        self.comment_sheet.wanted.connect(lambda: lists.comment(self.comment_sheet.words.text(), self._said))
        self.complete_sheet.wanted.connect(lambda: lists.complete(self.complete_sheet.words.text(), self._said))
        self.forward_sheet.wanted.connect(
            lambda: lists.forward(self.forward_sheet.role.code, self.forward_sheet.words.text(), self._said)
        )
        for sheet in self.sheets:
            sheet.left.connect(self.tree.setFocus)
            sheet.left.connect(lists.told)

    # -- rendering

    def _render(self) -> None:
        lists = self.lists
        known = self.tree.rows.rowCount()
        self.tree.show_branches(self._branches())
        if not known:
            self.tree.expandAll()
        self._left_pages.setCurrentIndex(0 if lists.waiting.entries else 1)
        translate = QCoreApplication.translate
        shown, count = len(lists.waiting.entries), lists.waiting.count
        oldest = translate("to_do", "The oldest {shown} of {count} are listed.").format(shown=shown, count=count)
        self.heading.show_words(translate("to_do", "To do"), lists.problem or (oldest if shown < count else ""))
        ages = lists.waiting.ages
        parts = [Part(age_words(step, after), step.count) for step, after in zip_longest(ages, ages[1:])]
        self.ages.show_parts(parts)
        carry(
            self.ages,
            *(
                Named(part.name, str(part.amount), figure(FigureKind.APPROVAL_AGE, step.days))
                for part, step in zip(parts, ages, strict=True)
                if part.amount
            ),
        )
        for widget in (self.ages, self._ages_title):
            widget.setVisible(any(part.amount for part in parts))
        decided = lists.decided
        self.decided.show_rows(
            len(decided.rows), lambda place: _decided_branch(decided.rows[place]), grown=decided.appended
        )
        self.decided.more = decided.more if decided.has_more else None
        self._right_pages.setCurrentIndex(0 if lists.entry or lists.chosen.request else 1)
        self.detail.show_entry(lists.entry, lists.chosen)
        self._offer()

    def _branches(self) -> list[Branch]:
        waiting = self.lists.waiting
        return [
            Branch(
                (each.description, str(each.count)),
                key=each.to_do_type,
                figures=(NO_FIGURE, figure(FigureKind.TO_DO, each.to_do_type)),
                below=tuple(_branch(row) for row in waiting.entries if row.to_do_type == each.to_do_type),
                strong=True,
            )
            for each in waiting.counts
        ]

    def _offer(self) -> None:
        """Only what can be done with the entry that is shown."""
        entry, request = self.lists.entry, self.lists.chosen.request
        plain = entry is not None and entry.request_id is None
        leads = entry is not None and way_to(entry) is not None
        decided = entry is None and request is not None
        possible = {
            "approve": self.lists.may_approve,
            "reject": self.lists.may_reject,
            "open": leads or decided,
            "take": entry is not None,
            "comment": entry is not None,
            "forward": plain,
            "complete": plain,
        }
        translate = QCoreApplication.translate
        taken = entry is not None and entry.assigned_to_id is not None
        self._action["take"].setText(translate("to_do", "Put back") if taken else translate("to_do", "Take"))
        for name, action in self._action.items():
            action.setEnabled(self._allowed[name] and possible[name])
            action.setVisible(
                self._allowed[name]
                and (possible[name] or (name == "approve" and entry is not None and request is not None))
            )
        self.detail.follow_actions()

    def _follow(self) -> None:
        sending = self.lists.sending
        opened = [sheet for sheet in self.sheets if not sheet.isHidden()]
        for sheet in opened:
            sheet.show_busy(busy=sending.busy)
            sheet.show_problems(sending.problems)
        self.problem.show_problem("" if opened else _sentences(sending.problems))
        self.problem.setVisible(bool(sending.problems) and not opened)

    # -- doing

    def _choose(self, row: object) -> None:
        if isinstance(row, ToDoRow) and (self.lists.entry is None or row.to_do_id != self.lists.entry.to_do_id):
            self._close_sheets()
            self.lists.choose(row)

    def _choose_decided(self, row: object) -> None:
        shown = self.lists.chosen.request
        known = shown is not None and isinstance(row, DecidedRow) and shown.request_id == row.request_id
        if isinstance(row, DecidedRow) and not known and self.tabs.current == "decided":
            self._close_sheets()
            self.lists.choose_request(row.request_id)

    def _turn_to(self, page: str) -> None:
        """What is shown whole belongs to the list beside it."""
        self._close_sheets()
        self.lists.choose(None)
        if page == "decided":
            self.decided.go_to_first()
            self._choose_decided(self.decided.current_row())
        else:
            self._choose(self.tree.current_row())

    def _open(self) -> None:
        """Go to where it is resolved."""
        entry, request = self.lists.entry, self.lists.chosen.request
        if entry is None:
            if request is not None:
                self._desk.go.account.emit(request.account_id)
        elif (way := way_to(entry)) is not None:
            getattr(self._desk.go, way.kind).emit(way.where)
        else:
            self._desk.say(item_advice(entry), "attention")

    def _start(self, start: Callable[[], None]) -> None:
        self._close_sheets()
        self.lists.decide()
        self.lists.sending.forget()
        start()

    def _start_approving(self) -> None:
        request = self.lists.chosen.request
        if request is not None and self.lists.may_approve:
            self._start(partial(self.approve_sheet.start, request, self._desk.backend.business_date))

    def _start_rejecting(self) -> None:
        words = QCoreApplication.translate("to_do", "The adjustment is deleted; the request keeps what it was.")
        self._start(partial(self.reject_sheet.start, words))

    def _approve(self) -> None:
        day = self.approve_sheet.day
        if day.problem:
            self.lists.sending.refuse(Problem("UI-002", day.problem, "accounting_date"))
        else:
            self.lists.approve(self.approve_sheet.accounting_date, self._said)

    def _said(self, status: str) -> None:
        self._close_sheets()
        self.tree.setFocus()
        self._desk.say(outcome_words(status), "good")

    def _close_sheets(self) -> None:
        for sheet in self.sheets:
            sheet.hide()


def _branch(row: ToDoRow) -> Branch:
    words = item_words(row)
    worked_on = f" · {row.assigned_to}" if row.assigned_to else ""
    return Branch((words + worked_on, when.day(row.created_on)), key=("entry", row.to_do_id), row=row, tips=(words, ""))


def _decided_branch(row: DecidedRow) -> Branch:
    state = status_words(row.status)[0]
    what = f"{row.name} {row.account_number}: {row.description}"
    return Branch(
        (when.day(row.decided_at.date()), row.name, state, manner(row.currency).text(row.amount)),
        key=row.request_id,
        row=row,
        tips=(when.moment(row.decided_at), what, state),
    )


def _sentences(problems: tuple[Problem, ...]) -> str:
    return " ".join(problem.sentence for problem in problems)
