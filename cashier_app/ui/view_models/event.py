"""One payment event: what was handed over, whom it paid, and what can still be done about either (rows B1, B4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cashier_app.documents.endorsement import EndorsementData, render_endorsement, render_stub_validation
from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.configuration import BankAccount, PayCancelReason
from cashier_app.domain.errors import CashierError
from cashier_app.domain.money import Money
from cashier_app.services.papers.printing import (
    Reader,
    endorsement_data,
    endorsement_job,
    receipt_data,
    receipt_pdf,
    stub_job,
    stub_validation_data,
)
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender, TenderCanceled
from cashier_app.services.payments.distribution import Finish, PaymentIn, SegmentIn
from cashier_app.services.payments.event_editing import (
    AddPayments,
    DeleteEvent,
    DistributeEvent,
    FreezeEvent,
    PlaceSegments,
)
from cashier_app.services.payments.receipts import NotePrintFailure, PrintReceipt, ReceiptPrinted
from cashier_app.services.payments.transfer import TransferPayment
from cashier_app.services.queries.accounts import AgreementRow, account_at_a_glance
from cashier_app.services.queries.booked import BookedView, booked_at_server
from cashier_app.services.queries.events import EventDetail, PaymentRow, PrintRow, TenderRow, event_detail
from cashier_app.services.queries.window import Dated, dated, who_changed
from cashier_app.ui.backend import touches
from cashier_app.ui.receipt_printing import ReceiptDesk, ReceiptOutcome
from cashier_app.ui.view_models.desk import Desk, Screen

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.freshness import Seen, Touch
    from cashier_app.services.kernel.store import Store

Then = Callable[[Any], None]
ShowPage = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something may be canceled, and what follows for the payor."""

    code: str
    words: str
    nsf_charge: bool
    has_points: bool

    @property
    def blames_nobody(self) -> bool:
        """Only such a reason may go with a transfer (R payments 1.10)."""
        return not (self.nsf_charge or self.has_points)


@dataclass(frozen=True, slots=True)
class CancelChoices:
    """What may be chosen when something is canceled."""

    reasons: tuple[Reason, ...] = ()
    bank_accounts: tuple[tuple[str, str], ...] = ()
    charges: tuple[tuple[str, str], ...] = ()
    """What a charge is called, by adjustment type."""


def cancel_choices(_store: Store, config: Configuration) -> CancelChoices:
    """Reasons and bank accounts by their words."""
    reasons = [
        Reason(
            record.code,
            record.description or record.code,
            record.nsf_charge,
            bool(record.cash_only_points or record.credit_rating_points),
        )
        for record in config.all(PayCancelReason).values()
        if not record.system_default
    ]
    banks = tuple((record.code, record.description or record.code) for record in config.all(BankAccount).values())
    charges = tuple((record.code, record.description) for record in config.all(AdjustmentType).values())
    return CancelChoices(tuple(reasons), banks, charges)


