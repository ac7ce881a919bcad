"""Which old financial transactions cancel out and need not be read again (S1 p.40, R batch 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class OldFt(NamedTuple):
    """A frozen FT with an effect on the current balance, not redundant yet."""

    id: int
    amount: int
    """Its effect on the current balance."""
    day: date
    """When a debit begins to age; when a credit was frozen."""


def redundant(fts: Iterable[OldFt]) -> tuple[int, ...]:
    """The keys of the FTs of one agreement that cancel out: credits against debits, the oldest first.

    No FT is split: as many debits and credits from the oldest on as add up to exactly nothing. So the balance is the
    same without them, and what is left of each later debit as well.
    """
    ordered = sorted(fts, key=lambda ft: (ft.day, ft.id))
    debits = [ft for ft in ordered if ft.amount > 0]
    credits_ = [ft for ft in ordered if ft.amount < 0]
    found: tuple[int, ...] = ()
    charged = paid = place = 0
    taken: list[int] = []
    waiting: list[int] = []
    for credit in credits_:
        paid -= credit.amount
        waiting.append(credit.id)
        while place < len(debits) and charged < paid:
            charged += debits[place].amount
            taken.append(debits[place].id)
            place += 1
        if charged == paid:
            found = (*taken, *waiting)
        elif charged < paid:
            break
    return found
