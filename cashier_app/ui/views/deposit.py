"""Deposits below the board: what is in one, on which slips it goes, the slip as it will print (row A6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.services.cashiering.drawer_statements import TurnInFact
from cashier_app.services.queries.board import DepositRow, DepositStatement
from cashier_app.services.queries.deposits import Composition, DepositDrawer, SlipFact
from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.table_models.rows import Align, Column, RowsModel
from cashier_app.ui.table_models.tree import Branch, Heading, amount_heading
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.view_models.deposit import Deposits
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.ledger_words import manner, status_words
from cashier_app.ui.views.shown_figures import drawer_figure
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.amounts import MoneyEdit
from cashier_app.ui.widgets.bars import Part, StackedBar
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.tables import TableView
from cashier_app.ui.widgets.trees import TreeView
from cashier_app.ui.widgets.words import EmptyState, Fact, FactList, ProblemLabel, StatusBadge
from cashier_app.ui.widgets.work_place import ActionSheet, Choice, ListBeside, Paper
from cashier_app.ui.widgets.work_place import Heading as ScreenHeading

_STEPS = {"start": ("OPEN",), "slip": ("BALANCING",), "hand_over": ("BALANCING",), "reopen": ("BALANCING", "BALANCED")}


class DepositsView(QWidget):
    """The list of deposits and the one that is chosen."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.deposits = Deposits(desk)
        self.table = TableView(translate("deposit", "Deposits"))
        self._rows = RowsModel(_columns(), key=lambda row: row.deposit_control_id)
        self.table.setModel(self._rows)
        self.heading = ScreenHeading("")
        self.badge = StatusBadge()
        self.heading.add(self.badge)
        self._facts = FactList()
        self._facts.setMaximumWidth(320)
        self._composition = StackedBar(translate("deposit", "Of what it consists"))
        self.content = TreeView(
            translate("deposit", "Drawers, turn-ins and slips"),
            (
                Heading("", stretch=2, sample="CASH-A01 Counter 1"),
                Heading("", stretch=1, sample="Ann Baker"),
                amount_heading(""),
            ),
            header=False,
        )
        self._problem = ProblemLabel()
        self._problem.hide()
        self._make_sheets()
        self.paper = Paper(translate("deposit", "Deposit slip"))
        self.paper.put_away.connect(self.table.setFocus)
        self._bind(actions)
        self._build()
        self.deposits.changed.connect(self._render)
        self.deposits.sending.changed.connect(self._follow)
        self.table.current_changed.connect(self._choose)
        self.content.chosen.connect(self._show_slip)
        self._render()

    # -- made of

    def _make_sheets(self) -> None:
        translate = QCoreApplication.translate
        self.slip_sheet = ActionSheet(translate("deposit", "Add a slip"), translate("deposit", "Write the slip"))
        self.amount = MoneyEdit(translate("deposit", "Amount"))
        self.bank = Choice()
        self.slip_sheet.form.add("amount", translate("deposit", "Amount"), self.amount)
        self.slip_sheet.form.add("bank_account", translate("deposit", "Bank account"), self.bank)
        self.reopen_sheet = ActionSheet(
            translate("deposit", "Reopen a deposit"), translate("deposit", "Reopen the deposit"), dangerous=True
        )
        self.reason = QLineEdit()
        self.reopen_sheet.form.add("reason", translate("deposit", "Why"), self.reason)
        self.slip_sheet.wanted.connect(self._add_slip)
        self.reopen_sheet.wanted.connect(self._reopen)
        for sheet in (self.slip_sheet, self.reopen_sheet):
            sheet.left.connect(self.table.setFocus)

    def _bind(self, actions: Actions) -> None:
        translate = QCoreApplication.translate
        self._action: dict[str, QAction] = {
            name: actions.bind(self, f"deposit.{name}", handler)
            for name, handler in (
                ("open", lambda: self.deposits.open(self._done(translate("deposit", "Deposit opened")))),
                (
                    "start",
                    lambda: self.deposits.start_balancing(self._done(translate("deposit", "Deposit is balancing"))),
                ),
                ("slip", self._start_slip),
                ("hand_over", lambda: self.deposits.hand_over(self._done(translate("deposit", "Deposit handed over")))),
                ("reopen", self._start_reopen),
                ("paper", self._show_slip_now),
            )
        }
        self._allowed = {name: action.isEnabled() for name, action in self._action.items()}

    def _build(self) -> None:
        translate = QCoreApplication.translate
        buttons = Flow()
        for action in list(self._action.values())[1:]:
            button = QPushButton(self)
            wear(button, action)
            buttons.add(button)
        detail = QWidget()
        column = QVBoxLayout(detail)
        column.setContentsMargins(look.SPACE * 4, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        above: tuple[QWidget, ...] = (self.heading, self._composition, self._facts)
        below: tuple[QWidget, ...] = (self._problem, self.slip_sheet, self.reopen_sheet, self.content, self.paper)
        for part in above:
            column.addWidget(part)
        column.addWidget(buttons)
        for part in below:
            column.addWidget(part)
        column.addStretch()
        self._pages = QStackedWidget()
        self._pages.addWidget(
            EmptyState(
                "deposit",
                translate("deposit", "No deposit is open"),
                translate("deposit", "Drawers need one before they can be opened: it gathers what goes to the bank."),
                self._action["open"],
            )
        )
        both = ListBeside(self.table, detail, shares=(2, 3))
        self._pages.addWidget(both)
        self.open_button = QPushButton(self)
        wear(self.open_button, self._action["open"])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    # -- rendering

    def _render(self) -> None:
        deposits = self.deposits
        self._rows.replace(deposits.rows)
        self._pages.setCurrentIndex(1 if deposits.rows else 0)
        place = self._rows.place_of(deposits.chosen_id)
        if place is not None and self.table.currentIndex().row() != place:
            self.table.go_to(place)
        if deposits.statement is not None:
            self._render_statement(deposits.statement)
        for name, action in self._action.items():
            steps = _STEPS.get(name)
            possible = steps is None or deposits.status in steps
            action.setEnabled(self._allowed[name] and possible and (name == "open" or deposits.statement is not None))

    def _render_statement(self, statement: DepositStatement) -> None:
        translate = QCoreApplication.translate
        row = statement.summary
        words = manner(row.currency)
        self.heading.show_words(words.with_currency(row.to_deposit), translate("deposit", "to be taken to the bank"))
        to_bank = _address(statement, "to_deposit")
        carry(self.heading, Named(translate("deposit", "To the bank"), words.text(row.to_deposit), to_bank))
        self.badge.show_state(*status_words(row.status))
        self._composition.show_parts([Part(part.description, part.amount) for part in statement.composition])
        self._facts.show_facts(
            [
                Fact(
                    translate("deposit", "On slips"),
                    words.text(row.deposited),
                    amount=True,
                    figure=_address(statement, "deposited"),
                ),
                Fact(
                    translate("deposit", "Left"),
                    words.text(statement.left_to_deposit),
                    amount=True,
                    strong=True,
                    figure=_address(statement, "left"),
                ),
            ]
        )
        self.content.show_branches(_content(statement))
        self.content.expandAll()
        self.content.fit(40)

    def _follow(self) -> None:
        sending = self.deposits.sending
        open_sheet = next((sheet for sheet in (self.slip_sheet, self.reopen_sheet) if sheet.isVisible()), None)
        if open_sheet is not None:
            open_sheet.show_busy(busy=sending.busy)
            open_sheet.show_problems(sending.problems)
        alone = bool(sending.problems) and open_sheet is None
        self._problem.setVisible(alone)
        self._problem.show_problem(" ".join(problem.sentence for problem in sending.problems) if alone else "")

    # -- doing

    def _choose(self, row: object) -> None:
        if isinstance(row, DepositRow):
            self.paper.hide()
            self.deposits.choose(row.deposit_control_id)

    def _start_slip(self) -> None:
        statement = self.deposits.statement
        if statement is not None:
            self.reopen_sheet.hide()
            self.deposits.sending.forget()
            self.deposits.decide()
            self.amount.currency = manner(statement.summary.currency)
            self.amount.set_value(statement.left_to_deposit)
            first = QCoreApplication.translate("deposit", "That of the drawers")
            self.bank.offer([("", first), *self.deposits.banks])
            self.slip_sheet.open_sheet()

    def _add_slip(self) -> None:
        if self.amount.refused:
            self.deposits.sending.refuse(Problem("UI-001", self.amount.problem, "amount"))
            return

        def added(_outcome: object) -> None:
            self.slip_sheet.close_sheet()
            self._say(QCoreApplication.translate("deposit", "Slip written"))

        self.deposits.add_slip(self.amount.value, self.bank.code, added)

    def _start_reopen(self) -> None:
        self.slip_sheet.hide()
        self.deposits.sending.forget()
        self.deposits.decide()
        self.reason.clear()
        self.reopen_sheet.open_sheet(QCoreApplication.translate("deposit", "Its slips become void."))

    def _reopen(self) -> None:
        def reopened(_outcome: object) -> None:
            self.reopen_sheet.close_sheet()
            self._say(QCoreApplication.translate("deposit", "Deposit reopened"))

        self.deposits.reopen(self.reason.text(), reopened)

    def _show_slip_now(self) -> None:
        if self.deposits.statement is not None:
            slips = self.deposits.statement.slips
            self.deposits.page(self._show_page, slips[-1].tender_deposit_id if slips else None)

    def _show_slip(self, row: object) -> None:
        if isinstance(row, SlipFact):
            self.deposits.page(self._show_page, row.tender_deposit_id)

    def _show_page(self, pdf: bytes) -> None:
        self.paper.lay_out(pdf)

    def _done(self, words: str) -> Callable[[Any], None]:
        return lambda _outcome: self._say(words)

    def _say(self, words: str) -> None:
        self._desk.say(words, "good")


def _columns() -> list[Column[DepositRow]]:
    translate = QCoreApplication.translate
    return [
        Column[DepositRow](translate("deposit", "Day"), lambda row: when.day(row.business_date), sample="24 Nov 2026"),
        Column[DepositRow](translate("deposit", "State"), lambda row: status_words(row.status)[0], stretch=1),
        Column[DepositRow](
            translate("deposit", "Drawers"),
            lambda row: f"{row.drawers_balanced}/{row.drawers}",
            align=Align.END,
            sample="12/12",
        ),
        Column[DepositRow](
            translate("deposit", "To deposit"),
            lambda row: manner(row.currency).text(row.to_deposit),
            align=Align.END,
            sample="12,345.00",
            figure=lambda row: figure(FigureKind.DEPOSIT, row.deposit_control_id, "", "to_deposit"),
        ),
    ]


def _address(statement: DepositStatement, which: str, tender_type: str = "") -> Figure:
    return figure(FigureKind.DEPOSIT, statement.summary.deposit_control_id, tender_type, which)


def _content(statement: DepositStatement) -> list[Branch]:
    translate = QCoreApplication.translate
    words = manner(statement.summary.currency)
    groups = (
        (translate("deposit", "Drawers"), [_drawer(row, words) for row in statement.drawers], "drawers"),
        (translate("deposit", "Turn-ins"), [_turn_in(row, words) for row in statement.turn_ins], "turn-ins"),
        (
            translate("deposit", "Of what it consists"),
            [_part(row, words, statement) for row in statement.composition],
            "parts",
        ),
        (translate("deposit", "Slips"), [_slip(row, words) for row in statement.slips], "slips"),
    )
    made = [Branch((title, "", ""), key=key, below=tuple(below), strong=True) for title, below, key in groups if below]
    notes = tuple(Branch((note, "", ""), role="muted") for note in statement.notes)
    return [
        *made,
        *([Branch((translate("deposit", "Notes"), "", ""), key="notes", below=notes, strong=True)] if notes else []),
    ]


def _drawer(row: DepositDrawer, words: AmountFormat) -> Branch:
    state = status_words(row.status)[0]
    return Branch(
        (f"{row.tender_source} {row.description}", f"{row.owner}, {state}", words.grid(row.amount)),
        figures=_last(drawer_figure(row.tender_control_id, "brings")),
    )


def _last(address: Figure) -> tuple[Figure, ...]:
    return (NO_FIGURE, NO_FIGURE, address)


def _turn_in(row: TurnInFact, words: AmountFormat) -> Branch:
    state = status_words(row.status)[0]
    return Branch(
        (f"{row.tender_type} {row.receipt_number}", f"{row.created_by}, {state}", words.grid(row.amount)),
        figures=_last(figure(FigureKind.TURN_IN, row.turn_in_id)),
    )


def _part(row: Composition, words: AmountFormat, statement: DepositStatement) -> Branch:
    return Branch(
        (row.description, str(row.count or ""), words.grid(row.amount)),
        figures=_last(_address(statement, "to_deposit", row.tender_type)),
    )


def _slip(row: SlipFact, words: AmountFormat) -> Branch:
    return Branch(
        (f"{row.slip_number}", f"{row.bank_description} ···{row.last_four}", words.grid(row.amount)),
        key=("slip", row.tender_deposit_id),
        row=row,
        figures=_last(figure(FigureKind.SLIP, row.tender_deposit_id)),
    )
