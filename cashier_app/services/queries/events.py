"""A payment event, whole: tenders, payments, segments, FTs, prints, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import TenderType
from cashier_app.domain.lifecycles import ControlStatus, EventKind, PaymentStatus, TenderStatus
from cashier_app.domain.money import Money
from cashier_app.models.control import TenderControl
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, ReceiptPrint, ReceiptPrintFailure, Tender
from cashier_app.services.customers.names import NOBODY, AccountName, account_names, need_all, user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.payments.events import FROM_FILES
from cashier_app.services.queries.event_lists import (
    PENDING,
    EventLine,
    EventState,
    event_lines,
    state_of,
    todays_events,
    unbalanced_events,
    unfrozen_events,
)
from cashier_app.services.queries.transactions import FtFact, describe_type, fts_of_sources

__all__ = [
    "EventDetail",
    "EventLine",
    "EventState",
    "PaymentRow",
    "PrintRow",
    "SegmentRow",
    "TenderRow",
    "event_detail",
    "event_lines",
    "todays_events",
    "unbalanced_events",
    "unfrozen_events",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """The part of a payment given to one agreement."""

    segment_id: int
    sa_id: int
    sa_type: str
    description: str
    amount: int
    fts: tuple[FtFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """A payment of an event."""

    payment_id: int
    account_id: int
    account_number: str
    name: str
    amount: int
    status: str
    error_message: str
    distributed_by: str
    cancel_reason: str
    transferred_from: int | None
    segments: tuple[SegmentRow, ...]
    actions: frozenset[str]
    """Names of commands that its state allows; rights are another matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderRow:
    """A tender of an event."""

    tender_id: int
    tender_type: str
    description: str
    amount: int
    """Negative for cash back."""
    amount_tendered: int | None
    """Notes handed over before change."""
    amount_change: int | None
    cash_back_of: int | None
    reference: str
    micr: str
    """All but its last four digits masked."""
    remitter: str
    payor_account_id: int
    payor_number: str
    payor_name: str
    tender_control_id: int | None
    tender_source: str
    control_status: str
    status: str
    cancel_reason: str
    cancel_bank_account: str
    canceled_at: datetime | None
    canceled_by: str
    canceled_after_balance: bool
    is_endorsable: bool
    """A check or the like that still counts: its back can be printed (R payments 9.3)."""
    actions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRow:
    """A print of the receipt."""

    print_id: int
    copy: int
    printed_at: datetime
    printed_by: str
    has_failed: bool
    """It was noted that it did not come out: it does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """A payment event, whole. Amounts are minor units of `currency`."""

    event_id: int
    kind: str
    state: EventState
    info: str
    """The info line (R payments 1.6)."""
    pay_date: date
    currency: str
    receipt_number: str
    amount: int
    """Sum of the payments that were not canceled, or of all payments of a canceled event."""
    unbalanced_by: int
    """Valid tenders less live payments."""
    created_at: datetime
    created_by_id: int
    created_by: str
    note: str
    tenders: tuple[TenderRow, ...]
    payments: tuple[PaymentRow, ...]
    prints: tuple[PrintRow, ...]
    actions: frozenset[str]
    """Names of commands that the event's state allows; rights are another matter."""


_EVENT = Statement(
    select(
        PaymentEvent.id,
        PaymentEvent.kind,
        PaymentEvent.pay_date,
        PaymentEvent.currency,
        PaymentEvent.receipt_number,
        PaymentEvent.unbalanced_by,
        PaymentEvent.created_at,
        PaymentEvent.created_by,
        PaymentEvent.note,
    ).where(PaymentEvent.id == bindparam("event_id"))
)
_TENDERS = Statement(
    select(
        *(column for column in Tender.__table__.columns),
        TenderControl.tender_source,
        TenderControl.status.label("control_status"),
    )
    .join(TenderControl, TenderControl.id == Tender.tender_control_id, isouter=True)
    .where(Tender.event_id == bindparam("event_id"))
    .order_by(Tender.id)
)
_PAYMENTS = Statement(
    select(*(column for column in Payment.__table__.columns))
    .where(Payment.event_id == bindparam("event_id"))
    .order_by(Payment.id)
)
_SEGMENTS = Statement(
    select(
        PaymentSegment.id,
        PaymentSegment.payment_id,
        PaymentSegment.sa_id,
        PaymentSegment.amount,
        ServiceAgreement.sa_type,
    )
    .join(ServiceAgreement, ServiceAgreement.id == PaymentSegment.sa_id)
    .where(among(PaymentSegment.payment_id, "ids"))
    .order_by(PaymentSegment.id)
)
_PRINTS = Statement(
    select(
        ReceiptPrint.id,
        ReceiptPrint.copy,
        ReceiptPrint.printed_at,
        ReceiptPrint.printed_by,
        ReceiptPrintFailure.noted_at.label("failed_at"),
    )
    .join(ReceiptPrintFailure, ReceiptPrintFailure.print_id == ReceiptPrint.id, isouter=True)
    .where(ReceiptPrint.event_id == bindparam("event_id"))
    .order_by(ReceiptPrint.printed_at, ReceiptPrint.id)
)
_HOUSE_KINDS = frozenset((EventKind.OVER_UNDER, EventKind.PAY_IN_OUT))
_SHOWN_OF_MICR = 4