class Event(Screen):
    """The event shown, if any, and the commands about it. Problems are in `sending`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "event", "tender_control", "account", "configuration")
        self.event_id: int | None = None
        self.detail: EventDetail | None = None
        self.booked: BookedView | None = None
        """What the server made of it; at a branch only."""
        self.choices = CancelChoices()
        self.sending = desk.sending()
        self.receipts = ReceiptDesk(desk.backend, desk.printer)
        self.changed_by: Touch | None = None
        """Who else changed the event while it is shown."""
        self.sending.stale.connect(self.told)
        desk.backend.others.connect(self._others_changed)

    def open(self, event_id: int) -> None:
        """Show an event."""
        if event_id != self.event_id:
            self.clear()
            self.event_id = event_id
        self.refresh()

    def clear(self) -> None:
        """Show none."""
        self.event_id, self.detail, self.problem, self.changed_by = None, None, "", None
        self.shown_at = ""
        self.told()
        self.sending.forget()
        self.notify()

    def refresh(self) -> None:
        """Look again."""
        if self.event_id is not None:
            self.ask(self._show_detail, dated(event_detail), self.event_id)
            if self.desk.is_at_a_branch:
                self.ask(self._show_booked, booked_at_server, self.event_id)
            if not self.choices.reasons:
                self.ask(self._show_choices, cancel_choices)

    def allows(self, command: str, row: PaymentRow | TenderRow | None = None) -> bool:
        """Whether the state of the event, or of one of its rows, allows a command."""
        if self.detail is None or not self.desk.backend.offers(command):
            return False
        return command in (self.detail.actions if row is None else row.actions)

    def concerned_by(self, changes: frozenset[tuple[str, int]]) -> bool:
        """The event, its drawers, its people; the rules."""
        if self.detail is None:
            return touches(changes, "event", key=self.event_id)
        accounts = {row.account_id for row in self.detail.payments} | {
            row.payor_account_id for row in self.detail.tenders
        }
        return (
            touches(changes, "tender_control", "configuration")
            or touches(changes, "event", key=self.event_id)
            or any(touches(changes, "account", key=account_id) for account_id in accounts)
        )

    def _others_changed(self, changes: frozenset[tuple[str, int]]) -> None:
        """Say who else is at the event that is shown."""
        if self._in_view and self.shown_at and touches(changes, "event", key=self.event_id):
            assert self.event_id is not None, "an event is shown"
            seen = self.desk.backend.seen(self.shown_at, ("event", self.event_id))
            self.ask(self._show_who, who_changed, seen)

    # -- previews

    def preview_cancel(self, command: CancelTender, then: Callable[[CancelPreview], None]) -> None:
        """What canceling the tender would charge and leave, from the real command taken back."""
        self.desk.backend.tasks.start(self._preview_cancel(command, then))

    async def _preview_cancel(self, command: CancelTender, then: Callable[[CancelPreview], None]) -> None:
        try:
            outcome = await self.desk.backend.preview(command)
        except CashierError as refused:
            then(CancelPreview(refusal=" ".join(problem.sentence for problem in refused.problems)))
            return
        then(CancelPreview(canceled=outcome.result, warnings=tuple(w.sentence for w in outcome.warnings)))

    # -- commands

    def cancel_tender(self, command: CancelTender, then: Then) -> None:
        """Take a tender back with everything that follows."""
        self._send(command, then, "Cancel a tender")

    def cancel_payment(self, payment_id: int, reason: str, then: Then) -> None:
        """Take a payment back; its tenders stay."""
        self._send(CancelPayment(payment_id=payment_id, reason=reason), then, "Cancel a payment")

    def transfer(self, command: TransferPayment, then: Then) -> None:
        """Give a payment to somebody else."""
        self._send(command, then, "Transfer a payment")

    def add_payments(self, shares: Sequence[tuple[int, int]], then: Then, *, freeze: bool = True) -> None:
        """Give the event's money to accounts: (account, minor units)."""
        detail = self._detail()
        payments = tuple(
            PaymentIn(account_id=account_id, amount=Money(amount, detail.currency)) for account_id, amount in shares
        )
        finish = Finish.FREEZE if freeze else Finish.DISTRIBUTE
        self._send(AddPayments(event_id=detail.event_id, payments=payments, finish=finish), then, "Add payments")

    def place(self, payment_id: int, amounts: Mapping[int, int], then: Then) -> None:
        """Place a payment by hand: minor units by agreement; zero leaves one out."""
        detail = self._detail()
        segments = tuple(
            SegmentIn(sa_id=sa_id, amount=Money(amount, detail.currency)) for sa_id, amount in amounts.items() if amount
        )
        self._send(PlaceSegments(payment_id=payment_id, segments=segments), then, "Place a payment by hand")

    def freeze(self, then: Then) -> None:
        """Make the event final."""
        self._send(FreezeEvent(event_id=self._detail().event_id), then, "Freeze an event")

    def distribute(self, then: Then) -> None:
        """Distribute anew what is not frozen."""
        self._send(DistributeEvent(event_id=self._detail().event_id), then, "Distribute an event")

    def delete(self, then: Then) -> None:
        """Take an event back of which nothing was frozen."""
        self._send(DeleteEvent(event_id=self._detail().event_id), then, "Delete an event")

    # -- papers

    @property
    def last_print(self) -> PrintRow | None:
        """The last print of the receipt that counts."""
        prints = self.detail.prints if self.detail else ()
        return next((row for row in reversed(prints) if not row.has_failed), None)

    def print_receipt(self, show: ShowPage, then: Callable[[ReceiptOutcome], None]) -> None:
        """Note one more print, show its page and print it: a copy, unless no original has come out yet."""

        def noted(outcome: Any) -> None:
            self.desk.backend.tasks.start(self._print(outcome.result, show, then))

        self._send(PrintReceipt(event_id=self._detail().event_id), noted, "Print a receipt")

    def note_print_failure(self, then: Then) -> None:
        """The last print did not come out after all."""
        assert self.last_print is not None, "something was printed"
        command = NotePrintFailure(print_id=self.last_print.print_id, problem="Somebody saw that it did not come out.")
        self._send(command, then, "Note that a print did not come out")

    def endorse(self, tender: TenderRow, show: ShowPage, then: Callable[[str], None]) -> None:
        """Show and print the back of a check; `then` gets why nothing came out."""
        self.desk.backend.tasks.start(self._stamp(endorsement_page, tender.tender_id, endorsement_job, show, then))

    def validate_stub(self, payment: PaymentRow, show: ShowPage, then: Callable[[str], None]) -> None:
        """Show and print what proves on a bill's stub that it was paid; `then` gets why nothing came out."""
        self.desk.backend.tasks.start(self._stamp(stub_page, payment.payment_id, stub_job, show, then))

    async def _print(self, noted: ReceiptPrinted, show: ShowPage, then: Callable[[ReceiptOutcome], None]) -> None:
        try:
            show(await self.desk.backend.query(receipt_page, noted.event_id, self.receipts.reader(), noted.copy))
        except CashierError as refused:
            self.sending.refuse(*refused.problems)
        then(await self.receipts.deliver(noted))

    async def _stamp(
        self, page: Callable[..., Any], key: int, job: Callable[..., bytes], show: ShowPage, then: Callable[[str], None]
    ) -> None:
        try:
            data, pdf = await self.desk.backend.query(page, key, self.receipts.reader())
        except CashierError as refused:
            self.sending.refuse(*refused.problems)
            return
        show(pdf)
        then(await self.receipts.print_paper(partial(job, data)))

    # -- what else may be asked

    def read_agreements(self, account_id: int, then: Callable[[tuple[AgreementRow, ...]], None]) -> None:
        """The agreements of an account that take money, in payment priority."""
        self.ask(then, agreements_for_placing, account_id, self.desk.backend.business_date)

    # -- answers

    @property
    def seen_event(self) -> Seen | None:
        """What to send with a command about the event."""
        return None if self.event_id is None else self.seen(("event", self.event_id))

    def _send(self, command: Any, then: Then, words: str) -> None:

        def done(outcome: Any) -> None:
            self.changed_by = None
            self.told()
            then(outcome)

        self.sending.send(command, done, words, seen=self.seen_event)

    def _show_detail(self, found: Dated[EventDetail]) -> None:
        self.detail, self.shown_at = found.answer, found.cursor
        self.notify()

    def _show_who(self, touch: Touch | None) -> None:
        if touch is not None and touch.thing.key == self.event_id:
            self.changed_by = touch
            self.notify()

    def _show_booked(self, booked: BookedView | None) -> None:
        self.booked = booked
        self.notify()

    def _show_choices(self, choices: CancelChoices) -> None:
        self.choices = choices
        self.notify()

    def _detail(self) -> EventDetail:
        assert self.detail is not None, "an event is shown"
        return self.detail


