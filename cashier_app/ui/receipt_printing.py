"""Printing beside the window: receipts noted in the ledger, slips, reports; a failure undoes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from cashier_app.domain.errors import CashierError

if TYPE_CHECKING:
    from cashier_app.services.papers.printing import Reader
    from cashier_app.services.payments.receipts import ReceiptPrinted
    from cashier_app.ui.backend import Backend


SEND_SECONDS: Final = 0.5
"""How long the receipt of a branch waits for its payment to arrive, while the line is up."""


@dataclass(frozen=True, slots=True)
class ReceiptOutcome:
    """What became of a receipt, and of the checks that were to be endorsed with it."""

    event_id: int
    receipt_number: str = ""
    copy: int = 0
    """0 for the original."""
    problem: str = ""
    """Why nothing came out of the printer; the payment stays taken."""
    may_come_out: bool = False
    """The printer fell silent halfway, so the next print is a copy."""
    endorsed: int = 0
    """Checks whose back was printed."""
    not_endorsed: int = 0
    endorsing_problem: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptDesk:
    """Prints on the printer of this till. Nothing here raises what was foreseen.

    The printer is never waited for on the database thread: a dead one must not hold up the next payment.
    """

    backend: Backend
    printer: str
    """Address of the receipt printer, as in the settings."""

    def reader(self) -> Reader:
        """Who prints, now."""
        from cashier_app.services.papers.printing import Reader  # noqa: PLC0415  # documents are drawn by who prints

        return Reader(name=self.backend.user.name if self.backend.user else "", now=self.backend.now)

    async def print_receipt(self, event_id: int, *, kick_drawer: bool = False, endorse: bool = False) -> ReceiptOutcome:
        """Print the receipt of an event: the original once, then copies.

        `endorse`: then the backs of its checks, where their tender types say so.
        """
        from cashier_app.services.payments.receipts import PrintReceipt  # noqa: PLC0415

        try:
            noted = (await self.backend.execute(PrintReceipt(event_id=event_id))).result
        except CashierError as refused:
            return ReceiptOutcome(event_id, problem=_sentences(refused))
        outcome = await self.deliver(noted, kick_drawer=kick_drawer)
        return await self._endorse(outcome) if endorse else outcome

    async def deliver(self, noted: ReceiptPrinted, *, kick_drawer: bool = False) -> ReceiptOutcome:
        """Send a receipt whose print is noted to the printer; a print that failed for certain is noted to have."""
        from cashier_app.services.papers import printing  # noqa: PLC0415

        outcome = ReceiptOutcome(noted.event_id, noted.receipt_number, noted.copy)
        try:
            if self.backend.line is not None:  # a receipt says "recorded offline" only where that is so
                await self.backend.line.until_sent(SEND_SECONDS)
            data = await self.backend.query(printing.receipt_data, noted.event_id, self.reader(), noted.copy)
            await self._send(partial(printing.receipt_job, data, kick_drawer=kick_drawer))
        except CashierError as failed:
            is_certain = printing.has_failed_for_certain(failed)
            if is_certain:
                await self._note_failure(noted.print_id, failed)
            return replace(outcome, problem=_sentences(failed), may_come_out=not is_certain)
        return outcome

    async def _note_failure(self, print_id: int, failed: CashierError) -> None:
        from cashier_app.services.payments.receipts import NotePrintFailure  # noqa: PLC0415

        if self.backend.user is None:  # left meanwhile; it can still be noted on the payment's screen
            return
        try:
            await self.backend.execute(NotePrintFailure(print_id=print_id, problem=str(failed)))
        except CashierError:
            return  # the print counts then: a copy too many is better than two originals

    async def _endorse(self, outcome: ReceiptOutcome) -> ReceiptOutcome:
        """The backs of the checks; left alone where the printer has just failed."""
        from cashier_app.services.papers.printing import checks_of_event, endorsement_job  # noqa: PLC0415

        try:
            checks = await self.backend.query(checks_of_event, outcome.event_id, self.reader(), at_once=True)
        except CashierError as refused:
            return replace(outcome, not_endorsed=1, endorsing_problem=_sentences(refused))
        problem = outcome.problem
        endorsed = 0
        for data in checks:
            problem = problem or await self.print_paper(partial(endorsement_job, data))
            endorsed += not problem
        left = len(checks) - endorsed
        return replace(outcome, endorsed=endorsed, not_endorsed=left, endorsing_problem=problem if left else "")

    async def print_paper(self, job: Callable[[], bytes]) -> str:
        """Print a slip or a report; gives why nothing came out."""
        try:
            await self._send(job)
        except CashierError as failed:
            return _sentences(failed)
        return ""

    async def open_drawer(self) -> str:
        """Spring the drawer open; gives why it did not."""
        from cashier_app.documents.escpos import drawer_kick  # noqa: PLC0415

        return await self.print_paper(drawer_kick)

    async def _send(self, job: Callable[[], bytes]) -> None:
        def send() -> None:
            from cashier_app.interfaces.receipt_printer import printer_from  # noqa: PLC0415

            printer_from(self.printer).send(job())

        await self.backend.tasks.in_files(send)


def _sentences(refused: CashierError) -> str:
    return " ".join(problem.sentence for problem in refused.problems)
