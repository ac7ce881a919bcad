"""What else happens when an adjustment freezes or is canceled: its own algorithms, checks from accounts payable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from cashier_app.domain.adjustment_types import AdjustmentType, Characteristic
from cashier_app.domain.system_events import AdjustmentEffect, AdjustmentFacts, SystemEvent
from cashier_app.models.customer import AccountAlert
from cashier_app.services.accounting.agreements import AgreementFacts
from cashier_app.services.accounting.check_requests import Refund, request_check
from cashier_app.services.accounting.ledger import FtPost
from cashier_app.services.kernel.statements import insertion
from cashier_app.services.kernel.work import Work

_INSERT_ALERT = insertion(AccountAlert, "id account_id text starts ends")


class Freezing(NamedTuple):
    """An adjustment on its way into the ledger."""

    post: FtPost
    adjustment_type: AdjustmentType
    amount: int
    characteristics: Sequence[Characteristic] = ()


def follow_freezing(work: Work, freezing: Sequence[Freezing]) -> list[FtPost]:
    """Do what follows of itself when adjustments freeze; returns their FTs as they go into the ledger."""
    for each in freezing:
        if each.adjustment_type.ap_request_type:
            request_check(work, _refund(each))
    return [_followed(work, each) if each.adjustment_type.adjustment_freeze else each.post for each in freezing]


def _refund(freezing: Freezing) -> Refund:
    agreement = freezing.post.agreement
    return Refund(
        freezing.post.source_id,
        freezing.adjustment_type.code,
        agreement.account_id,
        freezing.amount,
        agreement.currency,
    )


def _followed(work: Work, freezing: Freezing) -> FtPost:
    post = freezing.post
    facts = facts_for_rules(work, post.agreement, freezing.adjustment_type, freezing.amount, freezing.characteristics)
    codes = freezing.adjustment_type.adjustment_freeze
    for effect in _effects(work, codes, SystemEvent.ADJUSTMENT_FREEZE, facts):
        _note(work, post.agreement, effect)
        if effect.arrears_date is not None and freezing.amount > 0:
            post = post._replace(arrears_date=effect.arrears_date, new_charge=False)
    return post


def follow_cancellation(
    work: Work,
    agreement: AgreementFacts,
    adjustment_type: AdjustmentType,
    amount: int,
    characteristics: Sequence[Characteristic],
) -> None:
    """Do what follows of itself when an adjustment is canceled."""
    codes = adjustment_type.adjustment_cancellation
    if codes:
        facts = facts_for_rules(work, agreement, adjustment_type, amount, characteristics)
        for effect in _effects(work, codes, SystemEvent.ADJUSTMENT_CANCELLATION, facts):
            _note(work, agreement, effect)


def facts_for_rules(
    work: Work,
    agreement: AgreementFacts,
    adjustment_type: AdjustmentType,
    amount: int,
    characteristics: Iterable[Characteristic] = (),
) -> AdjustmentFacts:
    """An adjustment as rules see it."""
    said = {each.characteristic_type: each.value for each in (*adjustment_type.characteristics, *characteristics)}
    values: Mapping[str, str] = MappingProxyType(said)
    return AdjustmentFacts(
        adjustment_type.code,
        amount,
        agreement.currency,
        agreement.sa_type,
        agreement.current_balance,
        agreement.payoff_balance,
        work.business_date,
        values,
    )


def _effects(
    work: Work, codes: Iterable[str], event: SystemEvent, facts: AdjustmentFacts
) -> Iterable[AdjustmentEffect]:
    for code in codes:
        yield work.config.rule(code, event, work.business_date).call(facts)


def _note(work: Work, agreement: AgreementFacts, effect: AdjustmentEffect) -> None:
    if effect.alert:
        row = (work.new_id(), agreement.account_id, effect.alert, work.business_date, None)
        work.store.write(_INSERT_ALERT, [row])
