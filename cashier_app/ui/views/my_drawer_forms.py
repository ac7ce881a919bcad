"""The forms of my drawer: opening it, turning in, moving cash, opening it without a sale."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cashier_app.ui import look
from cashier_app.ui.view_models.my_drawer import MyDrawer
from cashier_app.ui.views.counter_what import EnterMoney
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.widgets.denominations import DenominationTable
from cashier_app.ui.widgets.words import SectionLabel
from cashier_app.ui.widgets.work_place import ActionSheet, Choice

if TYPE_CHECKING:
    from cashier_app.services.queries.board import SourceChoice
    from cashier_app.ui.view_models.counting import Counting


class CountedSheet(ActionSheet):
    """A form whose amount may be typed, or counted by denomination beside it."""

    def __init__(self, model: MyDrawer, title: str, do_it: str) -> None:
        super().__init__(title, do_it)
        self.model = model
        self.amount = EnterMoney("")
        self.amount.textEdited.connect(self._typed)
        self.amount.entered.connect(self.do_button.click)

    def counted(self) -> None:
        """The table beside the form changed."""
        counting = self.model.counting
        if counting is not None and counting.total:
            self.amount.set_value(counting.total)

    def _typed(self, _text: str) -> None:
        if self.model.counting is not None and self.model.counting.total:
            self.model.counting.clear()


class CountedForm(QWidget):
    """A form with the table of denominations at its side; Escape leaves it from either."""

    def __init__(self, sheet: CountedSheet) -> None:
        super().__init__()
        self._sheet = sheet
        self._table: DenominationTable | None = None
        self.setAccessibleName(sheet.accessibleName())
        sheet.setMaximumWidth(380)
        self._beside = QVBoxLayout()
        self._beside.addSpacing(look.SPACE * 3)
        self._beside.addWidget(SectionLabel(QCoreApplication.translate("my_drawer", "Or count it")))
        self._beside.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(sheet)
        left.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(look.SPACE * 8)
        across.addLayout(left, 2)
        across.addLayout(self._beside, 3)

    def offer_count(self, counting: Counting | None, currency: str) -> None:
        """Put a fresh table beside the form."""
        if self._table is not None:
            self._beside.removeWidget(self._table)
            self._table.hide()
            self._table.deleteLater()
            self._table = None
        if counting is None:
            return
        self._table = DenominationTable(counting, manner(currency))
        self._table.finished.connect(self._sheet.do_button.setFocus)
        self._beside.insertWidget(2, self._table)
        counting.changed.connect(self._sheet.counted)
        self._in_order(self._table)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self._sheet.close_sheet()
        else:
            super().keyPressEvent(event)

    def _in_order(self, table: DenominationTable) -> None:
        """Tab walks from the amount through the table to the buttons."""
        stops: list[QWidget] = [self._sheet.amount, *table.edits(), self._sheet.leave_button, self._sheet.do_button]
        for one, next_one in pairwise(stops):
            QWidget.setTabOrder(one, next_one)


class OpenSheet(CountedSheet):
    """Which drawer, and its float: as proposed, or counted."""

    def __init__(self, model: MyDrawer) -> None:
        translate = QCoreApplication.translate
        super().__init__(model, translate("my_drawer", "Open a drawer"), translate("my_drawer", "Open it"))
        self.source = Choice(translate("my_drawer", "Drawer"))
        self.form.add("tender_source", translate("my_drawer", "Drawer"), self.source)
        self.form.add("starting_balance", translate("my_drawer", "Float"), self.amount)
        self.source.currentIndexChanged.connect(lambda _index: self._propose())
        self.wanted.connect(self._open)

    def show_sources(self) -> None:
        """Offer the drawers that are free, the usual one first."""
        free = [source for source in self.model.sources if source.live_control_id is None]
        before = self.source.code
        self.source.offer([(source.code, f"{source.code}  {source.description}") for source in free])
        self.do_button.setEnabled(bool(free))
        if self.source.code != before or self.amount.value is None:
            self._propose()

    @property
    def chosen(self) -> SourceChoice | None:
        """The drawer chosen."""
        return next((source for source in self.model.sources if source.code == self.source.code), None)

    def _propose(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.amount.show_value(chosen.starting_balance, manner(chosen.currency))

    def _open(self) -> None:
        if self.chosen is not None:
            self.model.open_drawer(self.chosen, self.amount.value)


class TurnInSheet(CountedSheet):
    """What is handed to the head cashier."""

    def __init__(self, model: MyDrawer) -> None:
        translate = QCoreApplication.translate
        super().__init__(model, translate("my_drawer", "Turn in"), translate("my_drawer", "Turn it in"))
        self.kind = Choice(translate("my_drawer", "What"))
        self.form.add("tender_type", translate("my_drawer", "What"), self.kind)
        self.form.add("amount", translate("my_drawer", "Amount"), self.amount)
        self.wanted.connect(lambda: model.turn_in(self.kind.code, self.amount.value))

    def show_kinds(self) -> None:
        """Offer the tender types of the till, cash first."""
        facts = self.model.facts
        self.kind.offer([(kind.code, kind.description) for kind in facts.tender_types] if facts else [])


class MoveSheet(ActionSheet):
    """Cash into the drawer or out of it, with a reason and a word."""

    def __init__(self, model: MyDrawer, *, into: bool) -> None:
        translate = QCoreApplication.translate
        title = translate("my_drawer", "Pay in") if into else translate("my_drawer", "Pay out")
        do_it = translate("my_drawer", "Put it in") if into else translate("my_drawer", "Take it out")
        super().__init__(title, do_it)
        self.model, self._into = model, into
        self.reason = Choice(translate("my_drawer", "Reason"))
        self.amount = EnterMoney("")
        self.note = QLineEdit()
        self.form.add("reason", translate("my_drawer", "Reason"), self.reason)
        self.form.add("amount", translate("my_drawer", "Amount"), self.amount)
        self.form.add("note", translate("my_drawer", "What for"), self.note)
        self.amount.entered.connect(self.note.setFocus)
        self.wanted.connect(lambda: model.move_cash(self.reason.code, self.amount.value, self.note.text()))

    def show_reasons(self) -> None:
        """Offer the reasons that go this way."""
        reasons = self.model.facts.reasons if self.model.facts else ()
        fitting = [reason for reason in reasons if (reason.pay_in if self._into else reason.pay_out)]
        self.reason.offer([(reason.code, reason.description) for reason in fitting])

    def empty(self) -> None:
        """For the next movement."""
        self.amount.set_value(None)
        self.note.clear()


class NoSaleSheet(ActionSheet):
    """Why the drawer is opened without a payment."""

    def __init__(self, model: MyDrawer) -> None:
        translate = QCoreApplication.translate
        super().__init__(translate("my_drawer", "No sale"), translate("my_drawer", "Open the drawer"))
        self.note = QLineEdit()
        self.form.add("note", translate("my_drawer", "Why"), self.note)
        self.wanted.connect(lambda: model.no_sale(self.note.text()))
