"""Payments: what waits on the left, one event whole on the right, its actions in place (rows B1, B4)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.services.queries.events import EventLine
from cashier_app.services.queries.to_do import ToDoRow
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.event import Event
from cashier_app.ui.view_models.transfer import Targets, Transfer
from cashier_app.ui.view_models.users import right_words
from cashier_app.ui.view_models.work_lists import WorkLists
from cashier_app.ui.views.event_detail import EventFacts
from cashier_app.ui.views.event_papers import EventPapers
from cashier_app.ui.views.event_sheets import (
    AddPaymentsSheet,
    CancelPaymentSheet,
    CancelTenderSheet,
    PlaceSheet,
    TransferSheet,
)
from cashier_app.ui.views.ledger_words import item_advice, item_words, manner
from cashier_app.ui.views.shown_figures import event_figure
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import EmptyState, ProblemLabel, label
from cashier_app.ui.widgets.work_place import MARGIN, Column, ListBeside
from cashier_app.ui.widgets.work_place import Heading as ScreenHeading

if TYPE_CHECKING:
    from cashier_app.services.kernel.freshness import Touch


class EventScreen(QWidget):
    """The work lists and one event."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.event_model = Event(desk)
        self.lists = WorkLists(desk)
        self.facts = EventFacts()
        said = self._say
        self.cancel_tender_sheet = CancelTenderSheet(self.event_model, said)
        self.cancel_payment_sheet = CancelPaymentSheet(self.event_model, said)
        self.transfer_sheet = TransferSheet(self.event_model, Transfer(desk), said)
        self.add_payments_sheet = AddPaymentsSheet(self.event_model, Targets(desk), said)
        self.place_sheet = PlaceSheet(self.event_model, said)
        self.sheets = (
            self.cancel_tender_sheet,
            self.cancel_payment_sheet,
            self.transfer_sheet,
            self.add_payments_sheet,
            self.place_sheet,
        )
        self.detail = Column(translate("event", "Event"))
        self.papers = EventPapers(desk, self.event_model, self.facts, self.detail)
        self.paper = self.papers.paper
        self.changed_by = label(role="attention", wraps=True)
        """Says that somebody else is at the event, too."""
        self._problem = ProblemLabel()
        self._problem.hide()
        self.waiting = TreeView(
            translate("event", "What waits"),
            (
                Heading("", stretch=1, sample="Jane Masters"),
                amount_heading("", "1,234.00"),
            ),
            header=False,
        )
        self._heading = ScreenHeading(translate("event", "What waits"))
        self._nothing = EmptyState(
            "ok",
            translate("event", "Nothing waits"),
            translate("event", "Events that do not balance or are not frozen are listed here until they are."),
        )
        self._whole_words = label(role="muted", wraps=True)
        """What the keys are on, whole: in the list it is cut."""
        self._left_pages = QStackedWidget()
        self._right_pages = QStackedWidget()
        self._bind(actions)
        self._build()
        self.event_model.changed.connect(self._render)
        self.event_model.sending.changed.connect(self._show_problem)
        self.lists.changed.connect(self._render_lists)
        self.waiting.chosen.connect(self._choose)
        self.waiting.current_changed.connect(self._show_whole_words)
        for sheet in self.sheets:
            sheet.left.connect(self.facts.payments.setFocus)
            sheet.left.connect(self.event_model.told)
        self.paper.put_away.connect(self.facts.payments.setFocus)
        self._render()
        self._render_lists()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self.lists.enter()
        self.event_model.enter()

    def leave(self) -> None:
        """Left."""
        self.lists.leave()
        self.event_model.leave()

    def clear(self) -> None:
        """Show no event."""
        self._close_sheets()
        self.event_model.clear()

    def open_event(self, event_id: int) -> None:
        """Show an event."""
        self._close_sheets()
        self.event_model.open(event_id)
        self.facts.payments.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- made of

    def _bind(self, actions: Actions) -> None:
        self._action: dict[str, QAction] = {
            name: actions.bind(self, f"event.{name}", handler)
            for name, handler in (
                ("cancel_tender", self._cancel_tender),
                ("cancel_payment", self._cancel_payment),
                ("transfer", self._transfer),
                ("reprint", lambda: self._print(self.papers.print_receipt)),
                ("not_printed", self.papers.note_failure),
                ("endorse", lambda: self._print(self.papers.endorse)),
                ("validate", lambda: self._print(self.papers.validate)),
                ("account", self._show_account),
                ("add_payments", self._add_payments),
                ("freeze", lambda: self.event_model.freeze(self._done(_frozen))),
                ("distribute", self._distribute),
                ("place", self._place),
                ("delete", self._delete),
            )
        }
        self._offered = {name: action.isVisible() for name, action in self._action.items()}
        self._copy_words = self._action["reprint"].text()

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(look.SPACE * 2)
        column.addWidget(self._heading)
        self._left_pages.addWidget(self.waiting)
        self._left_pages.addWidget(self._nothing)
        column.addWidget(self._left_pages, 1)
        column.addWidget(self._whole_words)
        self.detail.body.addWidget(self.facts)
        self._buttons = Flow()
        self._worn: dict[str, QPushButton] = {}
        for name, action in self._action.items():
            button = QPushButton(self.detail)
            wear(button, action)
            self._buttons.add(button)
            self._worn[name] = button
        self.detail.body.insertWidget(0, self._buttons)
        self.detail.body.insertWidget(1, self.changed_by)
        for sheet in self.sheets:
            self.detail.body.insertWidget(self.detail.body.count() - 1, sheet)
        self.detail.body.insertWidget(self.detail.body.count() - 1, self._problem)
        self.detail.body.insertWidget(self.detail.body.count() - 1, self.paper)
        self.detail.body.addStretch()
        translate = QCoreApplication.translate
        self._right_pages.addWidget(
            EmptyState(
                "receipt",
                translate("event", "Choose a payment"),
                translate(
                    "event", "Enter on the left opens what waits. A receipt number in the field above finds any."
                ),
            )
        )
        self._right_pages.addWidget(self.detail)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ListBeside(left, self._right_pages, shares=(2, 5)))

    # -- rendering

    def _render(self) -> None:
        detail = self.event_model.detail
        self._right_pages.setCurrentIndex(0 if detail is None else 1)
        if detail is not None:
            self.facts.show_detail(detail)
            if self._desk.is_at_a_branch:
                self.facts.show_booked(detail, self.event_model.booked)
        self.changed_by.setText(_who_changed(self.event_model.changed_by))
        self.changed_by.setVisible(bool(self.changed_by.text()))
        self._offer()

    def _offer(self) -> None:
        """Only what the event's state allows is offered; places of buttons follow the order of the list."""
        event = self.event_model
        detail = event.detail
        tenders = detail.tenders if detail else ()
        payments = detail.payments if detail else ()
        possible = {
            "cancel_tender": any(event.allows("CancelTender", row) for row in tenders),
            "cancel_payment": any(event.allows("CancelPayment", row) for row in payments),
            "transfer": any(event.allows("TransferPayment", row) for row in payments),
            "reprint": event.allows("PrintReceipt"),
            "not_printed": event.last_print is not None,
            "endorse": any(row.is_endorsable for row in tenders),
            "validate": any(row.status == "FROZEN" for row in payments) and event.allows("PrintReceipt"),
            "account": bool(payments or tenders),
            "add_payments": event.allows("AddPayments"),
            "freeze": event.allows("FreezeEvent"),
            "distribute": event.allows("DistributeEvent"),
            "place": any(event.allows("PlaceSegments", row) for row in payments),
            "delete": event.allows("DeleteEvent"),
        }
        original = QCoreApplication.translate("event", "Print the receipt")
        self._action["reprint"].setText(self._copy_words if event.last_print else original)
        for name, action in self._action.items():
            offered = self._offered[name] and possible[name]
            action.setEnabled(offered)
            action.setVisible(offered)
            self._worn[name].setVisible(offered)

    def _render_lists(self) -> None:
        translate = QCoreApplication.translate
        waiting = self.lists.waiting
        groups = (
            (translate("event", "Unbalanced"), tuple(map(_line_branch, waiting.unbalanced)), "unbalanced"),
            (translate("event", "Not frozen"), tuple(map(_line_branch, waiting.unfrozen)), "unfrozen"),
            (translate("event", "To look into"), tuple(map(_item_branch, waiting.items)), "items"),
        )
        known = self.waiting.rows.rowCount()
        self.waiting.show_branches(
            [
                Branch((title, str(len(below))), key=key, below=below, strong=True, figures=_counted(key))
                for title, below, key in groups
                if below
            ]
        )
        if not known:
            self.waiting.expandAll()
        self.waiting.go_to_first()
        self._left_pages.setCurrentIndex(0 if waiting.count else 1)

    def _show_problem(self) -> None:
        problems = self.event_model.sending.problems
        alone = bool(problems) and not any(sheet.isVisible() for sheet in self.sheets)
        self._problem.setVisible(alone)
        self._problem.show_problem(" ".join(problem.sentence for problem in problems) if alone else "")

    def _show_whole_words(self, row: object) -> None:
        self._whole_words.setText(item_words(row) if isinstance(row, ToDoRow) else "")

    # -- doing

    def _choose(self, row: object) -> None:
        if isinstance(row, EventLine):
            self.open_event(row.event_id)
        elif isinstance(row, ToDoRow):
            if row.event_id is not None:
                self.open_event(row.event_id)
            elif row.account_id is not None:
                self._desk.go.account.emit(row.account_id)
            else:
                self._desk.say(item_advice(row), "attention")

    def _cancel_tender(self) -> None:
        tender = self.facts.tender
        if tender is not None and self.event_model.allows("CancelTender", tender):
            self._start(self.cancel_tender_sheet, partial(self.cancel_tender_sheet.start, tender))

    def _cancel_payment(self) -> None:
        payment = self.facts.payment
        if payment is not None and self.event_model.allows("CancelPayment", payment):
            self._start(self.cancel_payment_sheet, partial(self.cancel_payment_sheet.start, payment))

    def _transfer(self) -> None:
        payment = self.facts.payment
        if payment is not None and self.event_model.allows("TransferPayment", payment):
            self._start(self.transfer_sheet, partial(self.transfer_sheet.start, payment))

    def _add_payments(self) -> None:
        self._start(self.add_payments_sheet, self.add_payments_sheet.start)

    def _place(self) -> None:
        payment = self.facts.payment
        if payment is not None and self.event_model.allows("PlaceSegments", payment):
            self._start(self.place_sheet, partial(self.place_sheet.start, payment))

    def _start(self, sheet: QWidget, start: Callable[[], None]) -> None:
        self._close_sheets()
        self.event_model.decide()
        start()
        self.detail.show_from(sheet)

    def _print(self, paper: Callable[[], None]) -> None:
        self._close_sheets()
        paper()

    def _distribute(self) -> None:
        sentence = QCoreApplication.translate("event", "Segments placed by hand are placed anew by the rules.")
        self._ask_first(sentence, lambda: self.event_model.distribute(self._done(_distributed)))

    def _delete(self) -> None:
        sentence = QCoreApplication.translate("event", "The event is deleted with its tenders and payments.")
        self._ask_first(sentence, lambda: self.event_model.delete(self._deleted))

    def _ask_first(self, sentence: str, then: Callable[[], None]) -> None:
        async def ask() -> None:
            self.event_model.decide()
            if await self._desk.asking.confirm((Problem("", sentence),)):
                then()
            else:
                self.event_model.told()

        self._desk.backend.tasks.start(ask())

    def _deleted(self, _outcome: object) -> None:
        self.event_model.clear()
        self._say(QCoreApplication.translate("event", "Event deleted"))

    def _show_account(self) -> None:
        payment, tender = self.facts.payment, self.facts.tender
        if payment is not None:
            self._desk.go.account.emit(payment.account_id)
        elif tender is not None:
            self._desk.go.account.emit(tender.payor_account_id)

    def _close_sheets(self) -> None:
        for sheet in self.sheets:
            sheet.hide()
        self.paper.hide()
        self._problem.hide()

    def _done(self, words: Callable[[], str]) -> Callable[[Any], None]:
        def done(_outcome: Any) -> None:
            self._say(words())

        return done

    def _say(self, sentence: str) -> None:
        self._desk.say(sentence, "good")


