"""Which debts a payment meets (R payments 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from cashier_app.algorithms.registry import algorithm
from cashier_app.domain.money import split
from cashier_app.domain.system_events import Debt, Distribution, DistributionRequest, SegmentDraft, SystemEvent


class Order(StrEnum):
    """What counts first (R payments O-1)."""

    PRIORITY_THEN_AGE = "PRIORITY_THEN_AGE"
    AGE_THEN_PRIORITY = "AGE_THEN_PRIORITY"


@dataclass(frozen=True, slots=True)
class ByPriorityAndAge:
    """How to rank debts."""

    order: Order = Order.PRIORITY_THEN_AGE


@algorithm("priority-and-age", at=SystemEvent.PAYMENT_DISTRIBUTION, parameters=ByPriorityAndAge)
def by_priority_and_age(request: DistributionRequest, parameters: ByPriorityAndAge) -> Distribution:
    """Pay debts by payment priority and age; share in proportion where the money runs out among equals.

    The last agreement of such a group, the one with the highest key, takes what rounding leaves.
    """
    remaining = request.amount
    shares: dict[int, int] = {}
    if len(request.debts) == 1:
        groups = [list(request.debts)]
    else:
        rank = _by_priority if parameters.order is Order.PRIORITY_THEN_AGE else _by_age
        groups = [list(group) for _, group in groupby(sorted(request.debts, key=rank), key=lambda debt: rank(debt)[:2])]
    for group in groups:
        if remaining <= 0:
            break
        owed = [debt.amount for debt in group]
        paid = owed if sum(owed) <= remaining else split(remaining, owed)
        for debt, share in zip(group, paid, strict=True):
            shares[debt.sa_id] = shares.get(debt.sa_id, 0) + share
        remaining -= sum(paid)
    segments = tuple(SegmentDraft(sa_id, share) for sa_id, share in shares.items() if share)
    return Distribution(segments, remaining)


def _by_priority(debt: Debt) -> tuple[int, int, int]:
    return debt.priority, -debt.age, debt.sa_id


def _by_age(debt: Debt) -> tuple[int, int, int]:
    return -debt.age, debt.priority, debt.sa_id


@algorithm("pro-rata", at=SystemEvent.PAYMENT_DISTRIBUTION)
def pro_rata(request: DistributionRequest, _parameters: object) -> Distribution:
    """Share a payment among all agreements in proportion to what each owes, whatever its age."""
    owed: dict[int, int] = {}
    for debt in sorted(request.debts, key=itemgetter(0)):
        owed[debt.sa_id] = owed.get(debt.sa_id, 0) + debt.amount
    total = sum(owed.values())
    placed = min(request.amount, total)
    if placed <= 0:
        return Distribution((), request.amount)
    shares = split(placed, list(owed.values()))
    segments = tuple(SegmentDraft(sa, share) for sa, share in zip(owed, shares, strict=True) if share)
    return Distribution(segments, request.amount - placed)
