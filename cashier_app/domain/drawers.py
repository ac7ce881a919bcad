"""What a drawer should hold, what was counted, and the difference (R payments 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cashier_app.domain.money import split


class TenderTypeBalance(NamedTuple):
    """One tender type of a drawer."""

    tender_type: str
    amount_expected: int
    amount_counted: int

    @property
    def variance(self) -> int:
        """Positive: over; negative: short."""
        return self.amount_counted - self.amount_expected


def balances(expected: Mapping[str, int], counted: Mapping[str, int]) -> tuple[TenderTypeBalance, ...]:
    """One row per tender type that is expected or was counted, by code."""
    return tuple(
        TenderTypeBalance(code, expected.get(code, 0), counted.get(code, 0))
        for code in sorted({*expected, *counted})
        if expected.get(code, 0) or counted.get(code, 0)
    )


def cash_share(amount: int, by_bank_code: Mapping[str, int]) -> list[tuple[str, int]]:
    """The cash side of a payment, split over the bank accounts its tenders went to (R payments O-6).

    In proportion to the tenders; the largest takes what rounding leaves.
    """
    codes = [code for code, total in by_bank_code.items() if total]
    if len(codes) == 1:
        return [(codes[0], amount)]
    codes.sort(key=lambda code: (by_bank_code[code], code))
    shares = split(amount, [by_bank_code[code] for code in codes])
    return [(code, share) for code, share in zip(codes, shares, strict=True) if share]


def like_cash_total(expected: Mapping[str, int], like_cash: Iterable[str]) -> int:
    """What the drawer holds in cash and its like; compared with the source's maximum (R payments 2.7)."""
    return sum(expected.get(code, 0) for code in like_cash)
