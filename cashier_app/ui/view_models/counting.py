"""Counting cash: pieces by denomination, loose and packed, that add up as they are typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from cashier_app.ui.view_models.observable import Observable


@dataclass(frozen=True, slots=True)
class CountedDenomination:
    """A note or coin that can be counted."""

    value: int
    """Minor units of one piece."""
    name: str = ""
    """What people call it; empty shows the value."""
    coin: bool = False
    packed: int = 0
    """Pieces in a roll of coin or a bundle of notes; 0 where there are none."""


class Counting(Observable):
    """How many pieces of each denomination were counted. An untouched row counts as none."""

    def __init__(self, denominations: Sequence[CountedDenomination]) -> None:
        super().__init__()
        self.denominations = tuple(denominations)
        self._loose = [0] * len(self.denominations)
        self._packs = [0] * len(self.denominations)

    @property
    def total(self) -> int:
        """Minor units counted so far."""
        return sum(self.amount(row) for row in range(len(self.denominations)))

    def amount(self, row: int) -> int:
        """Minor units of one denomination."""
        return self.pieces(row) * self.denominations[row].value

    def pieces(self, row: int) -> int:
        """Pieces of one denomination, the packed ones included."""
        return self._loose[row] + self._packs[row] * self.denominations[row].packed

    def loose(self, row: int) -> int:
        """Loose pieces of one denomination."""
        return self._loose[row]

    def packs(self, row: int) -> int:
        """Rolls or bundles of one denomination."""
        return self._packs[row]

    def by_value(self) -> dict[int, int]:
        """Pieces by the value of the denomination, those counted only: what a command carries."""
        return {
            denomination.value: self.pieces(row)
            for row, denomination in enumerate(self.denominations)
            if self.pieces(row)
        }

    def count(self, row: int, *, loose: int | None = None, packs: int | None = None) -> None:
        """Set what was counted of one denomination."""
        assert min(loose or 0, packs or 0) >= 0, "pieces are counted, never owed"
        if loose is not None:
            self._loose[row] = loose
        if packs is not None:
            assert self.denominations[row].packed or not packs, "only packed denominations come in packs"
            self._packs[row] = packs
        self.notify()

    def clear(self) -> None:
        """Count again from nothing."""
        self._loose = [0] * len(self.denominations)
        self._packs = [0] * len(self.denominations)
        self.notify()
