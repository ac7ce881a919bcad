"""WHAT: agreements with what they owe and what each would get, and the amount that is paid."""

from __future__ import annotations

from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cashier_app.domain.figures import FigureKind, figure
from cashier_app.ui import look
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.view_models.counter import CounterModel
from cashier_app.ui.views.counter_who import HEAD, section
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.amounts import AmountLabel, MoneyEdit
from cashier_app.ui.widgets.elided import ElidedLabel
from cashier_app.ui.widgets.figures import Named, carry
from cashier_app.ui.widgets.keyed import KeyedButton, plain
from cashier_app.ui.widgets.words import ProblemLabel, SectionLabel, label, restyle, rule

if TYPE_CHECKING:
    from cashier_app.services.queries.accounts import AgreementRow
    from cashier_app.ui.view_models.paying import Payee

AMOUNT_WIDTH: Final = 116
LINE: Final = look.ROW + look.SPACE
ROWS: Final = 6
"""Lines of agreements and of tenders for which room is kept, so that what is below never moves."""
TITLES: Final = 22
MOST_TABS: Final = 2
_TAB_NAME: Final = 90
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute


class EnterMoney(MoneyEdit):
    """An amount in a row of amounts: Enter goes on, Up and Down walk the column."""

    entered = Signal()
    moved = Signal(int)

    def __init__(self, name: str) -> None:
        # Cashiers type 100 for a hundred: a point is typed where cents are meant.
        super().__init__(name, implied_decimals=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)

    def show_value(self, value: int | None, money: AmountFormat) -> None:
        """Show an amount, unless somebody is typing one that means the same, or one that is refused."""
        if money != self.currency:
            self.currency = money
        if value != self.value and not (self.hasFocus() and self.refused is not None):
            self.set_value(value)


def lines_in(inside: QWidget, name: str) -> QScrollArea:
    """Lines in a room of one height: more of them scroll, and what is below stays where it is."""
    scroll = QScrollArea()
    scroll.setWidget(inside)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setFixedHeight(ROWS * LINE)
    scroll.setAccessibleName(name)
    return scroll


def column_title(words: str, room: int) -> SectionLabel:
    """A title over figures that end `room` pixels before their column does."""
    title = SectionLabel(words)
    title.setAlignment(_RIGHT | Qt.AlignmentFlag.AlignVCenter)
    title.setFixedSize(AMOUNT_WIDTH, TITLES)
    title.setContentsMargins(0, 0, room, 0)
    return title


class AgreementLine(QWidget):
    """One agreement: what it is, what it owes, what it gets."""

    share_typed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sa_id = 0
        self._what = ElidedLabel(weight=QFont.Weight.Medium)
        self._where = ElidedLabel(role="muted")
        self._owes = AmountLabel(credit=True)
        self._share = AmountLabel(dash_for_zero=True, weight=QFont.Weight.Medium)
        self.edit = EnterMoney(QCoreApplication.translate("counter", "Gets"))
        self._share.setIndent(12)  # where the field writes its figures
        self._stack = QStackedWidget()
        self._stack.addWidget(self._share)
        self._stack.addWidget(self.edit)
        for widget in (self._owes, self._stack):
            widget.setFixedWidth(AMOUNT_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE * 2)
        row.addWidget(self._what, 2)
        row.addWidget(self._where, 3)
        row.addWidget(self._owes)
        row.addWidget(self._stack)
        self.setFixedHeight(LINE)
        self.edit.value_changed.connect(self.share_typed)

    def show_row(
        self,
        row: AgreementRow,
        share: int,
        money: AmountFormat,
        *,
        account_id: int,
        served_at: str,
        current: bool,
        by_hand: int | None,
    ) -> None:
        """Show an agreement with its share; shares that do not answer what is typed yet are muted."""
        self.sa_id = row.sa_id
        self._what.setText(row.description)
        self._where.setText(row.address)
        self._where.setVisible(row.address != served_at)
        self._owes.set_amount(row.current_balance, money)
        self._share.set_amount(share, money)
        owes = QCoreApplication.translate("counter", "{agreement} owes").format(agreement=row.description)
        balance = figure(FigureKind.AGREEMENT, row.sa_id, "current")
        carry(self._owes, Named(owes, money.balance(row.current_balance), balance))
        gets = QCoreApplication.translate("counter", "{agreement} gets").format(agreement=row.description)
        given = [figure(FigureKind.SHARE, account_id, row.sa_id, share)] if share > 0 else []
        carry(self._share, *(Named(gets, money.text(share), each) for each in given))
        role = "" if current else "muted"
        if self._share.property("role") != role:
            self._share.setProperty("role", role)
            restyle(self._share)
        words = QCoreApplication.translate("counter", "{agreement} gets")
        self.edit.setAccessibleName(words.format(agreement=row.description))
        self.setAccessibleName(f"{row.description} {row.address}")
        if self._stack.currentWidget() is self.edit:
            self.edit.show_value(by_hand, money)

    def place_by_hand(self, *, on: bool) -> None:
        """Offer a field for the share, or show it."""
        self._stack.setCurrentWidget(self.edit if on else self._share)


