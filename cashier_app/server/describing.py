"""What OpenAPI says of an endpoint: the shapes of what it takes and gives, and how it may refuse."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from cashier_app.server.refusing import PROBLEM_TYPE, ProblemDocument
from cashier_app.server.schemas import Schema, components, reference

SHAPES: Final[dict[str, type]] = {ProblemDocument.__name__: ProblemDocument}
"""Every shape that an endpoint speaks of, by name."""
EXTRA: Final[dict[str, Schema]] = {}
"""Schemas that are not a shape's."""

_ALWAYS: Final = (400, 401, 403, 408, 413, 415, 422, 429, 431, 500, 503)
_PROBLEM: Final = {"content": {PROBLEM_TYPE: {"schema": reference(ProblemDocument)}}}
_VERSION: Final = "1"


def described(result: Any, *more: int, media_type: str = "application/json", many: bool = False) -> dict[str, Any]:
    """For a route: the shape of its answer, its refusals beside the usual ones."""
    answer: dict[str, Any] = {"description": "Done."}
    if isinstance(result, type):
        note(result)
        schema: Schema = reference(result)
        answer["content"] = {media_type: {"schema": {"type": "array", "items": schema} if many else schema}}
    elif result is not None:
        answer["content"] = {media_type: {"schema": result}}
    refusals = {status: {"description": HTTPStatus(status).phrase, **_PROBLEM} for status in (*_ALWAYS, *more)}
    return {"responses": {204 if result is None else 200: answer, **refusals}, "response_model": None}


def takes(shape: type | str, media_type: str = "application/json") -> dict[str, Any]:
    """For a route: what its body must be, a shape or the name of a schema."""
    if isinstance(shape, type):
        note(shape)
    schema = reference(shape) if isinstance(shape, type) else {"$ref": f"#/components/schemas/{shape}"}
    return takes_schema(schema, media_type)


def takes_schema(schema: Schema, media_type: str) -> dict[str, Any]:
    """The same for a schema."""
    return {"openapi_extra": {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}}


def note(*shapes: type) -> None:
    """Have shapes described."""
    for shape in shapes:
        known = SHAPES.setdefault(shape.__name__, shape)
        assert known is shape, f"two shapes are called {shape.__name__}"


def describe(app: FastAPI, routes: Iterable[Any]) -> None:
    """Make the application answer with our description."""

    @cache
    def openapi() -> dict[str, Any]:
        found = get_openapi(
            title="Cashier",
            version=_VERSION,
            summary="The ledger's door over HTTP",
            description="Everything that changes state is a command with an id of the caller's own: sent again, it "
            "answers with its first result. Refusals are problem documents with stable codes (docs/errors.md).",
            routes=list(routes),
        )
        parts = found.setdefault("components", {})
        # FastAPI describes its own refusals of parameters; ours look otherwise.
        parts["schemas"] = {**components(SHAPES.values()), **EXTRA}
        return found

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents
