"""Printing receipts beside the window: noted in the ledger, drawn, handed to the printer; a failure undoes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cashier_app.domain.errors import CashierError

if TYPE_CHECKING:
    from cashier_app.ui.backend import Backend


@dataclass(frozen=True, slots=True)
class ReceiptOutcome:
    """What became of a receipt."""

    event_id: int
    receipt_number: str = ""
    copy: int = 0
    """0 for the original."""
    problem: str = ""
    """Why nothing came out of the printer; the payment stays taken."""


@dataclass(frozen=True, slots=True)
class ReceiptDesk:
    """Prints on the printer of this till."""

    backend: Backend
    printer: str
    """Address of the receipt printer, as in the settings."""

    async def print_receipt(self, event_id: int, *, kick_drawer: bool = False) -> ReceiptOutcome:
        """Print the receipt of an event: the original once, then copies. Never raises what was foreseen.

        The printer is not waited for on the database thread: a dead one must not hold up the next payment.
        """
        from cashier_app.services import printing  # noqa: PLC0415  # documents are drawn by who prints
        from cashier_app.services.receipts import PrintReceipt  # noqa: PLC0415

        backend = self.backend
        try:
            noted = (await backend.execute(PrintReceipt(event_id=event_id))).result
        except CashierError as refused:
            return ReceiptOutcome(event_id, problem=_sentences(refused))
        try:
            reader = printing.Reader(name=backend.user.name if backend.user else "", now=backend.now)
            data = await backend.query(printing.receipt_data, event_id, reader, noted.copy)
            await backend.tasks.in_files(self._send, data, kick_drawer)
        except CashierError as refused:
            return ReceiptOutcome(event_id, noted.receipt_number, noted.copy, _sentences(refused))
        return ReceiptOutcome(event_id, noted.receipt_number, noted.copy)

    async def open_drawer(self) -> str:
        """Spring the drawer open; gives why it did not."""
        try:
            await self.backend.tasks.in_files(self._kick)
        except CashierError as refused:
            return _sentences(refused)
        return ""

    def _send(self, data: object, kick_drawer: bool) -> None:
        from cashier_app.interfaces.receipt_printer import printer_from  # noqa: PLC0415
        from cashier_app.services.printing import receipt_job  # noqa: PLC0415

        printer_from(self.printer).send(receipt_job(data, kick_drawer=kick_drawer))  # type: ignore[arg-type]

    def _kick(self) -> None:
        from cashier_app.documents.escpos import drawer_kick  # noqa: PLC0415
        from cashier_app.interfaces.receipt_printer import printer_from  # noqa: PLC0415

        printer_from(self.printer).send(drawer_kick())


def _sentences(refused: CashierError) -> str:
    return " ".join(problem.sentence for problem in refused.problems)
