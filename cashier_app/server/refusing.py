"""From an error to what a program is told: RFC 9457 problem documents with our own codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cashier_app.domain.errors import CashierError, EnvironmentProblem, NeedsConfirmation, Problem, StaleData
from cashier_app.services.kernel.codec import to_json

PROBLEM_TYPE: Final = "application/problem+json"
SOON: Final = {"Retry-After": "1"}

_UNKNOWN: Final = frozenset({"DEV-001", "CUS-010", "PAY-120", "TC-001", "DC-001", "DC-020", "ZRP-001", "RUN-001"})
"""Looked for by its address and not there."""
_FORBIDDEN: Final = frozenset(
    {
        "DEV-004",
        "SEC-002",
        "SEC-003",
        "SEC-010",
        "SEC-011",
        "SEC-012",
        "SEC-020",
        "SEC-021",
        "SEC-022",
        "SEC-030",
        "SEC-031",
        "SEC-050",
        "SEC-051",
        "SEC-052",
    }
)
_STATUS: Final = {"SEC-001": 401, "CMD-002": 409, "SYNC-002": 409, "SYNC-003": 409, "VER-001": 503, "NODE-001": 503}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDocument:
    """Why a request was refused. Nothing has changed then, except where the status is 503 with DB-UNKNOWN."""

    title: str
    status: int
    code: str
    """Of the first problem; stable (docs/errors.md)."""
    detail: str
    """A sentence that says what would be accepted."""
    problems: tuple[Problem, ...]
    """All that was found, with the field that each concerns."""
    confirm: tuple[str, ...] = ()
    """Codes to send again as `confirmed`, with the same command id."""


class Refused(Exception):  # noqa: N818  # what it is
    """The server refuses before the door is asked."""

    def __init__(
        self, status: int, code: str, sentence: str, field: str = "", *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{code}: {sentence}")
        self.status = status
        self.problem = Problem(code, sentence, field)
        self.headers = dict(headers or {})


def status_of(error: CashierError, *, looked_for: bool = False) -> int:
    """The status of a refusal; 404 only for what was `looked_for` by its address."""
    if isinstance(error, EnvironmentProblem):
        return 503
    code = error.problems[0].code if error.problems else ""
    if code in _FORBIDDEN:
        return 403
    if looked_for and code in _UNKNOWN:
        return 404
    if isinstance(error, NeedsConfirmation | StaleData):
        return 409
    return _STATUS.get(code, 422)


def document(
    status: int,
    problems: Iterable[Problem],
    *,
    confirm: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document as an answer."""
    found = tuple(problems)
    body = ProblemDocument(
        title=HTTPStatus(status).phrase,
        status=status,
        code=found[0].code,
        detail=found[0].sentence,
        problems=found,
        confirm=confirm,
    )
    return Response(to_json(body), status, dict(headers or {}), PROBLEM_TYPE)


async def on_cashier_error(request: Request, error: Exception) -> Response:
    """What the door or a query refused."""
    assert isinstance(error, CashierError)
    status = status_of(error, looked_for=request.method == "GET")
    confirm = error.codes if isinstance(error, NeedsConfirmation) else ()
    _note(request, error.problems[0].code)
    return document(status, error.problems, confirm=confirm, headers=SOON if status == 503 else {})  # noqa: PLR2004


async def on_refused(request: Request, error: Exception) -> Response:
    """What the server itself refused."""
    assert isinstance(error, Refused)
    _note(request, error.problem.code)
    return document(error.status, (error.problem,), headers=error.headers)


async def on_bad_parameters(request: Request, error: Exception) -> Response:
    """Parameters of the address that are missing or wrong, all of them. Their values are not repeated."""
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem("API-005", f"{each['msg']}.", ".".join(str(part) for part in each["loc"][1:]))
        for each in error.errors()
    ]
    _note(request, "API-005")
    return document(422, problems)


async def on_http_error(request: Request, error: Exception) -> Response:
    """No such address, or not with this method."""
    assert isinstance(error, HTTPException)
    code, sentence = "API-003", "There is nothing at this address; /api/v1/openapi.json lists what there is."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        code, sentence = "API-004", "This address takes another method; the header Allow names it."
    _note(request, code)
    return document(error.status_code, (Problem(code, sentence),), headers=error.headers)


async def on_bug(request: Request, _error: Exception) -> Response:
    """A bug of ours: its number in the log is told, and nothing else (R reliability 5.2 Errors)."""
    _note(request, "API-009")
    number = request.state.number
    return document(500, (Problem("API-009", f"Something went wrong here; the log has it as {number}."),))


def _note(request: Request, code: str) -> None:
    """For the log and the metrics."""
    request.state.code = code


HANDLERS: Final[dict[Any, Any]] = {
    CashierError: on_cashier_error,
    Refused: on_refused,
    RequestValidationError: on_bad_parameters,
    HTTPException: on_http_error,
    Exception: on_bug,
}
