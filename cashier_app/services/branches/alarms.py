"""Alarms: what somebody must look into before a branch can go on (R reliability S4)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cashier_app.domain.lifecycles import ToDoStatus
from cashier_app.models.journal import Node
from cashier_app.models.to_do import ToDo
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import add_entry
from cashier_app.services.to_do.resolving import about_node

ALARM = "SYNC_ALARM"
_OPEN = Statement(
    select(ToDo.id).where(
        ToDo.to_do_type == bindparam("kind"), ToDo.text == bindparam("text"), ToDo.status != bindparam("done")
    )
)
_NAME = Statement(select(Node.name).where(Node.id == bindparam("node_id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlarm:
    """Tell somebody of a branch whose journal cannot be taken over."""

    node_id: int
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised:
    """The entry that tells of it."""

    to_do_id: int


@handles(RaiseAlarm, right="system")
def raise_alarm(command: RaiseAlarm, work: Work) -> AlarmRaised:
    """Once, however often the branch tries again."""
    name = work.store.one(_NAME, ("SYNC-001", "The server knows no such branch."), node_id=command.node_id).name
    text = f"{name}: {command.text} ({command.code})"
    known = work.store.value(_OPEN, kind=ALARM, text=text, done=ToDoStatus.COMPLETE.value)
    if known is not None:
        return AlarmRaised(to_do_id=known)
    return AlarmRaised(to_do_id=add_entry(work, ALARM, text, subject=about_node(command.node_id)))
