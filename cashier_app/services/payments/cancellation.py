"""Canceling payments and tenders, and what a returned check brings with it (R payments 1.4-1.9)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.configuration import BankAccount, CustomerClass, PayCancelReason, SaType, TenderType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import PAYMENT, TENDER, ControlStatus, EventKind, FtKind, PaymentStatus, TenderStatus
from cashier_app.domain.money import Money
from cashier_app.domain.system_events import NsfRequest, SystemEvent
from cashier_app.models.customer import CreditRatingEntry, ReviewTrigger
from cashier_app.models.payment import Payment, PaymentSegment, Tender
from cashier_app.services.accounting.adjustments import AdjustmentDraft, write_adjustments
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_by_id, agreements_of, payable
from cashier_app.services.accounting.ledger import freeze_fts, frozen_fts, reversals
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import change, deletion, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.drawers import add_to_totals, bank_code
from cashier_app.services.payments.event_facts import (
    FINAL,
    TAKEN,
    EventFacts,
    by_bank,
    event_of_payment,
    event_of_tender,
    require_customers,
    segments_of,
    settle,
    warn_of_imbalance,
)
from cashier_app.services.payments.events import FROM_FILES
from cashier_app.services.to_do.entries import add_entry
from cashier_app.services.to_do.resolving import about_account

CANCEL_ANY = "CancelAnyPayment"
APPROVE_CASH_CANCEL = "approve-cash-cancel"

_CANCEL_TENDER = change(
    Tender, "status cancel_reason cancel_bank_account canceled_at canceled_by canceled_after_balance"
)
_CANCEL_PAYMENT = change(Payment, "status cancel_reason")
_DELETE_SEGMENTS = deletion(PaymentSegment, "payment_id")
_DELETE_PAYMENT = deletion(Payment)
_INSERT_RATING = insertion(
    CreditRatingEntry, "id account_id starts ends rating_points cash_only_points tender_id reason"
)
_INSERT_TRIGGER = insertion(ReviewTrigger, "id account_id trigger_date reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPayment:
    """Take a frozen payment back by the reversal of each of its FTs; tenders are untouched."""

    payment_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCanceled:
    """The event is unbalanced by what was taken back until it is placed anew."""

    payment_id: int
    event_id: int
    unbalanced_by: Money


@handles(CancelPayment, right="CancelOwnPayment")
def cancel_payment(command: CancelPayment, work: Work) -> PaymentCanceled:
    """One PX FT per segment, dated today (R payments 1.4)."""
    event, payment = event_of_payment(work, command.payment_id)
    require_customers(event)
    reason = reason_of(work, command.reason)
    require(not reason.nsf_charge, "PAY-123", "A returned check is canceled as a tender, not as a payment.", "reason")
    if payment.status != PaymentStatus.FROZEN:
        refuse("PAY-006", f"The payment is {payment.status.lower()}; only a frozen one can be canceled.")
    require_may_cancel(work, event, event.tenders)
    reverse_payments(work, [payment], command.reason)
    settle(work, event.id)
    unbalanced_by = event.unbalanced_by + payment.amount
    warn_of_imbalance(work, unbalanced_by, event.currency)
    work.changed("account", payment.account_id)
    return PaymentCanceled(payment_id=payment.id, event_id=event.id, unbalanced_by=Money(unbalanced_by, event.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTender:
    """Take a tender back: all payments of its event are canceled, whatever other tenders it has (R payments 1.7)."""

    tender_id: int
    reason: str
    bank_account: str = ""
    """Charged for it; default: where the tender was deposited."""
    all_tenders: bool = False
    """Cancel every other valid tender of the event too, as a check with cash back needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """What the payor is charged for a returned tender."""

    sa_id: int
    adjustment_type: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderCanceled:
    """What was undone, what was charged, what remains to be done."""

    event_id: int
    tender_ids: tuple[int, ...]
    payment_ids: tuple[int, ...]
    adjustment_ids: tuple[int, ...]
    """Fees and charged cash back."""
    valid_tenders_left: Money
    charges: tuple[Charged, ...] = ()
    """The same fees and charges with their amounts, so that a preview can say them."""


