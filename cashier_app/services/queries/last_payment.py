"""The latest payment of an account, found without reading its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from cashier_app.domain.configuration import TenderType
from cashier_app.domain.lifecycles import FtKind
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPayment:
    """The latest payment that was not canceled."""

    payment_id: int
    event_id: int
    pay_date: date
    amount: int
    tender_type: str
    tender_description: str
    """Empty tender type and description where several kinds were handed over."""


_reversal = aliased(FinancialTransaction)
_latest_segment = (
    select(FinancialTransaction.frozen_at, FinancialTransaction.id, FinancialTransaction.source_id)
    .where(
        FinancialTransaction.kind == FtKind.PAYMENT_SEGMENT.value,
        FinancialTransaction.current_amount < 0,
        ~exists(select(1).where(_reversal.reverses_ft_id == FinancialTransaction.id)),
    )
    .order_by(FinancialTransaction.frozen_at.desc(), FinancialTransaction.id.desc())
    .limit(1)
)
_OF_AGREEMENT = Statement(_latest_segment.where(FinancialTransaction.sa_id == bindparam("sa_id")))
_OF_AGREEMENTS = Statement(_latest_segment.where(among(FinancialTransaction.sa_id, "ids")))
_PAYMENT_OF_SEGMENT = Statement(
    select(Payment.id, Payment.event_id, Payment.amount, PaymentEvent.pay_date)
    .join(PaymentSegment, PaymentSegment.payment_id == Payment.id)
    .join(PaymentEvent, PaymentEvent.id == Payment.event_id)
    .where(PaymentSegment.id == bindparam("segment_id"))
)
_TENDER_TYPES = Statement(
    select(Tender.tender_type).where(Tender.event_id == bindparam("event_id"), Tender.amount > 0).distinct()
)
_FEW_AGREEMENTS = 12


def last_payment(store: Store, config: Configuration, sa_ids: Sequence[int]) -> LastPayment | None:
    """The latest payment to these agreements that was not canceled.

    By the instant at which it froze: keys of several workstations say nothing about order in time.
    """
    if len(sa_ids) > _FEW_AGREEMENTS:
        found = store.all(_OF_AGREEMENTS, ids=list(sa_ids))
    else:
        found = [row for sa_id in sa_ids for row in store.all(_OF_AGREEMENT, sa_id=sa_id)]
    if not found:
        return None
    payment = store.first(_PAYMENT_OF_SEGMENT, segment_id=max(found).source_id)
    if payment is None:
        return None
    types = [row.tender_type for row in store.all(_TENDER_TYPES, event_id=payment.event_id)]
    only = config.all(TenderType).get(types[0]) if len(types) == 1 else None
    return LastPayment(
        payment_id=payment.id,
        event_id=payment.event_id,
        pay_date=payment.pay_date,
        amount=payment.amount,
        tender_type=types[0] if len(types) == 1 else "",
        tender_description=only.description if only else "",
    )