def _who_changed(touch: Touch | None) -> str:
    if touch is None:
        return ""
    words = QCoreApplication.translate(
        "event", "{name} changed this event at {time}: {what}. This is how it stands now."
    )
    return words.format(name=touch.user, time=when.clock(touch.executed_at), what=right_words(touch.command).lower())


def _frozen() -> str:
    return QCoreApplication.translate("event", "Event frozen")


def _distributed() -> str:
    return QCoreApplication.translate("event", "Event distributed")


def _counted(group: str) -> tuple[Figure, ...]:
    """What the number beside a group of waiting things is."""
    return () if group == "items" else (NO_FIGURE, figure(FigureKind.TO_DO, group))


def _line_branch(row: EventLine) -> Branch:
    amount = row.unbalanced_by or row.amount
    return Branch(
        (row.name, manner(row.currency).text(amount)),
        key=row.event_id,
        row=row,
        tips=(f"{row.name} {row.account_number}, {when.day(row.pay_date)}, {row.taken_by}",),
        figures=(NO_FIGURE, event_figure(row)),
    )


def _item_branch(row: ToDoRow) -> Branch:
    return Branch(
        (item_words(row), ""),
        key=("item", row.to_do_id),
        row=row,
        tips=(f"{when.day(row.created_on)}: {item_words(row)}",),
    )
