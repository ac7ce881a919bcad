"""What may be added to the agreements of an account: adjustment types, what they propose and ask (R adjustments 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cashier_app.domain.adjustment_types import AdjustmentType, AmountType, CharacteristicType
from cashier_app.domain.configuration import SaType
from cashier_app.domain.system_events import AdjustmentFacts
from cashier_app.services.accounting.adjustments import WRITE_OFF, freezes_at_completion, usable_types
from cashier_app.services.accounting.agreements import AgreementFacts, agreements_of
from cashier_app.services.adjustments.calculated import proposed_amount
from cashier_app.services.customers.names import need_account
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacteristicOffer:
    """Something that may be said."""

    code: str
    words: str
    required: bool
    default: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeOffer:
    """An adjustment type that an agreement takes."""

    code: str
    words: str
    proposed: int | None
    """Minor units; nothing where nothing is proposed."""
    calculated: bool
    """What is typed is the base of a calculation."""
    transfer: bool
    freezes: bool
    """At once; else it waits for approval or for a bill."""
    ages: bool
    """A charge of it may say from when on it ages."""
    dated: bool
    """It may go into the books of another day; what waits for a bill takes its day."""
    characteristics: tuple[CharacteristicOffer, ...]


def offers(store: Store, config: Configuration, account_id: int, today: date) -> Mapping[int, tuple[TypeOffer, ...]]:
    """The adjustment types that each agreement of an account takes, by their words, with what they propose."""
    need_account(store, account_id)
    return {
        agreement.id: tuple(sorted(_offers(config, agreement, today), key=lambda offer: offer.words))
        for agreement in agreements_of(store, account_id)
    }


def _offers(config: Configuration, agreement: AgreementFacts, today: date) -> Iterable[TypeOffer]:
    facts = AdjustmentFacts(
        "", 0, agreement.currency, agreement.sa_type, agreement.current_balance, agreement.payoff_balance, today
    )
    written_off = config.all(SaType).get(agreement.sa_type)
    for code in usable_types(config, agreement.sa_type):
        kind = config.get(AdjustmentType, code)
        if kind.currency not in {"", agreement.currency}:
            continue
        if written_off is not None and written_off.special_role == WRITE_OFF and not kind.transfer:
            continue
        waits = freezes_at_completion(config, kind)
        yield TypeOffer(
            code=code,
            words=kind.description or code,
            proposed=_proposed(config, kind, facts._replace(adjustment_type=code)),
            calculated=kind.amount_type is AmountType.CALCULATED,
            transfer=kind.transfer,
            freezes=not kind.approval_profile and not waits,
            ages=not kind.sync_current,
            dated=not kind.sync_current and not waits,
            characteristics=tuple(_characteristics(config, kind)),
        )


def _proposed(config: Configuration, kind: AdjustmentType, facts: AdjustmentFacts) -> int | None:
    if kind.default_amount and kind.default_amount.currency != facts.currency:
        return None
    return proposed_amount(config, kind, facts)


def _characteristics(config: Configuration, kind: AdjustmentType) -> Iterable[CharacteristicOffer]:
    for rule in kind.adjustment_characteristics:
        known = config.all(CharacteristicType).get(rule.characteristic_type)
        yield CharacteristicOffer(
            code=rule.characteristic_type,
            words=known.description or known.code if known else rule.characteristic_type,
            required=rule.required,
            default=rule.default or "",
            values=known.values if known else (),
        )
