"""Approving and rejecting what was submitted (R adjustments 6.4-6.6, S1 p.99-100)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import ApprovalStatus
from cashier_app.models.approval import ApprovalLevel, ApprovalRequest
from cashier_app.models.security import User, UserToDoRole
from cashier_app.services.accounting.adjustments import need_backdating
from cashier_app.services.adjustments.deleting import delete
from cashier_app.services.adjustments.freezing import settle_approved
from cashier_app.services.approvals.requests import (
    LevelRow,
    RequestRow,
    accounts_of,
    ask_level,
    levels_of,
    move_on,
    note,
    request_of,
)
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import complete_entries

_DECIDE_LEVEL = change(ApprovalLevel, "outcome decided_by decided_at", "request_id level")
_DECIDE = change(ApprovalRequest, "status reject_reason decided_at")
_IS_MEMBER = Statement(
    select(UserToDoRole.user_id).where(
        UserToDoRole.user_id == bindparam("user_id"), UserToDoRole.role == bindparam("role")
    )
)
_NAME = Statement(select(User.name).where(User.id == bindparam("user_id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveAdjustment:
    """Approve a request on the level that is asked; the last level lets the adjustment count."""

    request_id: int
    level: int
    """The level that the approver saw asked."""
    accounting_date: date | None = None
    """For the last level, where the installation asks for it or the books of the date it has are closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDecided:
    """What became of a request."""

    request_id: int
    status: ApprovalStatus
    level: int
    """The level that is asked now, or was the last."""
    frozen: tuple[int, ...] = ()
    """Adjustments that count now."""
    waiting: tuple[int, ...] = ()
    """Adjustments that freeze with the next bill."""
    deleted: tuple[int, ...] = ()


@handles(ApproveAdjustment)
def approve_adjustment(command: ApproveAdjustment, work: Work) -> RequestDecided:
    """One level by a member of its role, who neither asked for it nor settled another level."""
    request = request_of(work, command.request_id)
    status = move_on(request, ApprovalStatus.APPROVED)
    account_of(work, request.account_id)
    work.keep_off(*accounts_of(work, request))
    levels = levels_of(work, request.id)
    _require_seen(work, command, request, levels)
    level = levels[request.level - 1]
    _require_approver(work, request, level, levels)
    _settle(work, request, level, "APPROVED")
    complete_entries(work, [level.to_do_id])
    work.changed("account", request.account_id)
    work.changed("approval_request", request.id)
    if request.level < len(levels):
        after = levels[request.level]
        ask_level(work, request, after)
        return RequestDecided(request_id=request.id, status=ApprovalStatus.IN_PROGRESS, level=after.level)
    work.store.write(_DECIDE, [(status.value, "", work.instant, request.id)])
    need_backdating(work, command.accounting_date)
    settled = settle_approved(work, [request.adjustment_id], command.accounting_date)
    note(work, request.id, request.level, "FROZEN" if settled.frozen else "WAITS_FOR_BILL")
    return RequestDecided(
        request_id=request.id, status=status, level=request.level, frozen=settled.frozen, waiting=settled.waiting
    )


def _require_seen(work: Work, command: ApproveAdjustment, request: RequestRow, levels: Sequence[LevelRow]) -> None:
    """Somebody else of the role may have been quicker: then this approval was not meant for the next level."""
    if command.level == request.level:
        return
    settled = levels[command.level - 1] if 0 < command.level <= len(levels) else None
    name = work.store.value(_NAME, user_id=settled.decided_by) if settled and settled.decided_by else None
    said = f"{name} has settled level {command.level}; level" if name else "Level"
    refuse("APR-006", f"{said} {request.level} is asked now. Look again.", "level")


def _require_approver(work: Work, request: RequestRow, level: LevelRow, levels: Sequence[LevelRow]) -> None:
    require(
        request.requested_by != work.user.id,
        "APR-007",
        "Nobody approves what they have submitted themselves; somebody else of the role must.",
    )
    require(
        work.store.first(_IS_MEMBER, user_id=work.user.id, role=level.role) is not None,
        "APR-008",
        f"Level {level.level} is approved by the To Do role {level.role}, to which you do not belong.",
    )
    require(
        all(each.decided_by != work.user.id for each in levels),
        "APR-009",
        "You have approved another level of this request; each level needs a person of its own.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectAdjustment:
    """Reject a request, or withdraw one's own: the adjustment is deleted."""

    request_id: int
    reason: str


@handles(RejectAdjustment)
def reject_adjustment(command: RejectAdjustment, work: Work) -> RequestDecided:
    """By anyone who may open it, at any level (S1 p.100); the request keeps what the adjustment was."""
    request = request_of(work, command.request_id)
    reason = command.reason.strip()
    status = move_on(request, ApprovalStatus.REJECTED)
    account_of(work, request.account_id)
    require(reason, "APR-010", "Say why it is rejected.", "reason")
    level = levels_of(work, request.id)[request.level - 1]
    _settle(work, request, level, "REJECTED", reason)
    work.store.write(_DECIDE, [(status.value, reason, work.instant, request.id)])
    complete_entries(work, [level.to_do_id])
    gone = delete(work, request.adjustment_ids)
    work.changed("account", request.account_id)
    work.changed("approval_request", request.id)
    return RequestDecided(
        request_id=request.id, status=status, level=request.level, deleted=tuple(row.id for row in gone)
    )


def _settle(work: Work, request: RequestRow, level: LevelRow, outcome: str, text: str = "") -> None:
    work.store.write(_DECIDE_LEVEL, [(outcome, work.user.id, work.instant, request.id, level.level)])
    note(work, request.id, level.level, outcome, text)
