"""The oracle: what operators were told, and where cash and checks physically are. It never asks the database.

Everything here changes only when a command was acknowledged, or when hands moved money.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cashier_app.domain.lifecycles import ControlStatus, PaymentStatus, TurnInStatus
from cashier_app.simulation.accountant import Accountant

CASH = "CASH"
TAKEN = frozenset({PaymentStatus.FROZEN, PaymentStatus.RECORDED})
"""A payment is final: at a branch it is only recorded (decision 18)."""


@dataclass(frozen=True)
class Staff:
    """Who works on a machine."""

    cashiers: Mapping[str, str]
    """The drawer of each."""
    supervisors: tuple[str, ...]
    back_office: str = ""
    not_blind: str = ""
    """The cashier whose drawer is counted with open eyes."""
    branch: bool = False
    """The machine is a branch's: it records, the server books."""


@dataclass(eq=False)
class Deposit:
    """A deposit control as the head cashier sees it."""

    id: int
    status: ControlStatus = ControlStatus.OPEN
    received: int = 0
    """Turned in and counted by the head cashier."""
    on_slips: int = 0


@dataclass(eq=False)
class Drawer:
    """A drawer during one balancing period."""

    id: int
    source: str
    owner: str
    deposit: Deposit
    starting: int
    status: ControlStatus = ControlStatus.OPEN
    holds: Counter[str] = field(default_factory=Counter)
    """What lies in it, by tender type, in cents."""
    unbooked: Counter[str] = field(default_factory=Counter)
    """How much of that nobody has booked: what was found (positive) or went missing."""
    counted: dict[str, int] = field(default_factory=dict)
    """The last closing count."""

    @property
    def expected(self) -> dict[str, int]:
        """What the books must say it holds."""
        codes = sorted({*self.holds, *self.unbooked})
        found = {code: self.holds[code] - self.unbooked[code] for code in codes}
        return {code: amount for code, amount in found.items() if amount}

    @property
    def brings(self) -> int:
        """What goes to the bank once it is balanced."""
        return sum(self.counted.values()) - self.starting


@dataclass(eq=False)
class HandedOver:
    """A tender."""

    id: int
    tender_type: str
    amount: int
    drawer: Drawer
    is_change: bool = False
    valid: bool = True


@dataclass(eq=False)
class Given:
    """A payment."""

    id: int
    account: int
    amount: int
    status: PaymentStatus

    @property
    def is_taken(self) -> bool:
        """Final, and not canceled."""
        return self.status in TAKEN


@dataclass(eq=False)
class Visit:
    """A payment event."""

    id: int
    payor: int
    by: str
    tenders: list[HandedOver]
    payments: list[Given]
    receipt: str | None
    prints: list[tuple[int, int]] = field(default_factory=list)
    """Receipts that came out of the printer: the print and which copy it is."""
    failed_print: int = 0
    """The last that did not come out, and was noted."""

    @property
    def next_copy(self) -> int:
        """What the next print of the receipt is: the original, as long as none has come out."""
        copies = [copy for _, copy in self.prints]
        return max(copies) + 1 if 0 in copies else 0

    @property
    def valid(self) -> list[HandedOver]:
        """Tenders that were not canceled."""
        return [tender for tender in self.tenders if tender.valid]

    @property
    def live(self) -> list[Given]:
        """Payments that were not canceled."""
        return [payment for payment in self.payments if payment.status is not PaymentStatus.CANCELED]

    @property
    def unbalanced_by(self) -> int:
        """Valid tenders less live payments."""
        return sum(tender.amount for tender in self.valid) - sum(payment.amount for payment in self.live)

    @property
    def is_untouched(self) -> bool:
        """Nothing of it was frozen or canceled."""
        final = {*TAKEN, PaymentStatus.CANCELED}
        no_payment_is_final = not any(payment.status in final for payment in self.payments)
        return self.receipt is None and no_payment_is_final and len(self.valid) == len(self.tenders)

    @property
    def is_finished(self) -> bool:
        """Balanced, and every live payment frozen."""
        return not self.unbalanced_by and all(payment.is_taken for payment in self.live)

    @property
    def drawers(self) -> list[Drawer]:
        """Where its tenders lie."""
        return list({tender.drawer.id: tender.drawer for tender in self.tenders}.values())


@dataclass(eq=False)
class HandedIn:
    """A turn-in."""

    id: int
    drawer: Drawer
    tender_type: str
    amount: int
    by: str
    status: TurnInStatus = TurnInStatus.PENDING


