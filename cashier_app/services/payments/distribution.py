"""Placing a payment on agreements: by hand, or by the rules of the customer class (R payments 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cashier_app.domain.configuration import CustomerClass, SaType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import PaymentStatus
from cashier_app.domain.money import Money, decimal_text
from cashier_app.domain.system_events import (
    Debt,
    DistributionRequest,
    OverpaymentRequest,
    PayableAgreement,
    SegmentDraft,
    SystemEvent,
)
from cashier_app.services.accounting.agreements import (
    AgreementFacts,
    agreements_of,
    debts,
    open_debits,
    payable,
)
from cashier_app.services.customers.account_rows import AgreementIn, account_of
from cashier_app.services.customers.accounts import StartAgreement, start_agreement
from cashier_app.services.kernel.work import Work
from cashier_app.services.payments.events import PaymentDraft, final_status


class Finish(StrEnum):
    """How far a new event goes (R payments 3.5)."""

    FREEZE = "FREEZE"
    """Distribute and freeze."""
    DISTRIBUTE = "DISTRIBUTE"
    """Distribute only, for review."""
    NOTHING = "NOTHING"
    """Leave payments incomplete, so that payor or payee can still be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentIn:
    """A part of a payment placed by hand."""

    sa_id: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentIn:
    """What one account is to get."""

    account_id: int
    amount: Money
    segments: tuple[SegmentIn, ...] = ()
    """Placed by hand; empty for the customer class's distribution."""


def payment_draft(
    work: Work, payment: PaymentIn, account: Any, finish: Finish, agreements: dict[int, AgreementFacts]
) -> PaymentDraft:
    """What becomes of one payment: placed by hand, by the rules, or not yet; adds the agreements it read."""
    if work.config.is_branch and finish is not Finish.FREEZE:
        refuse("BR-002", "A branch takes payments whole; finish this one, or take it at the office.", "finish")
    account = account or account_of(work, payment.account_id, "payments")
    if account.currency != payment.amount.currency:
        refuse("PAY-107", f"The account is in {account.currency}; {payment.amount} cannot pay it.", "payments")
    found = agreements_of(work.store, account.id)
    agreements.update((agreement.id, agreement) for agreement in found)
    if payment.segments:
        segments = manual_segments(work, payment, found)
        status = final_status(work) if finish is Finish.FREEZE else PaymentStatus.FREEZABLE.value
        return PaymentDraft(account.id, payment.amount.minor, segments, "MANUAL", status)
    if work.config.is_branch:
        return PaymentDraft(account.id, payment.amount.minor, (), "", final_status(work))
    if finish is Finish.NOTHING:
        return PaymentDraft(account.id, payment.amount.minor, (), "", PaymentStatus.INCOMPLETE.value)
    placed = place(work, account, payment.amount.minor, found, agreements)
    if placed.error_message or finish is not Finish.FREEZE:
        return placed
    return placed._replace(status=PaymentStatus.FROZEN.value)


def place(  # noqa: PLR0917  # as many facts decide
    work: Work,
    account: Any,
    amount: int,
    found: Sequence[AgreementFacts],
    agreements: dict[int, AgreementFacts],
    owed: tuple[Debt, ...] | None = None,
) -> PaymentDraft:
    """Distribute a payment; adds the agreement that the distribution may have started."""
    placed = distribute(work, account, amount, found, owed)
    for segment in placed.segments:
        if segment.sa_id not in agreements:
            agreements[segment.sa_id] = _started(work, account, segment.sa_id)
    return placed


def _started(work: Work, account: Any, sa_id: int) -> AgreementFacts:
    """The excess-credit agreement that the distribution has just started."""
    return next(agreement for agreement in agreements_of(work.store, account.id) if agreement.id == sa_id)


def manual_segments(work: Work, payment: PaymentIn, found: Sequence[AgreementFacts]) -> tuple[SegmentDraft, ...]:
    """Segments placed by hand: agreements of the account, adding up to the payment (R payments 3.1).

    None goes against the others: money moves between agreements by adjustments, not by a payment's segments.
    """
    known = {agreement.sa_id for agreement in payable_facts(work, found)}
    currency = payment.amount.currency
    for place, segment in enumerate(payment.segments, start=1):
        require(
            segment.sa_id in known,
            "PAY-033",
            "This agreement does not belong to the account or takes no money any more.",
            f"segments.{place}",
        )
        require(
            segment.amount.currency == currency,
            "PAY-107",
            f"The payment is in {currency}; {segment.amount} cannot be part of it.",
            f"segments.{place}",
        )
        require(segment.amount.minor > 0, "PAY-032", "A segment is more than zero.", f"segments.{place}")
    total = sum(segment.amount.minor for segment in payment.segments)
    require(
        total == payment.amount.minor,
        "PAY-032",
        f"The segments add up to {decimal_text(total, currency)}, the payment is {payment.amount}.",
        "segments",
    )
    require(
        len({segment.sa_id for segment in payment.segments}) == len(payment.segments),
        "PAY-032",
        "Each agreement has one segment.",
        "segments",
    )
    return tuple(SegmentDraft(segment.sa_id, segment.amount.minor) for segment in payment.segments)


def payable_facts(work: Work, found: Sequence[AgreementFacts]) -> tuple[PayableAgreement, ...]:
    """The agreements of an account that may receive money."""
    return payable(found, work.config.all(SaType))


def distribute(
    work: Work,
    account: Any,
    amount: int,
    found: Sequence[AgreementFacts],
    owed: tuple[Debt, ...] | None = None,
) -> PaymentDraft:
    """Place a payment by the rules of the account's customer class (R payments 3.1).

    Returns a FREEZABLE draft, or an ERROR draft whose message says why. `owed` gives the account's
    debts where the caller has read them already.
    """
    types = work.config.all(SaType)
    customer_class = work.config.get(CustomerClass, account.customer_class)
    if owed is None:
        owed = debts(found, open_debits(work.store, found), types, work.business_date)
    rule = work.config.rule(customer_class.payment_distribution, SystemEvent.PAYMENT_DISTRIBUTION, work.business_date)
    segments, left = rule.call(DistributionRequest(amount, owed))
    label = rule.label
    if left:
        rule = work.config.rule(customer_class.overpayment, SystemEvent.OVERPAYMENT, work.business_date)
        more, left = rule.call(OverpaymentRequest(left, payable(found, types)))
        segments = _merged(work, account, segments, more, rule)
        label = f"{label} {rule.label}"
    if left or not segments:
        return PaymentDraft(
            account.id, amount, (), label, PaymentStatus.ERROR.value, "PAY-031: No agreement can receive the payment."
        )
    assert sum(segment.amount for segment in segments) == amount, "a distribution accounts for every cent"
    return PaymentDraft(account.id, amount, tuple(segments), label, PaymentStatus.FREEZABLE.value)


def _merged(
    work: Work, account: Any, first: Iterable[SegmentDraft], more: Iterable[SegmentDraft], rule: Any
) -> tuple[SegmentDraft, ...]:
    sums = {segment.sa_id: segment.amount for segment in first}
    for segment in more:
        sa_id = segment.sa_id or _start_excess_credit(work, account, rule)
        sums[sa_id] = sums.get(sa_id, 0) + segment.amount
    return tuple(SegmentDraft(sa_id, amount) for sa_id, amount in sums.items())


def _start_excess_credit(work: Work, account: Any, rule: Any) -> int:
    sa_type = getattr(rule.parameters, "sa_type", "")
    started = start_agreement(StartAgreement(account_id=account.id, agreement=AgreementIn(sa_type=sa_type)), work)
    return started.sa_id
