"""Alarms: what somebody must look into before a branch can go on (R reliability S4)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cashier_app.models.customer import WorkItem
from cashier_app.models.journal import Node
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, insertion
from cashier_app.services.kernel.work import Work

ALARM = "SYNC_ALARM"
_INSERT = insertion(WorkItem, "id kind account_id event_id text created_on done")
_OPEN = Statement(
    select(WorkItem.id).where(
        WorkItem.kind == bindparam("kind"), WorkItem.text == bindparam("text"), WorkItem.done.is_(False)
    )
)
_NAME = Statement(select(Node.name).where(Node.id == bindparam("node_id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlarm:
    """Put a branch whose journal cannot be taken over on the work list."""

    node_id: int
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised:
    """The entry on the work list."""

    work_item_id: int


@handles(RaiseAlarm, right="system")
def raise_alarm(command: RaiseAlarm, work: Work) -> AlarmRaised:
    """Once, however often the branch tries again."""
    name = work.store.one(_NAME, ("SYNC-001", "The server knows no such branch."), node_id=command.node_id).name
    text = f"{name}: {command.text} ({command.code})"
    known = work.store.value(_OPEN, kind=ALARM, text=text)
    if known is not None:
        return AlarmRaised(work_item_id=known)
    item_id = work.new_id()
    work.store.write(_INSERT, [(item_id, ALARM, None, None, text, work.business_date, False)])
    work.changed("work_item", item_id)
    return AlarmRaised(work_item_id=item_id)