@handles(CancelTender, right="CancelOwnPayment", branch=True)
def cancel_tender(command: CancelTender, work: Work) -> TenderCanceled:
    """Payments reversed, tender canceled, payor charged and rated: one transaction."""
    event, tender = event_of_tender(work, command.tender_id)
    reason = reason_of(work, command.reason)
    canceled = event.valid_tenders if command.all_tenders else [tender]
    _check_branch(work, event, reason, canceled)
    TENDER.move(TenderStatus(tender.status), TenderStatus.CANCELED)
    _check_house_movement(event, canceled)
    require_may_cancel(work, event, canceled, nsf=reason.nsf_charge)
    frozen = [payment for payment in event.payments if payment.status in TAKEN]
    reverse_payments(work, frozen, command.reason, _bank_chosen(work, command, event, canceled, tender))
    _delete_unfrozen(work, event)
    for each in canceled:
        _cancel(work, event, each, command, reason)
    charges = _consequences(work, event, tender, reason, canceled)
    adjustments = write_adjustments(work, charges) if charges else ()
    settle(work, event.id)
    left = sum(each.amount for each in event.valid_tenders if each not in canceled)
    if left:
        work.warn("PAY-009", f"Valid tenders of {Money(left, event.currency)} remain; add payments or cancel them.")
    work.changed("account", tender.payor_account_id, *(payment.account_id for payment in event.payments))
    work.changed("tender_control", *(each.tender_control_id for each in canceled))
    return TenderCanceled(
        event_id=event.id,
        tender_ids=tuple(each.id for each in canceled),
        payment_ids=tuple(payment.id for payment in frozen),
        adjustment_ids=tuple(adjustments),
        valid_tenders_left=Money(left, event.currency),
        charges=tuple(
            Charged(
                sa_id=charge.agreement.id,
                adjustment_type=charge.adjustment_type,
                amount=Money(charge.amount, charge.agreement.currency),
            )
            for charge in charges
        ),
    )


def reason_of(work: Work, code: str) -> PayCancelReason:
    """The cancel reason of a code; PAY-008 when none is given."""
    require(code.strip(), "PAY-008", "A cancel reason is needed.", "reason")
    return work.config.get(PayCancelReason, code, "reason")


def _check_branch(work: Work, event: EventFacts, reason: PayCancelReason, canceled: Sequence[Any]) -> None:
    """A branch takes a visit back whole; what returns later, and what it costs, is known at the server."""
    for tender in canceled:
        if tender.control_status != ControlStatus.BALANCED:
            work.refuse_elsewhere(tender.tender_control_id, f"Drawer {tender.tender_source}")
    if not work.config.is_branch:
        return
    consequences = reason.nsf_charge or reason.credit_rating_points or reason.cash_only_points
    require(not consequences, "BR-001", "What comes back from the bank is canceled at the server.", "reason")
    require(
        len(canceled) == len(event.valid_tenders),
        "BR-002",
        "A branch cancels all tenders of a visit together; take the payment again with what stays.",
        "all_tenders",
    )


def _check_house_movement(event: EventFacts, canceled: Sequence[Any]) -> None:
    """What no customer handed over cannot come back later, as a check does: the count has settled it."""
    states = {each.control_status for each in canceled}
    if event.kind == EventKind.OVER_UNDER and states != {ControlStatus.BALANCING}:
        refuse("TC-024", "A booked difference can only be taken back while its drawer is being balanced.")
    if event.kind == EventKind.PAY_IN_OUT and ControlStatus.BALANCED in states:
        refuse("TC-024", "The drawer was balanced with this movement; book another the other way.")


def require_may_cancel(work: Work, event: EventFacts, tenders: Sequence[Any], *, nsf: bool = False) -> None:
    """Who may cancel what (R payments 10.6, R reliability C4)."""
    work.keep_off(*event.account_ids)
    types = work.config.all(TenderType)
    whose = {event.created_by if tender.owner_id is None else tender.owner_id for tender in tenders}
    own = whose == {work.user.id}
    same_day = all(
        tender.control_status != ControlStatus.BALANCED and tender.business_date == work.business_date
        for tender in tenders
    )
    # Not while it is counted: whoever knows the count would cancel what is missing.
    uncounted = all(tender.control_status == ControlStatus.OPEN for tender in tenders)
    if own and same_day and uncounted and not nsf and not work.may(CANCEL_ANY):
        like_cash = any(types[tender.tender_type].like_cash for tender in tenders)
        if like_cash and work.config.installation.second_person_for_cash_cancel:
            work.need_second_person(APPROVE_CASH_CANCEL, "cancel cash that was taken")
        return
    work.need_right_or_second_person(CANCEL_ANY, "cancel this")
    if event.created_by == work.user.id and work.user.id and (nsf or not same_day):
        work.need_second_person(CANCEL_ANY, "cancel what you took yourself, later or as returned")


def reverse_payments(work: Work, payments: Sequence[Any], reason: str, replaced: dict[str, str] | None = None) -> None:
    """Cancel payments: the mirror of every FT, dated today. Recorded ones have none yet: the server sees to it."""
    segments = segments_of(work, [payment.id for payment in payments])
    fts = frozen_fts(work, FtKind.PAYMENT_SEGMENT, [segment.id for segment in segments])
    agreements = agreements_by_id(work.store, {ft.sa_id for ft in fts})
    freeze_fts(work, reversals(work, FtKind.PAYMENT_SEGMENT, fts, agreements, replaced))
    for payment in payments:
        PAYMENT.move(PaymentStatus(payment.status), PaymentStatus.CANCELED)
    rows = [(PaymentStatus.CANCELED.value, reason, payment.id) for payment in payments]
    work.store.write(_CANCEL_PAYMENT, rows)


