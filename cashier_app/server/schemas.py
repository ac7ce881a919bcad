"""JSON schemas for OpenAPI, from the same dataclasses that are read and written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from cashier_app.domain.money import Money

TEMPLATE: Final = "#/components/schemas/{name}"
_SIGNED_64: Final = {"minimum": -(2**63), "maximum": 2**63 - 1}
_MONEY: Final = {
    "type": "string",
    "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,4})? [A-Z]{3}$",
    "description": "An amount with its currency, such as 41.00 USD; as many decimals as the currency has.",
    "examples": ["41.00 USD"],
}
Schema = dict[str, Any]


def reference(shape: type) -> Schema:
    """A reference to a shape's schema."""
    return {"$ref": TEMPLATE.format(name=shape.__name__)}


def components(shapes: Iterable[Any]) -> dict[str, Schema]:
    """The schemas of these shapes and of everything in them, by name."""
    _, found = msgspec.json.schema_components(list(shapes), schema_hook=_hook, ref_template=TEMPLATE)
    for schema in found.values():
        _tighten(schema)
    return found


def _hook(shape: type) -> Schema:
    if shape is Money:
        return _MONEY
    raise NotImplementedError(shape)


def _tighten(schema: Any) -> None:
    """Say what the reader does: no unknown fields, numbers of 64 bits, times with their zone."""
    if isinstance(schema, list):
        for each in schema:
            _tighten(each)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "integer" and "enum" not in schema:
        schema.update(_SIGNED_64)
    if schema.get("type") == "object" and "properties" in schema:
        schema.setdefault("additionalProperties", False)
    for each in list(schema.values()):
        _tighten(each)
