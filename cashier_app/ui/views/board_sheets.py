"""What a supervisor does to a drawer, in place: force-close with a count, receive turn-ins, reopen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cashier_app.domain.errors import Problem
from cashier_app.services.queries.board import PendingTurnIn
from cashier_app.ui.view_models.board import Board, CountingFacts
from cashier_app.ui.view_models.counting import Counting
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.amounts import MoneyEdit
from cashier_app.ui.widgets.denominations import DenominationTable
from cashier_app.ui.widgets.words import SectionLabel
from cashier_app.ui.widgets.work_place import ActionSheet, Choice

Said = Callable[[str], None]


class BoardSheet(ActionSheet):
    """A form whose command goes out through the board's view model."""

    def __init__(self, board: Board, said: Said, title: str, do_it: str, *, dangerous: bool = False) -> None:
        super().__init__(title, do_it, dangerous=dangerous)
        self._board, self._said = board, said
        self.wanted.connect(self.submit)
        self.follow(board.sending)

    def submit(self) -> None:
        """Send what is typed."""
        raise NotImplementedError

    def _done(self, sentence: str) -> Callable[[Any], None]:
        def done(_outcome: Any) -> None:
            self.close_sheet()
            self._said(sentence)

        return done


class ReopenSheet(BoardSheet):
    """Opens a balanced drawer again."""

    def __init__(self, board: Board, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(board, said, translate("board", "Reopen a drawer"), translate("board", "Reopen the drawer"))
        self.reason = QLineEdit()
        self.form.add("reason", translate("board", "Why"), self.reason)

    def start(self) -> None:
        """Open for the chosen drawer."""
        card = self._board.chosen
        if card is not None:
            self._board.sending.forget()
            self._board.decide()
            self.reason.clear()
            words = QCoreApplication.translate("board", "{drawer}. Its counts and its Z report stay in history.")
            self.open_sheet(words.format(drawer=card.tender_source))

    def submit(self) -> None:
        """See `BoardSheet`."""
        words = QCoreApplication.translate("board", "Drawer reopened")
        self._board.reopen(self.reason.text(), self._done(words))


class ReceiveSheet(BoardSheet):
    """Takes over money that was handed in."""

    def __init__(self, board: Board, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(board, said, translate("board", "Receive a turn-in"), translate("board", "Receive it"))
        self.turn_in = Choice()
        self.form.add("turn_in_id", translate("board", "Turn-in"), self.turn_in)

    def start(self) -> None:
        """Open for what waits."""
        self._board.sending.forget()
        self.turn_in.offer([(str(row.turn_in_id), _turn_in_words(row, self._board)) for row in self._board.pending])
        waits = bool(self._board.pending)
        translate = QCoreApplication.translate
        counted = translate("board", "Count it before you receive it: from then on it is yours.")
        self.do_button.setEnabled(waits)
        self.open_sheet(counted if waits else translate("board", "No turn-in waits to be received."))

    def submit(self) -> None:
        """See `BoardSheet`."""
        if self.turn_in.code:
            words = QCoreApplication.translate("board", "Turn-in received")
            self._board.receive(int(self.turn_in.code), self._done(words))


def _turn_in_words(row: PendingTurnIn, board: Board) -> str:
    currency = next((card.currency for card in board.cards if card.tender_control_id == row.tender_control_id), "USD")
    amount = manner(currency).with_currency(row.amount)
    return f"{row.tender_source}  {row.tender_type}  {amount}  {row.created_by} {when.clock(row.created_at)}"


class ForceCloseSheet(BoardSheet):
    """Counts a drawer that its owner left, and balances it."""

    def __init__(self, board: Board, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            board,
            said,
            translate("board", "Force-close a drawer"),
            translate("board", "Close the drawer"),
            dangerous=True,
        )
        self.reason = QLineEdit()
        self.counting: Counting | None = None
        self.amounts: dict[str, MoneyEdit] = {}
        self._facts: CountingFacts | None = None
        self._count = QWidget()
        self._count_column = QVBoxLayout(self._count)
        self._count_column.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(SectionLabel(translate("board", "Count")))
        self.body.addWidget(self._count)

    def start(self) -> None:
        """Open for the chosen drawer, once it is known how it is counted."""
        if self._board.chosen is not None:
            self._board.sending.forget()
            self._board.decide()
            self._board.read_counting(self._show)

    def submit(self) -> None:
        """See `BoardSheet`."""
        refused = [edit for edit in self.amounts.values() if edit.refused]
        if refused:
            self._board.sending.refuse(Problem("UI-001", refused[0].problem, "count"))
            return
        if self._facts is None or self.counting is None:
            return
        typed = {code: edit.value for code, edit in self.amounts.items() if edit.value is not None}
        done = self._done(QCoreApplication.translate("board", "Drawer closed"))
        self._board.force_close(self.counting.by_value(), typed, self._facts, self.reason.text(), done)

    def _show(self, facts: CountingFacts) -> None:
        card = self._board.chosen
        if card is None:
            return
        translate = QCoreApplication.translate
        self._facts = facts
        words = manner(card.currency)
        self.counting = Counting(facts.denominations)
        while (item := self._count_column.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        table = DenominationTable(self.counting, words)
        self._count_column.addWidget(table)
        self.form.clear()
        self.reason = QLineEdit()
        self.form.add("reason", translate("board", "Why its owner does not close it"), self.reason)
        self.amounts = {}
        for taking in card.takings:
            if taking.tender_type != facts.cash_type:
                edit = MoneyEdit(taking.description, words)
                self.form.add(
                    f"count.{taking.tender_type}",
                    translate("board", "{tender}, counted").format(tender=taking.description),
                    edit,
                )
                self.amounts[taking.tender_type] = edit
        self.open_sheet(f"{card.tender_source}  {card.owner}", focus=self.reason)
