"""What of the control tables of adjustments must fit together (R adjustments 1, 7)."""

from __future__ import annotations

from collections.abc import Iterator

from cashier_app.algorithms.ft_creation import adjustment_current_only
from cashier_app.algorithms.registry import description_of
from cashier_app.domain.adjustment_types import AdjustmentType, AmountType, CharacteristicType, TaxReport
from cashier_app.domain.configuration import Algorithm
from cashier_app.domain.errors import Problem
from cashier_app.services.kernel.configuration import Configuration


def adjustment_problems(config: Configuration) -> Iterator[Problem]:
    """CFG-030 and CFG-031: types that could never be generated, or not as they say."""
    for kind in config.all(AdjustmentType).values():
        where = f"adjustment_type.{kind.code}"
        for sentence, field in (*_amounts(config, kind), *_payout(kind)):
            yield Problem("CFG-030", f"Adjustment type {kind.code}: {sentence}", f"{where}.{field}")
        yield from _characteristics(config, kind, where)


def _amounts(config: Configuration, kind: AdjustmentType) -> Iterator[tuple[str, str]]:
    if kind.amount_type is AmountType.CALCULATED and not kind.generate_adjustment:
        yield "a calculated amount needs an algorithm that generates it.", "generate_adjustment"
    if kind.amount_type is not AmountType.CALCULATED and kind.generate_adjustment:
        yield "an algorithm generates amounts only where the amount type is CALCULATED.", "amount_type"
    if kind.sync_current and _rule(config, kind.adjustment_ft) != description_of(adjustment_current_only).name:
        yield "what synchronises the current balance must be booked by adjustment-current-only.", "adjustment_ft"
    if kind.sync_current and (kind.amount_type is AmountType.CALCULATED or kind.transfer or kind.default_amount):
        yield "a synchronisation works out its own amount.", "sync_current"
    if kind.transfer and (kind.amount_type is AmountType.CALCULATED or kind.ap_request_type):
        yield "a transfer is neither calculated nor paid out.", "transfer"
    if kind.default_amount and kind.currency not in {"", kind.default_amount.currency}:
        yield f"its default amount must be in {kind.currency}.", "default_amount"


def _payout(kind: AdjustmentType) -> Iterator[tuple[str, str]]:
    if kind.ap_1099 is not TaxReport.NONE and not kind.ap_request_type:
        yield "1099 reports what accounts payable pays out; name an A/P request type.", "ap_1099"


def _rule(config: Configuration, code: str) -> str:
    algorithm = config.all(Algorithm).get(code)
    return algorithm.rule if algorithm else ""


def _characteristics(config: Configuration, kind: AdjustmentType, where: str) -> Iterator[Problem]:
    own = [(each.characteristic_type, each.value) for each in kind.characteristics]
    allowed = [(each.characteristic_type, each.default or "") for each in kind.adjustment_characteristics]
    for field, said in (("characteristics", own), ("adjustment_characteristics", allowed)):
        codes = [code for code, _ in said]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield Problem("CFG-031", f"Adjustment type {kind.code} names {code} twice.", f"{where}.{field}")
        for code, value in said:
            known = config.all(CharacteristicType).get(code)
            if known is None:
                there_are = ", ".join(sorted(config.all(CharacteristicType))) or "none"
                sentence = f"Adjustment type {kind.code}: {code!r} is no characteristic type; there are: {there_are}."
                yield Problem("CFG-005", sentence, f"{where}.{field}")
            elif value and known.values and value not in known.values:
                sentence = f"Adjustment type {kind.code}: {code} is one of {', '.join(known.values)}, not {value!r}."
                yield Problem("CFG-031", sentence, f"{where}.{field}")
