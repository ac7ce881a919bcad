"""What transactions come from, in words: the payment with its receipt, the adjustment with its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from cashier_app.domain.adjustment_types import AdjustmentCancelReason, AdjustmentType
from cashier_app.domain.configuration import PayCancelReason
from cashier_app.domain.figures import NO_FIGURE, Figure, FigureKind, figure
from cashier_app.domain.lifecycles import FtKind
from cashier_app.domain.money import Money
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment
from cashier_app.services.explaining.explanation import Asked
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.queries.transactions import FtFact

_PAYMENTS = Statement(
    select(
        PaymentSegment.id,
        PaymentSegment.amount.label("share"),
        Payment.event_id,
        Payment.amount,
        Payment.distributed_by,
        Payment.cancel_reason,
        Payment.transferred_from,
        PaymentEvent.receipt_number,
    )
    .join(Payment, Payment.id == PaymentSegment.payment_id)
    .join(PaymentEvent, PaymentEvent.id == Payment.event_id)
    .where(among(PaymentSegment.id, "ids"))
)
_ADJUSTMENTS = Statement(
    select(
        Adjustment.id,
        Adjustment.amount,
        Adjustment.adjustment_type,
        Adjustment.reference,
        Adjustment.comment,
        Adjustment.cancel_reason,
    ).where(among(Adjustment.id, "ids"))
)
_OF_PAYMENT: Final = frozenset((FtKind.PAYMENT_SEGMENT, FtKind.PAYMENT_CANCELLATION))
_CANCELLATIONS: Final = frozenset((FtKind.PAYMENT_CANCELLATION, FtKind.ADJUSTMENT_CANCELLATION))


class Source(NamedTuple):
    """Where a transaction comes from."""

    words: str
    amount: int = 0
    """Of the segment or adjustment."""
    figure: Figure = NO_FIGURE
    distributed_by: str = ""
    event_id: int | None = None


def sources_of(asked: Asked, fts: Sequence[FtFact]) -> dict[int, Source]:
    """Sources by transaction; two reads, however many there are."""
    segments = [ft.source_id for ft in fts if ft.kind in _OF_PAYMENT]
    adjustments = [ft.source_id for ft in fts if ft.kind not in _OF_PAYMENT]
    payments = {row.id: row for row in asked.store.all(_PAYMENTS, ids=segments)} if segments else {}
    others = {row.id: row for row in asked.store.all(_ADJUSTMENTS, ids=adjustments)} if adjustments else {}
    return {
        ft.ft_id: _source(asked.config, ft, (payments if ft.kind in _OF_PAYMENT else others).get(ft.source_id))
        for ft in fts
    }


def source_of(ft: FtFact, sources: Mapping[int, Source]) -> Source:
    """The source of one of them."""
    return sources[ft.ft_id]


def _source(config: Configuration, ft: FtFact, row: Any) -> Source:
    if row is None:
        return Source(f"Transaction {ft.kind}")
    words = _of_payment(row, ft.currency) if ft.kind in _OF_PAYMENT else _of_adjustment(config, row)
    if ft.kind in _CANCELLATIONS:
        words = f"{words}, taken back: {_reason(config, ft, row.cancel_reason)}"
    if ft.kind in _OF_PAYMENT:
        return Source(words, row.share, figure(FigureKind.SEGMENT, row.id), row.distributed_by, row.event_id)
    return Source(words, row.amount, figure(FigureKind.ADJUSTMENT, row.id))


def _of_payment(row: Any, currency: str) -> str:
    words = f"Payment of {Money(row.amount, currency)}"
    words += f", receipt {row.receipt_number}" if row.receipt_number else ""
    return words + (", moved here from another payment" if row.transferred_from else "")


def _of_adjustment(config: Configuration, row: Any) -> str:
    known = config.all(AdjustmentType).get(row.adjustment_type)
    words = known.description if known else row.adjustment_type
    words += f" {row.reference}" if row.reference else ""
    return words + (f" ({row.comment})" if row.comment else "")


def _reason(config: Configuration, ft: FtFact, code: str | None) -> str:
    table: Any = PayCancelReason if ft.kind in _OF_PAYMENT else AdjustmentCancelReason
    known = config.all(table).get(code or "")
    return str(known.description) if known else code or "no reason given"
