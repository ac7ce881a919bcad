"""What accounts payable answers: paid, held or canceled, row by row; what does not fit is kept as an exception.

Each row is one command, so that one that does not fit stops no other (R batch 1, 5), and the same file sent again
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import CHECK_REQUEST, CheckStatus
from cashier_app.domain.money import Money, NotMoney
from cashier_app.models.check_request import CheckRequest, CheckResponse
from cashier_app.services.accounting.check_requests import move_check
from cashier_app.services.adjustments.canceling import CancelAdjustment, cancel_adjustment
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work

EXCEPTION: Final = "EXCEPTION"
"""Outcome of a row that did not fit."""
ANSWERS: Final = {"P": CheckStatus.PAID, "C": CheckStatus.HELD, "X": CheckStatus.CANCELED}
"""Letters of a response file (R batch 5)."""

_REQUEST = Statement(
    select(
        *(CheckRequest.id, CheckRequest.status, CheckRequest.adjustment_id, CheckRequest.amount),
        *(CheckRequest.currency, CheckRequest.document_number),
    ).where(CheckRequest.id == bindparam("request_id"))
)
_PAY = change(CheckRequest, "document_number document_date")
_INSERT = insertion(CheckResponse, "id file_name file_digest line request_id content outcome problem")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """A row as accounts payable sent it."""

    request_id: str
    status: str
    """P paid, C held or stopped, X canceled."""
    check_number: str = ""
    check_date: str = ""
    """2026-01-31."""
    amount: str = ""
    """41.00, in the request's currency; where it is given it must be the request's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCheckAnswer:
    """Do what a row of a response file says."""

    file_name: str
    file_digest: str
    line: int
    answer: CheckAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCheckException:
    """Keep a row of a response file that did not fit, and why, for somebody to look at."""

    file_name: str
    file_digest: str
    line: int
    answer: CheckAnswer
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswered:
    """What came of a row."""

    line: int
    outcome: str
    request_id: int | None = None


@handles(TakeCheckAnswer, right="RunAp")
def take_check_answer(command: TakeCheckAnswer, work: Work) -> CheckAnswered:
    """A paid check gets its number and date, a held one stops, a canceled one cancels its adjustment."""
    answer = command.answer
    request = _request(work, answer)
    target = ANSWERS.get(answer.status.strip().upper())
    if target is None:
        refuse("CHK-008", f"{answer.status!r} is no answer; P paid, C held, X canceled are.", "status")
    _require_amount(request, answer)
    CHECK_REQUEST.move(CheckStatus(request.status), target)
    if target is CheckStatus.PAID:
        paid_on = _day(answer.check_date)
        require(answer.check_number.strip(), "CHK-010", "A paid check has a number.", "check_number")
        work.store.write(_PAY, [(answer.check_number.strip(), paid_on, request.id)])
    move_check(work, request, target)
    if target is CheckStatus.CANCELED:
        _cancel_adjustment(work, request.adjustment_id)
    _note(work, command, target.value, "", request.id)
    return CheckAnswered(line=command.line, outcome=target.value, request_id=request.id)


@handles(NoteCheckException, right="RunAp")
def note_check_exception(command: NoteCheckException, work: Work) -> CheckAnswered:
    """Nothing else changes."""
    known = _known(work, command.answer)
    _note(work, command, EXCEPTION, command.problem, known.id if known else None)
    return CheckAnswered(line=command.line, outcome=EXCEPTION, request_id=known.id if known else None)


def _known(work: Work, answer: CheckAnswer) -> Any:
    text = answer.request_id.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_KEY):
        return None
    return work.store.first(_REQUEST, request_id=int(text))


_LONGEST_KEY = 18


def _request(work: Work, answer: CheckAnswer) -> Any:
    request = _known(work, answer)
    if request is None:
        refuse("CHK-007", f"There is no check request {answer.request_id!r}.", "request_id")
    return request


def _require_amount(request: Any, answer: CheckAnswer) -> None:
    wanted = Money(request.amount, request.currency)
    if not answer.amount.strip():
        return
    try:
        given = Money.of(answer.amount.strip(), request.currency)
    except NotMoney as inexact:
        refuse("CHK-009", str(inexact), "amount")
    require(given == wanted, "CHK-009", f"The request is for {wanted}, the answer for {given}.", "amount")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        refuse("CHK-010", f"{text!r} is no date of the form 2026-01-31.", "check_date")


def _note(work: Work, command: Any, outcome: str, problem: str, request_id: int | None) -> None:
    row = (
        *(work.new_id(), command.file_name, command.file_digest, command.line, request_id),
        *(to_json(command.answer), outcome, problem),
    )
    work.store.write(_INSERT, [row])


def _cancel_adjustment(work: Work, adjustment_id: int) -> None:
    """The adjustment is canceled by the system, for the reason set aside for that (R batch 5)."""
    reason = work.config.installation.ap_cancel_reason
    require(reason, "CHK-011", "Name the installation's cancel reason for checks that accounts payable cancels.")
    cancel_adjustment(CancelAdjustment(adjustment_id=adjustment_id, reason=reason), work)