def _bank_chosen(
    work: Work, command: CancelTender, event: EventFacts, canceled: Sequence[Any], tender: Any
) -> dict[str, str]:
    """The distribution code that the canceled tender's cash comes back from, where another bank is charged.

    All payments are reversed, so what stays valid in the same bank would be taken from the other one too.
    """
    if not command.bank_account:
        return {}
    bank = work.config.get(BankAccount, command.bank_account, "bank_account")
    require(bank.currency == event.currency, "PAY-042", f"{bank.code} is in {bank.currency}.", "bank_account")
    booked = bank_code(work.config, tender.tender_source)
    left = by_bank(work, (each for each in event.valid_tenders if each not in canceled))
    require(
        booked == bank.distribution_code or booked not in left,
        "PAY-128",
        "Other valid tenders of this event lie in the same bank account. Cancel all tenders, or leave the bank out.",
        "bank_account",
    )
    return {booked: bank.distribution_code}


def _delete_unfrozen(work: Work, event: EventFacts) -> None:
    unfrozen = [payment.id for payment in event.payments if payment.status not in FINAL]
    work.store.write(_DELETE_SEGMENTS, [(payment_id,) for payment_id in unfrozen])
    work.store.write(_DELETE_PAYMENT, [(payment_id,) for payment_id in unfrozen])


def _cancel(work: Work, event: EventFacts, tender: Any, command: CancelTender, reason: PayCancelReason) -> None:
    # What was in the drawer when it was counted stays counted; so does cash that was handed out, and what a file says.
    stays = (
        tender.control_status == ControlStatus.BALANCED
        or event.kind in FROM_FILES
        or (reason.nsf_charge and tender.cash_back_of is not None)
    )
    row = (
        TenderStatus.CANCELED.value,
        command.reason,
        command.bank_account or None,
        work.instant,
        work.user.id,
        stays,
        tender.id,
    )
    work.store.write(_CANCEL_TENDER, [row])
    if not stays:
        bucket = tender.applies_to_tender_type or tender.tender_type
        add_to_totals(work, {(tender.tender_control_id, bucket): (-tender.amount, -1)})


def _consequences(
    work: Work, event: EventFacts, tender: Any, reason: PayCancelReason, canceled: Sequence[Any]
) -> list[AdjustmentDraft]:
    payor = tender.payor_account_id
    returned = tender.cash_back_of is None
    if returned and (reason.credit_rating_points or reason.cash_only_points):
        ends = months_later(work.business_date, reason.months_affecting_rating)
        row = (
            work.new_id(),
            payor,
            work.business_date,
            ends,
            reason.credit_rating_points,
            reason.cash_only_points,
            tender.id,
            reason.code,
        )
        work.store.write(_INSERT_RATING, [row])
    if not reason.nsf_charge:
        return []
    found = agreements_of(work.store, payor)
    charges = []
    if returned:
        work.store.write(_INSERT_TRIGGER, [(work.new_id(), payor, work.business_date, "NSF")])
        charges += _fee(work, event, payor, found)
    return charges + _cash_back(work, event, tender, canceled, found)


def _fee(work: Work, event: EventFacts, payor: int, found: Sequence[AgreementFacts]) -> list[AdjustmentDraft]:
    """What a returned check costs its payor (R payments 1.8); an entry to do where no fee can be found."""
    customer_class = work.config.get(CustomerClass, account_of(work, payor).customer_class)
    if customer_class.nsf:
        rule = work.config.rule(customer_class.nsf, SystemEvent.NSF, work.business_date)
        sa_id, adjustment_type = rule.call(NsfRequest(payable(found, work.config.all(SaType))))
        fee = work.config.get(AdjustmentType, adjustment_type).default_amount if adjustment_type else None
        if fee is not None and fee.minor and fee.currency == event.currency:
            agreement = next(agreement for agreement in found if agreement.id == sa_id)
            return [AdjustmentDraft(agreement, adjustment_type, fee.minor, comment="NSF")]
    text = "A check came back, but no fee is set up for this customer."
    add_entry(work, "NSF-FEE", text, account_id=payor, event_id=event.id, subject=about_account(payor))
    return []


def _cash_back(
    work: Work, event: EventFacts, tender: Any, canceled: Sequence[Any], found: Sequence[AgreementFacts]
) -> list[AdjustmentDraft]:
    """The cash that went out with a returned check (R payments O-7); an entry to do where nobody is charged for it."""
    cash_back = -sum(each.amount for each in canceled if each.cash_back_of is not None)
    installation = work.config.installation
    if not cash_back or not installation.charge_cash_back_of_returned_check:
        return []
    options = payable(found, work.config.all(SaType))
    if not options or not installation.cash_back_adjustment_type:
        text = f"A check came back; the {Money(cash_back, event.currency)} handed out with it are charged to nobody."
        payor = tender.payor_account_id
        add_entry(work, "NSF-CASH-BACK", text, account_id=payor, event_id=event.id, subject=about_account(payor))
        return []
    best = min(options, key=lambda option: (option.priority, option.sa_id))
    return [
        AdjustmentDraft(
            next(agreement for agreement in found if agreement.id == best.sa_id),
            installation.cash_back_adjustment_type,
            cash_back,
            comment="Cash back of a returned check",
            cash_code=bank_code(work.config, tender.tender_source),
        )
    ]


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
