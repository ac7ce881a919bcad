"""Explaining figures: from a balance to the commands, rules and GL lines that made it (row H7, design D15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import bindparam, select

from cashier_app.domain.adjustment_types import AdjustmentCancelReason, AdjustmentType
from cashier_app.domain.configuration import Algorithm, PayCancelReason
from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import FtKind
from cashier_app.domain.money import Money
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.financial import FinancialTransaction
from cashier_app.models.payment import Payment, PaymentEvent, PaymentSegment
from cashier_app.services.customers.names import need_agreements
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.gl_runs import gl_whereabouts
from cashier_app.services.queries.transactions import FT_COLUMNS, FtFact, describe_type, facts_of, fts_by_id

BalanceKind = Literal["current", "payoff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FtExplanation:
    """A financial transaction in words."""

    ft: FtFact
    sentence: str
    """What happened, by whom, when, through which command."""
    rule: str
    """Which rule decided it, with the parameters in force then; empty where none did."""
    parameters: tuple[tuple[str, str], ...]
    books: tuple[str, ...]
    """The GL lines, one sentence each, and whether they went to the general ledger."""
    event_id: int | None
    adjustment_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceStep:
    """One step of a balance."""

    explanation: FtExplanation
    amount: int
    """Its effect on the balance."""
    balance: int
    """The balance after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceExplanation:
    """A balance and the latest steps that led to it. Amounts are minor units of `currency`."""

    sa_id: int
    kind: BalanceKind
    title: str
    currency: str
    balance: int
    steps: tuple[BalanceStep, ...]
    """Newest first."""
    carried: int
    """The balance before the oldest step shown; 0 when all are shown."""
    is_complete: bool


_AGREEMENT = Statement(
    select(
        ServiceAgreement.id,
        ServiceAgreement.sa_type,
        ServiceAgreement.currency,
        ServiceAgreement.current_balance,
        ServiceAgreement.payoff_balance,
    ).where(ServiceAgreement.id == bindparam("sa_id"))
)
_NEWEST = Statement(
    select(*FT_COLUMNS)
    .where(FinancialTransaction.sa_id == bindparam("sa_id"), FinancialTransaction.frozen_at.is_not(None))
    .order_by(FinancialTransaction.frozen_at.desc(), FinancialTransaction.id.desc())
    .limit(bindparam("most"))
)
_PAYMENTS = Statement(
    select(
        PaymentSegment.id,
        Payment.event_id,
        Payment.amount,
        Payment.distributed_by,
        Payment.cancel_reason,
        Payment.transferred_from,
        PaymentEvent.receipt_number,
    )
    .join(Payment, Payment.id == PaymentSegment.payment_id)
    .join(PaymentEvent, PaymentEvent.id == Payment.event_id)
    .where(among(PaymentSegment.id, "ids"))
)
_ADJUSTMENTS = Statement(
    select(
        Adjustment.id,
        Adjustment.adjustment_type,
        Adjustment.reference,
        Adjustment.comment,
        Adjustment.cancel_reason,
    ).where(among(Adjustment.id, "ids"))
)
_OF_PAYMENT = frozenset((FtKind.PAYMENT_SEGMENT, FtKind.PAYMENT_CANCELLATION))
_CANCELLATIONS = frozenset((FtKind.PAYMENT_CANCELLATION, FtKind.ADJUSTMENT_CANCELLATION))


def explain_balance(
    store: Store, config: Configuration, sa_id: int, kind: BalanceKind = "current", limit: int = 50
) -> BalanceExplanation:
    """The financial transactions behind an agreement's balance, newest first; refuses with CUS-011 or SEC-031."""
    agreement = store.first(_AGREEMENT, sa_id=sa_id)
    if agreement is None:
        refuse("CUS-011", "There is no such agreement.", "sa_id")
    need_agreements(store, [sa_id])
    found = store.all(_NEWEST, sa_id=sa_id, most=limit + 1)
    explanations = _explained(store, config, facts_of(store, config, found[:limit]))
    balance = agreement.current_balance if kind == "current" else agreement.payoff_balance
    left, steps = balance, []
    for explanation in explanations:
        amount = explanation.ft.current_amount if kind == "current" else explanation.ft.payoff_amount
        steps.append(BalanceStep(explanation=explanation, amount=amount, balance=left))
        left -= amount
    title = describe_type(config, agreement.sa_type)
    return BalanceExplanation(
        sa_id=sa_id,
        kind=kind,
        title=f"{kind.capitalize()} balance of {title}: {Money(balance, agreement.currency)}",
        currency=agreement.currency,
        balance=balance,
        steps=tuple(steps),
        carried=left,
        is_complete=len(found) <= limit,
    )


def explain_ft(store: Store, config: Configuration, ft_id: int) -> FtExplanation:
    """One financial transaction in words; refuses with FT-001 or SEC-031."""
    facts = fts_by_id(store, config, [ft_id])
    if not facts:
        refuse("FT-001", "There is no such financial transaction.", "ft_id")
    return _explained(store, config, facts)[0]


