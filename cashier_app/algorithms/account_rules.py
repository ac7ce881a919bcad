"""Rules about an account: the amount to propose, what to warn of, what a returned check costs."""

from __future__ import annotations

from dataclasses import dataclass

from cashier_app.algorithms.registry import algorithm
from cashier_app.domain.system_events import (
    AlertDraft,
    AlertRequest,
    GlAccountRequest,
    NsfCharge,
    NsfRequest,
    PaymentAmountRequest,
    SystemEvent,
)


@algorithm("current-balance", at=SystemEvent.PAYMENT_AMOUNT)
def current_balance(request: PaymentAmountRequest, _parameters: object) -> int:
    """Propose the current balance; nothing for an account in credit (R payments O-11)."""
    return max(request.current_balance, 0)


@dataclass(frozen=True, slots=True)
class OverdueOnly:
    """From which age debt counts as overdue."""

    days: int = 21


@algorithm("overdue-debt", at=SystemEvent.PAYMENT_AMOUNT, parameters=OverdueOnly)
def overdue_debt(request: PaymentAmountRequest, parameters: OverdueOnly) -> int:
    """Propose only what is overdue."""
    return sum(debt.amount for debt in request.debts if debt.age >= parameters.days)


@algorithm("highest-priority-nsf", at=SystemEvent.NSF)
def highest_priority_nsf(request: NsfRequest, _parameters: object) -> NsfCharge:
    """The NSF fee of the agreement with the highest payment priority (R payments 1.8)."""
    if not request.agreements:
        return NsfCharge(0, "")
    best = min(request.agreements, key=lambda agreement: (agreement.priority, agreement.sa_id))
    return NsfCharge(best.sa_id, best.nsf_adjustment_type)


@algorithm("credit-rating-alert", at=SystemEvent.ALERT)
def credit_rating_alert(request: AlertRequest, _parameters: object) -> tuple[AlertDraft, ...]:
    """Tell when the credit rating is below its threshold (S1 p.40)."""
    if request.credit_rating >= request.credit_rating_threshold:
        return ()
    return (AlertDraft("CREDIT-RATING", f"Credit rating {request.credit_rating}"),)


@algorithm("cash-only-alert", at=SystemEvent.ALERT)
def cash_only_alert(request: AlertRequest, _parameters: object) -> tuple[AlertDraft, ...]:
    """Tell when only cash is welcome (S1 p.121)."""
    return (AlertDraft("CASH-ONLY", "Cash only"),) if request.cash_only_score > request.cash_only_threshold else ()


@algorithm("unbalanced-event-alert", at=SystemEvent.ALERT)
def unbalanced_event_alert(request: AlertRequest, _parameters: object) -> tuple[AlertDraft, ...]:
    """Tell when a payment event of the account does not balance (R payments 10.2)."""
    if not request.unbalanced_events:
        return ()
    return (AlertDraft("UNBALANCED", f"{request.unbalanced_events} unbalanced payment event(s)"),)


@dataclass(frozen=True, slots=True)
class OldDebt:
    """When debt is worth a word."""

    days: int = 60


@algorithm("old-debt-alert", at=SystemEvent.ALERT, parameters=OldDebt)
def old_debt_alert(request: AlertRequest, parameters: OldDebt) -> tuple[AlertDraft, ...]:
    """Tell when debt is older than so many days."""
    oldest = max((debt.age for debt in request.debts), default=0)
    return (AlertDraft("OLD-DEBT", f"Debt of {oldest} days"),) if oldest > parameters.days else ()


@algorithm("effective-detail", at=SystemEvent.GL_ACCOUNT)
def effective_detail(request: GlAccountRequest, _parameters: object) -> str:
    """The account of the latest active detail that is effective on the accounting date (S1 p.74)."""
    effective = [detail for detail in request.details if detail.active and detail.effective <= request.accounting_date]
    return max(effective, key=lambda detail: detail.effective).gl_account if effective else ""
