"""Rules about adjustments: what to propose, calculate, object to, and do beside the booking (R adjustments 1.3)."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import timedelta
from decimal import Decimal

from cashier_app.algorithms.registry import algorithm
from cashier_app.domain.money import rounded_quotient
from cashier_app.domain.system_events import (
    AdjustmentEffect,
    AdjustmentFacts,
    AdjustmentObjection,
    CalculationLine,
    DetermineAgreementRequest,
    GenerationRequest,
    InformationRequest,
    SystemEvent,
)


@algorithm("refund-of-credit", at=SystemEvent.ADJUSTMENT_AMOUNT)
def refund_of_credit(adjustment: AdjustmentFacts, _parameters: object) -> int:
    """Propose to give back the whole credit; nothing where there is none."""
    return max(-adjustment.payoff_balance, 0)


@algorithm("payoff-less-current", at=SystemEvent.ADJUSTMENT_AMOUNT)
def payoff_less_current(adjustment: AdjustmentFacts, _parameters: object) -> int:
    """What brings the current balance to the payoff balance (S1 p.91)."""
    return adjustment.payoff_balance - adjustment.current_balance


@dataclass(frozen=True, slots=True)
class FlatPercentage:
    """A base amount and one percentage on it: a small rate, until the rate engine sits behind this spot."""

    description: str = "Charge"
    distribution_code: str = ""
    percent: Decimal = Decimal(0)
    tax_description: str = "Tax"
    tax_distribution_code: str = ""
    unit_price: int = 0
    """Minor units that stand for the base where nothing is typed: a fixed price."""


@algorithm("flat-percentage", at=SystemEvent.GENERATE_ADJUSTMENT, parameters=FlatPercentage)
def flat_percentage(request: GenerationRequest, parameters: FlatPercentage) -> tuple[CalculationLine, ...]:
    """The base as one line, the percentage as another, rounded half up once (R adjustments 5.4)."""
    base = request.base_amount or parameters.unit_price
    numerator, denominator = parameters.percent.as_integer_ratio()
    tax = rounded_quotient(base * numerator, 100 * denominator)
    lines = [CalculationLine(parameters.description, base, parameters.distribution_code)]
    if tax:
        lines.append(CalculationLine(parameters.tax_description, tax, parameters.tax_distribution_code))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class FixedCharge:
    """One line of several."""

    description: str
    amount: int
    """Minor units."""
    distribution_code: str = ""


@dataclass(frozen=True, slots=True)
class FixedCharges:
    """What is charged together, each with its own code."""

    charges: tuple[FixedCharge, ...] = (FixedCharge("Charge", 0),)


@algorithm("fixed-charges", at=SystemEvent.GENERATE_ADJUSTMENT, parameters=FixedCharges)
def fixed_charges(_request: GenerationRequest, parameters: FixedCharges) -> tuple[CalculationLine, ...]:
    """The same charges each time, whatever is typed: a list of fees for one thing that was done."""
    return tuple(CalculationLine(*astuple(charge)) for charge in parameters.charges)


@dataclass(frozen=True, slots=True)
class AmountLimits:
    """Minor units between which an amount must lie."""

    lowest: int = -(10**15)
    highest: int = 10**15
    only_warn: bool = False


@algorithm("amount-within-limits", at=SystemEvent.VALIDATE_ADJUSTMENT, parameters=AmountLimits)
def amount_within_limits(adjustment: AdjustmentFacts, parameters: AmountLimits) -> tuple[AdjustmentObjection, ...]:
    """Object to an amount beyond the limits."""
    if parameters.lowest <= adjustment.amount <= parameters.highest:
        return ()
    sentence = f"The amount must lie from {parameters.lowest} to {parameters.highest} minor units."
    return (AdjustmentObjection(sentence, parameters.only_warn),)


@dataclass(frozen=True, slots=True)
class Warn:
    """Whether the operator may go on all the same."""

    only_warn: bool = True


@algorithm("refund-within-credit", at=SystemEvent.VALIDATE_ADJUSTMENT, parameters=Warn)
def refund_within_credit(adjustment: AdjustmentFacts, parameters: Warn) -> tuple[AdjustmentObjection, ...]:
    """Object to giving back more than the agreement has (R adjustments 7.7)."""
    if adjustment.amount <= max(-adjustment.payoff_balance, 0):
        return ()
    return (AdjustmentObjection("This gives back more than the agreement's credit.", parameters.only_warn),)


@dataclass(frozen=True, slots=True)
class ArrearsDays:
    """How long after freezing a charge begins to age."""

    days: int = 0


@algorithm("age-from-freeze", at=SystemEvent.ADJUSTMENT_FREEZE, parameters=ArrearsDays)
def age_from_freeze(adjustment: AdjustmentFacts, parameters: ArrearsDays) -> AdjustmentEffect:
    """The charge ages from the day it freezes instead of waiting for a bill (S1 p.65)."""
    return AdjustmentEffect(arrears_date=adjustment.today + timedelta(days=parameters.days))


@dataclass(frozen=True, slots=True)
class NoteText:
    """What the note says."""

    text: str = "See the adjustments of this account."


@algorithm("note-at-freeze", at=SystemEvent.ADJUSTMENT_FREEZE, parameters=NoteText)
def note_at_freeze(_adjustment: AdjustmentFacts, parameters: NoteText) -> AdjustmentEffect:
    """Leave a note on the account."""
    return AdjustmentEffect(alert=parameters.text)


@algorithm("note-at-cancellation", at=SystemEvent.ADJUSTMENT_CANCELLATION, parameters=NoteText)
def note_at_cancellation(_adjustment: AdjustmentFacts, parameters: NoteText) -> AdjustmentEffect:
    """Leave a note on the account."""
    return AdjustmentEffect(alert=parameters.text)


@algorithm("adjustment-words", at=SystemEvent.ADJUSTMENT_INFORMATION)
def adjustment_words(request: InformationRequest, _parameters: object) -> str:
    """What it is, how much, since when, and why."""
    words = f"{request.description} {request.amount} of {request.adjustment_date.isoformat()}"
    return ", ".join(part for part in (words, request.reference, request.comment) if part)


@algorithm("best-priority-agreement", at=SystemEvent.DETERMINE_AGREEMENT)
def best_priority_agreement(request: DetermineAgreementRequest, _parameters: object) -> int:
    """The agreement with the best payment priority (R adjustments 5.5)."""
    return _best(request)


@algorithm("resolved-to-best-priority", at=SystemEvent.RESOLVE_SUSPENSE)
def resolved_to_best_priority(request: DetermineAgreementRequest, _parameters: object) -> int:
    """The agreement with the best payment priority."""
    return _best(request)


def _best(request: DetermineAgreementRequest) -> int:
    best = min(request.agreements, key=lambda agreement: (agreement.priority, agreement.sa_id), default=None)
    return best.sa_id if best else 0