def _explained(store: Store, config: Configuration, facts: Sequence[FtFact]) -> list[FtExplanation]:
    segments = [fact.source_id for fact in facts if fact.kind in _OF_PAYMENT]
    adjustments = [fact.source_id for fact in facts if fact.kind not in _OF_PAYMENT]
    sources = {
        **({row.id: row for row in store.all(_PAYMENTS, ids=segments)} if segments else {}),
        **({row.id: row for row in store.all(_ADJUSTMENTS, ids=adjustments)} if adjustments else {}),
    }
    return [_explanation(config, fact, sources, _sent(store, config, fact)) for fact in facts]


def _sent(store: Store, config: Configuration, fact: FtFact) -> str:
    """Whether it is in the general ledger yet."""
    where = gl_whereabouts(store, config, fact.ft_id)
    if where.run_number is not None:
        return f"Went to the general ledger with run {where.run_number} of {where.business_date}"
    return f"Waits for the general ledger: {where.reason}" if where.reason else "Goes to the general ledger next"


def _explanation(config: Configuration, fact: FtFact, sources: Mapping[int, Any], sent: str) -> FtExplanation:
    source = sources.get(fact.source_id)
    of_payment = fact.kind in _OF_PAYMENT
    labels = f"{source.distributed_by} {fact.algorithm}" if of_payment and source else fact.algorithm
    rules = [_rule(config, label) for label in labels.split() if label not in {"MANUAL", "REVERSAL"}]
    return FtExplanation(
        ft=fact,
        sentence=_sentence(config, fact, source),
        rule="; ".join(words for words, _ in rules),
        parameters=tuple(pair for _, pairs in rules for pair in pairs),
        books=(*_books(fact), sent),
        event_id=source.event_id if of_payment and source else None,
        adjustment_id=None if of_payment else fact.source_id,
    )


def _sentence(config: Configuration, fact: FtFact, source: Any) -> str:
    """What happened, by whom, when, through which command."""
    who = fact.user or "somebody unknown"
    approved = f", approved by {fact.approver}" if fact.approver else ""
    through = f" ({fact.command})" if fact.command else ""
    when = f"{fact.frozen_at:%Y-%m-%d %H:%M} UTC" if fact.frozen_at else fact.accounting_date.isoformat()
    effect = _effect(fact)
    return f"{_what(config, fact, source)}: {effect}. By {who} on {when}{approved}{through}."


def _effect(fact: FtFact) -> str:
    amount = Money(abs(fact.current_amount), fact.currency)
    verb = "raises" if fact.current_amount > 0 else "lowers"
    effect = f"{verb} what is owed for {fact.sa_description} by {amount}" if fact.current_amount else "owes nothing new"
    if fact.payoff_amount == fact.current_amount:
        return effect
    return f"{effect}, and changes the payoff balance by {Money(fact.payoff_amount, fact.currency)}"


def _what(config: Configuration, fact: FtFact, source: Any) -> str:
    if source is None:
        return f"Transaction {fact.kind}"
    if fact.kind in _OF_PAYMENT:
        words = f"Payment of {Money(source.amount, fact.currency)}"
        words += f", receipt {source.receipt_number}" if source.receipt_number else ""
        words += ", moved here from another payment" if source.transferred_from else ""
        reasons: Mapping[str, Any] = config.all(PayCancelReason)
    else:
        known = config.all(AdjustmentType).get(source.adjustment_type)
        words = known.description if known else source.adjustment_type
        words += f" {source.reference}" if source.reference else ""
        words += f" ({source.comment})" if source.comment else ""
        reasons = config.all(AdjustmentCancelReason)
    if fact.kind not in _CANCELLATIONS:
        return words
    reason = reasons.get(source.cancel_reason)
    return f"{words} taken back: {reason.description if reason else source.cancel_reason or 'no reason given'}"


def _rule(config: Configuration, label: str) -> tuple[str, list[tuple[str, str]]]:
    """A rule in words, and the parameters it had then; `label` is `CODE@effective date`."""
    code, _, effective = label.partition("@")
    algorithm = config.all(Algorithm).get(code)
    if algorithm is None:
        return label, []
    since = f", as set on {effective}" if effective else ""
    words = f"{algorithm.description or code} ({algorithm.rule}{since})"
    versions = (version for version in algorithm.versions if version.effective.isoformat() == effective)
    parameters = next((version.parameters for version in versions), {})
    return words, [(name, str(value)) for name, value in parameters.items()]


def _books(fact: FtFact) -> list[str]:
    return [
        f"{'Debit' if line.amount > 0 else 'Credit'} {Money(abs(line.amount), fact.currency)} "
        f"{line.distribution_code}{f', {line.description}' if line.description else ''}"
        f"{f', account {line.gl_account}' if line.gl_account else ''}"
        for line in fact.lines
    ]
