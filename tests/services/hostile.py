"""Inputs that nobody should send: made from the types of a command's fields, hostile and harmless mixed."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from cashier_app.domain.money import Money

TEXTS = [
    "", " ", "CASH", "CHEC", "CASH-A01", "ERROR", "NSF", "RES", "ELEC", "CASHIER", "CONVERSION", "USD", "ann", "PETTY",
    "x" * 5000, "a\x00b", "\x01", "\x7f", "line\nbreak", "\ud800", "\u202egpj", "Zoë 🐟", "'; DROP TABLE journal; --",
    "=HYPERLINK(1)", "%s%n", "{0}", "../../etc", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA", "None", "-1",
    "\uff11\uff12",
]  # fmt: skip
AMOUNTS = [
    "0.00 USD", "0.01 USD", "-0.01 USD", "1.00 USD", "25.00 USD", "100.00 EUR", "5 JPY", "10000000000000.00 USD",
    "10000000000000.01 USD", "-10000000000000.00 USD",
    "1e3 USD", "NaN USD", "1.005 USD", "", "USD", "1,00 USD", 1.5,
    None,
]  # fmt: skip
NUMBERS = [0, 1, -1, 2**31, 2**40, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**30]
DATES = ["2026-01-05", "2025-12-31", "2026-01-06", "0001-01-01", "9999-12-31", "2026-02-30", "yesterday", ""]


def values(wanted: Any, keys: list[int]) -> st.SearchStrategy[Any]:
    """Plain values for a field of this type; one in several has the wrong type altogether."""
    return st.one_of(_right(wanted, keys), _right(wanted, keys), _right(wanted, keys), _wrong())


def inputs(command: type, keys: list[int]) -> st.SearchStrategy[Any]:
    """What somebody might write for a command: all fields, some left out, sometimes one it has not."""
    fields = {field.name: field for field in dataclasses.fields(command)}
    hints = get_type_hints(command)
    needed = {name for name, field in fields.items() if _required(field)}
    strategies = {name: values(hints[name], keys) for name in fields}
    usual = st.fixed_dictionaries(
        {name: strategies[name] for name in needed},
        optional={name: strategy for name, strategy in strategies.items() if name not in needed},
    )
    strange = st.dictionaries(st.sampled_from([*fields, "unknown", "__class__"]), st.sampled_from(TEXTS), max_size=3)
    return st.one_of(usual, usual, usual, usual, strange)


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _wrong() -> st.SearchStrategy[Any]:
    return st.sampled_from([None, True, 1.5, float("nan"), [], {}, [[]], "?", -7, {"a": 1}, b"bytes"])


def _right(wanted: Any, keys: list[int]) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in {Union, types.UnionType}:
        return st.one_of(*(_right(each, keys) for each in arguments))
    if origin is tuple:
        return st.lists(values(arguments[0], keys), max_size=3)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(st.sampled_from(["tender_type", "currency", "nothing"]), _wrong(), max_size=2)
    if dataclasses.is_dataclass(wanted):
        return inputs(wanted, keys)  # type: ignore[arg-type]
    return _simple(wanted, keys)


def _simple(wanted: Any, keys: list[int]) -> st.SearchStrategy[Any]:  # noqa: PLR0911  # a table of types
    if wanted is Money:
        return st.sampled_from(AMOUNTS)
    if wanted in {date, datetime}:
        return st.sampled_from(DATES)
    if wanted is bool:
        return st.booleans()
    if wanted is int:
        return st.one_of(st.sampled_from(keys), st.sampled_from(NUMBERS))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return st.sampled_from([each.value for each in wanted])
    if wanted is type(None):
        return st.none()
    return st.one_of(st.sampled_from(TEXTS), st.text(max_size=20))
