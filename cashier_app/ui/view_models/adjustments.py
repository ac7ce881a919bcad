"""The adjustments of an account: what there is, what may be added, what can be done with one (R adjustments 6.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

from cashier_app.domain.adjustment_types import AdjustmentCancelReason, Characteristic
from cashier_app.domain.errors import Problem
from cashier_app.domain.lifecycles import AdjustmentStatus
from cashier_app.domain.money import Money
from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.freezing import FreezeAdjustment
from cashier_app.services.adjustments.generating import GenerateAdjustment
from cashier_app.services.adjustments.transfers import TransferBalance
from cashier_app.services.approvals.submitting import SubmitForApproval
from cashier_app.services.queries.accounts import AccountGlance, AgreementRow, account_at_a_glance
from cashier_app.services.queries.adjustment_offers import TypeOffer, offers
from cashier_app.services.queries.adjustments import AdjustmentEntry, Way, adjustments_of_account, waiting_adjustments
from cashier_app.services.queries.search import Found, find
from cashier_app.ui.backend import touches
from cashier_app.ui.view_models.account_form import Codes
from cashier_app.ui.view_models.desk import Desk, Screen
from cashier_app.ui.view_models.walked import Walked

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.door import Outcome
    from cashier_app.services.kernel.store import Store

RIGHTS: Final = {
    Way.GENERATE: "AddAdjustment",
    Way.FREEZE: "AddAdjustment",
    Way.SUBMIT: "AddAdjustment",
    Way.DELETE: "AddAdjustment",
    Way.CANCEL: "CancelAdjustment",
}
"""The right behind each thing that can be done."""
_CANDIDATES: Final = 8

Then = Callable[[AdjustmentStatus], None]
"""Told how far the adjustment went."""


class Said(TypedDict):
    """What a new adjustment says of itself beside its amount."""

    adjustment_type: str
    arrears_date: date | None
    accounting_date: date | None
    reference: str | None
    comment: str
    characteristics: tuple[Characteristic, ...]
    finish: AdjustmentFinish


def cancel_reasons(_store: Store, config: Configuration) -> Codes:
    """Why an adjustment may be taken back."""
    found = config.all(AdjustmentCancelReason).values()
    return tuple((reason.code, reason.description or reason.code) for reason in found)


class Adjustments(Screen):
    """The adjustments of one account, or of nobody."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "account", "configuration")
        self.account_id: int | None = None
        self.entries: Walked[AdjustmentEntry] = Walked(self, adjustments_of_account, lambda row: row.adjustment_id)
        self.waiting = 0
        """How many of them count for nothing yet."""
        self.offers: Mapping[int, tuple[TypeOffer, ...]] = {}
        """What each agreement takes."""
        self.reasons: Codes = ()
        self.found: tuple[Found, ...] = ()
        """Accounts that a transfer may go to."""
        self.target: AccountGlance | None = None
        """The one it goes to."""
        self.sending = desk.sending()

    # -- what is shown

    def show(self, account_id: int | None) -> None:
        """Show an account, or nobody."""
        if account_id != self.account_id:
            self.entries.clear()
            self.waiting, self.offers, self.found, self.target = 0, {}, (), None
            self.notify()
        self.account_id = account_id
        self.sending.forget()
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        if self.account_id is None:
            self.notify()
            return
        today = self.desk.backend.business_date
        self.entries.begin(self.account_id, today)
        self.ask(self._show_waiting, waiting_adjustments, self.account_id)
        self.ask(self._show_offers, offers, self.account_id, today)
        self.ask(self._show_reasons, cancel_reasons)

    def concerned_by(self, changes: frozenset[tuple[str, int]]) -> bool:
        """This account, and the rules."""
        return touches(changes, "configuration") or touches(changes, "account", key=self.account_id)

    def may(self, entry: AdjustmentEntry | None, way: Way) -> bool:
        """Whether something can be done with one, and by whoever is signed in."""
        return entry is not None and way in entry.ways and self.desk.may(RIGHTS[way])

    def offered(self, sa_id: int, *, transfers: bool) -> tuple[TypeOffer, ...]:
        """The types that an agreement takes: those that move a balance, or the others."""
        return tuple(offer for offer in self.offers.get(sa_id, ()) if offer.transfer is transfers)

    # -- what can be done

    def add(self, agreement: AgreementRow | None, amount: int | None, then: Then, **said: Unpack[Said]) -> None:
        """Charge or credit an agreement."""
        if agreement is None:
            self.sending.refuse(Problem("CUS-011", "Choose the agreement that is charged or credited.", "sa_id"))
            return
        command = AddAdjustment(
            sa_id=agreement.sa_id, amount=None if amount is None else Money(amount, agreement.currency), **said
        )
        self.sending.send(command, _status(then), f"Adjustment on {agreement.description}")

    def look_up(self, text: str) -> None:
        """Find accounts that a transfer may go to; exactly one is taken at once."""
        if text.strip():
            self.ask(self._show_found, find, text.strip(), _CANDIDATES)

    def aim(self, account_id: int) -> None:
        """Let the transfer go to this account."""
        self.found = ()
        self.ask(self._show_target, account_at_a_glance, account_id, self.desk.backend.business_date)

    def transfer(  # noqa: PLR0917  # the fields of a form
        self,
        origin: AgreementRow | None,
        to_sa_id: int,
        adjustment_type: str,
        amount: int | None,
        comment: str,
        then: Then,
    ) -> None:
        """Move a credit from an agreement to another."""
        if origin is None or not to_sa_id or amount is None:
            field = "from_sa_id" if origin is None else "to_sa_id" if not to_sa_id else "amount"
            self.sending.refuse(Problem("CUS-011", "Say from where, to where, and how much.", field))
            return
        command = TransferBalance(
            from_sa_id=origin.sa_id,
            to_sa_id=to_sa_id,
            adjustment_type=adjustment_type,
            amount=Money(amount, origin.currency),
            comment=comment.strip(),
        )
        self.sending.send(command, _status(then), f"Transfer from {origin.description}")

    def generate(self, entry: AdjustmentEntry, amount: int | None, accounting_date: date | None, then: Then) -> None:
        """Work it out, or work it out again; without a date, for today's books."""
        money = None if amount is None else Money(amount, entry.currency)
        command = GenerateAdjustment(adjustment_id=entry.adjustment_id, amount=money, accounting_date=accounting_date)
        self.sending.send(command, _status(then))

    def freeze(self, entry: AdjustmentEntry, accounting_date: date | None, then: Callable[[], None]) -> None:
        """Let it count from now on."""
        command = FreezeAdjustment(adjustment_id=entry.adjustment_id, accounting_date=accounting_date)
        self.sending.send(command, lambda _outcome: then())

    def submit(self, entry: AdjustmentEntry, then: Callable[[tuple[str, ...]], None]) -> None:
        """Ask for its approval; `then` is told the roles that approve it, none where it counts already."""
        command = SubmitForApproval(adjustment_id=entry.adjustment_id)
        self.sending.send(command, lambda outcome: then(outcome.result.roles))

    def delete(self, entry: AdjustmentEntry, then: Callable[[], None]) -> None:
        """Delete what never counted."""
        self.sending.send(DeleteAdjustment(adjustment_id=entry.adjustment_id), lambda _outcome: then())

    def cancel(self, adjustment_id: int, reason: str, accounting_date: date | None, then: Callable[[], None]) -> None:
        """Take one back; without a date, in today's books."""
        command = CancelAdjustment(adjustment_id=adjustment_id, reason=reason, accounting_date=accounting_date)
        self.sending.send(command, lambda _outcome: then())

    # -- answers

    def _show_waiting(self, count: int) -> None:
        self.waiting = count
        self.notify()

    def _show_offers(self, found: Mapping[int, tuple[TypeOffer, ...]]) -> None:
        self.offers = found
        self.notify()

    def _show_reasons(self, reasons: Codes) -> None:
        self.reasons = reasons
        self.notify()

    def _show_found(self, found: tuple[Found, ...]) -> None:
        self.found = found
        if not found:
            self.sending.refuse(Problem("CUS-010", "Nobody is found by this; try the account number.", "search"))
        elif len(found) == 1:
            self.aim(found[0].account_id)
        self.notify()

    def _show_target(self, glance: AccountGlance) -> None:
        self.target = glance
        self.ask(self._join_offers, offers, glance.account_id, self.desk.backend.business_date)
        self.notify()

    def _join_offers(self, found: Mapping[int, tuple[TypeOffer, ...]]) -> None:
        self.offers = {**self.offers, **found}
        self.notify()


def _status(then: Then) -> Callable[[Outcome], None]:
    def told(outcome: Outcome) -> None:
        then(outcome.result.status)

    return told
