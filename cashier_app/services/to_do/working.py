"""Working on entries: taking one, giving it to another role, saying something, completing it by hand (R batch 15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import TO_DO, ToDoStatus
from cashier_app.domain.to_do import ToDoRole
from cashier_app.models.security import UserToDoRole
from cashier_app.models.to_do import ToDo, ToDoNote
from cashier_app.services.customers.account_rows import account_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import complete_entries

_ONE = Statement(
    select(ToDo.id, ToDo.role, ToDo.status, ToDo.assigned_to, ToDo.account_id, ToDo.request_id).where(
        ToDo.id == bindparam("to_do_id")
    )
)
_ROLES = Statement(select(UserToDoRole.role).where(UserToDoRole.user_id == bindparam("user_id")))
_MOVE = change(ToDo, "status assigned_to")
_FORWARD = change(ToDo, "role")
_NOTE = insertion(ToDoNote, "id to_do_id user_id noted_at action text")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeToDo:
    """Begin to work on an entry, so that others see who does."""

    to_do_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToDo:
    """Put an entry back for others of the role."""

    to_do_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardToDo:
    """Give an entry to another role."""

    to_do_id: int
    role: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentToDo:
    """Say something about an entry."""

    to_do_id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteToDo:
    """Complete an entry by hand: what it was about is settled."""

    to_do_id: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoChanged:
    """An entry as it is now."""

    to_do_id: int
    status: ToDoStatus
    role: str


@handles(TakeToDo, right="WorkOnToDo")
def take_to_do(command: TakeToDo, work: Work) -> ToDoChanged:
    """One person at a time."""
    entry = _entry(work, command.to_do_id)
    status = TO_DO.move(ToDoStatus(entry.status), ToDoStatus.BEING_WORKED_ON)
    work.store.write(_MOVE, [(status.value, work.user.id, entry.id)])
    return _noted(work, entry, status, "TAKEN")


@handles(ReturnToDo, right="WorkOnToDo")
def return_to_do(command: ReturnToDo, work: Work) -> ToDoChanged:
    """Also what somebody else has taken: they may have gone home."""
    entry = _entry(work, command.to_do_id)
    status = TO_DO.move(ToDoStatus(entry.status), ToDoStatus.OPEN)
    work.store.write(_MOVE, [(status.value, None, entry.id)])
    return _noted(work, entry, status, "RETURNED")


@handles(ForwardToDo, right="WorkOnToDo")
def forward_to_do(command: ForwardToDo, work: Work) -> ToDoChanged:
    """Not what must be approved: the request says by whom."""
    entry = _entry(work, command.to_do_id)
    _refuse_approval(entry)
    work.config.get(ToDoRole, command.role, "role")
    require(entry.status != ToDoStatus.COMPLETE, "TD-002", "The entry is complete.")
    work.store.write(_FORWARD, [(command.role, entry.id)])
    if entry.status == ToDoStatus.BEING_WORKED_ON:
        work.store.write(_MOVE, [(ToDoStatus.OPEN.value, None, entry.id)])
    return _noted(work, entry, ToDoStatus.OPEN, "FORWARDED", f"{command.role}: {command.text}".rstrip(": "))


@handles(CommentToDo, right="WorkOnToDo")
def comment_to_do(command: CommentToDo, work: Work) -> ToDoChanged:
    """Whoever opens it reads it."""
    entry = _entry(work, command.to_do_id)
    require(command.text.strip(), "TD-004", "Say something.", "text")
    return _noted(work, entry, ToDoStatus(entry.status), "COMMENT", command.text.strip())


@handles(CompleteToDo, right="WorkOnToDo")
def complete_to_do(command: CompleteToDo, work: Work) -> ToDoChanged:
    """Not what must be approved: approving or rejecting completes it."""
    entry = _entry(work, command.to_do_id)
    _refuse_approval(entry)
    status = TO_DO.move(ToDoStatus(entry.status), ToDoStatus.COMPLETE)
    complete_entries(work, [entry.id])
    return _noted(work, entry, status, "COMPLETED", command.text.strip())


def _entry(work: Work, to_do_id: int) -> Any:
    """An entry of the user's own roles; TD-001 for others, which are as good as not there."""
    entry = work.store.first(_ONE, to_do_id=to_do_id)
    if entry is None or (
        entry.role and entry.role not in {row[0] for row in work.store.all(_ROLES, user_id=work.user.id)}
    ):
        refuse("TD-001", "There is no such entry for any of your To Do roles.", "to_do_id")
    if entry.account_id is not None:
        account_of(work, entry.account_id)
    return entry


def _refuse_approval(entry: Any) -> None:
    require(
        entry.request_id is None, "TD-003", "Approve or reject what the entry is about; that completes it.", "to_do_id"
    )


def _noted(work: Work, entry: Any, status: ToDoStatus, action: str, text: str = "") -> ToDoChanged:
    work.store.write(_NOTE, [(work.new_id(), entry.id, work.user.id, work.instant, action, text)])
    work.changed("to_do", entry.id)
    role = text.partition(":")[0] if action == "FORWARDED" else entry.role
    return ToDoChanged(to_do_id=entry.id, status=status, role=role)
