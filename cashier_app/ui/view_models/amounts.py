"""Reading and writing amounts for people: whole minor units inside, figures in the user's manner outside."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from cashier_app.domain.money import LARGEST_AMOUNT, minor_digits

MINUS: Final = "\u2212"
NOTHING: Final = "\u2013"
"""What a grid shows instead of zero."""

_GROUP: Final = 3

_SPACES: Final = re.compile(r"[\s\u00a0\u202f']")


class AmountRefused(ValueError):  # noqa: N818 - a refusal is an answer, not an error
    """Text that is no amount; the message is one sentence that says what would be accepted."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        """Stable, for tests and translation: `not_a_number`, `too_many_decimals`, `negative`, `too_large`."""
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class AmountFormat:
    """How amounts of one currency look to one user."""

    currency: str = "USD"
    digits: int = 2
    """Decimal places of the currency's minor unit."""
    decimal_mark: str = "."
    group_mark: str = ","
    credit_word: str = "CR"
    """Marks a credit on bills and beside balances."""

    @classmethod
    def of_currency(cls, currency: str, **manner: Any) -> Self:
        """The format of a currency with its own number of decimals; `manner` as in the user's display profile."""
        return cls(currency=currency, digits=minor_digits(currency), **manner)

    def text(self, value: int) -> str:
        """`-1,234.50`, with a true minus sign, before the figure."""
        return (MINUS if value < 0 else "") + self._figure(abs(value))

    def balance(self, value: int) -> str:
        """`25.35 CR` for a credit, as on the bill."""
        return f"{self._figure(-value)} {self.credit_word}" if value < 0 else self._figure(value)

    def grid(self, value: int) -> str:
        """As `text`, with an en dash for zero."""
        return self.text(value) if value else NOTHING

    def with_currency(self, value: int) -> str:
        """`USD 84.10`, for sentences and where currencies meet."""
        return f"{self.currency}\u00a0{self.text(value)}"

    def plain(self, value: int) -> str:
        """As a person would type it again: no group marks, an ordinary hyphen."""
        return replace(self, group_mark="").text(value).replace(MINUS, "-")

    def parse(self, typed: str, *, negative: bool = False, implied_decimals: bool = False) -> int:
        """Minor units of what was typed; raises `AmountRefused`.

        Both decimal marks are taken where they cannot mean a group, because number pads do not know the user's
        language. With `implied_decimals`, figures without a decimal mark are minor units, as on a cash register:
        `12550` is 125.50.
        """
        text = _SPACES.sub("", typed).replace(MINUS, "-")
        credit = text.upper().endswith(self.credit_word.upper()) and bool(self.credit_word)
        if credit:
            text = text[: -len(self.credit_word)]
        sign = -1 if credit else 1
        if text[:1] in "+-" and text:
            sign = -sign if text[0] == "-" else sign
            text = text[1:]
        whole, decimals = self._split(text)
        if not (whole + decimals).isdigit() or not (whole + decimals).isascii():
            raise AmountRefused("not_a_number", f"Type an amount such as {self.plain(12550)}.")
        if len(decimals) > self.digits:
            raise AmountRefused("too_many_decimals", f"{self.currency} has {self.digits} decimals.")
        if implied_decimals and not decimals and self.decimal_mark not in text:
            value = int(whole)
        else:
            value = int((whole or "0") + decimals.ljust(self.digits, "0"))
        if value > LARGEST_AMOUNT:
            raise AmountRefused("too_large", "The amount is larger than any account could owe.")
        if sign < 0 and value and not negative:
            raise AmountRefused("negative", "Type an amount above zero.")
        return sign * value

    def _split(self, text: str) -> tuple[str, str]:
        if self.decimal_mark in text:
            whole, _, decimals = text.partition(self.decimal_mark)
            if decimals and self.group_mark and self.group_mark in decimals:
                return text, "?"
            return self._ungrouped(whole), decimals
        other = "," if self.decimal_mark == "." else "."
        head, mark, tail = text.rpartition(other)
        if mark and other not in head and len(tail) != _GROUP:
            return head, tail
        return self._ungrouped(text), ""

    def _ungrouped(self, whole: str) -> str:
        if not self.group_mark or self.group_mark not in whole:
            return whole
        first, *rest = whole.split(self.group_mark)
        # Groups of two appear in India; anything else beside three is more likely a slip than a number.
        if (
            not first
            or max(map(len, (first, *rest))) > _GROUP
            or min(map(len, rest)) < _GROUP - 1
            or len(rest[-1]) < _GROUP
        ):
            return whole
        return first + "".join(rest)

    def _figure(self, value: int) -> str:
        figures = str(value).rjust(self.digits + 1, "0")
        whole, decimals = (figures[: -self.digits], figures[-self.digits :]) if self.digits else (figures, "")
        grouped = f"{int(whole):,}".replace(",", self.group_mark)
        return grouped + (self.decimal_mark + decimals if decimals else "")
