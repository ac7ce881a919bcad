"""Printing receipts: the original once, everything after it a copy, each noted (R payments 9.2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from cashier_app.domain.errors import refuse
from cashier_app.models.payment import ReceiptPrint
from cashier_app.services.commands import handles
from cashier_app.services.event_facts import event_of
from cashier_app.services.statements import Statement, insertion
from cashier_app.services.work import Work

_INSERT = insertion(ReceiptPrint, "id event_id copy printed_at printed_by")
_PRINTS = Statement(
    select(func.count()).select_from(ReceiptPrint).where(ReceiptPrint.event_id == bindparam("event_id"))
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


@handles(PrintReceipt, right="ReprintReceipt")
def print_receipt(command: PrintReceipt, work: Work) -> ReceiptPrinted:
    """Only a frozen event has a receipt."""
    event = event_of(work, command.event_id)
    if event.receipt_number is None:
        refuse("RCP-001", "This event is not frozen yet and has no receipt.", "event_id")
    copy = work.store.value(_PRINTS, event_id=event.id)
    work.store.write(_INSERT, [(work.new_id(), event.id, copy, work.instant, work.user.id)])
    work.changed("event", event.id)
    return ReceiptPrinted(event_id=event.id, receipt_number=event.receipt_number, copy=copy)
