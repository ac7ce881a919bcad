"""A visit to the counter while it is taken: who is paid for, what is handed over, and the command it becomes.

Plain values and arithmetic in minor units; nothing here waits for anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cashier_app.domain.errors import Problem
from cashier_app.domain.money import Money
from cashier_app.domain.scan_line import MicrLine

if TYPE_CHECKING:
    from cashier_app.services.payments.taking import TakePayment
    from cashier_app.services.queries.accounts import AccountGlance
    from cashier_app.services.queries.till import OfferedTender


NO_AMOUNT = "PAY-104"
NO_REFERENCE = "PAY-102"
STILL_MISSING = "TILL-001"
NOT_YET = "?"
"""Stands in a preview for a number that is not typed yet."""


@dataclass
class Payee:
    """An account that is paid for."""

    glance: AccountGlance
    amount: int | None
    """What it gets; nothing while the field holds no amount."""
    by_hand: dict[int, int | None] | None = None
    """Shares by agreement where somebody places them by hand."""

    @property
    def placed(self) -> dict[int, int]:
        """What was placed by hand on each agreement, those with something only."""
        return {sa_id: share for sa_id, share in (self.by_hand or {}).items() if share}


@dataclass
class TenderLine:
    """A line of what is handed over."""

    kind: OfferedTender
    amount: int | None = None
    reference: str = ""
    micr: str = ""

    @property
    def is_used(self) -> bool:
        """Whether something was handed over in it."""
        return bool(self.amount)


@dataclass
class Visit:
    """One visit: several payees, several tenders, one payor."""

    currency: str
    lines: list[TenderLine]
    payees: list[Payee] = field(default_factory=list)
    payor: AccountGlance | None = None
    """Who pays, where that is not the first payee."""

    @property
    def owed(self) -> int:
        """The sum of what the payees get."""
        return sum(payee.amount or 0 for payee in self.payees)

    @property
    def handed(self) -> int:
        """The sum of what was handed over."""
        return sum(line.amount or 0 for line in self.lines)

    @property
    def change(self) -> int:
        """What goes back; negative is still missing."""
        return self.handed - self.owed

    @property
    def payor_id(self) -> int:
        """Whose tenders these are."""
        return (self.payor or self.payees[0].glance).account_id

    @property
    def is_complete(self) -> bool:
        """Whether every payee has an amount and the tenders cover them."""
        return bool(self.payees) and all(payee.amount for payee in self.payees) and self.change >= 0

    @property
    def proposed_in(self) -> int:
        """The line in which the next tender is proposed: the first that is used, else cash."""
        return next((place for place, line in enumerate(self.lines) if line.is_used), 0)

    def begin_tender(self, place: int) -> int:
        """What is missing is to come in this line, or in another of its kind once it is complete; gives which."""
        line = self.lines[place]
        if line.kind.needs_reference and line.is_used and line.reference and self.change < 0:
            place += 1
            self.lines.insert(place, TenderLine(line.kind))
        # Exact cash that nobody typed gives way when another kind is chosen.
        first = self.lines[0]
        if place and first.is_used and self.handed == first.amount == self.owed:
            first.amount = None
        return place

    def propose(self, place: int) -> None:
        """Put what is missing into a line that holds nothing yet."""
        line = self.lines[place]
        if not line.is_used:
            line.amount = self.rest_for(line) or None

    def lay_check(self, check: MicrLine) -> None:
        """A check was read: it pays, with its number."""
        line = next((line for line in self.lines if line.kind.gives_change and line.kind.needs_reference), None)
        if line is not None:
            line.reference = check.check_number
            line.micr = f"{check.routing_number} {check.account_number}"
            line.amount = check.amount or self.owed or None

    def hindrance(self) -> tuple[Problem, str] | None:
        """What is certain to be refused, and where the answer is typed."""
        if not self.owed:
            return Problem(NO_AMOUNT, "", "payments"), "amount"
        if not self.is_complete:
            return Problem(STILL_MISSING, "", "tenders"), f"tender {self.proposed_in}"
        for place, line in enumerate(self.lines):
            if line.is_used and line.kind.needs_reference and not line.reference:
                return Problem(NO_REFERENCE, "", f"tenders.{place}.reference"), f"reference {place}"
        return None

    def rest_for(self, line: TenderLine) -> int:
        """What this tender would have to be for everything to be covered."""
        return max(0, self.owed - self.handed + (line.amount or 0))

    def command(self) -> TakePayment:
        """The command that takes this visit's money."""
        return self._command(self._used())

    def trial(self, cash: str) -> TakePayment:
        """The command to preview: as it stands, or as exact cash while the tenders do not cover the payments yet."""
        if self.is_complete:
            # A number that is still to be typed must not hide what else there is to say.
            return self._command([replace(line, reference=line.reference or NOT_YET) for line in self._used()])
        exact = next(line.kind for line in self.lines if line.kind.code == cash)
        return self._command([TenderLine(exact, self.owed)])

    def _used(self) -> list[TenderLine]:
        return [line for line in self.lines if line.is_used]

    def _command(self, lines: list[TenderLine]) -> TakePayment:
        from cashier_app.services.payments.distribution import PaymentIn, SegmentIn  # noqa: PLC0415
        from cashier_app.services.payments.taking import TakePayment, TenderIn  # noqa: PLC0415

        def money(minor: int | None) -> Money:
            return Money(minor or 0, self.currency)

        return TakePayment(
            payor_account_id=self.payor_id,
            tenders=tuple(
                TenderIn(
                    tender_type=line.kind.code, amount=money(line.amount), reference=line.reference, micr=line.micr
                )
                for line in lines
            ),
            payments=tuple(
                PaymentIn(
                    account_id=payee.glance.account_id,
                    amount=money(payee.amount),
                    segments=tuple(
                        SegmentIn(sa_id=sa_id, amount=money(share)) for sa_id, share in payee.placed.items()
                    ),
                )
                for payee in self.payees
            ),
        )
