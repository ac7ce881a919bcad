"""The left of my drawer: its state, its limit, what waits to be received, and the drawers balanced before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.ui import look
from cashier_app.ui.view_models.my_drawer import MyDrawer
from cashier_app.ui.views.ledger_words import manner, status_words
from cashier_app.ui.views.shown_figures import drawer_figure
from cashier_app.ui.widgets.amounts import AmountLabel
from cashier_app.ui.widgets.bars import LimitBar
from cashier_app.ui.widgets.elided import ElidedLabel
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.when import clock, day, moment
from cashier_app.ui.widgets.words import Fact, FactList, SectionLabel, StatusBadge, label

if TYPE_CHECKING:
    from cashier_app.services.queries.board import DrawerCard, PendingTurnIn
    from cashier_app.services.queries.till import BalancedDrawer

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute


class DrawerState(QWidget):
    """Everything the owner may know without asking."""

    void_wanted = Signal(object)
    """The key of a turn-in that was not handed over after all."""
    slip_wanted = Signal(object)
    """The key of a turn-in whose slip somebody wants to see or print again."""
    report_wanted = Signal(object)
    """The key of a Z report."""

    def __init__(self, model: MyDrawer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("my_drawer", "State of the drawer"))
        self._name = ElidedLabel(size=look.Size.TITLE, weight=QFont.Weight.DemiBold)
        self._badge = StatusBadge()
        self._facts = FactList()
        self._takings = QGridLayout()
        self._takings.setVerticalSpacing(look.SPACE + 2)
        self._takings.setColumnStretch(0, 1)
        self._takings_lines: list[tuple[ElidedLabel, AmountLabel, AmountLabel]] = []
        self._holds = SectionLabel(translate("my_drawer", "Holds"))
        self._limit = LimitBar(translate("my_drawer", "Cash"))
        self._limit_words = label(role="attention", wraps=True)
        self._waiting = QVBoxLayout()
        self._waiting_title = SectionLabel(translate("my_drawer", "Waits to be received"))
        self._history = QVBoxLayout()
        self._history_title = SectionLabel(translate("my_drawer", "Balanced before"))
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._badge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE * 2)
        column.addLayout(head)
        column.addWidget(self._facts)
        column.addSpacing(look.SPACE * 2)
        column.addWidget(self._limit)
        column.addWidget(self._limit_words)
        column.addWidget(self._holds)
        column.addLayout(self._takings)
        column.addSpacing(look.SPACE * 2)
        column.addWidget(self._waiting_title)
        column.addLayout(self._waiting)
        column.addStretch(1)
        column.addWidget(self._history_title)
        column.addLayout(self._history)
        model.changed.connect(self._render)

    def _render(self) -> None:
        card = self._model.card
        translate = QCoreApplication.translate
        self._name.setText(card.tender_source if card else translate("my_drawer", "No drawer open"))
        self._badge.setVisible(card is not None)
        if card is not None:
            self._badge.show_state(*status_words(card.status))
        self._facts.setVisible(card is not None)
        self._facts.show_facts(self._facts_of(card) if card else ())
        self._render_limit(card)
        self._render_takings(card)
        _refill(self._waiting, [self._waiting_row(turn_in, card) for turn_in in card.pending_turn_ins] if card else [])
        self._waiting_title.setVisible(bool(card and card.pending_turn_ins))
        _refill(self._history, [self._history_row(drawer) for drawer in self._model.history[:5]])
        self._history_title.setVisible(bool(self._model.history))

    def _facts_of(self, card: DrawerCard) -> list[Fact]:
        translate = QCoreApplication.translate
        return [
            Fact(translate("my_drawer", "Where"), card.location or card.description),
            Fact(translate("my_drawer", "Open since"), moment(card.opened_at)),
            Fact(
                translate("my_drawer", "Float"),
                manner(card.currency).text(card.starting_balance),
                figure=drawer_figure(card.tender_control_id, "float"),
            ),
            Fact(
                translate("my_drawer", "Tenders"),
                str(card.tender_count),
                figure=drawer_figure(card.tender_control_id, "tenders"),
            ),
        ]

    def _render_limit(self, card: DrawerCard | None) -> None:
        shows = card is not None and not card.blind and card.like_cash is not None and bool(card.limit)
        self._limit.setVisible(shows)
        if card is not None and shows:
            self._limit.show_used(card.like_cash or 0, card.limit or 0)
            held = drawer_figure(card.tender_control_id, "like_cash")
            carry(self._limit, Named(self._limit.accessibleName(), "", held))
        translate = QCoreApplication.translate
        passed = card is not None and card.limit_passed
        self._limit_words.setText(
            translate("my_drawer", "The drawer holds more cash than it may. Turn some in (F4).") if passed else ""
        )
        self._limit_words.setVisible(passed)

    def _render_takings(self, card: DrawerCard | None) -> None:
        lines = card.takings if card is not None else ()
        while len(self._takings_lines) < len(lines):
            row = len(self._takings_lines)
            name, count, amount = ElidedLabel(), AmountLabel(manner("JPY")), AmountLabel()
            self._takings.addWidget(name, row, 0)
            self._takings.addWidget(count, row, 1)
            self._takings.addWidget(amount, row, 2)
            self._takings_lines.append((name, count, amount))
        for place, (name, count, amount) in enumerate(self._takings_lines):
            shown = place < len(lines)
            for widget in (name, count, amount):
                widget.setVisible(shown)
            if card is not None and shown:
                line = lines[place]
                name.setText(line.description)
                count.set_amount(line.count)
                amount.set_amount(line.amount, manner(card.currency))
                known = [drawer_figure(card.tender_control_id, "expected", line.tender_type)]
                carry(amount, *(Named(line.description, amount.text(), each) for each in known if not card.blind))
                tenders = drawer_figure(card.tender_control_id, "count", line.tender_type)
                carry(count, Named(line.description, count.text(), tenders))
        translate = QCoreApplication.translate
        blind = card is not None and card.blind
        self._holds.setText(translate("my_drawer", "Tenders taken") if blind else translate("my_drawer", "Holds"))
        self._holds.setVisible(bool(lines))

    def _waiting_row(self, turn_in: PendingTurnIn, card: DrawerCard) -> QWidget:
        words = QCoreApplication.translate("my_drawer", "{amount}  {kind}  {at}").format(
            at=clock(turn_in.created_at), kind=turn_in.tender_type, amount=manner(card.currency).text(turn_in.amount)
        )
        slip = _quiet(QCoreApplication.translate("my_drawer", "Slip"), words)
        slip.clicked.connect(partial(self.slip_wanted.emit, turn_in.turn_in_id))
        back = _quiet(QCoreApplication.translate("my_drawer", "Take back"), words)
        back.clicked.connect(partial(self.void_wanted.emit, turn_in.turn_in_id))
        row = _row(ElidedLabel(words), slip, back)
        carry(row, Named(words, "", figure(FigureKind.TURN_IN, turn_in.turn_in_id)))
        return row

    def _history_row(self, drawer: BalancedDrawer) -> QWidget:
        translate = QCoreApplication.translate
        words = translate("my_drawer", "{day}  {drawer}  Z {number}").format(
            day=day(drawer.balanced_at.date()), drawer=drawer.tender_source, number=drawer.z_number
        )
        button = _quiet(translate("my_drawer", "Report"), words)
        button.clicked.connect(partial(self.report_wanted.emit, drawer.report_id))
        return _row(ElidedLabel(words), button)


def _quiet(does: str, to_what: str) -> QPushButton:
    button = QPushButton(does)
    button.setProperty("kind", "quiet")
    button.setAccessibleName(f"{does} {to_what}")
    return button


def _row(words: QWidget, *buttons: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(words, 1)
    for button in buttons:
        row.addWidget(button)
    return made


def _refill(layout: QVBoxLayout, rows: list[QWidget]) -> None:
    while layout.count():
        taken = layout.takeAt(0)
        widget = taken.widget() if taken is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    for row in rows:
        layout.addWidget(row)
