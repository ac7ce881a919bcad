"""Giving a payment to somebody else: one target, the whole event, or shares of several accounts (R payments 1.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cashier_app.domain.errors import CashierError, Problem
from cashier_app.domain.figures import Figure, FigureKind, figure
from cashier_app.domain.money import Money
from cashier_app.services.payments.distribution import PaymentIn
from cashier_app.services.payments.transfer import PaymentTransferred, TransferPayment
from cashier_app.services.queries.events import PaymentRow
from cashier_app.services.queries.search import Found, find
from cashier_app.ui.view_models.desk import Desk, Screen
from cashier_app.ui.view_models.event import agreements_for_placing

if TYPE_CHECKING:
    from cashier_app.services.kernel.freshness import Seen


@dataclass(frozen=True, slots=True)
class Target:
    """An account that is to get a share, in minor units."""

    account_id: int
    number: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a share would go."""

    name: str
    agreement: str
    amount: int
    figure: Figure
    """What decides it."""


class Targets(Screen):
    """Accounts that share an amount: found by number or name, added, given amounts that must add up."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.total = 0
        self.currency = ""
        self.targets: list[Target] = []
        self.found: tuple[Found, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        self.preview: tuple[Placed, ...] = ()
        self.preview_problem = ""
        self._edition = 0

    def start(self, total: int, currency: str) -> None:
        """Share out this amount from nothing."""
        self.total, self.currency = total, currency
        self.targets, self.found, self.problems, self.preview, self.preview_problem = [], (), (), (), ""
        self._edition += 1
        self.notify()

    def refresh(self) -> None:
        """Nothing of its own to look at."""

    @property
    def left(self) -> int:
        """What is not given to anybody yet."""
        return self.total - sum(target.amount for target in self.targets)

    def look_up(self, text: str) -> None:
        """Find accounts to give something to; exactly one is added at once."""
        self.ask(self._show_found, find, text.strip(), 8)

    def add(self, found: Found) -> None:
        """Give what is left to this account, too."""
        self.found, self.problems = (), ()
        if all(target.account_id != found.account_id for target in self.targets):
            self.targets.append(Target(found.account_id, found.number, found.name, max(0, self.left)))
        self.notify()

    def give(self, account_id: int, amount: int) -> None:
        """Change a share."""
        changed = [replace(t, amount=amount) if t.account_id == account_id else t for t in self.targets]
        if changed != self.targets:
            self.targets = changed
            self.notify()

    def drop(self, account_id: int) -> None:
        """Give this account nothing after all."""
        self.targets = [target for target in self.targets if target.account_id != account_id]
        self.notify()

    def _show_found(self, found: tuple[Found, ...]) -> None:
        self.problems = ()
        if not found:
            self.problems = (Problem("CUS-010", "Nobody is found by this; try the account number.", "search"),)
        if len(found) == 1:
            self.add(found[0])
            return
        self.found = found
        self.notify()


class Transfer(Targets):
    """A payment and its new targets, with the distribution they would get."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.payment: PaymentRow | None = None
        self.sending = desk.sending()

    def start_with(self, payment: PaymentRow, currency: str) -> None:
        """Transfer this payment."""
        self.payment = payment
        self.sending.forget()
        self.start(payment.amount, currency)

    def command(self, reason: str, *, whole_event: bool, freeze: bool) -> TransferPayment:
        """The transfer as it stands."""
        assert self.payment is not None, "a payment is transferred"
        return TransferPayment(
            payment_id=self.payment.payment_id,
            targets=tuple(
                PaymentIn(account_id=target.account_id, amount=Money(target.amount, self.currency))
                for target in self.targets
            ),
            reason=reason,
            whole_event=whole_event,
            freeze=freeze,
        )

    def show_preview(self, command: TransferPayment) -> None:
        """Say where the money would go, by the real command taken back."""
        self._edition += 1
        if not self.targets or self.left:
            self.preview, self.preview_problem = (), ""
            self.notify()
            return
        self.desk.backend.tasks.start(self._preview(command, self._edition))

    def send(self, command: TransferPayment, then: Callable[[Any], None], seen: Seen | None = None) -> None:
        """Transfer what was seen."""
        self.sending.send(command, then, "Transfer a payment", seen=seen)

    async def _preview(self, command: TransferPayment, edition: int) -> None:
        backend = self.desk.backend
        placed: tuple[Placed, ...] = ()
        problem = ""
        try:
            outcome = await backend.preview(command)
            names = {
                row.sa_id: row.description
                for target in self.targets
                for row in await backend.query(agreements_for_placing, target.account_id, backend.business_date)
            }
            placed = self._placed(outcome.result, names)
        except CashierError as refused:
            problem = " ".join(each.sentence for each in refused.problems)
        if edition == self._edition:
            self.preview, self.preview_problem = placed, problem
            self.notify()

    def _placed(self, transferred: PaymentTransferred, agreements: dict[int, str]) -> tuple[Placed, ...]:
        names = {target.account_id: target.name for target in self.targets}
        return tuple(
            Placed(
                names.get(payment.account_id, ""),
                agreements.get(segment.sa_id, ""),
                segment.amount.minor,
                figure(FigureKind.SHARE, payment.account_id, segment.sa_id, segment.amount.minor),
            )
            for payment in transferred.payments
            for segment in payment.segments
        )
