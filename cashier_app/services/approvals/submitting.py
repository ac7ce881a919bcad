"""Submitting an adjustment for approval (R adjustments 6.3, S1 p.98-99)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cashier_app.domain.approvals import ApprovalProfile, TransferSide
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AdjustmentStatus, ApprovalStatus
from cashier_app.models.adjustment import Adjustment
from cashier_app.models.approval import ApprovalLevel, ApprovalRequest
from cashier_app.models.security import User, UserToDoRole
from cashier_app.services.adjustments.facts import WholeAdjustment, require_unlocked, whole, with_other_halves
from cashier_app.services.adjustments.freezing import settle_approved, today_if_asked
from cashier_app.services.approvals.requests import ask_level, levels_of, note, request_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, among, change, insertion
from cashier_app.services.kernel.work import Work

_INSERT = insertion(
    ApprovalRequest,
    "id adjustment_id other_half_id approval_profile status level adjustment_type account_id sa_id amount currency "
    "comment requested_by requested_at decided_at",
)
_INSERT_LEVEL = insertion(ApprovalLevel, "request_id level role")
_APPROVERS = Statement(
    select(UserToDoRole.role)
    .join(User, User.id == UserToDoRole.user_id)
    .where(among(UserToDoRole.role, "roles"), User.active, User.id != bindparam("user_id"))
    .distinct()
)
_LOCK = change(Adjustment, "approval_request_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitForApproval:
    """Ask for the approval of a freezable adjustment, of both halves of a transfer together."""

    adjustment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSubmitted:
    """The request, and what became of it at once."""

    request_id: int
    status: ApprovalStatus
    roles: tuple[str, ...]
    """Who approves, one after the other; nobody where the amount needs none."""
    frozen: tuple[int, ...] = ()
    """Adjustments that count now, because nobody need approve them."""


@handles(SubmitForApproval, right="AddAdjustment")
def submit_for_approval(command: SubmitForApproval, work: Work) -> ApprovalSubmitted:
    """The profile's band for the amount says who approves; the request keeps that, whatever is set up later."""
    halves = whole(work, with_other_halves(work, [command.adjustment_id]))
    profile = _profile(work, halves)
    for each in halves:
        _require_submittable(each, profile)
    account_ids = {each.agreement.account_id for each in halves}
    work.keep_off(*account_ids)
    deciding, *others = sorted(halves, key=lambda each: _decides(each, profile), reverse=True)
    roles = profile.band_of(deciding.row.amount).roles
    _require_approvers(work, roles)
    status = ApprovalStatus.IN_PROGRESS if roles else ApprovalStatus.NOT_NEEDED
    request_id = work.new_id()
    row = deciding.row
    work.store.write(
        _INSERT,
        [
            (
                request_id,
                row.id,
                others[0].row.id if others else None,
                profile.code,
                status.value,
                0,
                row.adjustment_type,
                deciding.agreement.account_id,
                row.sa_id,
                row.amount,
                row.currency,
                row.comment,
                work.user.id,
                work.instant,
                None if roles else work.instant,
            )
        ],
    )
    work.store.write(_INSERT_LEVEL, [(request_id, level, role) for level, role in enumerate(roles, start=1)])
    work.store.write(_LOCK, [(request_id, each.row.id) for each in halves])
    note(work, request_id, 0, "SUBMITTED", row.comment)
    work.changed("account", *account_ids)
    work.changed("approval_request", request_id)
    if roles:
        ask_level(work, request_of(work, request_id), levels_of(work, request_id)[0])
        return ApprovalSubmitted(request_id=request_id, status=status, roles=roles)
    note(work, request_id, 0, "NOT_NEEDED")
    settled = settle_approved(work, [row.id], today_if_asked(work, halves))
    return ApprovalSubmitted(request_id=request_id, status=status, roles=(), frozen=settled.frozen)


def _profile(work: Work, halves: Sequence[WholeAdjustment]) -> ApprovalProfile:
    adjustment_type = halves[0].adjustment_type
    if not adjustment_type.approval_profile:
        refuse("APR-003", f"Adjustments of type {adjustment_type.code} need no approval; freeze it.", "adjustment_id")
    return work.config.get(ApprovalProfile, adjustment_type.approval_profile, "approval_profile")


def _require_submittable(each: WholeAdjustment, profile: ApprovalProfile) -> None:
    row = each.row
    require_unlocked(row)
    require(
        row.status == AdjustmentStatus.FREEZABLE and not row.approved,
        "APR-004",
        f"The adjustment is {'approved already' if row.approved else row.status.lower()}; "
        "only a freezable one can be submitted.",
        "adjustment_id",
    )
    require(not row.by_batch, "APR-003", "What a batch job has added is not approved (S1 p.98).", "adjustment_id")
    require(
        row.currency == profile.currency,
        "APR-005",
        f"Approval profile {profile.code} is for {profile.currency}, not {row.currency}.",
        "adjustment_id",
    )


def _require_approvers(work: Work, roles: Sequence[str]) -> None:
    """Refuse what nobody could approve: each level needs somebody else than the submitter (R adjustments, choice 6)."""
    others = {row.role for row in work.store.all(_APPROVERS, roles=list(roles), user_id=work.user.id)}
    for role in roles:
        require(
            role in others,
            "APR-012",
            f"Nobody but you, or nobody at all, belongs to the To Do role {role}, which must approve this amount.",
            "adjustment_id",
        )


def _decides(each: WholeAdjustment, profile: ApprovalProfile) -> bool:
    charges = each.row.amount > 0
    return charges if profile.transfer_side is TransferSide.DEBIT else not charges
