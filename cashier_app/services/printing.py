"""Fills documents with facts, draws them, and hands receipts to a printer (row A8).

Printing is apart from taking money: whatever fails here, a payment that was taken stays taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from cashier_app.documents.deposit_slip import DepositSlipData
from cashier_app.documents.drawer_report import DrawerReportData
from cashier_app.documents.endorsement import EndorsementData
from cashier_app.documents.journal_report import JournalReportData
from cashier_app.documents.paper import Paper
from cashier_app.documents.receipt import ReceiptData
from cashier_app.documents.stub import StubData
from cashier_app.services.configuration import Configuration
from cashier_app.services.store import Store

if TYPE_CHECKING:
    from cashier_app.interfaces.receipt_printer import ReceiptPrinter
    from cashier_app.services.door import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What became of a receipt."""

    receipt_number: str
    copy: int
    """0 for the original."""
    problem: str = ""
    """Why nothing came out of the printer; the payment stays taken, and the receipt can be printed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom something is printed."""

    name: str
    now: datetime
    may_see_expected: bool = False
    zone: tzinfo | None = None
    """Where it is read; default: the workstation's own zone."""
    locale: str = "en_US"


def receipt_data(store: Store, config: Configuration, event_id: int, reader: Reader, copy: int = 0) -> ReceiptData:
    """The receipt of a frozen event; refuses with PAY-120 or RCP-001."""
    raise NotImplementedError


def drawer_report_data(store: Store, config: Configuration, control_id: int, reader: Reader) -> DrawerReportData:
    """The X report of a drawer as it is now; blind for who may not see."""
    raise NotImplementedError


def z_report_data(store: Store, config: Configuration, report_id: int, reader: Reader) -> DrawerReportData:
    """A Z report from what was stored when the drawer was balanced; refuses with ZRP-001, or ZRP-002 if altered."""
    raise NotImplementedError


def deposit_slip_data(store: Store, config: Configuration, tender_deposit_id: int, reader: Reader) -> DepositSlipData:
    """The slip of a tender deposit; refuses with DC-020."""
    raise NotImplementedError


def deposit_preview_data(store: Store, config: Configuration, deposit_id: int, reader: Reader) -> DepositSlipData:
    """The slip as it would print if everything went to the bank now."""
    raise NotImplementedError


def journal_report_data(
    store: Store, config: Configuration, first: date, last: date, reader: Reader, currency: str = ""
) -> JournalReportData:
    """The GL journal of some days in one currency (default: the installation's)."""
    raise NotImplementedError


def endorsement_data(store: Store, config: Configuration, tender_id: int, reader: Reader) -> EndorsementData:
    """What is printed on the back of a check and on the stub; refuses with PAY-121."""
    raise NotImplementedError


def stub_data(store: Store, config: Configuration, account_id: int, due_date: date, reader: Reader) -> StubData:
    """A payment stub for what an account owes now; refuses with CUS-010."""
    raise NotImplementedError


def receipt_pdf(data: ReceiptData, paper: Paper = Paper.ROLL_80) -> bytes:
    """The receipt as a PDF."""
    raise NotImplementedError


def receipt_job(data: ReceiptData, *, kick_drawer: bool = False) -> bytes:
    """The receipt in the printer's own language, springing the drawer open where asked."""
    raise NotImplementedError


def print_receipt(
    door: Door, printer: ReceiptPrinter, event_id: int, user_id: int, *, kick_drawer: bool = False
) -> Printed:
    """Note that the receipt is printed, and print it: the original once, then copies.

    A printer that fails is told in the result; nothing is undone.
    """
    raise NotImplementedError
