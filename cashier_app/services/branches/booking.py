"""Booking what branches recorded: distributed and frozen with the debts known now, reversed where it was canceled.

Nothing is refused here. The money is in a drawer: what no agreement can take goes to the suspense agreement of its
tender source, with an entry on the work list (R reliability S6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import select

from cashier_app.domain.configuration import SaType, TenderSource
from cashier_app.domain.errors import RuleViolation, require
from cashier_app.domain.lifecycles import PAYABLE_AGREEMENTS, FtKind, PaymentStatus, TenderStatus
from cashier_app.domain.system_events import SegmentDraft
from cashier_app.models.control import TenderControl
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment, Tender
from cashier_app.services.accounting.adjustments import agreement_of
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_by_id
from cashier_app.services.accounting.holding import Holdings
from cashier_app.services.accounting.ledger import FtPost, freeze_fts, frozen_fts, reversals
from cashier_app.services.branches.booked import SUSPENSE
from cashier_app.services.customers.account_rows import ACCOUNTS
from cashier_app.services.kernel.statements import Statement, among, change, deletion, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import bank_code
from cashier_app.services.payments.event_facts import settle_events
from cashier_app.services.payments.events import PaymentDraft, segment_posts
from cashier_app.services.payments.placing import Placing
from cashier_app.services.to_do.entries import NewEntry, add_entries
from cashier_app.services.to_do.resolving import resolve_events

_EVENTS = Statement(
    select(PaymentEvent.id, PaymentEvent.pay_date, PaymentEvent.currency)
    .where(among(PaymentEvent.id, "ids"))
    .order_by(PaymentEvent.id)
)
_TENDERS = Statement(
    select(Tender.event_id, Tender.amount, Tender.status, Tender.cancel_reason, TenderControl.tender_source)
    .join(TenderControl, TenderControl.id == Tender.tender_control_id)
    .where(among(Tender.event_id, "ids"))
    .order_by(Tender.event_id, Tender.id)
)
_PAYMENTS = Statement(
    select(Payment.id, Payment.event_id, Payment.account_id, Payment.amount, Payment.status, Payment.transferred_from)
    .where(among(Payment.event_id, "ids"))
    .order_by(Payment.event_id, Payment.id)
)
_SEGMENTS = Statement(
    select(PaymentSegment.id, PaymentSegment.payment_id, PaymentSegment.sa_id, PaymentSegment.amount)
    .where(among(PaymentSegment.payment_id, "ids"))
    .order_by(PaymentSegment.payment_id, PaymentSegment.id)
)
_REVERSED = Statement(
    select(FinancialTransaction.reverses_ft_id).where(among(FinancialTransaction.reverses_ft_id, "ids"))
)
_FREEZE = change(Payment, "status distributed_by")
_CANCEL = change(Payment, "status cancel_reason")
_INSERT_PAYMENT = insertion(
    Payment, "id event_id account_id amount currency status error_message distributed_by transferred_from"
)
_INSERT_SEGMENT = insertion(PaymentSegment, "id payment_id sa_id amount")
_DELETE_SEGMENTS = deletion(PaymentSegment, "payment_id")


_UNKNOWN = "The server knows no account of this key and currency."


def book(work: Work, event_ids: Sequence[int], forgotten: Collection[int] = ()) -> tuple[int, int]:
    """Bring the ledger in line with events that arrived; returns how many payments it froze, and suspended.

    `forgotten` are payments for accounts that are not known here.

    What was canceled at the branch before it was ever booked is booked and reversed, so that its history is whole.
    """
    if not event_ids:
        return 0, 0
    booking = _Booking(work, event_ids, forgotten)
    booking.freeze()
    booking.reverse()
    settle_events(work, event_ids)
    resolve_events(work, event_ids)
    work.changed("event", *event_ids)
    return booking.booked, booking.suspended


class _Booking:
    """Events on their way into the books."""

    def __init__(self, work: Work, event_ids: Sequence[int], forgotten: Collection[int]) -> None:
        self.forgotten = forgotten
        store = work.store
        ids = list(event_ids)
        self.work = work
        self.events = {row.id: row for row in store.all(_EVENTS, ids=ids)}
        self.tenders: dict[int, list[Any]] = {event_id: [] for event_id in ids}
        for row in store.all(_TENDERS, ids=ids):
            self.tenders[row.event_id].append(row)
        self.payments = store.all(_PAYMENTS, ids=ids)
        self.segments: dict[int, list[Any]] = {}
        for row in store.all(_SEGMENTS, ids=[payment.id for payment in self.payments]):
            self.segments.setdefault(row.payment_id, []).append(row)
        self.holdings = Holdings(work)
        self.booked = 0
        self.suspended = 0

    # -- freezing

    def freeze(self) -> None:
        """Distribute and freeze what was recorded, in the order in which it was taken."""
        waiting = [payment for payment in self.payments if self._waits(payment)]
        if not waiting:
            return
        ids = sorted({payment.account_id for payment in waiting})
        self.accounts = {row.id: row for row in self.work.store.all(ACCOUNTS, ids=ids)}
        self.suspense = self._suspense_agreements(waiting)
        self.placing = Placing(self.work, (payment.account_id for payment in waiting), list(self.suspense.values()))
        posts: list[tuple[date, FtPost]] = []
        self._frozen: list[tuple[object, ...]] = []
        self._new_payments: list[tuple[object, ...]] = []
        self._new_segments: list[tuple[object, ...]] = []
        self._replaced: list[Any] = []
        """Payments whose segments, placed at the branch, do not hold any more."""
        self._suspended: list[Any] = []
        self._to_do: list[NewEntry] = []
        for payment in waiting:
            posts += self._book(payment)
        self._write()
        for on, group in groupby(sorted(posts, key=lambda post: post[0]), key=lambda post: post[0]):
            freeze_fts(self.work, [post for _, post in group], on)
        self.work.changed("account", *ids)
        self.booked = len(waiting)

    def _waits(self, payment: Any) -> bool:
        """Recorded, or taken back before it was ever booked; what went to suspense was replaced by another payment."""
        if payment.status == PaymentStatus.RECORDED:
            return True
        if payment.status != PaymentStatus.CANCELED:
            return False
        replaced = any(other.transferred_from == payment.id for other in self.payments)
        return not replaced and not self._fts([payment])

    def _fts(self, payments: Iterable[Any]) -> list[Any]:
        ids = [segment.id for payment in payments for segment in self.segments.get(payment.id, ())]
        return frozen_fts(self.work, FtKind.PAYMENT_SEGMENT, ids) if ids else []

    def _book(self, payment: Any) -> list[tuple[date, FtPost]]:
        draft = self._draft(payment)
        event = self.events[payment.event_id]
        if draft.error_message:
            payment_id, draft = self._suspend(payment, draft, event)
            segments = self._added(payment_id, draft)
        elif self._kept(payment, draft):
            segments = [(row.id, SegmentDraft(row.sa_id, row.amount)) for row in self.segments[payment.id]]
        else:
            segments = self._added(payment.id, draft)
        if not draft.transferred_from:
            self._frozen.append((self._status(payment), draft.distributed_by, payment.id))
        by_bank: dict[str, int] = {}
        for tender in self.tenders[payment.event_id]:
            code = bank_code(self.work.config, tender.tender_source)
            by_bank[code] = by_bank.get(code, 0) + tender.amount
        made = segment_posts(self.work, segments, self.placing.agreements, by_bank, self.holdings)
        on = self._accounting_date(event.pay_date, made)
        return [(on, post) for post in made]

    def _draft(self, payment: Any) -> PaymentDraft:
        """Where a payment goes: as the cashier placed it if that still holds, else by the rules, else in error."""
        account = None if payment.id in self.forgotten else self.accounts.get(payment.account_id)
        event = self.events[payment.event_id]
        if account is None or account.currency != event.currency:
            return PaymentDraft(payment.account_id, payment.amount, (), "", error_message=_UNKNOWN)
        placed = tuple(SegmentDraft(row.sa_id, row.amount) for row in self.segments.get(payment.id, ()))
        if placed and self._holds(payment, placed):
            self.placing.pay_off(account.id, placed)
            return PaymentDraft(account.id, payment.amount, placed, "MANUAL")
        if payment.amount < 0:
            return PaymentDraft(account.id, payment.amount, (), "", error_message="Its agreement has ended.")
        return self.placing.frozen(account, payment.amount)

    def _holds(self, payment: Any, placed: Sequence[SegmentDraft]) -> bool:
        known = self.placing.found[payment.account_id]
        payable = {agreement.id for agreement in known if agreement.status in PAYABLE_AGREEMENTS}
        return all(sa_id in payable for sa_id, _ in placed) and sum(part.amount for part in placed) == payment.amount

    def _kept(self, payment: Any, draft: PaymentDraft) -> bool:
        """Whether the segments that the cashier placed stay as they are."""
        present = tuple((row.sa_id, row.amount) for row in self.segments.get(payment.id, ()))
        if present and present != tuple(draft.segments):
            self._replaced.append(payment)
        return bool(present) and present == tuple(draft.segments)

    def _added(self, payment_id: int, draft: PaymentDraft) -> list[tuple[int, SegmentDraft]]:
        keys = self.work.new_ids(len(draft.segments))
        self._new_segments += [
            (key, payment_id, sa_id, amount) for key, (sa_id, amount) in zip(keys, draft.segments, strict=True)
        ]
        return list(zip(keys, draft.segments, strict=True))

    def _status(self, payment: Any) -> str:
        canceled = payment.status == PaymentStatus.CANCELED
        return PaymentStatus.CANCELED.value if canceled else PaymentStatus.FROZEN.value

    def _accounting_date(self, wanted: date, posts: Iterable[FtPost]) -> date:
        """The payment's own date while its period takes postings, else today."""
        types = self.work.config.all(SaType)
        today = self.work.business_date
        try:
            for post in posts:
                self.work.config.require_open(types[post.agreement.sa_type].gl_division, wanted, today)
        except RuleViolation:
            return today
        return wanted

    # -- suspense

    def _suspense_agreements(self, waiting: Iterable[Any]) -> dict[str, AgreementFacts]:
        """By tender source; read only once for all of them."""
        sources = {self._source(payment.event_id) for payment in waiting}
        found = {}
        for code in sorted(sources):
            source = self.work.config.get(TenderSource, code)
            if source.suspense_agreement:
                found[code] = agreement_of(self.work, self.work.config.house_agreement(source.suspense_agreement))
        return found

    def _source(self, event_id: int) -> str:
        tenders = self.tenders[event_id]
        require(tenders, "SYNC-005", "The branch wrote a payment for which nothing lies in a drawer.")
        return str(tenders[0].tender_source)

    def _suspend(self, payment: Any, draft: PaymentDraft, event: Any) -> tuple[int, PaymentDraft]:
        """Another payment of the same event takes the money to the suspense agreement; an entry to do says why."""
        work = self.work
        suspense = self.suspense.get(self._source(payment.event_id))
        require(suspense is not None, "SYNC-006", "A drawer of this branch names no suspense agreement.")
        assert suspense is not None
        self.suspended += 1
        self._replaced.append(payment)
        self._suspended.append(payment)
        payment_id = work.new_id()
        segments = (SegmentDraft(suspense.id, payment.amount),)
        moved = PaymentDraft(
            suspense.account_id, payment.amount, segments, SUSPENSE, self._status(payment), transferred_from=payment.id
        )
        row = (payment_id, event.id, moved.account_id, moved.amount, event.currency, moved.status, "", SUSPENSE)
        self._new_payments.append((*row, payment.id))
        text = draft.error_message.partition(": ")[2] or draft.error_message
        known = payment.account_id in self.accounts and payment.id not in self.forgotten
        account_id = payment.account_id if known else None
        self._to_do.append(NewEntry(SUSPENSE, text, account_id, event.id))
        work.changed("account", suspense.account_id)
        return payment_id, moved

    def _write(self) -> None:
        store = self.work.store
        store.write(_DELETE_SEGMENTS, [(payment.id,) for payment in self._replaced if payment.id in self.segments])
        gone = sorted(payment.id for payment in self._suspended)
        store.write(_FREEZE, self._frozen)
        store.write(_CANCEL, [(PaymentStatus.CANCELED.value, SUSPENSE, payment_id) for payment_id in gone])
        store.write(_INSERT_PAYMENT, self._new_payments)
        store.write(_INSERT_SEGMENT, self._new_segments)
        add_entries(self.work, self._to_do)

    # -- reversing

    def reverse(self) -> None:
        """Undo what is frozen of payments that were canceled, and of all payments whose event lost a tender."""
        ended = {event_id for event_id, tenders in self.tenders.items() if any(map(_is_canceled, tenders))}
        store = self.work.store
        ids = sorted(ended | {payment.event_id for payment in self.payments if _was_canceled(payment)})
        if not ids:
            return
        payments = store.all(_PAYMENTS, ids=ids)
        undone = [each for each in payments if _was_canceled(each) or each.event_id in ended]
        owner = {}
        for segment in store.all(_SEGMENTS, ids=[payment.id for payment in undone]):
            owner[segment.id] = segment.payment_id
        fts = frozen_fts(self.work, FtKind.PAYMENT_SEGMENT, sorted(owner))
        reversed_already = {row.reverses_ft_id for row in store.all(_REVERSED, ids=[ft.id for ft in fts])}
        left = [ft for ft in fts if ft.id not in reversed_already]
        agreements = agreements_by_id(store, {ft.sa_id for ft in left})
        freeze_fts(self.work, reversals(self.work, FtKind.PAYMENT_SEGMENT, left, agreements))
        reasons = {event_id: _reason(self.tenders[event_id]) for event_id in ended}
        live = [each for each in undone if not _was_canceled(each)]
        rows = [(PaymentStatus.CANCELED.value, reasons[each.event_id], each.id) for each in live]
        store.write(_CANCEL, rows)
        self.work.changed("account", *map(attrgetter("account_id"), agreements.values()))


def _is_canceled(tender: Any) -> bool:
    return bool(tender.status == TenderStatus.CANCELED)


def _was_canceled(payment: Any) -> bool:
    return bool(payment.status == PaymentStatus.CANCELED)


def _reason(tenders: Iterable[Any]) -> str:
    return str(next(tender.cancel_reason for tender in tenders if _is_canceled(tender)))
