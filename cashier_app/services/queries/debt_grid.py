"""The aged-debt grid: what is owed, row by age (R billing 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cashier_app.domain.aging import DISPUTED, Debit, age_of
from cashier_app.domain.system_events import NEW_CHARGE
from cashier_app.services.kernel.configuration import Configuration


class DebtKind(StrEnum):
    """Rows of the aged-debt grid (R billing 8)."""

    NEW_CHARGE = "NEW_CHARGE"
    FUTURE = "FUTURE"
    AGED = "AGED"
    OLDEST = "OLDEST"
    """Everything from the installation's oldest bucket age on, as one lump."""
    DISPUTED = "DISPUTED"
    """What the customer disputes: owed, and not aging (S1 p.62)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtPiece:
    """What is owed of one age."""

    kind: DebtKind
    days: int
    """Age; for FUTURE the days until it begins to age; for OLDEST the age from which debt is lumped."""
    amount: int


def debt_grid(debits: Iterable[Debit], config: Configuration, today: date) -> tuple[DebtPiece, ...]:
    """Rows of the grid: one per age, the oldest first, then new charges, what is disputed last."""
    lump = config.installation.oldest_bucket_age
    sums: dict[tuple[DebtKind, int], int] = {}
    for debit in debits:
        key = _bucket(debit.arrears_date, lump, today)
        sums[key] = sums.get(key, 0) + debit.amount
    order = (DebtKind.OLDEST, DebtKind.AGED, DebtKind.FUTURE, DebtKind.NEW_CHARGE, DebtKind.DISPUTED)
    return tuple(
        DebtPiece(kind=kind, days=days, amount=sums[kind, days])
        for kind, days in sorted(sums, key=lambda key: (order.index(key[0]), _reading_order(*key)))
    )


def _reading_order(kind: DebtKind, days: int) -> int:
    return days if kind is DebtKind.FUTURE else -days


def _bucket(arrears_date: date, lump: int, today: date) -> tuple[DebtKind, int]:
    if arrears_date == DISPUTED:
        return DebtKind.DISPUTED, 0
    age = age_of(arrears_date, today)
    if age == NEW_CHARGE:
        return DebtKind.NEW_CHARGE, 0
    if age < 0:
        return DebtKind.FUTURE, -age - 1
    return (DebtKind.OLDEST, lump) if age >= lump else (DebtKind.AGED, age)
