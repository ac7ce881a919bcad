"""Working on an event that is not finished: tenders, payments, segments, then freezing (R payments 1.4-1.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.errors import raise_all, refuse, require
from cashier_app.domain.lifecycles import PAYMENT, ControlStatus, PaymentStatus
from cashier_app.domain.money import Money
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_by_id, agreements_of
from cashier_app.services.accounting.holding import Holdings
from cashier_app.services.accounting.ledger import freeze_fts
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import change, deletion, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.cancellation import CANCEL_ANY
from cashier_app.services.payments.distribution import (
    Finish,
    PaymentIn,
    SegmentIn,
    distribute,
    manual_segments,
    payment_draft,
)
from cashier_app.services.payments.drawers import (
    OTHERS_DRAWERS,
    add_to_totals,
    bank_code,
    control_for_tender,
    warn_of_limit,
)
from cashier_app.services.payments.event_facts import (
    FINAL,
    EventFacts,
    as_drafts,
    by_bank,
    event_of,
    event_of_payment,
    event_of_tender,
    require_customers,
    segments_of,
    settle,
    warn_of_imbalance,
)
from cashier_app.services.payments.events import FROM_FILES, EventWriter, PaymentDraft, TenderDraft, segment_posts
from cashier_app.services.payments.receipt_numbers import next_receipt_numbers
from cashier_app.services.payments.taking import TenderIn, cash_only_problems, require_different_payees, tender_problems
from cashier_app.services.to_do.resolving import resolve_events

_MOVE_PAYMENT = change(Payment, "status error_message distributed_by")
_FREEZE_PAYMENT = change(Payment, "status")
_NUMBER_EVENT = change(PaymentEvent, "receipt_number")
_DELETE_SEGMENTS = deletion(PaymentSegment, "payment_id")
_DELETE_PAYMENT = deletion(Payment)
_DELETE_TENDER = deletion(Tender)
_DELETE_EVENT = deletion(PaymentEvent)
_INSERT_SEGMENT = insertion(PaymentSegment, "id payment_id sa_id amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEdited:
    """The event as it stands now."""

    event_id: int
    unbalanced_by: Money
    receipt_number: str | None = None
    payment_ids: tuple[int, ...] = ()
    tender_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPayments:
    """Give the event's money to accounts: when a payment was canceled, or left out at first."""

    event_id: int
    payments: tuple[PaymentIn, ...]
    finish: Finish = Finish.FREEZE


@handles(AddPayments, right="PreparePayment")
def add_payments(command: AddPayments, work: Work) -> EventEdited:
    """Freezing asks that the event balances with them."""
    event = event_of(work, command.event_id)
    _begin_edit(work, event)
    require(command.payments, "PAY-104", "Say what is to be paid.", "payments")
    require_different_payees(command.payments)
    for payment in command.payments:
        require(
            payment.amount.minor > 0 and payment.amount.currency == event.currency,
            "PAY-104",
            f"A payment is more than 0 {event.currency}.",
            "payments",
        )
    work.keep_off(*(payment.account_id for payment in command.payments))
    agreements: dict[int, AgreementFacts] = {}
    drafts = [payment_draft(work, payment, None, command.finish, agreements) for payment in command.payments]
    _require_room(event, drafts, command.finish)
    writer = EventWriter(work, agreements)
    ids = writer.payments(event.id, event.currency, drafts, by_bank(work, event.valid_tenders))
    writer.write()
    if command.finish is Finish.FREEZE:
        _receipt_number(work, event)
    work.changed("account", *(draft.account_id for draft in drafts))
    return _edited(work, event.id, payment_ids=tuple(ids))


