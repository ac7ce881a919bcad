"""Fills documents with facts, draws them, and hands receipts to a printer (row A8).

Printing is apart from taking money: whatever fails here, a payment that was taken stays taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from cashier_app.documents.paper import Paper
from cashier_app.documents.receipt import ReceiptData, ReceiptPayment, ReceiptSegment, ReceiptTender, render_receipt
from cashier_app.documents.stub import StubData
from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.errors import CashierError, EnvironmentProblem, Problem, refuse
from cashier_app.domain.lifecycles import PaymentStatus, TenderStatus
from cashier_app.models.customer import Account, Person, Premise, ServiceAgreement
from cashier_app.services.accounting.agreements import agreements_of_accounts
from cashier_app.services.administration.branch_link import link_of
from cashier_app.services.customers.names import full_name
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.papers.deposit_papers import deposit_preview_data, deposit_slip_data, journal_report_data
from cashier_app.services.papers.drawer_papers import drawer_report_data, z_report_data
from cashier_app.services.papers.slip_papers import (
    checks_of_event,
    endorsement_data,
    stub_validation_data,
    stubs_of_event,
    turn_in_slip_data,
)
from cashier_app.services.papers.words import Reader, letterhead, shown_key
from cashier_app.services.payments.receipt_numbers import authorization_of
from cashier_app.services.payments.receipts import NotePrintFailure, PrintReceipt
from cashier_app.services.queries.events import EventDetail, PaymentRow, TenderRow, event_detail
from cashier_app.services.queries.outbox import is_unsent

if TYPE_CHECKING:
    from cashier_app.documents.endorsement import EndorsementData
    from cashier_app.interfaces.receipt_printer import ReceiptPrinter
    from cashier_app.services.kernel.door import Door

__all__ = [
    "Printed",
    "Reader",
    "checks_of_event",
    "deposit_preview_data",
    "deposit_slip_data",
    "drawer_report_data",
    "endorsement_data",
    "endorsement_job",
    "has_failed_for_certain",
    "journal_report_data",
    "print_receipt",
    "receipt_data",
    "receipt_job",
    "receipt_pdf",
    "stub_data",
    "stub_job",
    "stub_validation_data",
    "stubs_of_event",
    "turn_in_slip_data",
    "z_report_data",
]

_ACCOUNT = Statement(
    select(
        Account.number,
        Account.currency,
        Account.mailing_address,
        Account.access_group,
        Person.name,
        Person.alternate_name,
    )
    .join(Person, Person.id == Account.main_person_id)
    .where(Account.id == bindparam("account_id"))
)
_PLACE = Statement(
    select(Premise.address, Premise.city, Premise.postal_code)
    .join(ServiceAgreement, ServiceAgreement.premise_id == Premise.id)
    .where(ServiceAgreement.account_id == bindparam("account_id"))
    .order_by(ServiceAgreement.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What became of a receipt."""

    receipt_number: str
    copy: int
    """0 for the original."""
    problem: Problem | None = None
    """Why nothing came out of the printer; the payment stays taken, and the receipt can be printed again."""
    may_come_out: bool = False
    """The printer began and did not say how it ended, so the next print is a copy."""


def receipt_data(store: Store, config: Configuration, event_id: int, reader: Reader, copy: int = 0) -> ReceiptData:
    """The receipt of a frozen event; refuses with PAY-120 or RCP-001.

    Shows what is in force: what was canceled is left out, unless everything was and the receipt is void.
    """
    event = event_detail(store, config, event_id)
    if not event.receipt_number:
        refuse("RCP-001", "This event is not frozen yet and has no receipt.", "event_id")
    live = [payment for payment in event.payments if payment.status != PaymentStatus.CANCELED]
    valid = [tender for tender in event.tenders if tender.status == TenderStatus.VALID]
    is_void = not live
    tenders = event.tenders if is_void else valid
    link = link_of(store) if config.is_branch else None
    return ReceiptData(
        letterhead=letterhead(config),
        location=_location(config, event),
        receipt_number=event.receipt_number,
        authorization=authorization_of(config, event.receipt_number, reader.day(event.created_at)),
        event_id=shown_key(event.event_id),
        taken_at=reader.moment(event.created_at),
        cashier=event.created_by,
        drawer=_drawer(event),
        payor=event.tenders[0].payor_name if event.tenders else "",
        currency=event.currency,
        payments=_receipt_payments(store, event.payments if is_void else live),
        tenders=tuple(
            ReceiptTender(tender_type=tender.description, amount=tender.amount, reference=tender.reference)
            for tender in tenders
        ),
        cash_tendered=_cash_tendered(config, tenders),
        change_given=sum(tender.amount_change or 0 for tender in tenders),
        recorded_offline=link is not None and is_unsent(store, link, event.created_at),
        balances_as_of=reader.moment(link.contact_at) if link else "",
        is_copy=copy > 0,
        reprinted=f"{reader.moment(reader.now)} by {reader.name}" if copy else "",
        is_void=is_void,
        locale=reader.locale,
    )


def _location(config: Configuration, event: EventDetail) -> str:
    sources = (config.all(TenderSource).get(tender.tender_source) for tender in event.tenders)
    return next((source.location for source in sources if source), "")


