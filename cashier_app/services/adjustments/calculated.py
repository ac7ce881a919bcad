"""What an adjustment amounts to, and what speaks against it (R adjustments 5.3, 5.4, 7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.adjustment_types import AdjustmentType, AmountType, Characteristic, CharacteristicType
from cashier_app.domain.errors import Problem, RuleViolation
from cashier_app.domain.money import LARGEST_AMOUNT
from cashier_app.domain.system_events import AdjustmentFacts, CalculationLine, GenerationRequest, SystemEvent
from cashier_app.models.customer import Account
from cashier_app.services.accounting.adjustment_effects import facts_for_rules
from cashier_app.services.accounting.agreements import AgreementFacts
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.work import Work

_ADDRESS = Statement(select(Account.mailing_address).where(Account.id == bindparam("account_id")))


class Amounts(NamedTuple):
    """What an adjustment comes to, and from what."""

    amount: int
    base_amount: int | None = None
    lines: tuple[CalculationLine, ...] = ()


def proposed_amount(config: Configuration, adjustment_type: AdjustmentType, facts: AdjustmentFacts) -> int | None:
    """What an adjustment of a type would come to if nobody says: by its algorithm, else the type's default."""
    if adjustment_type.sync_current:
        return facts.payoff_balance - facts.current_balance
    if adjustment_type.default_amount_rule:
        rule = config.rule(adjustment_type.default_amount_rule, SystemEvent.ADJUSTMENT_AMOUNT, facts.today)
        proposed: int | None = rule.call(facts)
        return proposed
    return adjustment_type.default_amount.minor if adjustment_type.default_amount else None


def worked_out(
    work: Work,
    adjustment_type: AdjustmentType,
    agreement: AgreementFacts,
    given: int | None,
    characteristics: Sequence[Characteristic],
) -> Amounts:
    """The amount of an adjustment, calculated where its type says so; `given` is then the base of the calculation.

    Refuses with ADJ-001 where there is none, and with ADJ-011 what cannot be calculated.
    """
    facts = facts_for_rules(work, agreement, adjustment_type, given or 0, characteristics)
    if given is None:
        given = proposed_amount(work.config, adjustment_type, facts)
    if adjustment_type.amount_type is AmountType.CALCULATED:
        return _calculated(work, adjustment_type, facts._replace(amount=given or 0))
    problems = list(_amount_problems(adjustment_type, given, facts))
    if problems:
        raise RuleViolation(problems)
    return Amounts(given or 0)


def _amount_problems(adjustment_type: AdjustmentType, given: int | None, facts: AdjustmentFacts) -> Iterator[Problem]:
    if given is None:
        yield Problem("ADJ-001", f"Adjustment type {adjustment_type.code} has no default amount; give one.", "amount")
    elif given == 0:
        what = "The balances agree already" if adjustment_type.sync_current else "An amount other than zero is needed"
        yield Problem("ADJ-001", f"{what}.", "amount")
    elif adjustment_type.sync_current and given != facts.payoff_balance - facts.current_balance:
        yield Problem("ADJ-001", "It must bring the current to the payoff balance; leave the amount out.", "amount")


def _calculated(work: Work, adjustment_type: AdjustmentType, facts: AdjustmentFacts) -> Amounts:
    rule = work.config.rule(adjustment_type.generate_adjustment, SystemEvent.GENERATE_ADJUSTMENT, work.business_date)
    lines: tuple[CalculationLine, ...] = rule.call(GenerationRequest(facts.amount, facts))
    amount = sum(line.amount for line in lines)
    if not lines or abs(amount) > LARGEST_AMOUNT:
        sentence = f"{rule.label} calculates nothing that can be booked from this amount; give another."
        raise RuleViolation([Problem("ADJ-011", sentence, "amount")])
    return Amounts(amount, facts.amount, lines)


def complete_characteristics(
    config: Configuration, adjustment_type: AdjustmentType, given: Sequence[Characteristic]
) -> tuple[Characteristic, ...]:
    """What is said of an adjustment, with the defaults of its type in their order; refuses with ADJ-009."""
    rules = {rule.characteristic_type: rule for rule in adjustment_type.adjustment_characteristics}
    values: dict[str, str] = {}
    problems = []
    for each in given:
        if each.characteristic_type not in rules:
            allowed = ", ".join(rules) or "none"
            sentence = f"A {adjustment_type.code} has no {each.characteristic_type}; it may have: {allowed}."
            problems.append(Problem("ADJ-009", sentence, "characteristics"))
        elif each.characteristic_type in values:
            problems.append(Problem("ADJ-009", f"{each.characteristic_type} is given twice.", "characteristics"))
        values[each.characteristic_type] = each.value.strip()
    for code, rule in rules.items():
        value = values.setdefault(code, rule.default or "")
        if rule.required and not value:
            problems.append(Problem("ADJ-009", f"Say {code}: it is needed.", "characteristics"))
        offered = config.get(CharacteristicType, code).values
        if value and offered and value not in offered:
            sentence = f"{code} is one of {', '.join(offered)}, not {value!r}."
            problems.append(Problem("ADJ-009", sentence, "characteristics"))
    if problems:
        raise RuleViolation(problems)
    return tuple(Characteristic(characteristic_type=code, value=value) for code, value in values.items() if value)


def look_at(
    work: Work,
    adjustment_type: AdjustmentType,
    agreement: AgreementFacts,
    amount: int,
    characteristics: Sequence[Characteristic],
) -> None:
    """Validate what was generated: refuse with ADJ-013 or ADJ-020, or warn (R adjustments 7)."""
    problems = []
    if adjustment_type.ap_request_type and amount > 0:
        if not (work.store.value(_ADDRESS, account_id=agreement.account_id) or "").strip():
            sentence = "A check needs an address to go to: give the account a mailing address."
            problems.append(Problem("ADJ-013", sentence, "sa_id"))
        if amount > max(-agreement.payoff_balance, 0):
            work.warn("ADJ-014", "This pays out more than the agreement's credit.", "amount")
    facts = facts_for_rules(work, agreement, adjustment_type, amount, characteristics)
    for code in adjustment_type.validate_adjustment:
        rule = work.config.rule(code, SystemEvent.VALIDATE_ADJUSTMENT, work.business_date)
        for sentence, is_warning in rule.call(facts):
            if is_warning:
                work.warn("ADJ-014", sentence, "amount")
            else:
                problems.append(Problem("ADJ-020", sentence, "amount"))
    if problems:
        raise RuleViolation(problems)
