"""From a payment segment or an adjustment to its financial transaction (R billing 3.1)."""

from __future__ import annotations

from cashier_app.algorithms.registry import algorithm
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


@algorithm("adjustment-normal", at=SystemEvent.ADJUSTMENT_FT)
def adjustment_normal(request: AdjustmentFtRequest, _parameters: object) -> FtDraft:
    """Payoff and current change together: debit the receivable, credit the adjustment's code (S1 p.94)."""
    amount = request.amount
    lines = (GlLineDraft(request.receivable_code, amount), GlLineDraft(request.adjustment_code, -amount))
    return FtDraft(amount, amount, lines)


@algorithm("adjustment-current-only", at=SystemEvent.ADJUSTMENT_FT)
def adjustment_current_only(request: AdjustmentFtRequest, _parameters: object) -> FtDraft:
    """What the customer thinks is owed changes; the books do not (S1 p.94-97)."""
    return FtDraft(request.amount, 0, ())


@algorithm("adjustment-payoff-only", at=SystemEvent.ADJUSTMENT_FT)
def adjustment_payoff_only(request: AdjustmentFtRequest, _parameters: object) -> FtDraft:
    """What is really owed changes, not what is asked for now (S1 p.63)."""
    lines = (
        GlLineDraft(request.receivable_code, request.amount),
        GlLineDraft(request.adjustment_code, -request.amount),
    )
    return FtDraft(0, request.amount, lines)