def _require_room(event: EventFacts, drafts: Sequence[PaymentDraft], finish: Finish) -> None:
    """Freezing makes the event whole; an event that is final already lacks what was canceled, and no more."""
    left = Money(event.unbalanced_by - sum(draft.amount for draft in drafts), event.currency)
    waiting = any(payment.status not in FINAL for payment in event.payments)
    final = any(payment.status in FINAL for payment in event.payments)
    if finish is Finish.FREEZE:
        for draft in drafts:
            if draft.error_message:
                refuse("PAY-031", draft.error_message.partition(": ")[2], "payments")
        require(
            not waiting, "PAY-004", "Other payments of this event wait to be frozen; freeze all together.", "payments"
        )
    fits = left.minor == 0 if finish is Finish.FREEZE else left.minor >= 0 or not final
    require(fits, "PAY-004", f"The event would be unbalanced by {left}.", "payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePayment:
    """Take a payment that is not frozen out of its event."""

    payment_id: int


@handles(RemovePayment, right="PreparePayment")
def remove_payment(command: RemovePayment, work: Work) -> EventEdited:
    """A frozen one is canceled instead."""
    event, payment = event_of_payment(work, command.payment_id)
    _begin_edit(work, event)
    _require_unfrozen(payment)
    work.store.write(_DELETE_SEGMENTS, [(payment.id,)])
    work.store.write(_DELETE_PAYMENT, [(payment.id,)])
    return _edited(work, event.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTender:
    """Add something handed over to an event that is not frozen."""

    event_id: int
    payor_account_id: int
    tender: TenderIn


@handles(AddTender, right="PreparePayment")
def add_tender(command: AddTender, work: Work) -> EventEdited:
    """Goes into the drawer named, or the user's own."""
    event = event_of(work, command.event_id)
    _begin_edit(work, event)
    _require_open_event(event)
    tender = command.tender
    raise_all(tender_problems(work, tender))
    require(tender.amount.currency == event.currency, "PAY-101", f"A tender is more than 0 {event.currency}.", "amount")
    payor = account_of(work, tender.payor_account_id or command.payor_account_id, "payor_account_id")
    if payor.currency != event.currency:
        refuse("PAY-042", "The payor's account has another currency.", "payor_account_id")
    work.keep_off(payor.id)
    control = control_for_tender(work, event.currency, tender.tender_control_id)
    draft = TenderDraft(
        payor_account_id=payor.id,
        tender_type=tender.tender_type,
        amount=tender.amount.minor,
        tender_control_id=control.id,
        bank_code=bank_code(work.config, control.tender_source),
        reference=tender.reference.strip(),
        micr=tender.micr.strip(),
        remitter=tender.remitter.strip(),
    )
    work.confirm(cash_only_problems(work, [draft]))
    writer = EventWriter(work, {})
    ids, _, _ = writer.tenders(event.id, [draft])
    writer.write()
    warn_of_limit(work, control)
    work.changed("tender_control", control.id)
    return _edited(work, event.id, tender_ids=tuple(ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTender:
    """Take a tender out of an event that is not frozen."""

    tender_id: int


@handles(RemoveTender, right="PreparePayment")
def remove_tender(command: RemoveTender, work: Work) -> EventEdited:
    """Only while its drawer is open."""
    event, tender = event_of_tender(work, command.tender_id)
    _begin_edit(work, event)
    _require_open_event(event)
    _delete_tenders(work, [tender])
    return _edited(work, event.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteEvent:
    """Take back an event of which nothing was frozen."""

    event_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDeleted:
    """It never had an effect."""

    event_id: int


@handles(DeleteEvent, right="PreparePayment")
def delete_event(command: DeleteEvent, work: Work) -> EventDeleted:
    """With its tenders and payments (R payments 1.6)."""
    event = event_of(work, command.event_id)
    _begin_edit(work, event)
    _require_open_event(event)
    ids = [payment.id for payment in event.payments]
    work.store.write(_DELETE_SEGMENTS, [(payment_id,) for payment_id in ids])
    work.store.write(_DELETE_PAYMENT, [(payment_id,) for payment_id in ids])
    _delete_tenders(work, event.tenders)
    work.store.write(_DELETE_EVENT, [(event.id,)])
    work.changed("event", event.id)
    return EventDeleted(event_id=event.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSegments:
    """Place a payment by hand."""

    payment_id: int
    segments: tuple[SegmentIn, ...]


@handles(PlaceSegments, right="PreparePayment")
def place_segments(command: PlaceSegments, work: Work) -> EventEdited:
    """They add up to the payment and belong to its account."""
    event, payment = event_of_payment(work, command.payment_id)
    _begin_edit(work, event)
    _require_unfrozen(payment)
    wanted = PaymentIn(
        account_id=payment.account_id, amount=Money(payment.amount, payment.currency), segments=command.segments
    )
    require(command.segments, "PAY-032", "Give at least one segment.", "segments")
    segments = manual_segments(work, wanted, agreements_of(work.store, payment.account_id))
    _replace_segments(work, payment, segments, PaymentStatus.FREEZABLE, "", "MANUAL")
    return _edited(work, event.id, payment_ids=(payment.id,))


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributeEvent:
    """Distribute again every payment of the event that is not frozen; segments placed by hand are lost."""

    event_id: int


@handles(DistributeEvent, right="PreparePayment")
def distribute_event(command: DistributeEvent, work: Work) -> EventEdited:
    """Each becomes freezable, or goes to error with the reason."""
    event = event_of(work, command.event_id)
    _begin_edit(work, event)
    unfrozen = [payment for payment in event.payments if payment.status not in FINAL]
    require(unfrozen, "PAY-004", "No payment of this event waits to be distributed.")
    for payment in unfrozen:
        account = account_of(work, payment.account_id)
        draft = distribute(work, account, payment.amount, agreements_of(work.store, account.id))
        status = PaymentStatus(draft.status)
        _replace_segments(work, payment, draft.segments, status, draft.error_message, draft.distributed_by)
    return _edited(work, event.id, payment_ids=tuple(payment.id for payment in unfrozen))


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeEvent:
    """Make an event final: book its payments, give it its receipt number."""

    event_id: int


@handles(FreezeEvent, right="PreparePayment")
def freeze_event(command: FreezeEvent, work: Work) -> EventEdited:
    """It must balance, and every payment be freezable or frozen (R payments B4).

    Its drawers may be closed by now: an event that was never final keeps its drawer open, and what was canceled
    or transferred later must find its place all the same.
    """
    event = event_of(work, command.event_id)
    _begin_edit(work, event)
    if event.unbalanced_by:
        refuse("PAY-004", f"The event is unbalanced by {Money(event.unbalanced_by, event.currency)}; correct it first.")
    freezable = [payment for payment in event.payments if payment.status == PaymentStatus.FREEZABLE]
    stuck = [payment for payment in event.payments if payment.status not in {*FINAL, PaymentStatus.FREEZABLE}]
    if stuck or not freezable:
        refuse("PAY-004", "Every payment must be distributed before the event can freeze.")
    banks = by_bank(work, event.valid_tenders)
    segments = segments_of(work, [payment.id for payment in freezable])
    agreements = agreements_by_id(work.store, {segment.sa_id for segment in segments})
    freeze_fts(work, segment_posts(work, as_drafts(segments), agreements, banks, Holdings(work)))
    for payment in freezable:
        PAYMENT.move(PaymentStatus(payment.status), PaymentStatus.FROZEN)
    work.store.write(_FREEZE_PAYMENT, [(PaymentStatus.FROZEN.value, payment.id) for payment in freezable])
    number = _receipt_number(work, event)
    resolve_events(work, [event.id])
    work.changed("account", *(payment.account_id for payment in freezable))
    work.changed("event", event.id)
    return EventEdited(
        event_id=event.id,
        unbalanced_by=Money(0, event.currency),
        receipt_number=number,
        payment_ids=tuple(payment.id for payment in freezable),
    )


def _receipt_number(work: Work, event: EventFacts) -> str:
    """The number of a frozen event: the one that it has, or the next of its drawer's series."""
    if event.receipt_number is not None or not event.valid_tenders:
        return event.receipt_number or ""
    source = work.config.get(TenderSource, event.valid_tenders[0].tender_source)
    (number,) = next_receipt_numbers(work, source.receipt_series)
    work.store.write(_NUMBER_EVENT, [(number, event.id)])
    if event.kind not in FROM_FILES:
        work.count_taking(event.currency, sum(tender.amount for tender in event.tenders))
    return number


def _edited(work: Work, event_id: int, **found: Any) -> EventEdited:
    settle(work, event_id)
    event = event_of(work, event_id)
    warn_of_imbalance(work, event.unbalanced_by, event.currency)
    return EventEdited(
        event_id=event_id,
        unbalanced_by=Money(event.unbalanced_by, event.currency),
        receipt_number=event.receipt_number,
        **found,
    )


def _begin_edit(work: Work, event: EventFacts) -> None:
    """A cashier's own drawers, those of all, or what somebody with the right to cancel there finds canceled.

    Everybody whose money it is, or was before the edit, is told as changed.
    """
    require_customers(event)
    work.keep_off(*event.account_ids)
    work.changed("account", *event.account_ids)
    foreign = [tender for tender in event.tenders if tender.owner_id not in {None, work.user.id}]
    if foreign and not work.may(OTHERS_DRAWERS) and not (event.is_final and work.may(CANCEL_ANY)):
        refuse("TC-003", f"The event lies in drawer {foreign[0].tender_source}, which belongs to somebody else.")


def _require_unfrozen(payment: Any) -> None:
    if payment.status in FINAL:
        refuse("PAY-006", f"The payment is {payment.status.lower()} and cannot be changed; cancel or transfer it.")


def _require_open_event(event: EventFacts) -> None:
    if event.is_final:
        refuse("PAY-007", "Something in this event is frozen or canceled already; cancel its tenders instead.")
    if event.kind in FROM_FILES:
        refuse("PAY-007", "A file brought this event; what the file says is placed or canceled, not taken out.")


def _delete_tenders(work: Work, tenders: Any) -> None:
    for tender in tenders:
        if tender.control_status != ControlStatus.OPEN:
            refuse("PAY-002", f"Drawer {tender.tender_source} is {tender.control_status.lower()}, not open.")
        bucket = tender.applies_to_tender_type or tender.tender_type
        add_to_totals(work, {(tender.tender_control_id, bucket): (-tender.amount, -1)})
    work.store.write(_DELETE_TENDER, [(tender.id,) for tender in sorted(tenders, key=lambda t: -t.id)])
    work.changed("tender_control", *{tender.tender_control_id for tender in tenders})


def _replace_segments(  # noqa: PLR0917  # old and new, side by side
    work: Work, payment: Any, segments: Any, status: PaymentStatus, error: str, distributed_by: str
) -> None:
    PAYMENT.move(PaymentStatus(payment.status), status)
    work.store.write(_DELETE_SEGMENTS, [(payment.id,)])
    ids = work.new_ids(len(segments))
    rows = [(key, payment.id, segment.sa_id, segment.amount) for key, segment in zip(ids, segments, strict=True)]
    work.store.write(_INSERT_SEGMENT, rows)
    work.store.write(_MOVE_PAYMENT, [(status.value, error, distributed_by, payment.id)])
