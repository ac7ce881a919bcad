"""Words and figures as paper shows them: cleaned of what could harm, amounts and dates in the reader's manner.

Texts come from customers, imports and scanners. A control character could switch a receipt printer into another
mode, and a bidirectional override could show another name than the one stored (R reliability T13); both are removed
here, once, for every document.
"""

import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from cashier_app.domain.money import minor_digits

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"
_LONGEST_TEXT = 2_000


def clean(text: str) -> str:
    """Return the text in composed form, on one line, without control, format and unassigned characters."""
    composed = unicodedata.normalize("NFC", text[:_LONGEST_TEXT])
    spaced = "".join(" " if character.isspace() else character for character in composed)
    visible = "".join(character for character in spaced if unicodedata.category(character) not in _HIDDEN)
    return " ".join(visible.split())


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def amount_text(minor: int, currency: str, locale: str = "en_US") -> str:
    """Return an amount for a column: all decimals of the currency, sign before the figure, no symbol."""
    value = Decimal(abs(minor)).scaleb(-minor_digits(currency))
    figure = format_decimal(value, format=_pattern(locale, currency, with_symbol=False), locale=locale)
    return f"{MINUS if minor < 0 else ''}{_plain_spaces(figure)}"


def grid_text(minor: int | None, currency: str, locale: str = "en_US") -> str:
    """Return an amount for a grid: zero is an en dash, what is not known stays empty (interface 8)."""
    if minor is None:
        return ""
    return amount_text(minor, currency, locale) if minor else EN_DASH


def price_text(minor: int, currency: str, locale: str = "en_US") -> str:
    """Return an amount that stands alone, with the currency's symbol or code as the locale places it."""
    value = Decimal(abs(minor)).scaleb(-minor_digits(currency))
    pattern = _pattern(locale, currency, with_symbol=True)
    figure = format_currency(value, currency, format=pattern, locale=locale, currency_digits=False)
    return f"{MINUS if minor < 0 else ''}{_plain_spaces(figure)}"


def balance_text(minor: int, currency: str, locale: str = "en_US") -> str:
    """Return a balance: a credit is marked CR behind the figure, as on the bill."""
    figure = amount_text(abs(minor), currency, locale)
    return f"{figure} CR" if minor < 0 else figure


def date_text(day: date, locale: str = "en_US") -> str:
    """Return a date in the locale's medium form."""
    return _plain_spaces(format_date(day, format="medium", locale=locale))


def grouped(digits: str, size: int = 4) -> str:
    """Return digits in groups, so that they can be read aloud: `0042 1170 0018`."""
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


@lru_cache(maxsize=256)
def _pattern(locale: str, currency: str, *, with_symbol: bool) -> str:
    """The locale's own grouping with exactly the decimals of our currency table, not of Babel's."""
    parsed = Locale.parse(locale)
    formats = parsed.currency_formats["standard"] if with_symbol else parsed.decimal_formats[None]
    pattern = str(formats.pattern).split(";")[0]
    digits = minor_digits(currency)
    start = pattern.rindex("0") if "." not in pattern else pattern.index(".") - 1
    end = max(pattern.rfind("0"), pattern.rfind("#"))
    decimals = f".{'0' * digits}" if digits else ""
    return pattern[: start + 1] + decimals + pattern[end + 1 :]


def _plain_spaces(text: str) -> str:
    """Narrow and no-break spaces are missing from printers' code pages and fonts; direction marks are not needed."""
    return clean(text)
