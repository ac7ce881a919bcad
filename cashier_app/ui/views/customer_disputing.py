"""Disputing a charge of an open-item customer, and ending the dispute, in place (S1 p.62)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit

from cashier_app.services.queries.accounts import HistoryRow
from cashier_app.ui.actions import Actions
from cashier_app.ui.view_models.customer import Customer
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.views.customer_sheets import CustomerSheet, Said
from cashier_app.ui.views.ledger_words import manner

if TYPE_CHECKING:
    from cashier_app.ui.views.customer import CustomerScreen


class DisputeSheet(CustomerSheet):
    """Why the customer does not accept a charge."""

    def __init__(self, customer: Customer, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(customer, said, translate("customer", "Dispute a charge"), translate("customer", "Dispute it"))
        self._row: HistoryRow | None = None
        self.reason = QLineEdit()
        self.form.add("dispute", translate("customer", "What the customer says"), self.reason)

    def start(self, row: HistoryRow) -> None:
        """Open for a charge."""
        self._customer.sending.forget()
        self._row = row
        self.reason.clear()
        stays = QCoreApplication.translate("customer", "It stays owed, does not age, and nobody is asked for it.")
        self.open_sheet(f"{charge_words(row)}. {stays}")

    def submit(self) -> None:
        """See `CustomerSheet`."""
        if self._row is not None:
            done = self._done(QCoreApplication.translate("customer", "Charge disputed"))
            self._customer.dispute(self._row, self.reason.text(), done)


class EndDisputeSheet(CustomerSheet):
    """How a dispute was decided."""

    def __init__(self, customer: Customer, said: Said) -> None:
        translate = QCoreApplication.translate
        super().__init__(customer, said, translate("customer", "End the dispute"), translate("customer", "End it"))
        self._row: HistoryRow | None = None
        self.reason = QLineEdit()
        self.form.add("reason", translate("customer", "How it was decided"), self.reason)

    def start(self, row: HistoryRow) -> None:
        """Open for a disputed charge."""
        self._customer.sending.forget()
        self._row = row
        self.reason.clear()
        again = QCoreApplication.translate(
            "customer", "What is disputed with it ages again, as if there had been no dispute."
        )
        self.open_sheet(f"{charge_words(row)}: {row.dispute_reason}. {again}")

    def submit(self) -> None:
        """See `CustomerSheet`."""
        if self._row is not None and self._row.disputed_in is not None:
            done = self._done(QCoreApplication.translate("customer", "Dispute ended"))
            self._customer.end_dispute(self._row.disputed_in, self.reason.text(), done)


class CustomerDisputing:
    """Belongs to one control central; works on the row of the history that the keys are on."""

    def __init__(self, screen: CustomerScreen, desk: Desk, actions: Actions) -> None:
        self._screen = screen

        def said(sentence: str) -> None:
            desk.say(sentence, "good")

        self.dispute_sheet = DisputeSheet(screen.customer, said)
        self.end_sheet = EndDisputeSheet(screen.customer, said)
        self.sheets = (self.dispute_sheet, self.end_sheet)
        self._dispute = actions.bind(screen, "customer.dispute", self._start_dispute)
        self._end = actions.bind(screen, "customer.end_dispute", self._start_end)
        self.actions = (self._dispute, self._end)
        self._may = self._dispute.isVisible() and not desk.is_at_a_branch
        screen.river.tree.current_changed.connect(lambda _row: self.offer())
        screen.customer.changed.connect(self.offer)
        self.offer()

    def offer(self) -> None:
        """One of the two, and only where the customer may dispute."""
        row, glance = self._row, self._screen.customer.glance
        ends = row is not None and row.disputed_in is not None
        self._end.setVisible(self._may and ends)
        self._dispute.setVisible(self._may and glance is not None and glance.open_item and not ends)
        self._dispute.setEnabled(row is not None and bool(row.disputable))

    @property
    def _row(self) -> HistoryRow | None:
        row = self._screen.river.tree.current_row()
        return row if isinstance(row, HistoryRow) else None

    def _start_dispute(self) -> None:
        if self._row is not None and self._row.disputable:
            self._screen.show_sheet(partial(self.dispute_sheet.start, self._row))

    def _start_end(self) -> None:
        if self._row is not None and self._row.disputed_in is not None:
            self._screen.show_sheet(partial(self.end_sheet.start, self._row))


def charge_words(row: HistoryRow) -> str:
    """A charge in a line."""
    return f"{row.title}  {manner(row.currency).text(row.amount)}"
