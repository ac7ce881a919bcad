"""Money: whole minor units of one currency, exact or refused.

No binary floating point comes near an amount (R reliability D1): SQLite would keep it as one,
and sums of cents would drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from functools import lru_cache, total_ordering
from typing import NoReturn

LARGEST_AMOUNT = 10**15
"""Amounts lie within ± this many minor units (R reliability I19)."""

_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_WITH_FOUR = "CLF UYW"
_MINOR_DIGITS = {
    **dict.fromkeys(_WITHOUT_DECIMALS.split(), 0),
    **dict.fromkeys(_WITH_THREE.split(), 3),
    **dict.fromkeys(_WITH_FOUR.split(), 4),
}
_CODE_LENGTH = 3


class NotMoney(ValueError):  # noqa: N818  # it states a fact about a text
    """The text or number is not an exact amount of its currency; the message says what would be."""


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """Decimals of a currency (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD."""
    if len(currency) != _CODE_LENGTH or not currency.isascii() or not currency.isalpha() or not currency.isupper():
        raise NotMoney(f"{currency!r} is not a currency: three capital letters such as USD are.")
    return _MINOR_DIGITS.get(currency, 2)


@total_ordering
class Money:
    """An exact amount. `Money.of("41.00", "USD")` is `Money(4100, "USD")` and prints as `41.00 USD`.

    A value: it never changes, and equals every other of the same amount and currency. Only amounts of
    one currency can be compared.
    """

    __slots__ = ("currency", "minor")

    minor: int
    """Whole minor units: cents of a dollar. Positive is what a customer owes or hands over."""
    currency: str
    """ISO 4217 code."""

    def __init__(self, minor: int, currency: str) -> None:
        if type(minor) is not int:
            raise NotMoney(f"{minor!r} is not a whole number of minor units.")
        if not -LARGEST_AMOUNT <= minor <= LARGEST_AMOUNT:
            raise NotMoney(f"{minor} lies beyond ± {LARGEST_AMOUNT} minor units.")
        minor_digits(currency)
        object.__setattr__(self, "minor", minor)
        object.__setattr__(self, "currency", currency)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Money never changes; make another one instead of setting {name} to {value!r}.")

    def __reduce__(self) -> tuple[type[Money], tuple[int, str]]:
        return Money, (self.minor, self.currency)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor == other.minor and self.currency == other.currency

    def __hash__(self) -> int:
        return hash((self.minor, self.currency))

    def __lt__(self, other: Money) -> bool:
        if self.currency != other.currency:
            raise NotMoney(f"{self} and {other} cannot be compared: their currencies differ.")
        return self.minor < other.minor

    def __repr__(self) -> str:
        return f"Money({self.minor}, {self.currency!r})"

    @classmethod
    def of(cls, text: str, currency: str) -> Money:
        """Read a plain decimal text such as `1234.5`; NotMoney for anything inexact."""
        return cls(minor_of(text, currency), currency)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read the text that `str` gives: `41.00 USD`."""
        amount, _, currency = text.strip().partition(" ")
        return cls.of(amount, currency)

    def __str__(self) -> str:
        return f"{decimal_text(self.minor, self.currency)} {self.currency}"


def minor_of(text: str, currency: str) -> int:
    """Minor units of a decimal text; refuses floats, NaN, exponents and decimals the currency has not."""
    digits = minor_digits(currency)
    if not isinstance(text, str):
        raise NotMoney(f"{text!r} is not a text: write an amount as '41.00'.")
    plain = text.strip()
    if not plain or not plain.isascii() or plain.strip("+-.0123456789"):
        raise NotMoney(f"{text!r} is not an amount: digits with at most {digits} decimals are.")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise NotMoney(f"{text!r} is not an amount: digits with at most {digits} decimals are.") from None
    scaled = value.scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise NotMoney(f"{text} has more decimals than {currency} has ({digits}).")
    minor = int(scaled)
    if not -LARGEST_AMOUNT <= minor <= LARGEST_AMOUNT:
        raise NotMoney(f"{text} lies beyond ± {LARGEST_AMOUNT} minor units.")
    return minor


def decimal_text(minor: int, currency: str) -> str:
    """The plain decimal text of an amount, with all its decimals: `-4.50`."""
    digits = minor_digits(currency)
    if digits == 0:
        return str(minor)
    whole, part = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{digits}d}"


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights, rounding half up; the last part takes what rounding left.

    The parts add up to the amount (R billing open choice 10), and none goes against its sign: where many
    parts were rounded up, the last ones get less, down to nothing. Weights are positive.
    """
    total = sum(weights)
    assert total > 0, "weights add up to something"
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    parts, left = [], amount
    for weight in weights[:-1]:
        parts.append(min(rounded_quotient(amount * weight, total), left))
        left -= parts[-1]
    return [*parts, left]


def rounded_quotient(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded half up, away from zero at the half (R payments 0.2)."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def converted(minor: int, source: str, target: str, rate: Decimal) -> int:
    """An amount in another currency, rounded half up once (R payments 4.3); the rate is target per source."""
    value = Decimal(minor).scaleb(-minor_digits(source)) * rate
    return int(value.scaleb(minor_digits(target)).to_integral_value(ROUND_HALF_UP))


def amount_to_ask_for(due: int, target: str, source: str, rate: Decimal) -> int:
    """What to ask for in `source` so that the converted amount covers `due` (R payments 4.5): rounded up."""
    value = Decimal(due).scaleb(-minor_digits(target)) / rate
    return int(value.scaleb(minor_digits(source)).to_integral_value(ROUND_UP))
