"""From a payment segment or an adjustment to its financial transaction (R billing 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cashier_app.algorithms.registry import algorithm
from cashier_app.domain.cash_accounting import payment_transfers, refund_transfers, written_down
from cashier_app.domain.system_events import (
    AdjustmentFtRequest,
    FtDraft,
    GlLineDraft,
    PaymentFtRequest,
    SystemEvent,
)


@algorithm("payment-normal", at=SystemEvent.PAYMENT_FT)
def payment_normal(request: PaymentFtRequest, _parameters: object) -> FtDraft:
    """Payoff and current fall by the payment: debit cash, credit the receivable (S1 p.89)."""
    amount = request.amount
    return FtDraft(-amount, -amount, (*request.cash, GlLineDraft(request.receivable_code, -amount)))


@algorithm("payment-charity", at=SystemEvent.PAYMENT_FT)
def payment_charity(request: PaymentFtRequest, _parameters: object) -> FtDraft:
    """Only the current balance falls: debit cash, credit the charity payable (S1 p.62, 89)."""
    amount = request.amount
    return FtDraft(-amount, 0, (*request.cash, GlLineDraft(request.receivable_code, -amount)))


class CodesFrom(StrEnum):
    """From where the other side of a calculated adjustment takes its distribution codes (S1 p.94)."""

    ADJUSTMENT_TYPE = "AT"
    CALCULATION_LINES = "CL"


@dataclass(frozen=True, slots=True)
class OtherSide:
    """What stands against the receivable."""

    codes_from: CodesFrom = CodesFrom.ADJUSTMENT_TYPE


@algorithm("adjustment-normal", at=SystemEvent.ADJUSTMENT_FT, parameters=OtherSide)
def adjustment_normal(request: AdjustmentFtRequest, parameters: OtherSide) -> FtDraft:
    """Payoff and current change together: debit the receivable, credit the adjustment's code (S1 p.94)."""
    return FtDraft(request.amount, request.amount, _booked(request, parameters))


@algorithm("adjustment-current-only", at=SystemEvent.ADJUSTMENT_FT)
def adjustment_current_only(request: AdjustmentFtRequest, _parameters: object) -> FtDraft:
    """What the customer thinks is owed changes; the books do not (S1 p.94-97)."""
    return FtDraft(request.amount, 0, ())


@algorithm("adjustment-payoff-only", at=SystemEvent.ADJUSTMENT_FT, parameters=OtherSide)
def adjustment_payoff_only(request: AdjustmentFtRequest, parameters: OtherSide) -> FtDraft:
    """What is really owed changes, not what is asked for now (S1 p.63)."""
    return FtDraft(0, request.amount, _booked(request, parameters))


@algorithm("adjustment-gl-only", at=SystemEvent.ADJUSTMENT_FT, parameters=OtherSide)
def adjustment_gl_only(request: AdjustmentFtRequest, parameters: OtherSide) -> FtDraft:
    """The books change; what the customer owes does not."""
    return FtDraft(0, 0, _booked(request, parameters))


def _booked(request: AdjustmentFtRequest, parameters: OtherSide) -> tuple[GlLineDraft, ...]:
    """The receivable against the adjustment type's code, or against the code of each calculation line."""
    receivable = GlLineDraft(request.receivable_code, request.amount)
    if parameters.codes_from is CodesFrom.ADJUSTMENT_TYPE or not request.lines:
        return (receivable, GlLineDraft(request.adjustment_code, -request.amount))
    lines = (GlLineDraft(code or request.adjustment_code, -amount) for code, amount in request.lines)
    return (receivable, *lines)


# -- liabilities that become payable when the customer pays (S1 p.123-131)


@algorithm("payment-cash-accounting", at=SystemEvent.PAYMENT_FT, needs_holding=True)
def payment_cash_accounting(request: PaymentFtRequest, parameters: object) -> FtDraft:
    """As a normal payment, and each holding code gives up the share of the receivable that is paid (S1 p.126-127)."""
    return _releasing(request, parameters, by_priority=False)


@algorithm("payment-cash-accounting-by-priority", at=SystemEvent.PAYMENT_FT, needs_holding=True)
def payment_cash_accounting_by_priority(request: PaymentFtRequest, parameters: object) -> FtDraft:
    """As a normal payment; holding codes give up the oldest debt first, then by accounting priority (S1 p.127-131)."""
    return _releasing(request, parameters, by_priority=True)


def _releasing(request: PaymentFtRequest, parameters: object, *, by_priority: bool) -> FtDraft:
    normal = payment_normal(request, parameters)
    moved = payment_transfers(request.holding, request.amount, by_priority=by_priority)
    return normal._replace(lines=(*normal.lines, *moved))


@dataclass(frozen=True, slots=True)
class HoldingOrder:
    """In which order an adjustment releases what is held."""

    by_priority: bool = False


@algorithm("adjustment-cash-accounting", at=SystemEvent.ADJUSTMENT_FT, parameters=HoldingOrder, needs_holding=True)
def adjustment_cash_accounting(request: AdjustmentFtRequest, parameters: HoldingOrder) -> FtDraft:
    """A credit acts as a payment does; a refund takes back what holding codes are overdrawn by (S1 p.124)."""
    normal = adjustment_normal(request, OtherSide())
    if request.amount < 0:
        moved = payment_transfers(request.holding, -request.amount, by_priority=parameters.by_priority)
    else:
        moved = refund_transfers(request.holding, request.amount)
    return normal._replace(lines=(*normal.lines, *moved))


@algorithm("adjustment-write-down", at=SystemEvent.ADJUSTMENT_FT, parameters=HoldingOrder, needs_holding=True)
def adjustment_write_down(request: AdjustmentFtRequest, parameters: HoldingOrder) -> FtDraft:
    """A debt given up takes its share out of the holding codes; clearing a credit acts as a refund (S1 p.123)."""
    if request.amount >= 0:
        return adjustment_cash_accounting(request, parameters)
    order = parameters.by_priority
    other_side = written_down(request.holding, -request.amount, request.adjustment_code, by_priority=order)
    return FtDraft(request.amount, request.amount, (GlLineDraft(request.receivable_code, request.amount), *other_side))