class Customer(NamedTuple):
    """Somebody with an account."""

    account: int
    agreements: tuple[int, ...]
    charge: int
    """What all agreements owe at first, in cents."""


class Moved(NamedTuple):
    """A payment that became final, or was taken back."""

    event: int
    payment: int
    account: int
    amount: int
    back: bool
    name: str = ""
    """Whom the operator saw under the account, where that is not always the same."""


class Told(NamedTuple):
    """What the operator saw after a command."""

    command_id: str
    name: str
    result: str
    moved: tuple[Moved, ...] = ()
    """Payments that it made final or took back."""


@dataclass
class World:
    """Everything outside the database, since the machine was set up."""

    customers: list[Customer]
    owed: dict[int, int]
    """By account, what the operators' papers say it owes."""
    deposits: list[Deposit] = field(default_factory=list)
    drawers: list[Drawer] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    turn_ins: list[HandedIn] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    """Whose accounts are those that may be another's one day."""
    accountant: Accountant = field(default_factory=Accountant)
    moved: list[Moved] = field(default_factory=list)
    """Payments that the last command made final or took back."""
    touched_drawers: dict[int, Drawer] = field(default_factory=dict)
    touched_visits: dict[int, Visit] = field(default_factory=dict)
    touched_accounts: dict[int, None] = field(default_factory=dict)

    def touch(self, *things: Drawer | Visit) -> None:
        """Remember what the step concerned, for the checks after it."""
        for thing in things:
            if isinstance(thing, Drawer):
                self.touched_drawers[thing.id] = thing
            else:
                self.touched_visits[thing.id] = thing
                self.touch(*thing.drawers)

    def owes(self, account: int, change: int) -> None:
        """An account owes more or less; house accounts are on nobody's paper."""
        if account in self.owed:
            self.owed[account] += change
            self.touched_accounts[account] = None

    def put_in(self, tenders: Iterable[HandedOver]) -> None:
        """Hands put tenders into drawers, or take change out."""
        for tender in tenders:
            tender.drawer.holds[tender.tender_type] += tender.amount
            self.touch(tender.drawer)

    def take_back(self, visit: Visit, tenders: Iterable[HandedOver], *, returned: bool) -> None:
        """Tenders were canceled: what is still in an uncounted drawer goes back to the customer.

        Change that went out with a returned check stays with the customer, who is charged for it.
        """
        for tender in tenders:
            tender.valid = False
            stays = tender.drawer.status is ControlStatus.BALANCED or (returned and tender.is_change)
            if not stays:
                tender.drawer.holds[tender.tender_type] -= tender.amount
        self.touch(visit)

    def froze(self, visit: Visit, payments: Iterable[Given]) -> None:
        """Payments became final."""
        for payment in payments:
            if not payment.is_taken:
                payment.status = PaymentStatus.FROZEN
            self.owes(payment.account, -payment.amount)
            self._move(visit, payment, back=False)
        self.touch(visit)

    def canceled(self, visit: Visit, payments: Iterable[Given]) -> None:
        """Frozen payments were taken back."""
        for payment in payments:
            payment.status = PaymentStatus.CANCELED
            self.owes(payment.account, payment.amount)
            self._move(visit, payment, back=True)
        self.touch(visit)

    def _move(self, visit: Visit, payment: Given, *, back: bool) -> None:
        name = self.names.get(payment.account, "")
        self.moved.append(Moved(visit.id, payment.id, payment.account, payment.amount, back, name))

    def drawer_of(self, user: str, status: ControlStatus = ControlStatus.OPEN) -> Drawer | None:
        """The live drawer of a user."""
        return next((d for d in reversed(self.drawers) if d.owner == user and d.status is status), None)

    def drawers_without_owner(self, staff: Staff) -> list[Drawer]:
        """Open drawers in the name of somebody who has no usual one."""
        return [d for d in self.drawers if d.owner not in staff.cashiers and d.status is ControlStatus.OPEN]

    @property
    def open_deposit(self) -> Deposit | None:
        """The deposit that new drawers go to: the one opened last."""
        return next((each for each in reversed(self.deposits) if each.status is ControlStatus.OPEN), None)

    def brought_to(self, deposit: Deposit) -> int:
        """What lies ready for the bank; nothing where drawers paid out more than they took."""
        balanced = [d for d in self.drawers if d.deposit is deposit and d.status is ControlStatus.BALANCED]
        return max(sum(drawer.brings for drawer in balanced) + deposit.received, 0)
