"""The writer of payment events: drafts in, rows of event, tenders, payments and segments out.

A frozen draft also books its FTs. One cashier's payment and a thousand of a file go the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from cashier_app.domain.configuration import SaType
from cashier_app.domain.drawers import cash_share
from cashier_app.domain.lifecycles import EventKind, FtKind, PaymentStatus, TenderStatus
from cashier_app.domain.system_events import GlLineDraft, PaymentFtRequest, SegmentDraft, SystemEvent
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.services.accounting.agreements import AgreementFacts
from cashier_app.services.accounting.holding import Holdings
from cashier_app.services.accounting.ledger import FtPost, freeze_fts
from cashier_app.services.kernel.statements import insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import add_to_totals
from cashier_app.services.payments.receipt_numbers import next_receipt_numbers

_INSERT_EVENT = insertion(
    PaymentEvent, "id kind pay_date currency receipt_number unbalanced_by created_at created_by note"
)
_INSERT_TENDER = insertion(
    Tender,
    "id event_id payor_account_id tender_type amount tender_control_id status applies_to_tender_type cash_back_of "
    "amount_tendered amount_change reference micr remitter",
)
_INSERT_PAYMENT = insertion(
    Payment, "id event_id account_id amount currency status error_message distributed_by transferred_from"
)
_INSERT_SEGMENT = insertion(PaymentSegment, "id payment_id sa_id amount")

FROM_FILES = frozenset((EventKind.UPLOAD, EventKind.AUTOPAY))
"""Kinds whose money is there before anybody looks: they count as taken when written, others when they are numbered."""
FROZEN = PaymentStatus.FROZEN.value
RECORDED = PaymentStatus.RECORDED.value
VALID = TenderStatus.VALID.value


class TenderDraft(NamedTuple):
    """Something handed over."""

    payor_account_id: int
    tender_type: str
    amount: int
    tender_control_id: int
    bank_code: str
    """Distribution code of the bank account behind its drawer."""
    applies_to_tender_type: str | None = None
    cash_back_of: int | None = None
    """Place in the draft of the tender that this one gives change for."""
    amount_tendered: int | None = None
    amount_change: int | None = None
    reference: str = ""
    micr: str = ""
    remitter: str = ""


class PaymentDraft(NamedTuple):
    """A part of the event for one account."""

    account_id: int
    amount: int
    segments: tuple[SegmentDraft, ...]
    distributed_by: str
    status: str = FROZEN
    error_message: str = ""
    transferred_from: int | None = None


class EventDraft(NamedTuple):
    """A payment event to write."""

    kind: EventKind
    pay_date: date
    currency: str
    tenders: tuple[TenderDraft, ...]
    payments: tuple[PaymentDraft, ...]
    receipt_series: int | None
    """Series of its receipt number; none for an event that is not frozen or prints no receipt."""
    note: str = ""


class WrittenEvent(NamedTuple):
    """An event that was written."""

    id: int
    receipt_number: str | None
    tender_ids: tuple[int, ...]
    payment_ids: tuple[int, ...]


def final_status(work: Work) -> str:
    """What a payment is once it is taken: frozen; at a branch recorded, for the server freezes it."""
    return RECORDED if work.config.is_branch else FROZEN


class EventWriter:
    """Gathers rows of many events and writes them together; frozen payments are booked.

    `agreements` must hold every agreement that a segment names; the accounting date is the business date.
    """

    def __init__(self, work: Work, agreements: Mapping[int, AgreementFacts]) -> None:
        self.work = work
        self.agreements = agreements
        self._events: list[tuple[object, ...]] = []
        self._tenders: list[tuple[object, ...]] = []
        self._payments: list[tuple[object, ...]] = []
        self._segments: list[tuple[object, ...]] = []
        self._posts: list[FtPost] = []
        self._holdings = Holdings(work)
        self._totals: dict[tuple[int, str], tuple[int, int]] = {}

    def event(self, draft: EventDraft, number: str | None) -> WrittenEvent:
        """Add an event with everything in it."""
        work = self.work
        event_id = work.new_id()
        tender_ids, handed, by_bank = self.tenders(event_id, draft.tenders)
        payment_ids = self.payments(event_id, draft.currency, draft.payments, by_bank)
        given = sum(payment.amount for payment in draft.payments)
        self._events.append(
            (
                event_id,
                draft.kind.value,
                draft.pay_date,
                draft.currency,
                number,
                handed - given,
                work.instant,
                work.user.id,
                draft.note,
            )
        )
        if number is not None or draft.kind in FROM_FILES:
            work.count_taking(draft.currency, handed)
        return WrittenEvent(event_id, number, tuple(tender_ids), tuple(payment_ids))

    def tenders(self, event_id: int, drafts: Sequence[TenderDraft]) -> tuple[range, int, dict[str, int]]:
        """Add tenders; returns their keys, their sum, and what each bank account got."""
        ids = self.work.new_ids(len(drafts))
        handed, by_bank = 0, dict[str, int]()
        for tender_id, tender in zip(ids, drafts, strict=True):
            handed += tender.amount
            by_bank[tender.bank_code] = by_bank.get(tender.bank_code, 0) + tender.amount
            self._tenders.append(_tender_row(tender, tender_id, event_id, ids))
            _count(self._totals, tender)
        return ids, handed, by_bank

    def payments(
        self, event_id: int, currency: str, drafts: Sequence[PaymentDraft], by_bank: Mapping[str, int]
    ) -> range:
        """Add payments to an event, booking the frozen ones; returns their keys."""
        work = self.work
        ids = work.new_ids(len(drafts))
        for payment_id, payment in zip(ids, drafts, strict=True):
            self._payments.append(
                (
                    payment_id,
                    event_id,
                    payment.account_id,
                    payment.amount,
                    currency,
                    payment.status,
                    payment.error_message,
                    payment.distributed_by,
                    payment.transferred_from,
                )
            )
            segments = list(zip(work.new_ids(len(payment.segments)), payment.segments, strict=True))
            self._segments += [(segment_id, payment_id, sa_id, amount) for segment_id, (sa_id, amount) in segments]
            if payment.status == FROZEN:
                self._posts += segment_posts(work, segments, self.agreements, by_bank, self._holdings)
        return ids

    def write(self) -> None:
        """Write all that was added."""
        store = self.work.store
        store.write(_INSERT_EVENT, self._events)
        store.write(_INSERT_TENDER, self._tenders)
        store.write(_INSERT_PAYMENT, self._payments)
        store.write(_INSERT_SEGMENT, self._segments)
        freeze_fts(self.work, self._posts)
        add_to_totals(self.work, self._totals)


def write_events(
    work: Work, drafts: Sequence[EventDraft], agreements: Mapping[int, AgreementFacts]
) -> list[WrittenEvent]:
    """Write events in bulk, each with the next receipt number of its series."""
    receipts = _receipt_numbers(work, drafts)
    writer = EventWriter(work, agreements)
    written = [
        writer.event(draft, None if draft.receipt_series is None else next(receipts[draft.receipt_series]))
        for draft in drafts
    ]
    writer.write()
    return written


def _receipt_numbers(work: Work, drafts: Sequence[EventDraft]) -> dict[int, Iterator[str]]:
    wanted: dict[int, int] = {}
    for draft in drafts:
        if draft.receipt_series is not None:
            wanted[draft.receipt_series] = wanted.get(draft.receipt_series, 0) + 1
    return {series: next_receipt_numbers(work, series, count) for series, count in wanted.items()}


def _tender_row(tender: TenderDraft, tender_id: int, event_id: int, tender_ids: range) -> tuple[object, ...]:
    return (
        tender_id,
        event_id,
        tender.payor_account_id,
        tender.tender_type,
        tender.amount,
        tender.tender_control_id,
        VALID,
        tender.applies_to_tender_type,
        None if tender.cash_back_of is None else tender_ids[tender.cash_back_of],
        tender.amount_tendered,
        tender.amount_change,
        tender.reference,
        tender.micr,
        tender.remitter,
    )


def _count(totals: dict[tuple[int, str], tuple[int, int]], tender: TenderDraft) -> None:
    bucket = tender.tender_control_id, tender.applies_to_tender_type or tender.tender_type
    amount, count = totals.get(bucket, (0, 0))
    totals[bucket] = amount + tender.amount, count + 1


def segment_posts(
    work: Work,
    segments: Iterable[tuple[int, SegmentDraft]],
    agreements: Mapping[int, AgreementFacts],
    by_bank: Mapping[str, int],
    holdings: Holdings,
) -> list[FtPost]:
    """The FTs of a payment's segments, given as pairs of key and draft.

    `by_bank` holds what the event's tenders brought to each bank account's distribution code; `holdings` are those of
    everything that the command books.
    """
    types = work.config.all(SaType)
    posts = []
    for segment_id, (sa_id, amount) in segments:
        agreement = agreements[sa_id]
        sa_type = types[agreement.sa_type]
        rule = work.config.rule(sa_type.payment_ft, SystemEvent.PAYMENT_FT, work.business_date)
        cash = tuple(GlLineDraft(code, share) for code, share in cash_share(amount, by_bank))
        holding = holdings.facts(rule, sa_id)
        draft = rule.call(PaymentFtRequest(amount, sa_type.distribution_code, cash, holding))
        holdings.drafted(sa_id, draft)
        # An under payment is a debit: it ages from today like any other.
        arrears = work.business_date if draft.current_amount > 0 else None
        posts.append(FtPost(FtKind.PAYMENT_SEGMENT, segment_id, agreement, draft, rule.label, arrears))
    return posts
