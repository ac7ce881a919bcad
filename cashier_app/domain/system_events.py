"""The plug-in spots: what each hands to a rule, and what it takes back (design D10).

A rule gets every fact in its request, asks nobody and changes nothing. Amounts are whole minor
units of the currency that the request names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar


class SystemEvent(StrEnum):
    """Moments at which configured algorithms are called."""

    PAYMENT_DISTRIBUTION = "payment-distribution"
    OVERPAYMENT = "overpayment"
    PAYMENT_FT = "payment-ft"
    ADJUSTMENT_FT = "adjustment-ft"
    NSF = "nsf"
    PAYMENT_AMOUNT = "payment-amount"
    ALERT = "alert"
    GL_ACCOUNT = "gl-account"
    ADJUSTMENT_AMOUNT = "adjustment-amount"
    DETERMINE_AGREEMENT = "determine-agreement"
    GENERATE_ADJUSTMENT = "generate-adjustment"
    VALIDATE_ADJUSTMENT = "validate-adjustment"
    ADJUSTMENT_FREEZE = "adjustment-freeze"
    ADJUSTMENT_CANCELLATION = "adjustment-cancellation"
    ADJUSTMENT_INFORMATION = "adjustment-information"
    RESOLVE_SUSPENSE = "resolve-suspense"


NEW_CHARGE = -1
"""The age of a charge that no bill has shown yet: younger than everything (R payments 3.2)."""


class Debt(NamedTuple):
    """A positive aged piece of an agreement's current balance."""

    sa_id: int
    priority: int
    """Payment priority of its SA type; lower is paid first."""
    age: int
    """Days since its arrears date; negative for the future, NEW_CHARGE for unbilled."""
    amount: int


class PayableAgreement(NamedTuple):
    """An agreement that may receive money."""

    sa_id: int
    sa_type: str
    priority: int
    do_not_overpay: bool
    nsf_adjustment_type: str
    current_balance: int


class SegmentDraft(NamedTuple):
    """A part of a payment for one agreement."""

    sa_id: int
    amount: int


class DistributionRequest(NamedTuple):
    """A payment to place, and what its account owes."""

    amount: int
    debts: tuple[Debt, ...]


class OverpaymentRequest(NamedTuple):
    """What is left of a payment, and the agreements of its account."""

    amount: int
    agreements: tuple[PayableAgreement, ...]


class Distribution(NamedTuple):
    """Segments, at most one per agreement, and what could not be placed."""

    segments: tuple[SegmentDraft, ...]
    undistributed: int


class GlLineDraft(NamedTuple):
    """One side of a journal entry: debit positive, credit negative."""

    distribution_code: str
    amount: int


class FtDraft(NamedTuple):
    """The effect of a segment or adjustment on an agreement and on the books."""

    current_amount: int
    payoff_amount: int
    lines: tuple[GlLineDraft, ...]


class HoldingLine(NamedTuple):
    """What one financial transaction posted to a holding code."""

    code: str
    arrears_date: date
    """Of the FT; the last day of the calendar while no bill has shown it: the youngest of all."""
    held: int
    """Positive: put into holding. Negative: taken out of it again."""


class Holding(NamedTuple):
    """A holding code: what it stands for, and in which order it is released."""

    real_code: str
    priority: int
    """Lower is released first."""


class HoldingFacts(NamedTuple):
    """What cash accounting must know of an agreement, for rules that ask for it (R billing 16)."""

    receivable: int = 0
    """Its payoff balance before what is being booked."""
    lines: tuple[HoldingLine, ...] = ()
    """What its FTs posted to holding codes, pairs of FT and reversal left out."""
    codes: Mapping[str, Holding] = MappingProxyType({})


NOTHING_HELD = HoldingFacts()


class PaymentFtRequest(NamedTuple):
    """A payment segment to book."""

    amount: int
    receivable_code: str
    """Distribution code of the SA type."""
    cash: tuple[GlLineDraft, ...]
    """The debit side: the segment's share by bank account; adds up to the amount."""
    holding: HoldingFacts = NOTHING_HELD


class AdjustmentFtRequest(NamedTuple):
    """An adjustment to book."""

    amount: int
    receivable_code: str
    adjustment_code: str
    holding: HoldingFacts = NOTHING_HELD
    lines: tuple[GlLineDraft, ...] = ()
    """What a calculated amount consists of, by the codes of its lines, as charges: positive where it charges."""


class AdjustmentFacts(NamedTuple):
    """An adjustment and its agreement, as rules about adjustments see them."""

    adjustment_type: str
    amount: int
    """0 where none is known yet."""
    currency: str
    sa_type: str
    current_balance: int
    payoff_balance: int
    today: date
    characteristics: Mapping[str, str] = MappingProxyType({})
    """Value by characteristic type: the type's and its own."""


class CalculationLine(NamedTuple):
    """One step of a calculation; lines add up to the amount."""

    description: str
    amount: int
    distribution_code: str = ""
    characteristic: str = ""


class GenerationRequest(NamedTuple):
    """A calculated adjustment to work out."""

    base_amount: int
    """What was typed; 0 where the rule needs nothing."""
    adjustment: AdjustmentFacts


class AdjustmentObjection(NamedTuple):
    """What a rule has against an adjustment."""

    sentence: str
    is_warning: bool = False
    """Tells the operator and stops nothing."""


class DetermineAgreementRequest(NamedTuple):
    """An account on which an adjustment is to be placed; the rule answers with an agreement's key, or 0."""

    agreements: tuple[PayableAgreement, ...]
    amount: int


class AdjustmentEffect(NamedTuple):
    """What else follows when an adjustment freezes or is canceled."""

    arrears_date: date | None = None
    """When the charge begins to age instead; only at freezing."""
    alert: str = ""
    """A note for the account."""


class InformationRequest(NamedTuple):
    """An adjustment to put into words."""

    description: str
    amount: str
    """With its currency."""
    adjustment_date: date
    reference: str
    comment: str


class NsfRequest(NamedTuple):
    """The agreements of a payor whose check came back."""

    agreements: tuple[PayableAgreement, ...]


class NsfCharge(NamedTuple):
    """The fee to charge, or none where `adjustment_type` is empty."""

    sa_id: int
    adjustment_type: str


class PaymentAmountRequest(NamedTuple):
    """An account in front of the cashier."""

    current_balance: int
    """Without what is disputed: nobody is asked for that."""
    debts: tuple[Debt, ...]


class AlertRequest(NamedTuple):
    """What is known of an account when it is opened."""

    today: date
    currency: str
    current_balance: int
    debts: tuple[Debt, ...]
    credit_rating: int
    credit_rating_threshold: int
    cash_only_score: int
    cash_only_threshold: int
    unbalanced_events: int


class AlertDraft(NamedTuple):
    """Something the cashier should know."""

    code: str
    text: str


class GlAccountRequest(NamedTuple):
    """A GL line to give an account to."""

    accounting_date: date
    details: tuple[Any, ...]
    """The distribution code's `GlAccount` records."""


Rule = TypeVar("Rule", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """What `@algorithm` attaches to a function."""

    name: str
    event: SystemEvent
    parameters: type
    needs_holding: bool = False
    """Whether the rule's request must hold what cash accounting knows of the agreement."""