def _drawer(event: EventDetail) -> str:
    tender = event.tenders[0] if event.tenders else None
    if tender is None or tender.tender_control_id is None:
        return ""
    return f"{tender.tender_source} / {shown_key(tender.tender_control_id)}"


def _cash_tendered(config: Configuration, tenders: Sequence[TenderRow]) -> int | None:
    """Notes and coin before change; nothing where no cash was given."""
    cash = config.installation.starting_tender_type
    given = [tender for tender in tenders if tender.tender_type == cash and tender.amount > 0]
    return sum(tender.amount_tendered or tender.amount for tender in given) if given else None


def _receipt_payments(store: Store, payments: Sequence[PaymentRow]) -> tuple[ReceiptPayment, ...]:
    agreements = agreements_of_accounts(store, [payment.account_id for payment in payments])
    return tuple(
        ReceiptPayment(
            account_number=payment.account_number,
            customer_name=payment.name,
            amount=payment.amount,
            segments=tuple(
                ReceiptSegment(description=segment.description, amount=segment.amount) for segment in payment.segments
            ),
            new_balance=sum(agreement.current_balance for agreement in agreements[payment.account_id]),
        )
        for payment in payments
    )


def stub_data(store: Store, config: Configuration, account_id: int, due_date: date, reader: Reader) -> StubData:
    """A payment stub for what an account owes now; refuses with CUS-010 or SEC-031."""
    row = store.one(_ACCOUNT, ("CUS-010", "There is no such account."), account_id=account_id)
    store.access.need(row.access_group)
    owed = sum(agreement.current_balance for agreement in agreements_of_accounts(store, [account_id])[account_id])
    return StubData(
        letterhead=letterhead(config),
        account_number=row.number,
        customer_name=full_name(row.name, row.alternate_name),
        mailing_lines=_mailing_lines(row.mailing_address, store.first(_PLACE, account_id=account_id)),
        amount_due=max(owed, 0),
        currency=row.currency,
        due_date=due_date,
        locale=reader.locale,
    )


def _mailing_lines(mailing_address: str, place: Any) -> tuple[str, ...]:
    if mailing_address:
        return tuple(line for line in mailing_address.splitlines() if line)
    if place is None:
        return ()
    town = " ".join(part for part in (place.city, place.postal_code) if part)
    return tuple(line for line in (place.address, town) if line)


def receipt_pdf(data: ReceiptData, paper: Paper = Paper.ROLL_80) -> bytes:
    """The receipt as a PDF."""
    return render_receipt(data, paper)


def receipt_job(data: ReceiptData, *, kick_drawer: bool = False) -> bytes:
    """The receipt in the printer's own language, springing the drawer open where asked."""
    from cashier_app.documents.escpos import escpos_receipt  # noqa: PLC0415  # stays out of start-up

    return escpos_receipt(data, kick_drawer=kick_drawer)


def endorsement_job(data: EndorsementData) -> bytes:
    """The back of a check for a printer's slip station."""
    from cashier_app.documents.endorsement import endorsement_lines  # noqa: PLC0415
    from cashier_app.documents.escpos import escpos_slip  # noqa: PLC0415

    return escpos_slip(endorsement_lines(data))


def stub_job(data: EndorsementData) -> bytes:
    """The line on a stub that proves its payment, for a printer's slip station."""
    from cashier_app.documents.endorsement import stub_validation_line  # noqa: PLC0415
    from cashier_app.documents.escpos import escpos_slip  # noqa: PLC0415

    return escpos_slip((stub_validation_line(data),))


def print_receipt(
    door: Door, printer: ReceiptPrinter, event_id: int, user_id: int, *, kick_drawer: bool = False
) -> Printed:
    """Note that the receipt is printed, and print it: the original once, then copies.

    A printer that fails is told in the result and noted: what did not come out does not count. Nothing is undone.
    """
    return hand_out_receipt(
        door, event_id, user_id, lambda data: printer.send(receipt_job(data, kick_drawer=kick_drawer))
    )


def hand_out_receipt(door: Door, event_id: int, user_id: int, deliver: Callable[[ReceiptData], None]) -> Printed:
    """Note that the receipt is printed, and deliver it on whatever paper; see `print_receipt`."""
    noted = door.execute(PrintReceipt(event_id=event_id), user_id=user_id).result
    number, copy = noted.receipt_number, noted.copy
    try:
        with door.looking(user_id) as (store, config):
            reader = Reader(name=door.actor(user_id, store).name, now=door.clock.now())
            data = receipt_data(store, config, event_id, reader, copy)
        deliver(data)
    except EnvironmentProblem as failed:
        problem = failed.problems[0]
        is_certain = has_failed_for_certain(failed)
        if is_certain:
            door.execute(NotePrintFailure(print_id=noted.print_id, problem=str(problem)), user_id=user_id)
        return Printed(receipt_number=number, copy=copy, problem=problem, may_come_out=not is_certain)
    return Printed(receipt_number=number, copy=copy)


def has_failed_for_certain(failed: CashierError) -> bool:
    """Whether nothing came out; a printer that fell silent may still print, and nobody wants two originals."""
    from cashier_app.interfaces.receipt_printer import PrintUncertain  # noqa: PLC0415

    return not isinstance(failed, PrintUncertain)
