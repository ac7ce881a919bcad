"""Payments from outside, a thousand at a time: lockbox and agency files (R payments 5).

A file becomes a deposit control and a tender control of the system's own, then chunks of payments, then
the control is balanced against the file's totals. Each step is a command; what was done is not done again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import TenderSource, TenderType
from cashier_app.domain.drawers import TenderTypeBalance
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import ControlStatus, EventKind, SourceType
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import SegmentDraft
from cashier_app.models.control import TenderControl
from cashier_app.models.customer import Account
from cashier_app.services.accounting.adjustments import agreement_of
from cashier_app.services.cashiering.deposit_controls import (
    AddTenderDeposit,
    BalanceDeposit,
    StartDepositBalancing,
    add_tender_deposit,
    balance_deposit,
    start_deposit_balancing,
    write_deposit_control,
)
from cashier_app.services.cashiering.drawer_balancing import close_control, move_control
from cashier_app.services.cashiering.tender_controls import write_control
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import (
    TOTALS,
    ControlFacts,
    bank_code,
    blocking_events,
    control_of,
    write_note,
)
from cashier_app.services.payments.events import EventDraft, EventWriter, PaymentDraft, TenderDraft
from cashier_app.services.payments.placing import Placing
from cashier_app.services.to_do.entries import NewEntry, add_entries
from cashier_app.services.uploads.remittance_file import RemittanceRow

CHUNK = 1000
"""Payments in one transaction. Never changed: the chunks of a file must be the same when it is paid in again."""

RIGHT = "PayInBulk"

_CONTROL_OF_BATCH = Statement(
    select(TenderControl.id, TenderControl.deposit_control_id, TenderControl.status).where(
        TenderControl.tender_source == bindparam("source"), TenderControl.batch_reference == bindparam("digest")
    )
)
_LIVE = Statement(
    select(TenderControl.id).where(
        TenderControl.tender_source == bindparam("source"), TenderControl.status != bindparam("balanced")
    )
)
_ACCOUNT = (Account.id, Account.number, Account.external_number, Account.customer_class, Account.currency)
_BY_NUMBER = Statement(select(*_ACCOUNT).where(among(Account.number, "numbers")))
_BY_EXTERNAL_NUMBER = Statement(select(*_ACCOUNT).where(among(Account.external_number, "numbers")))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBulkPayments:
    """Make the controls that a file's payments belong to."""

    tender_source: str
    file_name: str
    digest: str
    """SHA-256 of the file; the same file gets the same controls."""
    count: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkState:
    """The controls of a file, and where they stand."""

    tender_control_id: int
    deposit_control_id: int
    status: ControlStatus


@handles(StartBulkPayments, right=RIGHT)
def start_bulk_payments(command: StartBulkPayments, work: Work) -> BulkState:
    """A deposit and a tender control without a float, unless the file has them already."""
    source = lockbox(work, command.tender_source)
    known = work.store.first(_CONTROL_OF_BATCH, source=source.code, digest=command.digest)
    if known:
        return BulkState(
            tender_control_id=known.id,
            deposit_control_id=known.deposit_control_id,
            status=ControlStatus(known.status),
        )
    if work.store.first(_LIVE, source=source.code, balanced=ControlStatus.BALANCED.value):
        refuse("BLK-006", f"Another file of {source.code} is not finished; finish that one first.", "tender_source")
    deposit_id = write_deposit_control(work, source.type, source.currency)
    control_id = write_control(work, source, deposit_id, 0, owner_id=None, batch_reference=command.digest)
    note = f"{command.file_name}: {command.count} payments, {command.amount}"
    write_note(work, "FILE", note, control_id=control_id)
    work.changed("tender_control", control_id)
    return BulkState(tender_control_id=control_id, deposit_control_id=deposit_id, status=ControlStatus.OPEN)


def lockbox(work: Work, code: str) -> TenderSource:
    """The tender source of files; refuses with BLK-001, and with BLK-002 when unknown money would have no place."""
    source = work.config.get(TenderSource, code, "tender_source")
    require(
        source.type is SourceType.LOCKBOX,
        "BLK-001",
        f"{code} is no lockbox; files are paid in to one.",
        "tender_source",
    )
    require(
        source.suspense_agreement,
        "BLK-002",
        f"Tender source {code} names no suspense agreement for unknown accounts; an administrator sets one.",
        "tender_source",
    )
    return source


