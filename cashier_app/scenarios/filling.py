"""From what is written in a file to the value that a field wants, each mistake with its own line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from cashier_app.domain.money import Money, NotMoney
from cashier_app.scenarios.mistakes import WRONG_SHAPE, WRONG_VALUE, Mistake, did_you_mean
from cashier_app.scenarios.names import UNKNOWN, References, is_name, without_none
from cashier_app.scenarios.tree import Node


def filled(node: Node, wanted: Any, names: References, currency: str, name: str = "") -> Any:
    """The value of type `wanted` that stands at a node, for a field called `name`.

    Raises:
        Mistake: with the line of exactly what is wrong.
    """
    inner = without_none(wanted)
    if inner is Any:
        return node.plain()
    if node.content is None and inner is not wanted:
        return None
    if node.content is None:
        raise Mistake(WRONG_SHAPE, node.line, f"{name or 'This'} needs {in_words(inner)}.")
    if node.is_text and node.text.startswith("@"):
        return _escaped_or_referred(node, inner, names, name)
    return _composed(node, inner, names, currency, name)


def _escaped_or_referred(node: Node, wanted: Any, names: References, name: str) -> Any:
    if node.text.startswith("@@"):
        return node.text[1:]
    return _checked(names.value(node.text, name if wanted is int else "", node.line), wanted, node)


def _composed(node: Node, wanted: Any, names: References, currency: str, name: str) -> Any:
    if is_dataclass(wanted):
        return _record(node, wanted, names, currency)
    origin = get_origin(wanted)
    if origin is tuple:
        (element, _) = get_args(wanted)
        return tuple(filled(each, element, names, currency, name) for each in node.elements())
    if origin is not None and issubclass(origin, Mapping):
        _, value = get_args(wanted)
        return {key: filled(each, value, names, currency) for key, each in node.entries().items()}
    return _plain(node, wanted, names, currency, name)


def _record(node: Node, wanted: Any, names: References, currency: str) -> Any:
    title = wanted.__name__
    hints = get_type_hints(wanted)
    known = {each.name: each for each in fields(wanted)}
    given = {}
    for key, value in node.entries(f"The fields of {title}").items():
        if key not in known:
            raise Mistake(WRONG_SHAPE, value.line, f"{title} has no field {key!r}. {did_you_mean(key, known)}")
        given[key] = filled(value, hints[key], names, currency, key)
    missing = [
        name
        for name, each in known.items()
        if name not in given and each.default is MISSING and each.default_factory is MISSING
    ]
    if missing:
        raise Mistake(WRONG_SHAPE, node.line, f"{title} needs {' and '.join(missing)}.")
    return wanted(**given)


def _plain(node: Node, wanted: Any, names: References, currency: str, name: str) -> Any:
    text = node.text
    if wanted is Money:
        return money_of(node, currency)
    if wanted is int and is_name(text.partition(".")[0]):
        return _checked(names.value(text, name, node.line), int, node)
    try:
        return msgspec.convert(text, wanted, strict=False)
    except (msgspec.ValidationError, ValueError, TypeError, OverflowError):
        raise Mistake(WRONG_VALUE, node.line, f"{text!r} is not {in_words(wanted)}.") from None


def money_of(node: Node, currency: str) -> Money:
    """An amount; without a currency behind it, in that of the installation."""
    text = node.text
    try:
        return Money.parse(text) if " " in text.strip() else Money.of(text, currency)
    except NotMoney as problem:
        raise Mistake(WRONG_VALUE, node.line, str(problem)) from None


def _checked(value: Any, wanted: Any, node: Node) -> Any:
    """A value that a reference stands for, if it is of the wanted kind."""
    if value is UNKNOWN or wanted is Any or isinstance(value, get_origin(wanted) or wanted):
        return value
    if wanted is str:
        return str(value)
    raise Mistake(WRONG_VALUE, node.line, f"{node.text} is {value}, not {in_words(wanted)}.")


_WORDS = {
    "str": "a text",
    "int": "a whole number, or the name of something whose key is meant",
    "bool": "true or false",
    "date": "a date such as 2026-01-31",
    "datetime": "an instant such as 2026-01-31T15:00:00Z",
    "Money": "an amount such as 41.00 or 41.00 EUR",
    "Decimal": "a decimal number",
    "float": "a number",
}


def in_words(wanted: Any) -> str:
    """What a type looks like in a file."""
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return " or ".join(str(member.value) for member in wanted)
    origin = get_origin(wanted)
    if origin is tuple:
        return "a list"
    if origin is not None or is_dataclass(wanted):
        return "a mapping"
    return _WORDS.get(getattr(wanted, "__name__", ""), "a value")
