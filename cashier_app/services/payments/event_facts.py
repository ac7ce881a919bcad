"""An existing payment event as a transaction finds it: tenders, payments, segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update

from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import EventKind, PaymentStatus, TenderStatus
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import SegmentDraft
from cashier_app.models.control import TenderControl
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.services.kernel.elsewhere import need_accounts
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import bank_code
from cashier_app.services.to_do.resolving import resolve_events

_EVENT = Statement(
    select(
        PaymentEvent.id,
        PaymentEvent.kind,
        PaymentEvent.pay_date,
        PaymentEvent.currency,
        PaymentEvent.receipt_number,
        PaymentEvent.created_by,
        PaymentEvent.created_at,
    )
    .where(PaymentEvent.id == bindparam("event_id"))
    .with_for_update()
)
_TENDERS = Statement(
    select(
        Tender.id,
        Tender.event_id,
        Tender.payor_account_id,
        Tender.tender_type,
        Tender.amount,
        Tender.tender_control_id,
        Tender.status,
        Tender.applies_to_tender_type,
        Tender.cash_back_of,
        TenderControl.tender_source,
        TenderControl.status.label("control_status"),
        TenderControl.owner_id,
        TenderControl.business_date,
    )
    .join(TenderControl, TenderControl.id == Tender.tender_control_id)
    .where(Tender.event_id == bindparam("event_id"))
    .order_by(Tender.id)
)
_PAYMENTS = Statement(
    select(Payment.id, Payment.account_id, Payment.amount, Payment.currency, Payment.status)
    .where(Payment.event_id == bindparam("event_id"))
    .order_by(Payment.id)
)
_SEGMENTS = Statement(
    select(PaymentSegment.id, PaymentSegment.payment_id, PaymentSegment.sa_id, PaymentSegment.amount)
    .where(among(PaymentSegment.payment_id, "ids"))
    .order_by(PaymentSegment.id)
)
_EVENT_OF_TENDER = Statement(select(Tender.event_id).where(Tender.id == bindparam("tender_id")))
_EVENT_OF_PAYMENT = Statement(select(Payment.event_id).where(Payment.id == bindparam("payment_id")))
_valid = (
    select(func.coalesce(func.sum(Tender.amount), 0))
    .where(Tender.event_id == PaymentEvent.id, Tender.status == TenderStatus.VALID.value)
    .scalar_subquery()
)
_live = (
    select(func.coalesce(func.sum(Payment.amount), 0))
    .where(Payment.event_id == PaymentEvent.id, Payment.status != PaymentStatus.CANCELED.value)
    .scalar_subquery()
)
_SETTLE = Statement(update(PaymentEvent).where(among(PaymentEvent.id, "ids")).values(unbalanced_by=_valid - _live))

FINAL = frozenset((PaymentStatus.RECORDED, PaymentStatus.FROZEN, PaymentStatus.CANCELED))
"""States of a payment that only a reversal follows."""
TAKEN = frozenset((PaymentStatus.RECORDED, PaymentStatus.FROZEN))
"""States of a payment that can be canceled."""
_HOUSE = frozenset((EventKind.OVER_UNDER, EventKind.PAY_IN_OUT))


class EventFacts(NamedTuple):
    """An event with everything in it."""

    id: int
    kind: str
    currency: str
    receipt_number: str | None
    created_by: int
    created_at: Any
    tenders: Sequence[Any]
    payments: Sequence[Any]

    @property
    def valid_tenders(self) -> list[Any]:
        """Tenders that were not canceled."""
        return [tender for tender in self.tenders if tender.status == TenderStatus.VALID]

    @property
    def account_ids(self) -> set[int]:
        """Everybody whose money it is, or was."""
        return {tender.payor_account_id for tender in self.tenders} | {each.account_id for each in self.payments}

    @property
    def is_final(self) -> bool:
        """Whether something in it is booked or canceled: then nothing is taken out of it any more."""
        return (
            any(payment.status in FINAL for payment in self.payments)
            or any(tender.status == TenderStatus.CANCELED for tender in self.tenders)
            or self.receipt_number is not None
        )

    @property
    def live_payments(self) -> list[Any]:
        """Payments that were not canceled."""
        return [payment for payment in self.payments if payment.status != PaymentStatus.CANCELED]

    @property
    def unbalanced_by(self) -> int:
        """Valid tenders less live payments (R payments B1)."""
        handed: int = sum(tender.amount for tender in self.valid_tenders)
        given: int = sum(payment.amount for payment in self.live_payments)
        return handed - given


def event_of(work: Work, event_id: int) -> EventFacts:
    """The event of a key; refuses with PAY-120, or with SEC-031 where another office keeps one of its accounts."""
    row = work.store.one(_EVENT, ("PAY-120", "There is no such payment event."), event_id=event_id)
    event = EventFacts(
        row.id,
        row.kind,
        row.currency,
        row.receipt_number,
        row.created_by,
        row.created_at,
        work.store.all(_TENDERS, event_id=row.id),
        work.store.all(_PAYMENTS, event_id=row.id),
    )
    need_accounts(work, event.account_ids)
    return event


def event_of_tender(work: Work, tender_id: int) -> tuple[EventFacts, Any]:
    """The event of a tender, and the tender; refuses with PAY-121."""
    event_id = work.store.value(_EVENT_OF_TENDER, tender_id=tender_id)
    if event_id is None:
        refuse("PAY-121", "There is no such tender.", "tender_id")
    event = event_of(work, event_id)
    return event, next(tender for tender in event.tenders if tender.id == tender_id)


def event_of_payment(work: Work, payment_id: int) -> tuple[EventFacts, Any]:
    """The event of a payment, and the payment; refuses with PAY-122."""
    event_id = work.store.value(_EVENT_OF_PAYMENT, payment_id=payment_id)
    if event_id is None:
        refuse("PAY-122", "There is no such payment.", "payment_id")
    event = event_of(work, event_id)
    return event, next(payment for payment in event.payments if payment.id == payment_id)


def require_customers(event: EventFacts) -> None:
    """Refuse with TC-026 what would take money apart that no customer handed over."""
    if event.kind in _HOUSE:
        refuse("TC-026", "No customer paid here: the drawer's own movement stands or is canceled whole, as a tender.")


def segments_of(work: Work, payment_ids: Iterable[int]) -> list[Any]:
    """The segments of payments, by key."""
    return work.store.all(_SEGMENTS, ids=list(payment_ids))


def as_drafts(segments: Iterable[Any]) -> list[tuple[int, SegmentDraft]]:
    """Segments with their keys, as the writer of FTs takes them."""
    return [(segment.id, SegmentDraft(segment.sa_id, segment.amount)) for segment in segments]


def by_bank(work: Work, tenders: Iterable[Any]) -> dict[str, int]:
    """What tenders brought to each bank account's distribution code."""
    sums: dict[str, int] = {}
    for tender in tenders:
        code = bank_code(work.config, tender.tender_source)
        sums[code] = sums.get(code, 0) + tender.amount
    return sums


def warn_of_imbalance(work: Work, unbalanced_by: int, currency: str) -> None:
    """PAY-003 while tenders and payments differ (R payments B1): allowed, and to be seen."""
    if unbalanced_by:
        work.warn("PAY-003", f"The event is unbalanced by {Money(unbalanced_by, currency)}.")


def settle(work: Work, event_id: int) -> None:
    """Keep `unbalanced_by` true after tenders or payments changed; whoever was told of them is told no more."""
    settle_events(work, [event_id])
    resolve_events(work, [event_id])
    work.changed("event", event_id)


def settle_events(work: Work, event_ids: Sequence[int]) -> None:
    """The same for several events, whose change is told elsewhere."""
    work.store.apply(_SETTLE, [{"ids": list(event_ids)}])
