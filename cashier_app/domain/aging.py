"""How old debt is: only current balances age, to the day (R billing 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cashier_app.domain.system_events import NEW_CHARGE

UNBILLED = date.max
"""The arrears date of a charge that no bill has shown yet: younger than everything."""

DISPUTED = date.min
"""Stands for the arrears date of what is disputed: it does not age (S1 p.62)."""


class Debit(NamedTuple):
    """A charge that was neither reversed nor is a reversal."""

    amount: int
    arrears_date: date


def open_pieces(balance: int, newest_first: Iterable[Debit]) -> Iterator[Debit]:
    """What is left of each charge, newest first.

    Credits relieve the oldest debt first, so what is still owed is always the newest charges: walking
    back from today until the balance is covered gives the same as replaying history, without reading it.
    """
    for debit in newest_first:
        if balance <= 0:
            return
        left = min(balance, debit.amount)
        yield Debit(left, debit.arrears_date)
        balance -= left


def age_of(arrears_date: date, today: date) -> int:
    """Days since ageing began; NEW_CHARGE for an unbilled charge; below NEW_CHARGE for the future."""
    if arrears_date == UNBILLED:
        return NEW_CHARGE
    days = (today - arrears_date).days
    return days if days >= 0 else days - 1


@dataclass(frozen=True, slots=True)
class AgedDebt:
    """An account's debt by age, for the bar on the screen. Adds up to the current balance."""

    new_charge: int = 0
    future: int = 0
    days_0_30: int = 0
    days_31_60: int = 0
    days_61_90: int = 0
    older: int = 0
    credit: int = 0
    """Negative: what agreements in credit hold."""
    disputed: int = 0
    """Does not age until the dispute has ended."""

    @property
    def total(self) -> int:
        """The current balance."""
        return (
            self.new_charge
            + self.future
            + self.days_0_30
            + self.days_31_60
            + self.days_61_90
            + self.older
            + self.credit
            + self.disputed
        )


def aged(pieces: Sequence[tuple[int, int]], credit: int = 0, disputed: int = 0) -> AgedDebt:
    """Buckets of (age, amount) pieces, beside what does not age."""
    sums = {"new_charge": 0, "future": 0, "days_0_30": 0, "days_31_60": 0, "days_61_90": 0, "older": 0}
    for age, amount in pieces:
        sums[_bucket(age)] += amount
    return AgedDebt(**sums, credit=credit, disputed=disputed)


def _bucket(age: int) -> str:
    if age == NEW_CHARGE:
        return "new_charge"
    if age < 0:
        return "future"
    limits = ((30, "days_0_30"), (60, "days_31_60"), (90, "days_61_90"))
    return next((name for limit, name in limits if age <= limit), "older")
