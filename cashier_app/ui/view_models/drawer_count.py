"""Counting a drawer: cash by denomination, checks ticked off one by one; what it becomes as a count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cashier_app.domain.money import Money
from cashier_app.ui.view_models.counting import CountedDenomination, Counting
from cashier_app.ui.view_models.observable import Observable

if TYPE_CHECKING:
    from cashier_app.domain.configuration import Denomination
    from cashier_app.services.cashiering.drawer_counts import Counted
    from cashier_app.services.queries.till import TenderToTick


def counting_of(denominations: Sequence[Denomination]) -> Counting:
    """Nothing counted yet of a currency's notes and coin."""
    return Counting(
        [
            CountedDenomination(value=each.value, name=each.label, coin=each.coin, packed=each.roll)
            for each in denominations
        ]
    )


def counted_cash(
    counting: Counting, cash: str, currency: str, denominations: Sequence[Denomination]
) -> tuple[Counted, ...]:
    """Cash by denomination as commands take it; an empty drawer is a count too."""
    from cashier_app.services.cashiering.drawer_counts import Counted  # noqa: PLC0415

    pieces = counting.by_value()
    lines = tuple(
        Counted(tender_type=cash, denomination=each.label, pieces=pieces[each.value])
        for each in denominations
        if pieces.get(each.value)
    )
    return lines or (Counted(tender_type=cash, amount=Money(0, currency)),)


class DrawerCount(Observable):
    """A count of one drawer while it is made."""

    def __init__(
        self, cash: str, currency: str, denominations: Sequence[Denomination], listed: Sequence[TenderToTick]
    ) -> None:
        super().__init__()
        self.cash, self.currency = cash, currency
        self.listed = tuple(listed)
        """Tenders on paper that must lie in the drawer."""
        self.counting = counting_of(denominations)
        self._denominations = tuple(denominations)
        self._there: set[int] = set()
        self.counting.changed.connect(self.notify)

    def tick(self, tender_id: int, *, there: bool) -> None:
        """A tender is there, or is not after all."""
        (self._there.add if there else self._there.discard)(tender_id)
        self.notify()

    def is_there(self, tender_id: int) -> bool:
        """Whether it was ticked off."""
        return tender_id in self._there

    @property
    def missing(self) -> int:
        """How many tenders on paper are not ticked off yet."""
        return sum(not self.is_there(tender.tender_id) for tender in self.listed)

    @property
    def totals(self) -> dict[str, int]:
        """What was found by tender type, cash first."""
        sums = {self.cash: self.counting.total}
        for tender in self.listed:
            found = tender.amount if self.is_there(tender.tender_id) else 0
            sums[tender.tender_type] = sums.get(tender.tender_type, 0) + found
        return sums

    def lines(self) -> tuple[Counted, ...]:
        """The count as the command takes it."""
        from cashier_app.services.cashiering.drawer_counts import Counted  # noqa: PLC0415

        papers = (
            Counted(tender_type=kind, amount=Money(amount, self.currency))
            for kind, amount in self.totals.items()
            if kind != self.cash
        )
        return (*counted_cash(self.counting, self.cash, self.currency, self._denominations), *papers)
