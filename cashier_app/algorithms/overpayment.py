"""Where the rest of a payment goes once every debt is met (R payments 3.3)."""

from __future__ import annotations

from dataclasses import dataclass

from cashier_app.algorithms.registry import algorithm
from cashier_app.domain.system_events import Distribution, OverpaymentRequest, SegmentDraft, SystemEvent


@algorithm("highest-priority-agreement", at=SystemEvent.OVERPAYMENT)
def to_highest_priority(request: OverpaymentRequest, _parameters: object) -> Distribution:
    """All of it to the agreement with the best payment priority that may be overpaid."""
    eligible = [agreement for agreement in request.agreements if not agreement.do_not_overpay]
    if not eligible:
        return Distribution((), request.amount)
    best = min(eligible, key=lambda agreement: (agreement.priority, agreement.sa_id))
    return Distribution((SegmentDraft(best.sa_id, request.amount),), 0)


@dataclass(frozen=True, slots=True)
class ExcessCredit:
    """Which agreements hold excess credit."""

    sa_type: str = "OVERPAY"


@algorithm("excess-credit-agreement", at=SystemEvent.OVERPAYMENT, parameters=ExcessCredit)
def to_excess_credit(request: OverpaymentRequest, parameters: ExcessCredit) -> Distribution:
    """All of it to the account's excess-credit agreement.

    Where the account has none yet the segment names agreement 0: the caller starts one of the
    configured SA type and puts its key there.
    """
    holders = [agreement.sa_id for agreement in request.agreements if agreement.sa_type == parameters.sa_type]
    return Distribution((SegmentDraft(min(holders, default=0), request.amount),), 0)