@dataclass(frozen=True, slots=True, kw_only=True)
class PayInBulk:
    """Take one chunk of a file: an event with its tender and payment per row, distributed and frozen."""

    tender_control_id: int
    chunk: int
    """From 1."""
    rows: tuple[RemittanceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPaid:
    """What came of a chunk."""

    payments: int
    amount: Money
    in_suspense: int
    """Of accounts that nobody knows."""
    in_error: int
    """Of accounts where no agreement can receive money; somebody has to place them."""


@handles(PayInBulk)
def pay_in_bulk(command: PayInBulk, work: Work) -> BulkPaid:
    """Gather everything for the whole chunk, decide row by row, write together (design D2)."""
    control = control_of(work, command.tender_control_id)
    require(control.system_created, "BLK-001", f"{control.tender_source} is a drawer; files are paid in to a lockbox.")
    require(control.status == ControlStatus.OPEN, "BLK-007", "This file was finished; nothing can be added to it.")
    require(0 < len(command.rows) <= CHUNK, "BLK-008", f"A chunk has 1 to {CHUNK} rows.", "rows")
    chunk = _Chunk(work, control, command.rows)
    for row in command.rows:
        chunk.pay(row)
    chunk.write()
    work.changed("tender_control", control.id)
    return BulkPaid(
        payments=len(command.rows),
        amount=Money(sum(row.amount.minor for row in command.rows), control.currency),
        in_suspense=chunk.in_suspense,
        in_error=chunk.in_error,
    )


class _Chunk:
    """Rows of one tender control on their way into the books."""

    def __init__(self, work: Work, control: ControlFacts, rows: Sequence[RemittanceRow]) -> None:
        source = lockbox(work, control.tender_source)
        self.work = work
        self.control = control
        self.bank_code = bank_code(work.config, source.code)
        self.suspense = agreement_of(work, work.config.house_agreement(source.suspense_agreement))
        self.accounts = _accounts(work, rows, control.currency)
        paid = (self.accounts[row.external_id].id for row in rows if row.external_id in self.accounts)
        self.placing = Placing(work, paid, [self.suspense])
        self.writer = EventWriter(work, self.placing.agreements)
        self.to_do: list[NewEntry] = []
        self.in_suspense = 0
        self.in_error = 0

    def pay(self, row: RemittanceRow) -> None:
        require(
            row.amount.currency == self.control.currency, "PAY-042", f"{row.amount} is not {self.control.currency}."
        )
        require(row.amount.minor > 0, "BLK-005", "A payment is more than zero.", "rows")
        account = self.accounts.get(row.external_id)
        payment = self.placing.frozen(account, row.amount.minor) if account else self._to_suspense(row)
        tender = TenderDraft(
            payor_account_id=payment.account_id,
            tender_type=self.work.config.get(TenderType, row.tender_type, "rows").code,
            amount=row.amount.minor,
            tender_control_id=self.control.id,
            bank_code=self.bank_code,
            reference=row.reference,
            remitter=row.remitter,
        )
        event = self.writer.event(
            EventDraft(
                kind=EventKind.UPLOAD,
                pay_date=row.pay_date or self.work.business_date,
                currency=self.control.currency,
                tenders=(tender,),
                payments=(payment,),
                receipt_series=None,
                note=f"Unknown account {row.external_id}" if account is None else "",
            ),
            None,
        )
        if payment.error_message:
            self._note_error(payment, event.id)

    def _to_suspense(self, row: RemittanceRow) -> PaymentDraft:
        self.in_suspense += 1
        segment = SegmentDraft(self.suspense.id, row.amount.minor)
        return PaymentDraft(self.suspense.account_id, row.amount.minor, (segment,), "SUSPENSE")

    def _note_error(self, payment: PaymentDraft, event_id: int) -> None:
        self.in_error += 1
        text = payment.error_message.partition(": ")[2]
        self.to_do.append(NewEntry("UPLOAD_ERROR", text, payment.account_id, event_id))

    def write(self) -> None:
        ids = [account.id for account in self.accounts.values()]
        self.work.seen.update(ids)  # a file pays whoever it names; who carries it in sees nothing of them
        self.work.changed("account", *ids)
        self.writer.write()
        add_entries(self.work, self.to_do)


def _accounts(work: Work, rows: Iterable[RemittanceRow], currency: str) -> dict[str, Any]:
    """Accounts by what the rows call them: our number first, then that of the system before (R payments 5.2).

    A number of several accounts, or of one in another currency, is as good as unknown.
    """
    wanted = list({row.external_id for row in rows})
    found: dict[str, Any] = {}
    ambiguous = set()
    for account in work.store.all(_BY_EXTERNAL_NUMBER, numbers=wanted):
        if account.external_number in found:
            ambiguous.add(account.external_number)
        found[account.external_number] = account
    for number in ambiguous:
        del found[number]
    found.update((account.number, account) for account in work.store.all(_BY_NUMBER, numbers=wanted))
    return {number: account for number, account in found.items() if account.currency == currency}


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishBulkPayments:
    """Balance a file's controls against what the file adds up to."""

    tender_control_id: int
    totals: Mapping[str, Money]
    """The file's control totals by tender type."""


@handles(FinishBulkPayments, right=RIGHT)
def finish_bulk_payments(command: FinishBulkPayments, work: Work) -> BulkState:
    """Everything frozen, tenders = file, then tender control, deposit slip and deposit control are closed at once."""
    control = control_of(work, command.tender_control_id)
    require(control.system_created, "BLK-001", f"{control.tender_source} is a drawer; it is counted, not finished.")
    state = BulkState(
        tender_control_id=control.id, deposit_control_id=control.deposit_control_id, status=ControlStatus.BALANCED
    )
    if control.status == ControlStatus.BALANCED:
        return state
    _require_totals(work, control, command.totals)
    blocking = blocking_events(work, control.id)
    require(
        not blocking,
        "BLK-011",
        f"{blocking} payments of this file could not be placed. Place them by hand, then pay the file in again.",
    )
    found = tuple(
        TenderTypeBalance(code, amount.minor, amount.minor) for code, amount in sorted(command.totals.items())
    )
    move_control(work, control, ControlStatus.BALANCING)
    close_control(work, control._replace(status=ControlStatus.BALANCING.value), found)
    deposit = control.deposit_control_id
    start_deposit_balancing(StartDepositBalancing(deposit_control_id=deposit), work)
    add_tender_deposit(AddTenderDeposit(deposit_control_id=deposit), work)
    balance_deposit(BalanceDeposit(deposit_control_id=deposit), work)
    return state


def _require_totals(work: Work, control: ControlFacts, totals: Mapping[str, Money]) -> None:
    booked = {row.tender_type: row.amount_expected for row in work.store.all(TOTALS, control_id=control.id)}
    wanted = {code: amount.minor for code, amount in totals.items()}
    if booked != wanted:
        have, should = (Money(sum(sums.values()), control.currency) for sums in (booked, wanted))
        refuse(
            "BLK-010", f"The file adds up to {should}, the tenders booked to {have}. Pay the file in again.", "totals"
        )
