"""One entry whole: what it is about, who approves it, what was done and said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.services.queries.approvals import LevelView, RequestView
from cashier_app.services.queries.to_do import ToDoRow
from cashier_app.ui import look
from cashier_app.ui.actions import wear
from cashier_app.ui.table_models.tree import Branch
from cashier_app.ui.table_models.tree import Heading as TreeHeading
from cashier_app.ui.view_models.to_do import Chosen
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.views.to_do_words import action_words, hindrance_words, status_words
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel, StatusBadge, label
from cashier_app.ui.widgets.work_place import Heading

_ROW = look.ROW_DENSE


class ToDoDetail(QWidget):
    """Shows what the view model has chosen; decides nothing."""

    def __init__(self, actions: Sequence[QAction], forms: Sequence[QWidget]) -> None:
        """`forms` open below the buttons."""
        super().__init__()
        translate = QCoreApplication.translate
        self.heading = Heading("")
        self.badge = StatusBadge()
        self.heading.add(self.badge)
        self.facts = FactList()
        self.hindrance = label(role="attention", wraps=True)
        self.levels = TreeView(
            translate("to_do", "Approvers"),
            (
                TreeHeading(translate("to_do", "Level"), sample="Level"),
                TreeHeading(translate("to_do", "To Do role"), stretch=2, sample="Approvers of level 1"),
                TreeHeading(translate("to_do", "State"), stretch=1, sample="approved"),
                TreeHeading(translate("to_do", "By"), stretch=2, sample="Jane Masters"),
            ),
        )
        self.history = TreeView(
            translate("to_do", "History"),
            (
                TreeHeading(translate("to_do", "When"), sample="24 Nov 2026 17:45"),
                TreeHeading(translate("to_do", "Who"), stretch=1, sample="Jane Masters"),
                TreeHeading(translate("to_do", "What"), stretch=1, sample="counts with the next bill"),
                TreeHeading(translate("to_do", "Words"), stretch=2, sample="Approvers of level 1"),
            ),
        )
        for tree in (self.levels, self.history):
            tree.setRootIsDecorated(False)
            tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._buttons = Flow()
        self._worn: list[tuple[QPushButton, QAction]] = []
        for action in actions:
            button = QPushButton(self)
            if not self._worn:
                button.setProperty("kind", "primary")
            wear(button, action)
            self._buttons.add(button)
            self._worn.append((button, action))
        self._approvers = SectionLabel(translate("to_do", "Approvers"))
        self._history = SectionLabel(translate("to_do", "History"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 3)
        for part in (
            self.heading,
            self._buttons,
            *forms,
            self.hindrance,
            self.facts,
            self._approvers,
            self.levels,
            self._history,
            self.history,
        ):
            column.addWidget(part)

    def show_entry(self, entry: ToDoRow | None, chosen: Chosen) -> None:
        """Show an entry, with its request where it asks for an approval; or a request alone, once it is decided."""
        request = chosen.request
        if entry is not None:
            self.heading.show_words(entry.description or entry.to_do_type, entry.text)
            self.badge.show_state(*status_words(request.status if request else entry.status))
        elif request is not None:
            self.heading.show_words(request.name, request.account_number)
            self.badge.show_state(*status_words(request.status))
        self.facts.show_facts([*(_about(entry) if entry else ()), *(_asked(request) if request else ())])
        said = hindrance_words(request) if request else ""
        self.hindrance.setText(said)
        self.hindrance.setVisible(bool(said))
        self._show(self.levels, self._approvers, [_level(each, request) for each in request.levels] if request else [])
        self._show(self.history, self._history, _history(chosen))

    def follow_actions(self) -> None:
        """Show the buttons of what can be done."""
        for button, action in self._worn:
            button.setVisible(action.isVisible())

    @staticmethod
    def _show(tree: TreeView, title: QWidget, branches: list[Branch]) -> None:
        tree.show_branches(branches)
        tree.setFixedHeight(_ROW * (len(branches) + 1) + 6)
        for part in (tree, title):
            part.setVisible(bool(branches))


def _about(entry: ToDoRow) -> list[Fact]:
    translate = QCoreApplication.translate
    facts = [
        (translate("to_do", "Customer"), f"{entry.name} {entry.account_number}".strip()),
        (translate("to_do", "To Do role"), entry.role_description or translate("to_do", "everybody")),
        (translate("to_do", "Since"), when.day(entry.created_on)),
        (translate("to_do", "Worked on by"), entry.assigned_to),
    ]
    return [Fact(name, value) for name, value in facts if value]


def _asked(request: RequestView) -> list[Fact]:
    translate = QCoreApplication.translate
    what = request.description or request.adjustment_type
    facts = [
        Fact(translate("to_do", "Adjustment"), translate("to_do", "Transfer") if request.is_transfer else what),
        Fact(translate("to_do", "Agreement"), request.sa_type),
        Fact(
            translate("to_do", "Amount"),
            manner(request.currency).with_currency(request.amount),
            strong=True,
            figure=figure(FigureKind.APPROVAL, request.request_id),
        ),
        Fact(
            translate("to_do", "Submitted"),
            f"{request.requested_by}, {when.moment(request.requested_at)}",
        ),
        Fact(translate("to_do", "Accounting date"), when.day(request.accounting_date)),
        Fact(translate("to_do", "Comment"), request.comment),
        Fact(translate("to_do", "Rejected because"), request.reject_reason),
    ]
    return [fact for fact in facts if fact.value]


def _level(level: LevelView, request: RequestView | None) -> Branch:
    translate = QCoreApplication.translate
    asked = request is not None and request.level == level.level
    if level.outcome:
        state = status_words(level.outcome)[0]
    elif asked:
        state = translate("to_do", "asked, escalated") if level.escalated else translate("to_do", "asked now")
    else:
        state = translate("to_do", "later")
    by = f"{level.decided_by}, {when.moment(level.decided_at)}" if level.decided_by else when.moment(level.asked_at)
    role = "" if level.outcome or asked else "muted"
    return Branch(
        (str(level.level), level.description, state, by),
        key=level.level,
        role=role,
        strong=asked,
        tips=("", level.role),
    )


def _history(chosen: Chosen) -> list[Branch]:
    lines = [(note.at, note.user, note.action, note.text) for note in chosen.notes]
    if chosen.request is not None:
        lines += [(note.at, note.user, note.action, note.text) for note in chosen.request.notes]
    programs = QCoreApplication.translate("to_do", "the program")
    ordered = sorted(enumerate(lines), key=lambda each: (each[1][0], each[0]))
    return [
        Branch((when.moment(at), user or programs, action_words(action), text), key=place, tips=("", "", "", text))
        for place, (at, user, action, text) in ordered
    ]
