"""The oracle of the server: what its ledger must say, from what has arrived there and what its own people did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cashier_app.simulation.world import Moved

NOBODY = 0
"""Whose the money is that nobody could be found for."""


@dataclass
class Books:
    """Balances and live payments on paper, and how many commands of each branch have arrived."""

    owed: dict[int, int]
    """By account."""
    events: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)
    """Account and amount of the payments that are booked and not taken back, by event."""
    names: dict[int, str] = field(default_factory=dict)
    """Whose account it is, of those opened since the server was delivered."""
    suspended: int = 0
    """What was paid for accounts that the server does not know any more."""
    arrived: dict[int, int] = field(default_factory=dict)
    """By the branch's node."""
    alarms: int = 0
    """Entries on the work list that tell of forged deliveries."""
    touched: dict[int, None] = field(default_factory=dict)
    """Accounts whose balance changed since it was checked last."""

    def open(self, account: int, name: str) -> None:
        """Somebody new, who owes nothing."""
        self.owed[account] = 0
        self.names[account] = name

    def owes(self, account: int, change: int) -> None:
        """An account owes more or less; house accounts are on nobody's paper."""
        if account in self.owed:
            self.owed[account] += change
            self.touched[account] = None

    def arrive(self, moved: Iterable[Moved]) -> None:
        """A branch's command arrived; what it takes back is all that lives of the event, whoever got it meanwhile."""
        for move in moved:
            if move.back:
                self.take_back(move.event)
            elif self.names.get(move.account, "") == move.name and move.account in self.owed:
                self.put(move.event, {move.payment: (move.account, move.amount)})
            else:
                self.put(move.event, {move.payment: (NOBODY, move.amount)})
                self.suspended += 1

    def put(self, event: int, payments: Mapping[int, tuple[int, int]]) -> None:
        """Payments are booked."""
        self.events.setdefault(event, {}).update(payments)
        for account, amount in payments.values():
            self.owes(account, -amount)

    def take_back(self, event: int, *payments: int) -> None:
        """Payments of an event are reversed, all where none is named."""
        live = self.events.get(event, {})
        for payment in payments or tuple(live):
            account, amount = live.pop(payment)
            self.owes(account, amount)

    def copy(self) -> Books:
        """As they are now, for a backup."""
        events = {event: dict(live) for event, live in self.events.items()}
        return Books(dict(self.owed), events, dict(self.names), self.suspended, dict(self.arrived), self.alarms)
