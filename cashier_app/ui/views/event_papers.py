"""What an event prints: its receipt, the backs of its checks, the stubs of its bills; each is shown as it prints."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.errors import Problem
from cashier_app.ui.receipt_printing import ReceiptOutcome
from cashier_app.ui.view_models.desk import Desk
from cashier_app.ui.view_models.event import Event
from cashier_app.ui.views.event_detail import EventFacts
from cashier_app.ui.widgets.work_place import Column, Paper

SLIP: Final = 240
"""Height of what shows a strip that is fed into the printer by hand."""


class EventPapers:
    """Prints what the keys are on, and says in the notice line what became of it."""

    def __init__(self, desk: Desk, event: Event, facts: EventFacts, column: Column) -> None:
        self._desk, self._event, self._facts, self._column = desk, event, facts, column
        self.paper = Paper(QCoreApplication.translate("event", "What was printed"))

    def print_receipt(self) -> None:
        """The original where none has come out yet, else a copy."""
        self._event.print_receipt(self._show, self._say_receipt)

    def note_failure(self) -> None:
        """The last print did not come out; asks first, because its paper must be nowhere."""
        translate = QCoreApplication.translate
        sentence = translate("event", "The last print does not count any more. Nobody must have its paper in hand.")

        def noted(_outcome: object) -> None:
            self._desk.say(translate("event", "It is noted that it did not come out"), "good")

        async def ask() -> None:
            if await self._desk.asking.confirm((Problem("", sentence),)):
                self._event.note_print_failure(noted)

        self._desk.backend.tasks.start(ask())

    def endorse(self) -> None:
        """The back of the check the keys are on, else of the first one."""
        tenders = self._event.detail.tenders if self._event.detail else ()
        tender = next((row for row in (self._facts.tender, *tenders) if row is not None and row.is_endorsable), None)
        if tender is not None:
            words = QCoreApplication.translate("event", "Check {number} endorsed").format(number=tender.reference)
            self._event.endorse(tender, self._show_slip, partial(self._say_stamped, words))

    def validate(self) -> None:
        """The stub of the payment the keys are on."""
        payment = self._facts.payment
        if payment is not None:
            words = QCoreApplication.translate("event", "Stub of account {account} validated")
            said = partial(self._say_stamped, words.format(account=payment.account_number))
            self._event.validate_stub(payment, self._show_slip, said)

    def _show(self, pdf: bytes, height: int | None = None) -> None:
        self.paper.lay_out(pdf, height)
        self._column.show_from(self.paper)

    def _show_slip(self, pdf: bytes) -> None:
        self._show(pdf, SLIP)

    def _say_receipt(self, outcome: ReceiptOutcome) -> None:
        translate = QCoreApplication.translate
        if outcome.may_come_out:
            words = translate("event", "Whether it came out is unknown: {problem}")
        elif outcome.problem:
            words = translate("event", "Nothing was printed: {problem}")
        elif outcome.copy:
            words = translate("event", "Copy {copy} of receipt {number}")
        else:
            words = translate("event", "Receipt {number} printed")
        said = words.format(problem=outcome.problem, copy=outcome.copy, number=outcome.receipt_number)
        self._desk.say(said, "attention" if outcome.problem else "good")

    def _say_stamped(self, words: str, problem: str) -> None:
        failed = QCoreApplication.translate("event", "Nothing was printed: {problem}")
        self._desk.say(failed.format(problem=problem) if problem else words, "attention" if problem else "good")
