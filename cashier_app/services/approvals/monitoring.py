"""Looking after requests for approval that wait too long (R adjustments 6.8, S1 p.100)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from cashier_app.domain.errors import require
from cashier_app.domain.to_do import ToDoRole
from cashier_app.models.approval import ApprovalLevel
from cashier_app.services.approvals.requests import LevelRow, RequestRow, ask_level, levels_of, note, request_of
from cashier_app.services.kernel.statements import change
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import complete_entries, write_mail

_REMIND = change(ApprovalLevel, "reminders", "request_id level")
_ESCALATE = change(ApprovalLevel, "role escalated", "request_id level")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorApprovals:
    """Remind approvers of what waits, and ask somebody else when it has waited too long."""

    hours: int
    """From asking a level until it is escalated."""
    escalation_role: str = field(metadata={"refers": "to_do_role"})
    """The To Do role that is asked then; its members may approve the level."""
    reminders: int = 0
    """How many go out before, at equal intervals."""
    approval_profile: str = field(default="", metadata={"refers": "approval_profile"})
    """Only its requests; empty for all."""


class Monitored(NamedTuple):
    """How many requests were looked after."""

    reminded: int
    escalated: int


def monitor(work: Work, given: MonitorApprovals, request_ids: Sequence[int]) -> Monitored:
    """Look after some open requests; doing it twice at the same moment does nothing twice."""
    reminded = escalated = 0
    for request_id in request_ids:
        request = request_of(work, request_id)
        level = levels_of(work, request_id)[request.level - 1]
        if level.escalated or level.asked_at is None:
            continue
        waited = work.instant - level.asked_at
        if waited >= timedelta(hours=given.hours):
            _escalate(work, given, request, level)
            escalated += 1
        elif (due := waited * (given.reminders + 1) // timedelta(hours=given.hours)) > level.reminders:
            _remind(work, request, level, due)
            reminded += 1
    return Monitored(reminded, escalated)


def check(work: Work, given: MonitorApprovals) -> None:
    """Refuses with APR-011 hours or reminders that make no sense, and with CFG-001 an unknown role."""
    require(given.hours > 0, "APR-011", "Escalate after at least one hour.", "hours")
    require(given.reminders >= 0, "APR-011", "The number of reminders is 0 or more.", "reminders")
    work.config.get(ToDoRole, given.escalation_role, "escalation_role")


def _remind(work: Work, request: RequestRow, level: LevelRow, due: int) -> None:
    """Once, even where several were missed: nobody wants three reminders at a time."""
    if level.to_do_id is not None:
        write_mail(
            work, level.to_do_id, level.role, f"Reminder: {request.words}", f"{request.words} waits for your approval."
        )
    work.store.write(_REMIND, [(due, request.id, level.level)])
    note(work, request.id, level.level, "REMINDED", level.role)
    work.changed("approval_request", request.id)


def _escalate(work: Work, given: MonitorApprovals, request: RequestRow, level: LevelRow) -> None:
    complete_entries(work, [level.to_do_id])
    work.store.write(_ESCALATE, [(given.escalation_role, True, request.id, level.level)])
    note(work, request.id, level.level, "ESCALATED", f"{level.role} → {given.escalation_role}")
    ask_level(work, request, level._replace(role=given.escalation_role))
    work.changed("approval_request", request.id)
