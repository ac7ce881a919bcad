"""Printing receipts: the original once, everything after it a copy, each noted (R payments 9.2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from cashier_app.domain.errors import refuse, require
from cashier_app.models.payment import ReceiptPrint, ReceiptPrintFailure
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.event_facts import event_of

_INSERT = insertion(ReceiptPrint, "id event_id copy printed_at printed_by")
_INSERT_FAILURE = insertion(ReceiptPrintFailure, "print_id problem noted_at noted_by")
_HAS_FAILED = ReceiptPrintFailure.print_id == ReceiptPrint.id
_COPIES = Statement(
    select(func.min(ReceiptPrint.copy).label("first"), func.max(ReceiptPrint.copy).label("last"))
    .join(ReceiptPrintFailure, _HAS_FAILED, isouter=True)
    .where(ReceiptPrint.event_id == bindparam("event_id"), ReceiptPrintFailure.print_id.is_(None))
)
_PRINT = Statement(
    select(ReceiptPrint.id, ReceiptPrint.event_id, ReceiptPrint.copy, ReceiptPrintFailure.noted_at)
    .join(ReceiptPrintFailure, _HAS_FAILED, isouter=True)
    .where(ReceiptPrint.id == bindparam("print_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReceipt:
    """Print the receipt of a frozen event, or print it again."""

    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPrinted:
    """Which print it is."""

    event_id: int
    receipt_number: str
    copy: int
    """0 for the original; everything else is marked COPY."""
    print_id: int


@handles(PrintReceipt, right="ReprintReceipt", branch=True)
def print_receipt(command: PrintReceipt, work: Work) -> ReceiptPrinted:
    """Only a frozen event has a receipt. It is noted before the paper comes out, so that no paper goes unnoted."""
    event = event_of(work, command.event_id)
    if event.receipt_number is None:
        refuse("RCP-001", "This event is not frozen yet and has no receipt.", "event_id")
    copy, print_id = _next_copy(work, event.id), work.new_id()
    work.store.write(_INSERT, [(print_id, event.id, copy, work.instant, work.user.id)])
    work.changed("event", event.id)
    return ReceiptPrinted(event_id=event.id, receipt_number=event.receipt_number, copy=copy, print_id=print_id)


def _next_copy(work: Work, event_id: int) -> int:
    """The original as long as none has come out."""
    came_out = work.store.first(_COPIES, event_id=event_id)
    return came_out.last + 1 if came_out and came_out.first == 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePrintFailure:
    """Note that a print did not come out: it no longer counts, and after a failed original the next is one again."""

    print_id: int
    """The print, as `PrintReceipt` named it."""
    problem: str = ""
    """What kept it from coming out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintFailureNoted:
    """The print that does not count."""

    print_id: int
    event_id: int
    copy: int


@handles(NotePrintFailure, right="ReprintReceipt", branch=True)
def note_print_failure(command: NotePrintFailure, work: Work) -> PrintFailureNoted:
    """Once per print; who said so stays on record beside who printed."""
    failed = work.store.one(_PRINT, ("RCP-002", "There is no such print of a receipt."), print_id=command.print_id)
    require(failed.noted_at is None, "RCP-003", "It is noted already that this print did not come out.", "print_id")
    row = (failed.id, command.problem.strip(), work.instant, work.user.id)
    work.store.write(_INSERT_FAILURE, [row])
    work.changed("event", failed.event_id)
    return PrintFailureNoted(print_id=failed.id, event_id=failed.event_id, copy=failed.copy)
