"""Fills the small papers of the till: endorsements, stub validations, turn-in slips (rows A3, A8, R payments 9.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.documents.endorsement import EndorsementData
from cashier_app.documents.turn_in_slip import TurnInSlipData
from cashier_app.domain.configuration import BankAccount, TenderSource, TenderType
from cashier_app.domain.errors import require
from cashier_app.domain.lifecycles import PaymentStatus, TenderStatus, TurnInStatus
from cashier_app.models.control import TenderControl, TurnIn
from cashier_app.models.customer import Account
from cashier_app.models.payment import Payment, PaymentEvent, Tender
from cashier_app.services.customers.names import user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.papers.words import Reader, letterhead, shown_key

_TENDER = Statement(
    select(
        Tender.amount,
        Tender.reference,
        Tender.tender_type,
        Tender.status,
        Tender.tender_control_id,
        TenderControl.tender_source,
        PaymentEvent.id.label("event_id"),
        PaymentEvent.pay_date,
        PaymentEvent.currency,
        PaymentEvent.receipt_number,
        Account.number,
        Account.access_group,
    )
    .join(PaymentEvent, PaymentEvent.id == Tender.event_id)
    .join(TenderControl, TenderControl.id == Tender.tender_control_id)
    .join(Account, Account.id == Tender.payor_account_id)
    .where(Tender.id == bindparam("tender_id"))
)
_PAYMENT = Statement(
    select(
        Payment.amount,
        Payment.status,
        PaymentEvent.id.label("event_id"),
        PaymentEvent.pay_date,
        PaymentEvent.currency,
        PaymentEvent.receipt_number,
        Account.number,
        Account.access_group,
    )
    .join(PaymentEvent, PaymentEvent.id == Payment.event_id)
    .join(Account, Account.id == Payment.account_id)
    .where(Payment.id == bindparam("payment_id"))
)
_TENDERS = Statement(
    select(Tender.id, Tender.tender_type, Tender.amount, Tender.tender_control_id, TenderControl.tender_source)
    .join(TenderControl, TenderControl.id == Tender.tender_control_id)
    .where(Tender.event_id == bindparam("event_id"), Tender.status == TenderStatus.VALID.value)
    .order_by(Tender.id)
)
_PAYMENTS = Statement(
    select(Payment.id)
    .where(Payment.event_id == bindparam("event_id"), Payment.status == PaymentStatus.FROZEN.value)
    .order_by(Payment.id)
)
_TURN_IN = Statement(
    select(
        TurnIn.tender_control_id,
        TurnIn.tender_type,
        TurnIn.amount,
        TurnIn.status,
        TurnIn.receipt_number,
        TurnIn.created_at,
        TurnIn.created_by,
        TurnIn.received_at,
        TurnIn.received_by,
        TenderControl.tender_source,
        TenderControl.currency,
    )
    .join(TenderControl, TenderControl.id == TurnIn.tender_control_id)
    .where(TurnIn.id == bindparam("turn_in_id"))
)


def endorsement_data(store: Store, config: Configuration, tender_id: int, reader: Reader) -> EndorsementData:
    """What is printed on the back of a check; refuses with PAY-121, or PAY-130 for what has no back to print on."""
    row = store.one(_TENDER, ("PAY-121", "There is no such tender."), tender_id=tender_id)
    store.access.need(row.access_group, "tender_id")
    tender_type = config.get(TenderType, row.tender_type)
    is_paper = tender_type.is_endorsable and row.amount > 0 and row.status == TenderStatus.VALID
    require(is_paper, "PAY-130", "Only a check, or the like, that was not canceled is endorsed.", "tender_id")
    return _stamp(config, row, row, reader, check_number=row.reference)


def stub_validation_data(store: Store, config: Configuration, payment_id: int, reader: Reader) -> EndorsementData:
    """What is printed on a bill's stub as proof that it was paid; refuses with PAY-122, or PAY-131 before that."""
    row = store.one(_PAYMENT, ("PAY-122", "There is no such payment."), payment_id=payment_id)
    store.access.need(row.access_group, "payment_id")
    drawer = store.first(_TENDERS, event_id=row.event_id)
    is_paid = row.status == PaymentStatus.FROZEN and drawer is not None
    require(is_paid, "PAY-131", "Only a payment that is frozen, and whose money is there, is proven.", "payment_id")
    return _stamp(config, row, drawer, reader)


def checks_of_event(
    store: Store, config: Configuration, event_id: int, reader: Reader, *, at_once: bool = False
) -> tuple[EndorsementData, ...]:
    """What is printed on the back of each check of an event; `at_once` takes those of types endorsed by themselves."""
    return tuple(
        endorsement_data(store, config, row.id, reader)
        for row in store.all(_TENDERS, event_id=event_id)
        if row.amount > 0 and _is_wanted(config.get(TenderType, row.tender_type), at_once=at_once)
    )


def _is_wanted(tender_type: TenderType, *, at_once: bool) -> bool:
    return tender_type.endorse if at_once else tender_type.is_endorsable


def stubs_of_event(store: Store, config: Configuration, event_id: int, reader: Reader) -> tuple[EndorsementData, ...]:
    """What is printed on the stub of each payment of an event."""
    payments = store.all(_PAYMENTS, event_id=event_id)
    return tuple(stub_validation_data(store, config, row.id, reader) for row in payments)


def _stamp(config: Configuration, paid: Any, drawer: Any, reader: Reader, *, check_number: str = "") -> EndorsementData:
    bank = config.get(BankAccount, config.get(TenderSource, drawer.tender_source).bank_account)
    return EndorsementData(
        utility_name=config.installation.name,
        bank_name=bank.description,
        bank_account=f"...{bank.account_last_four}",
        tender_source=drawer.tender_source,
        tender_control=shown_key(drawer.tender_control_id),
        event_id=shown_key(paid.event_id),
        receipt_number=paid.receipt_number or "",
        account_number=paid.number,
        date=paid.pay_date.isoformat(),
        amount=paid.amount,
        currency=paid.currency,
        check_number=check_number,
        locale=reader.locale,
    )


def turn_in_slip_data(
    store: Store, config: Configuration, turn_in_id: int, reader: Reader, is_copy: bool = False
) -> TurnInSlipData:
    """The slip that goes with a turn-in to the head cashier; refuses with TC-013."""
    row = store.one(_TURN_IN, ("TC-013", "There is no such turn-in."), turn_in_id=turn_in_id)
    names = user_names(store)
    tender_type = config.all(TenderType).get(row.tender_type)
    return TurnInSlipData(
        letterhead=letterhead(config),
        imprint=reader.imprint(f"Turn-in {row.receipt_number}"),
        number=row.receipt_number,
        location=config.get(TenderSource, row.tender_source).location,
        drawer=f"{row.tender_source} / {shown_key(row.tender_control_id)}",
        tender_type=tender_type.description if tender_type else row.tender_type,
        amount=row.amount,
        currency=row.currency,
        handed_at=reader.moment(row.created_at),
        handed_by=names.get(row.created_by, ""),
        received_at=reader.moment(row.received_at),
        received_by=names.get(row.received_by, "") if row.received_by is not None else "",
        is_copy=is_copy,
        is_void=row.status == TurnInStatus.VOIDED,
        locale=reader.locale,
    )