class PayeeTabs(QWidget):
    """The accounts of this visit when there are several, each with what it gets; the others around the one in view."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._count = label(role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.SPACE)
        row.addWidget(self._count)
        self._buttons: list[QPushButton] = []
        for _ in range(MOST_TABS):
            button = QPushButton()
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setAccessibleName(QCoreApplication.translate("counter", "Account"))
            button.clicked.connect(lambda _checked=False, button=button: self.chosen.emit(button.property("place")))
            button.hide()
            self._buttons.append(button)
            row.addWidget(button)
        self.setFixedHeight(HEAD)

    def show_payees(self, payees: list[Payee], current: int, money: AmountFormat) -> None:
        """One chip per account, as many as there is room for; nothing while there is only one."""
        first = max(0, min(current - MOST_TABS // 2, len(payees) - MOST_TABS))
        shown = range(first, min(first + MOST_TABS, len(payees))) if len(payees) > 1 else range(0)
        words = QCoreApplication.translate("counter", "{place} of {count}").format(place=current + 1, count=len(payees))
        self._count.setText(words if len(payees) > MOST_TABS else "")
        for button, place in zip_longest(self._buttons, shown):
            button.setVisible(place is not None)
            if place is not None:
                self._show(button, payees[place], money)
                button.setProperty("place", place)
                button.setChecked(place == current)

    def _show(self, button: QPushButton, payee: Payee, money: AmountFormat) -> None:
        amount = money.grid(payee.amount or 0)
        name = self.fontMetrics().elidedText(payee.glance.name, Qt.TextElideMode.ElideRight, _TAB_NAME)
        button.setText(plain(f"{name}  {amount}"))
        button.setAccessibleName(f"{payee.glance.name} {amount}")
        button.setToolTip(button.accessibleName())


class WhatPanel(QWidget):
    """What the payee in view owes and gets."""

    def __init__(self, model: CounterModel, distribute: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        translate = QCoreApplication.translate
        self.setAccessibleName(translate("counter", "What"))
        self._lines: list[AgreementLine] = []
        self._tabs = PayeeTabs()
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch()
        self.amount = EnterMoney(translate("counter", "Amount paid"))
        self.amount.setFont(look.font(look.Size.LARGE, QFont.Weight.DemiBold))
        self.amount.setFixedWidth(AMOUNT_WIDTH + 20)
        self._of = label(role="muted")
        self._together = label(role="muted")
        self._note = ProblemLabel()
        self._by = ElidedLabel(role="muted")
        self._by_hand = KeyedButton(distribute)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.SPACE)
        column.addLayout(self._head())
        column.addWidget(rule())
        column.addWidget(self._scroll())
        column.addWidget(rule())
        column.addLayout(self._foot())
        column.addWidget(self._note)
        column.addStretch(1)
        self._tabs.chosen.connect(model.show_payee)
        self.amount.value_changed.connect(model.set_amount)
        self.amount.entered.connect(model.accept_amount)
        model.changed.connect(self._render)

    def share_edit(self, place: int) -> EnterMoney | None:
        """The field for the share of an agreement in view."""
        return self._lines[place].edit if place < len(self._lines) else None

    def _head(self) -> QVBoxLayout:
        translate = QCoreApplication.translate
        top = QHBoxLayout()
        top.addWidget(section(translate("counter", "What")))
        top.addStretch()
        top.addWidget(self._tabs)
        titles = QHBoxLayout()
        titles.setSpacing(look.SPACE * 2)
        titles.addStretch(1)
        # Balances leave room for CR, and fields for their frame: titles stand over the figures.
        for words, room in ((translate("counter", "Owes"), 22), (translate("counter", "Gets"), 12)):
            titles.addWidget(column_title(words, room))
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addLayout(top)
        head.addLayout(titles)
        return head

    def _scroll(self) -> QScrollArea:
        inside = QWidget()
        inside.setLayout(self._list)
        return lines_in(inside, QCoreApplication.translate("counter", "Agreements"))

    def _foot(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, look.SPACE, 0, 0)
        grid.setHorizontalSpacing(look.SPACE * 2)
        grid.setVerticalSpacing(look.SPACE)
        grid.setColumnStretch(1, 1)
        pays = label(QCoreApplication.translate("counter", "Pays"), size=look.Size.LARGE, weight=QFont.Weight.DemiBold)
        pays.setBuddy(self.amount)
        self._of.setAlignment(_RIGHT | Qt.AlignmentFlag.AlignVCenter)
        self._together.setAlignment(_RIGHT)
        grid.addWidget(pays, 0, 0)
        grid.addWidget(self._of, 0, 1)
        grid.addWidget(self.amount, 0, 2)
        bottom = QHBoxLayout()
        bottom.setSpacing(look.SPACE * 2)
        bottom.addWidget(self._by_hand)
        bottom.addWidget(self._by, 1)
        bottom.addWidget(self._together)
        grid.addLayout(bottom, 1, 0, 1, 3)
        return grid

    def _render(self) -> None:
        model = self._model
        payee, visit = model.payee, model.visit
        if payee is None or visit is None:
            return
        money = manner(visit.currency)
        translate = QCoreApplication.translate
        self._tabs.show_payees(visit.payees, model.current, money)
        self._render_lines(payee, money)
        self.amount.show_value(payee.amount, money)
        self.amount.setReadOnly(payee.by_hand is not None)
        self._of.setText(
            translate("counter", "of {balance}").format(balance=money.balance(payee.glance.current_balance))
        )
        all_of_it = [figure(FigureKind.ACCOUNT, each.glance.account_id, "current") for each in visit.payees]
        names = [each.glance.name for each in visit.payees]
        carry(self._of, Named(payee.glance.name, self._of.text(), all_of_it[model.current]))
        carry(self._together, *(Named(name, "", each) for name, each in zip(names, all_of_it, strict=True)))
        several = len(visit.payees) > 1
        words = translate("counter", "Together {amount}").format(amount=money.text(visit.owed))
        self._together.setText(words if several else "")
        by_rules = translate("counter", "Recorded; the server distributes it") if model.desk.is_at_a_branch else ""
        self._by.setText(translate("counter", "by hand") if payee.by_hand is not None else by_rules)
        self._note.show_problem(" ".join(problem.sentence for problem in model.preview.problems))

    def _render_lines(self, payee: Payee, money: AmountFormat) -> None:
        rows = [row for row in payee.glance.agreements if row.takes_payments or row.current_balance]
        while len(self._lines) < len(rows):
            line = AgreementLine()
            place = len(self._lines)
            line.share_typed.connect(partial(self._share_typed, line))
            line.edit.entered.connect(self._model.accept_amount)
            line.edit.moved.connect(partial(self._walk, place))
            self._lines.append(line)
            self._list.insertWidget(place, line)
        shares = self._model.shares
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(rows))
            line.place_by_hand(on=payee.by_hand is not None)
            if place < len(rows):
                row = rows[place]
                typed = payee.by_hand.get(row.sa_id) if payee.by_hand is not None else None
                line.show_row(
                    row,
                    shares.get(row.sa_id, 0),
                    money,
                    account_id=payee.glance.account_id,
                    served_at=payee.glance.address,
                    current=self._model.preview.is_current,
                    by_hand=typed,
                )

    def _share_typed(self, line: AgreementLine, value: int | None) -> None:
        if line.edit.isVisible():
            self._model.set_share(line.sa_id, value)

    def _walk(self, place: int, step: int) -> None:
        at = place + step
        if 0 <= at < len(self._lines) and self._lines[at].isVisible():
            self._lines[at].edit.setFocus(Qt.FocusReason.TabFocusReason)
