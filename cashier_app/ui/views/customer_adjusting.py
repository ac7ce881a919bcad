"""What control central can do about adjustments: the forms, the list, and the way between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cashier_app.services.queries.accounts import HistoryRow
from cashier_app.services.queries.adjustments import AdjustmentEntry, Way
from cashier_app.ui.actions import Actions
from cashier_app.ui.view_models.adjustments import Adjustments
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.adding_sheet import AdjustmentSheet
from cashier_app.ui.views.adjustment_sheets import (
    CancelAdjustmentSheet,
    DeleteSheet,
    FreezeSheet,
    GenerateSheet,
    SubmitSheet,
)
from cashier_app.ui.views.customer_adjustments import CustomerAdjustments
from cashier_app.ui.views.ledger_words import manner
from cashier_app.ui.views.transfer_sheet import TransferSheet

if TYPE_CHECKING:
    from cashier_app.ui.views.customer import CustomerScreen


class CustomerAdjusting:
    """Belongs to one control central, whose account it works on."""

    def __init__(self, screen: CustomerScreen, desk: Desk, actions: Actions) -> None:
        self._screen, self._desk = screen, desk
        self.adjustments = adjustments = Adjustments(desk)
        said = partial(_say_well, desk)
        self.add_sheet = AdjustmentSheet(adjustments, said)
        self.transfer_sheet = TransferSheet(adjustments, said)
        self.generate_sheet = GenerateSheet(adjustments, said)
        self.freeze_sheet = FreezeSheet(adjustments, said)
        self.submit_sheet = SubmitSheet(adjustments, said)
        self.delete_sheet = DeleteSheet(adjustments, said)
        self.cancel_sheet = CancelAdjustmentSheet(adjustments, said)
        self.sheets = (
            self.add_sheet,
            self.transfer_sheet,
            self.generate_sheet,
            self.freeze_sheet,
            self.submit_sheet,
            self.delete_sheet,
            self.cancel_sheet,
        )
        self._add = actions.bind(screen, "customer.adjust", self.add)
        self._transfer = actions.bind(screen, "customer.transfer", self.transfer)
        self._cancel = actions.bind(screen, "customer.cancel_adjustment", self.cancel)
        self._list = actions.bind(screen, "customer.adjustments", self.show_list)
        self._list.setVisible(self._list.isVisible() and not desk.is_at_a_branch)
        self.actions = (self._add, self._list)
        self._ways = {
            way: actions.bind(screen, f"adjustment.{way.lower()}", partial(self._start, way, start))
            for way, start in (
                (Way.GENERATE, self.generate_sheet.start),
                (Way.FREEZE, self.freeze_sheet.start),
                (Way.SUBMIT, self.submit_sheet.start),
                (Way.DELETE, self.delete_sheet.start),
            )
        }
        self.page = CustomerAdjustments(adjustments, [self._transfer, *self._ways.values(), self._cancel])
        self.page.left.connect(screen.show_river)
        self.page.shown.connect(self._offer)
        self.page.tree.current_changed.connect(lambda _row: self._offer())
        adjustments.changed.connect(self._render)
        self._offer()

    def show_account(self, account_id: int | None) -> None:
        """Follow the screen to another account; a branch knows no adjustments."""
        if not self._desk.is_at_a_branch:
            self.adjustments.show(account_id)

    # -- doing

    def add(self) -> None:
        """Open the form for a new one."""
        glance = self._screen.customer.glance
        if glance is not None:
            self._screen.show_sheet(partial(self.add_sheet.start, glance, self._screen.facts.current_agreement))

    def transfer(self) -> None:
        """Open the form for a transfer."""
        glance = self._screen.customer.glance
        if glance is not None:
            self._screen.show_sheet(partial(self.transfer_sheet.start, glance, self._screen.facts.current_agreement))

    def show_list(self) -> None:
        """Show the list instead of the history."""
        if self._screen.customer.glance is not None:
            self.page.go_to_newest()
            self._screen.show_adjustments()

    def cancel(self) -> None:
        """Open the form for taking back what the keys are on, in the list or in the history."""
        entry = self._entry
        row = self._screen.river.tree.current_row()
        if entry is not None and Way.CANCEL in entry.ways:
            self._screen.show_sheet(partial(self.cancel_sheet.start, entry.adjustment_id, entry.information))
        elif entry is None and isinstance(row, HistoryRow) and row.adjustment_id is not None:
            words = f"{row.title}  {manner(row.currency).text(row.amount)}"
            self._screen.show_sheet(partial(self.cancel_sheet.start, row.adjustment_id, words))
        else:
            self._desk.say(QCoreApplication.translate("adjustment", "Choose a frozen adjustment first."))

    def _start(self, way: Way, start: Callable[[AdjustmentEntry], None]) -> None:
        entry = self._entry
        if entry is not None and self.adjustments.may(entry, way):
            self._screen.show_sheet(partial(start, entry))

    # -- rendering

    def _render(self) -> None:
        self.page.render_rows()
        self._offer()
        self._screen.header.show_waiting(self.adjustments.waiting)

    def _offer(self) -> None:
        """Only what can be done with the one the keys are on."""
        for way, action in self._ways.items():
            action.setEnabled(self.adjustments.may(self._entry, way))

    @property
    def _entry(self) -> AdjustmentEntry | None:
        """What the keys are on, while the list is on the screen."""
        return self.page.current if self.page.isVisible() else None


def _say_well(desk: Desk, sentence: str) -> None:
    desk.say(sentence, "good")