def event_detail(store: Store, config: Configuration, event_id: int) -> EventDetail:
    """A payment event with everything in it; refuses with PAY-120, or SEC-031 where an account is another office's."""
    event = store.one(_EVENT, ("PAY-120", "There is no such payment event."), event_id=event_id)
    tenders = store.all(_TENDERS, event_id=event_id)
    payments = store.all(_PAYMENTS, event_id=event_id)
    accounts = account_names(store, (*(row.payor_account_id for row in tenders), *(row.account_id for row in payments)))
    need_all(accounts)
    users = user_names(store)
    return EventDetail(
        event_id=event.id,
        kind=event.kind,
        state=state_of(event.unbalanced_by, tenders, payments),
        info=_info(event, tenders, payments, accounts),
        pay_date=event.pay_date,
        currency=event.currency,
        receipt_number=event.receipt_number or "",
        amount=_amount(payments),
        unbalanced_by=event.unbalanced_by,
        created_at=event.created_at,
        created_by_id=event.created_by,
        created_by=users.get(event.created_by, ""),
        note=event.note,
        tenders=tuple(
            _tender(config, event, row, accounts, users, is_open=_is_open(event, tenders, payments)) for row in tenders
        ),
        payments=_payments(store, config, event, payments, accounts),
        prints=tuple(_print(row, users) for row in store.all(_PRINTS, event_id=event_id)),
        actions=_event_actions(event, tenders, payments),
    )


def _print(row: Any, users: Mapping[int, str]) -> PrintRow:
    return PrintRow(
        print_id=row.id,
        copy=row.copy,
        printed_at=row.printed_at,
        printed_by=users.get(row.printed_by, ""),
        has_failed=row.failed_at is not None,
    )


def _amount(payments: Sequence[Any]) -> int:
    live = [row for row in payments if row.status != PaymentStatus.CANCELED]
    return sum(row.amount for row in live or payments)


def _info(event: Any, tenders: Sequence[Any], payments: Sequence[Any], accounts: Mapping[int, AccountName]) -> str:
    """Date, amount, the payor unless there are several tenders, and what is wrong (R payments 1.6)."""
    parts = [event.pay_date.isoformat(), str(Money(_amount(payments), event.currency))]
    handed = [row for row in tenders if row.cash_back_of is None]
    if len(handed) == 1:
        parts.append(accounts.get(handed[0].payor_account_id, NOBODY).name)
    if any(row.status in PENDING for row in payments):
        parts.append("Unfrozen payments")
    if event.unbalanced_by:
        parts.append(f"Event is unbalanced by {Money(event.unbalanced_by, event.currency)}")
    return ", ".join(parts)


def _tender(
    config: Configuration,
    event: Any,
    row: Any,
    accounts: Mapping[int, AccountName],
    users: Mapping[int, str],
    *,
    is_open: bool,
) -> TenderRow:
    known = config.all(TenderType).get(row.tender_type)
    payor = accounts.get(row.payor_account_id, NOBODY)
    return TenderRow(
        tender_id=row.id,
        tender_type=row.tender_type,
        description=known.description if known else row.tender_type,
        amount=row.amount,
        amount_tendered=row.amount_tendered,
        amount_change=row.amount_change,
        cash_back_of=row.cash_back_of,
        reference=row.reference,
        micr=_masked(row.micr),
        remitter=row.remitter,
        payor_account_id=row.payor_account_id,
        payor_number=payor.number,
        payor_name=payor.name,
        tender_control_id=row.tender_control_id,
        tender_source=row.tender_source or "",
        control_status=row.control_status or "",
        status=row.status,
        cancel_reason=row.cancel_reason or "",
        cancel_bank_account=row.cancel_bank_account or "",
        canceled_at=row.canceled_at,
        canceled_by=users.get(row.canceled_by, "") if row.canceled_by is not None else "",
        canceled_after_balance=bool(row.canceled_after_balance),
        is_endorsable=bool(known and known.is_endorsable and row.amount > 0 and row.status == TenderStatus.VALID),
        actions=_tender_actions(event, row, is_open=is_open),
    )