@dataclass(frozen=True, slots=True)
class CancelPreview:
    """What a cancellation would do, or why it would be refused."""

    canceled: TenderCanceled | None = None
    warnings: tuple[str, ...] = ()
    refusal: str = ""


def receipt_page(store: Store, config: Configuration, event_id: int, reader: Reader, copy: int) -> bytes:
    """The receipt as it prints."""
    return receipt_pdf(receipt_data(store, config, event_id, reader, copy))


def endorsement_page(
    store: Store, config: Configuration, tender_id: int, reader: Reader
) -> tuple[EndorsementData, bytes]:
    """The back of a check, and how it looks."""
    data = endorsement_data(store, config, tender_id, reader)
    return data, render_endorsement(data)


def stub_page(store: Store, config: Configuration, payment_id: int, reader: Reader) -> tuple[EndorsementData, bytes]:
    """What is stamped on a stub, and how it looks."""
    data = stub_validation_data(store, config, payment_id, reader)
    return data, render_stub_validation(data)


def agreements_for_placing(
    store: Store, config: Configuration, account_id: int, today: Any
) -> tuple[AgreementRow, ...]:
    """Agreements that may receive money."""
    glance = account_at_a_glance(store, config, account_id, today)
    return tuple(row for row in glance.agreements if row.takes_payments)
