"""Who must approve an adjustment of which amount (R adjustments 6.1, S1 p.97-101)."""

# ruff: noqa: RUF009
# `described` makes a dataclass field; the rule takes it for a shared default.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import inf

from cashier_app.domain.control_fields import described
from cashier_app.domain.money import Money


class TransferSide(StrEnum):
    """Which half of a transfer decides for both: S1 p.98."""

    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalBand:
    """An interval of signed amounts, and the roles that approve them one after the other; none: nobody need."""

    low: Money | None = None
    """Left out: no lower end."""
    low_inclusive: bool = True
    high: Money | None = None
    """Left out: no upper end."""
    high_inclusive: bool = True
    roles: tuple[str, ...] = ()
    """Codes of `to_do_role`, in the order in which they approve."""

    @property
    def first(self) -> float:
        """The smallest amount in it, in the currency's smallest unit."""
        return -inf if self.low is None else self.low.minor + (not self.low_inclusive)

    @property
    def last(self) -> float:
        """The largest amount in it, in the currency's smallest unit."""
        return inf if self.high is None else self.high.minor - (not self.high_inclusive)

    def holds(self, minor: int) -> bool:
        """Whether a signed amount lies in it."""
        return self.first <= minor <= self.last

    def __str__(self) -> str:
        low = "" if self.low is None else f"{'from' if self.low_inclusive else 'above'} {self.low}"
        high = "" if self.high is None else f"{'to' if self.high_inclusive else 'below'} {self.high}"
        return " ".join(part for part in (low, high) if part) or "any amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalProfile:
    """The approvers of adjustment types that are governed alike (S1 p.97-101)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    currency: str = described("Currency", "Of the amounts below.", refers="currency")
    to_do_type: str = described("To Do type", "Of the entries that tell the approvers.", default="APPROVAL")
    transfer_side: TransferSide = described(
        "Transfer side", "The half of a transfer whose amount decides.", default=TransferSide.DEBIT
    )
    hierarchy: tuple[ApprovalBand, ...] = described(
        "Hierarchy", "Bands of signed amounts without gap or overlap, each with its approvers in order.", default=()
    )

    def band_of(self, minor: int) -> ApprovalBand:
        """The one band that holds a signed amount."""
        return next(band for band in self.hierarchy if band.holds(minor))


def band_problems(hierarchy: Sequence[ApprovalBand], currency: str) -> Iterator[str]:
    """What keeps bands from holding every amount exactly once, in sentences."""
    if not hierarchy:
        yield "it needs at least one band."
        return
    foreign = {end.currency for band in hierarchy for end in (band.low, band.high) if end} - {currency}
    if foreign:
        yield f"its bands are in {currency}, not {', '.join(sorted(foreign))}."
        return
    empty = [band for band in hierarchy if band.first > band.last]
    if empty:
        yield from (f"no amount lies in the band {band}." for band in empty)
        return
    ordered = sorted(hierarchy, key=lambda band: (band.first, band.last))
    if ordered[0].first != -inf:
        yield f"amounts below the band {ordered[0]} lie in no band; leave its lower end out."
    for below, above in pairwise(ordered):
        if above.first <= below.last:
            yield f"the bands {below} and {above} overlap."
        elif above.first > below.last + 1:
            yield f"amounts between the bands {below} and {above} lie in no band."
    if max(band.last for band in hierarchy) != inf:
        yield f"amounts over the band {ordered[-1]} lie in no band; leave its upper end out."