def _masked(micr: str) -> str:
    return "*" * (len(micr) - _SHOWN_OF_MICR) + micr[-_SHOWN_OF_MICR:] if len(micr) > _SHOWN_OF_MICR else micr


def _payments(
    store: Store, config: Configuration, event: Any, rows: Sequence[Any], accounts: Mapping[int, AccountName]
) -> tuple[PaymentRow, ...]:
    segments = store.all(_SEGMENTS, ids=[row.id for row in rows]) if rows else []
    fts = fts_of_sources(store, config, [segment.id for segment in segments])
    return tuple(
        PaymentRow(
            payment_id=row.id,
            account_id=row.account_id,
            account_number=accounts.get(row.account_id, NOBODY).number,
            name=accounts.get(row.account_id, NOBODY).name,
            amount=row.amount,
            status=row.status,
            error_message=row.error_message,
            distributed_by=row.distributed_by,
            cancel_reason=row.cancel_reason or "",
            transferred_from=row.transferred_from,
            segments=tuple(_segments(config, (s for s in segments if s.payment_id == row.id), fts)),
            actions=_payment_actions(event, row),
        )
        for row in rows
    )


def _segments(
    config: Configuration, rows: Iterable[Any], fts: Mapping[int, tuple[FtFact, ...]]
) -> Iterable[SegmentRow]:
    for row in rows:
        yield SegmentRow(
            segment_id=row.id,
            sa_id=row.sa_id,
            sa_type=row.sa_type,
            description=describe_type(config, row.sa_type),
            amount=row.amount,
            fts=fts[row.id],
        )


# What states allow; the services refuse on their own, this only spares people the try.


def _is_open(event: Any, tenders: Sequence[Any], payments: Sequence[Any]) -> bool:
    """Nothing in it is final: it can still be deleted."""
    return (
        event.receipt_number is None
        and event.kind not in FROM_FILES
        and all(row.status in PENDING for row in payments)
        and all(row.status == TenderStatus.VALID for row in tenders)
    )


def _event_actions(event: Any, tenders: Sequence[Any], payments: Sequence[Any]) -> frozenset[str]:
    is_open = _is_open(event, tenders, payments)
    drawers_open = all(row.control_status == ControlStatus.OPEN for row in tenders if row.status == TenderStatus.VALID)
    pending = [row.status for row in payments if row.status in PENDING]
    freezable = bool(pending) and all(status == PaymentStatus.FREEZABLE for status in pending)
    allowed = {
        "PrintReceipt": event.receipt_number is not None,
        "AddPayments": is_open or event.unbalanced_by > 0,
        "AddTender": is_open,
        "DeleteEvent": is_open and drawers_open,
        "DistributeEvent": bool(pending),
        "FreezeEvent": freezable and not event.unbalanced_by,
    }
    return frozenset(name for name, allows in allowed.items() if allows)


def _payment_actions(event: Any, row: Any) -> frozenset[str]:
    if row.status in PENDING:
        return frozenset(("RemovePayment", "PlaceSegments"))
    if row.status == PaymentStatus.FROZEN and event.kind not in _HOUSE_KINDS:
        return frozenset(("CancelPayment", "TransferPayment") if row.amount > 0 else ("CancelPayment",))
    return frozenset()


def _tender_actions(event: Any, row: Any, *, is_open: bool) -> frozenset[str]:
    if row.status != TenderStatus.VALID:
        return frozenset()
    settled = {ControlStatus.BALANCED, *({ControlStatus.OPEN} if event.kind == EventKind.OVER_UNDER else ())}
    if event.kind in _HOUSE_KINDS and row.control_status in settled:
        return frozenset()
    if is_open and row.control_status == ControlStatus.OPEN:
        return frozenset(("CancelTender", "RemoveTender"))
    return frozenset(("CancelTender",))
