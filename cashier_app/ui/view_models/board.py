"""The supervisor's board: every drawer as it is now, and what a supervisor may do to one (row A7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cashier_app.domain.configuration import Currency
from cashier_app.domain.money import Money
from cashier_app.services.cashiering.drawer_balancing import ForceCloseDrawer, ReopenTenderControl
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn
from cashier_app.services.papers.printing import Reader, drawer_report_data
from cashier_app.services.queries.board import DrawerCard, PendingTurnIn, drawer_board
from cashier_app.services.queries.window import Dated, dated
from cashier_app.ui.view_models.counting import CountedDenomination
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store

Then = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class CountingFacts:
    """How a drawer is counted: its cash by denomination, everything else by amount."""

    cash_type: str
    denominations: tuple[CountedDenomination, ...]
    labels: Mapping[int, str]
    """Label by value, as a count names denominations."""


def counting_facts(_store: Store, config: Configuration, currency: str) -> CountingFacts:
    """Denominations of a currency and the tender type in which floats are held."""
    found = config.get(Currency, currency).denominations
    return CountingFacts(
        config.installation.starting_tender_type,
        tuple(
            CountedDenomination(value=each.value, name=each.label, coin=each.coin, packed=each.roll) for each in found
        ),
        {each.value: each.label for each in found},
    )


def x_report_page(store: Store, config: Configuration, control_id: int, reader: Reader) -> bytes:
    """The X report as it would print now."""
    # Imported late: the drawing library costs more than the whole board.
    from cashier_app.documents.drawer_report import render_drawer_report  # noqa: PLC0415

    return render_drawer_report(drawer_report_data(store, config, control_id, reader))


class Board(Screen):
    """The cards, and which of them the actions are about."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "tender_control", "event", "deposit_control", "configuration")
        self.cards: tuple[DrawerCard, ...] = ()
        self.chosen_id: int | None = None
        self.sending = desk.sending()
        self.sending.stale.connect(self.told)

    def refresh(self) -> None:
        """Look again at every drawer."""
        backend = self.desk.backend
        may_see = self.desk.may("see-expected")
        self.ask(self._show, dated(drawer_board), backend.business_date, may_see_expected=may_see)

    @property
    def chosen(self) -> DrawerCard | None:
        """The drawer the actions are about."""
        return next((card for card in self.cards if card.tender_control_id == self.chosen_id), None)

    def choose(self, control_id: int) -> None:
        """Make a drawer the one the actions are about."""
        self.chosen_id = control_id
        self.sending.forget()
        self.notify()

    @property
    def pending(self) -> tuple[PendingTurnIn, ...]:
        """Turn-ins that wait, of the chosen drawer, or of all where none of its own wait."""
        chosen = self.chosen
        if chosen is not None and chosen.pending_turn_ins:
            return chosen.pending_turn_ins
        return tuple(turn_in for card in self.cards for turn_in in card.pending_turn_ins)

    def receive(self, turn_in_id: int, then: Then) -> None:
        """Take over what a cashier handed in."""
        self.sending.send(ReceiveTurnIn(turn_in_id=turn_in_id), then, "Receive a turn-in")

    def reopen(self, reason: str, then: Then) -> None:
        """Open the chosen drawer again."""
        command = ReopenTenderControl(tender_control_id=self._control(), reason=reason)
        self.sending.send(command, then, "Reopen a drawer", seen=self.seen(("tender_control", self._control())))

    def force_close(
        self, pieces: Mapping[int, int], amounts: Mapping[str, int], facts: CountingFacts, reason: str, then: Then
    ) -> None:
        """Close the chosen drawer for its owner: pieces by denomination's value, amounts by tender type."""
        currency = self._card().currency
        count = [
            Counted(tender_type=facts.cash_type, denomination=facts.labels[value], pieces=number)
            for value, number in pieces.items()
        ]
        count += [Counted(tender_type=code, amount=Money(amount, currency)) for code, amount in amounts.items()]
        if not pieces and facts.cash_type not in amounts:
            count.append(Counted(tender_type=facts.cash_type, amount=Money(0, currency)))
        command = ForceCloseDrawer(tender_control_id=self._control(), count=tuple(count), reason=reason)
        self.sending.send(command, then, "Force-close a drawer", seen=self.seen(("tender_control", self._control())))

    def read_counting(self, then: Callable[[CountingFacts], None]) -> None:
        """How the chosen drawer is counted."""
        self.ask(then, counting_facts, self._card().currency)

    def x_report(self, then: Callable[[bytes], None]) -> None:
        """The X report of the chosen drawer."""
        backend = self.desk.backend
        reader = Reader(
            name=backend.user.name if backend.user else "",
            now=backend.now,
            may_see_expected=self.desk.may("see-expected"),
        )
        self.ask(then, x_report_page, self._control(), reader)

    def _show(self, found: Dated[tuple[DrawerCard, ...]]) -> None:
        self.cards, self.shown_at = found.answer, found.cursor
        if self.chosen is None:
            self.chosen_id = self.cards[0].tender_control_id if self.cards else None
        self.notify()

    def _card(self) -> DrawerCard:
        card = self.chosen
        assert card is not None, "a drawer is chosen"
        return card

    def _control(self) -> int:
        return self._card().tender_control_id
