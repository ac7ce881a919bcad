"""Looking after requests that wait too long (R adjustments 6.8, S1 p.100)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, or_, select

from cashier_app.domain.errors import require
from cashier_app.domain.lifecycles import ApprovalStatus
from cashier_app.domain.to_do import ToDoRole
from cashier_app.models.approval import ApprovalLevel, ApprovalRequest
from cashier_app.models.types import Flag
from cashier_app.services.approvals.requests import LevelRow, RequestRow, ask_level, levels_of, note, request_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import complete_entries, write_mail

_OPEN = Statement(
    select(ApprovalRequest.id)
    .where(
        ApprovalRequest.status == bindparam("in_progress"),
        or_(bindparam("every_profile", type_=Flag), ApprovalRequest.approval_profile == bindparam("profile")),
    )
    .order_by(ApprovalRequest.id)
)
_REMIND = change(ApprovalLevel, "reminders", "request_id level")
_ESCALATE = change(ApprovalLevel, "role escalated", "request_id level")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorApprovals:
    """Remind approvers of what waits, and ask somebody else when it has waited too long."""

    hours: int
    """From asking a level until it is escalated."""
    escalation_role: str
    """The To Do role that is asked then; its members may approve the level."""
    reminders: int = 0
    """How many go out before, at equal intervals."""
    approval_profile: str = ""
    """Only its requests; empty for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalsMonitored:
    """What was done, by key of the request."""

    reminded: tuple[int, ...]
    escalated: tuple[int, ...]


@handles(MonitorApprovals, right="system")
def monitor_approvals(command: MonitorApprovals, work: Work) -> ApprovalsMonitored:
    """What a batch job does from time to time; doing it twice at the same moment does nothing twice."""
    found = work.store.all(
        _OPEN,
        in_progress=ApprovalStatus.IN_PROGRESS.value,
        every_profile=not command.approval_profile,
        profile=command.approval_profile,
    )
    return monitor(work, command, [row.id for row in found])


def monitor(work: Work, command: MonitorApprovals, request_ids: Sequence[int]) -> ApprovalsMonitored:
    """Look after some open requests: a job may take them in parts.

    Refuses with APR-011 hours or reminders that make no sense, and with CFG-001 an unknown role.
    """
    require(command.hours > 0, "APR-011", "Escalate after at least one hour.", "hours")
    require(command.reminders >= 0, "APR-011", "The number of reminders is 0 or more.", "reminders")
    work.config.get(ToDoRole, command.escalation_role, "escalation_role")
    reminded: list[int] = []
    escalated: list[int] = []
    for request_id in request_ids:
        request = request_of(work, request_id)
        level = levels_of(work, request_id)[request.level - 1]
        if level.escalated or level.asked_at is None:
            continue
        waited = work.instant - level.asked_at
        if waited >= timedelta(hours=command.hours):
            _escalate(work, command, request, level)
            escalated.append(request_id)
        elif (due := waited * (command.reminders + 1) // timedelta(hours=command.hours)) > level.reminders:
            _remind(work, request, level, due)
            reminded.append(request_id)
    return ApprovalsMonitored(reminded=tuple(reminded), escalated=tuple(escalated))


def _remind(work: Work, request: RequestRow, level: LevelRow, due: int) -> None:
    """Once, even where several were missed: nobody wants three reminders at a time."""
    if level.to_do_id is not None:
        write_mail(
            work, level.to_do_id, level.role, f"Reminder: {request.words}", f"{request.words} waits for your approval."
        )
    work.store.write(_REMIND, [(due, request.id, level.level)])
    note(work, request.id, level.level, "REMINDED", level.role)
    work.changed("approval_request", request.id)


def _escalate(work: Work, command: MonitorApprovals, request: RequestRow, level: LevelRow) -> None:
    complete_entries(work, [level.to_do_id])
    work.store.write(_ESCALATE, [(command.escalation_role, True, request.id, level.level)])
    note(work, request.id, level.level, "ESCALATED", f"{level.role} → {command.escalation_role}")
    ask_level(work, request, level._replace(role=command.escalation_role))
    work.changed("approval_request", request.id)
