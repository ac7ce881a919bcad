"""The supervisor's board: a card per drawer that moves by itself, actions in place, deposits below (rows A6, A7)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.actions import Actions, wear
from cashier_app.ui.view_models.board import Board
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.board_cards import CardGrid
from cashier_app.ui.views.board_sheets import BoardSheet, ForceCloseSheet, ReceiveSheet, ReopenSheet
from cashier_app.ui.views.deposit import DepositsView
from cashier_app.ui.widgets.flow import Flow
from cashier_app.ui.widgets.words import EmptyState, rule
from cashier_app.ui.widgets.work_place import Column, Heading, Paper


class BoardScreen(QWidget):
    """Drawers above, deposits below."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        translate = QCoreApplication.translate
        self._desk = desk
        self.board = Board(desk)
        said = self._say
        self.force_close_sheet = ForceCloseSheet(self.board, said)
        self.receive_sheet = ReceiveSheet(self.board, said)
        self.reopen_sheet = ReopenSheet(self.board, said)
        self.sheets: tuple[BoardSheet, ...] = (self.receive_sheet, self.reopen_sheet, self.force_close_sheet)
        self.cards = CardGrid()
        self.empty = EmptyState(
            "drawer",
            translate("board", "No drawer is open"),
            translate("board", "Each drawer has a card here from the moment somebody opens it."),
        )
        self.empty.setMinimumHeight(200)
        self.paper = Paper(translate("board", "X report"))
        self._minute = QTimer(self)
        self._minute.setInterval(30_000)
        self._minute.timeout.connect(self._render)
        self.heading = Heading(translate("board", "Drawers"))
        self._bind(actions)
        self.deposits = DepositsView(desk, actions)
        self._build()
        self.board.changed.connect(self._render)
        self.cards.chosen.connect(self._choose)
        for sheet in self.sheets:
            sheet.left.connect(self._focus_card)
        self.paper.put_away.connect(self._focus_card)
        self._render()

    # -- what the session calls

    def enter(self) -> None:
        """Shown."""
        self._minute.start()
        self.board.enter()
        self.deposits.deposits.enter()

    def leave(self) -> None:
        """Left."""
        self._minute.stop()
        self.board.leave()
        self.deposits.deposits.leave()

    def clear(self) -> None:
        """Close what is open in place."""
        for sheet in self.sheets:
            sheet.hide()
        self.paper.hide()

    # -- made of

    def _bind(self, actions: Actions) -> None:
        self._action: dict[str, QAction] = {
            name: actions.bind(self, f"board.{name}", handler)
            for name, handler in (
                ("receive", self._starter(self.receive_sheet, self.receive_sheet.start)),
                ("reopen", self._starter(self.reopen_sheet, self.reopen_sheet.start)),
                ("force_close", self._starter(self.force_close_sheet, self.force_close_sheet.start)),
                ("x_report", self._x_report),
            )
        }
        self._allowed = {name: action.isEnabled() for name, action in self._action.items()}

    def _build(self) -> None:
        translate = QCoreApplication.translate
        self.column = Column(translate("board", "Drawers and deposits"))
        buttons = Flow()
        for action in self._action.values():
            button = QPushButton(self)
            wear(button, action)
            buttons.add(button)
        body = self.column.body
        above: tuple[QWidget, ...] = (self.heading, self.cards, self.empty)
        below: tuple[QWidget, ...] = (*self.sheets, self.paper)
        for part in above:
            body.addWidget(part)
        body.addWidget(buttons)
        for part in below:
            body.addWidget(part)
        body.addSpacing(look.SPACE * 3)
        body.addWidget(rule())
        deposits = Heading(translate("board", "Deposits"))
        deposits.add(self.deposits.open_button)
        body.addWidget(deposits)
        body.addWidget(self.deposits, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.column)

    def _starter(self, sheet: BoardSheet, start: Callable[[], None]) -> Callable[[], None]:
        def open_it() -> None:
            self.clear()
            start()
            self.column.show_from(sheet)

        return open_it

    # -- rendering

    def _render(self) -> None:
        board = self.board
        now = self._desk.backend.now
        self.cards.show_cards(board.cards, board.chosen_id, now)
        self.cards.setVisible(bool(board.cards))
        self.empty.setVisible(not board.cards)
        self.heading.show_words(QCoreApplication.translate("board", "Drawers"), _summary(board))
        chosen = board.chosen
        possible = {
            "receive": bool(board.pending),
            "reopen": chosen is not None and chosen.status == "BALANCED",
            "force_close": chosen is not None and chosen.status != "BALANCED",
            "x_report": chosen is not None,
        }
        for name, action in self._action.items():
            action.setEnabled(self._allowed[name] and possible[name])

    # -- doing

    def _choose(self, control_id: int) -> None:
        if control_id != self.board.chosen_id:
            self.clear()
            self.board.choose(control_id)

    def _x_report(self) -> None:
        self.clear()
        self.board.x_report(self._show_report)

    def _show_report(self, pdf: bytes) -> None:
        self.paper.lay_out(pdf)
        self.column.show_from(self.paper)

    def _focus_card(self) -> None:
        if self.board.chosen_id is not None:
            self.cards.card(self.board.chosen_id).setFocus()

    def _say(self, sentence: str) -> None:
        self._desk.say(sentence, "good")


def _summary(board: Board) -> str:
    translate = QCoreApplication.translate
    live = sum(card.status != "BALANCED" for card in board.cards)
    said = [
        translate("board", "{live} open or balancing, {done} balanced today").format(
            live=live, done=len(board.cards) - live
        )
    ]
    left = sum(card.left_open for card in board.cards)
    if left:
        said.append(translate("board", "{count} left open since an earlier day").format(count=left))
    return " · ".join(said) if board.cards else ""
