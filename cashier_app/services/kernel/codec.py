"""Between frozen dataclasses and JSON or YAML values: for journal, scenario files and packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from cashier_app.domain.errors import Problem, RuleViolation
from cashier_app.domain.money import Money, NotMoney

T = TypeVar("T")


def _to_plain(value: Any) -> Any:
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def _from_plain(wanted: type, value: Any) -> Any:
    if wanted is Money:
        if not isinstance(value, str):
            raise NotMoney(f"{value!r} is not money: a text such as '41.00 USD' is.")
        return Money.parse(value)
    raise NotImplementedError(f"{wanted.__name__} has no JSON form")


_encoder = msgspec.json.Encoder(enc_hook=_to_plain)


def to_json(value: Any) -> str:
    """Compact JSON; money as `41.00 USD`, dates in ISO form."""
    return _encoder.encode(value).decode()


def to_plain(value: Any) -> Any:
    """Values that YAML and JSON writers know: dicts, lists, texts, numbers."""
    return msgspec.to_builtins(value, enc_hook=_to_plain, builtin_types=())


def from_json(text: str | bytes, wanted: type[T]) -> T:
    """The value that `to_json` wrote. Only for text of our own: errors are bugs."""
    return msgspec.json.decode(text, type=wanted, dec_hook=_from_plain)


def from_plain(value: Any, wanted: type[T], where: str = "", *, strict: bool = False) -> T:
    """Read what a person wrote in YAML, JSON or on the command line; `strict` takes no text for a number.

    Raises:
        RuleViolation: CMD-003 with the place and what would be accepted.
    """
    try:
        _refuse_unknown(value, wanted, where)
        found = msgspec.convert(value, wanted, strict=strict, dec_hook=_from_plain)
    except (msgspec.ValidationError, NotMoney, ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise RuleViolation([Problem("CMD-003", _readable(problem), where)]) from None
    _refuse_unknown_inside(value, found, where)
    return found


def _refuse_unknown(value: Any, shape: Any, where: str) -> None:
    known = getattr(shape, "__dataclass_fields__", None)
    if known is None or not isinstance(value, Mapping):
        return
    unknown = sorted(str(name) for name in value if name not in known)
    if unknown:
        names = ", ".join(known) or "none"
        raise RuleViolation(
            [Problem("CMD-003", f"Unknown field {', '.join(unknown)}; fields are: {names}.", where or unknown[0])]
        )


def _refuse_unknown_inside(value: Any, found: Any, where: str) -> None:
    """A misspelt field further in would otherwise be left out without a word."""
    if isinstance(value, Mapping) and hasattr(found, "__dataclass_fields__"):
        _refuse_unknown(value, found, where)
        for name, inner in value.items():
            _refuse_unknown_inside(inner, getattr(found, name), f"{where}.{name}".lstrip("."))
    elif isinstance(value, list | tuple) and isinstance(found, tuple | list):
        for place, (inner, element) in enumerate(zip(value, found, strict=False), start=1):
            _refuse_unknown_inside(inner, element, f"{where}.{place}".lstrip("."))


def _readable(problem: Exception) -> str:
    text = str(problem).rstrip(".")
    return f"{text}." if text else f"{type(problem).__name__}."
