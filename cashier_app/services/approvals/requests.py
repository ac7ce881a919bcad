"""Requests for approval as commands find and write them, with their log."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.approvals import ApprovalProfile
from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import APPROVAL_REQUEST, ApprovalStatus
from cashier_app.domain.money import Money
from cashier_app.models.approval import ApprovalLevel, ApprovalNote, ApprovalRequest
from cashier_app.services.accounting.agreements import agreements_by_id
from cashier_app.services.adjustments.facts import with_other_halves
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import add_entry

_ONE = Statement(
    select(
        ApprovalRequest.id,
        ApprovalRequest.adjustment_id,
        ApprovalRequest.other_half_id,
        ApprovalRequest.approval_profile,
        ApprovalRequest.status,
        ApprovalRequest.level,
        ApprovalRequest.adjustment_type,
        ApprovalRequest.account_id,
        ApprovalRequest.amount,
        ApprovalRequest.currency,
        ApprovalRequest.requested_by,
    ).where(ApprovalRequest.id == bindparam("request_id"))
)
_LEVELS = Statement(
    select(
        ApprovalLevel.level,
        ApprovalLevel.role,
        ApprovalLevel.outcome,
        ApprovalLevel.to_do_id,
        ApprovalLevel.asked_at,
        ApprovalLevel.reminders,
        ApprovalLevel.escalated,
        ApprovalLevel.decided_by,
    )
    .where(ApprovalLevel.request_id == bindparam("request_id"))
    .order_by(ApprovalLevel.level)
)
_NOTE = insertion(ApprovalNote, "id request_id level action user_id noted_at text")
_ASK = change(ApprovalLevel, "to_do_id asked_at", "request_id level")
_NEXT_LEVEL = change(ApprovalRequest, "level")


class RequestRow(NamedTuple):
    """A request as it is stored."""

    id: int
    adjustment_id: int
    other_half_id: int | None
    approval_profile: str
    status: str
    level: int
    adjustment_type: str
    account_id: int
    amount: int
    currency: str
    requested_by: int

    @property
    def adjustment_ids(self) -> list[int]:
        """The adjustment, both halves of a transfer."""
        return [self.adjustment_id, *([self.other_half_id] if self.other_half_id else [])]

    @property
    def words(self) -> str:
        """What an approver is told."""
        return f"{self.adjustment_type} of {Money(self.amount, self.currency)}"


class LevelRow(NamedTuple):
    """One level of a request as it is stored."""

    level: int
    role: str
    outcome: str
    to_do_id: int | None
    asked_at: datetime | None
    reminders: int
    escalated: bool
    decided_by: int | None


def request_of(work: Work, request_id: int) -> RequestRow:
    """The request of a key; refuses with APR-001."""
    row = work.store.first(_ONE, request_id=request_id)
    if row is None:
        refuse("APR-001", "There is no such request for approval.", "request_id")
    return RequestRow._make(row)


def accounts_of(work: Work, request: RequestRow) -> set[int]:
    """The accounts of its adjustment, of both halves of a transfer; while it is open."""
    rows = with_other_halves(work, [request.adjustment_id])
    return {agreement.account_id for agreement in agreements_by_id(work.store, {row.sa_id for row in rows}).values()}


def levels_of(work: Work, request_id: int) -> list[LevelRow]:
    """Its levels in order."""
    return [LevelRow._make(row) for row in work.store.all(_LEVELS, request_id=request_id)]


def move_on(request: RequestRow, to: ApprovalStatus) -> ApprovalStatus:
    """The new status; refuses with APR-002 what was decided before."""
    return APPROVAL_REQUEST.move(ApprovalStatus(request.status), to)


def note(work: Work, request_id: int, level: int, action: str, text: str = "") -> None:
    """Add a line to the log of a request."""
    row = (work.new_id(), request_id, level, action, work.user.id, work.instant, text)
    work.store.write(_NOTE, [row])


def ask_level(work: Work, request: RequestRow, level: LevelRow) -> int:
    """Tell the role of a level that it is asked now; returns the entry's key."""
    profile = work.config.all(ApprovalProfile).get(request.approval_profile)
    to_do_id = add_entry(
        work,
        profile.to_do_type if profile else "APPROVAL",
        request.words,
        account_id=request.account_id,
        adjustment_id=request.adjustment_id,
        request_id=request.id,
        role=level.role,
    )
    work.store.write(_ASK, [(to_do_id, work.instant, request.id, level.level)])
    work.store.write(_NEXT_LEVEL, [(level.level, request.id)])
    note(work, request.id, level.level, "ASKED", level.role)
    return to_do_id
