"""What waits for somebody to look into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.sql.functions import count

from cashier_app.domain.lifecycles import ToDoStatus
from cashier_app.domain.to_do import ToDoRole
from cashier_app.models.security import UserToDoRole
from cashier_app.models.to_do import ToDo, ToDoNote
from cashier_app.models.types import Flag
from cashier_app.services.customers.names import NOBODY, account_names, user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.guarded import Guarded, may_see, may_see_event
from cashier_app.services.kernel.store import Store
from cashier_app.services.to_do.entries import to_do_type
from cashier_app.services.to_do.resolving import run_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoRow:
    """Something that a person must look into."""

    to_do_id: int
    to_do_type: str
    description: str
    """Of the type."""
    priority: int
    role: str
    role_description: str
    status: str
    assigned_to: str
    assigned_to_id: int | None
    text: str
    created_on: date
    account_id: int | None
    account_number: str
    name: str
    event_id: int | None
    adjustment_id: int | None
    request_id: int | None
    run_id: str = ""
    """The batch run that it is about as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoCount:
    """How many entries of a type wait."""

    to_do_type: str
    description: str
    priority: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDoNoteRow:
    """Something that was done with an entry, or said about it."""

    at: datetime
    user: str
    action: str
    text: str


_is_open = ToDo.status != ToDoStatus.COMPLETE.value
_is_theirs = or_(
    bindparam("everybodys", type_=Flag),
    ToDo.role == "",
    ToDo.role.in_(select(UserToDoRole.role).where(UserToDoRole.user_id == bindparam("user_id"))),
)
_is_wanted = or_(bindparam("every_type", type_=Flag), ToDo.to_do_type == bindparam("to_do_type"))


def _seen(query: Any) -> Guarded:
    return Guarded(
        query,
        query.where(
            or_(ToDo.account_id.is_(None), may_see(ToDo.account_id)),
            or_(ToDo.event_id.is_(None), may_see_event(ToDo.event_id)),
        ),
    )


_ENTRIES = _seen(
    select(
        ToDo.id,
        ToDo.to_do_type,
        ToDo.role,
        ToDo.status,
        ToDo.assigned_to,
        ToDo.text,
        ToDo.created_on,
        ToDo.account_id,
        ToDo.event_id,
        ToDo.adjustment_id,
        ToDo.request_id,
        ToDo.subject,
    )
    .where(_is_open, _is_theirs, _is_wanted)
    .order_by(ToDo.created_on, ToDo.id)
    .limit(bindparam("most"))
)
_COUNTS = _seen(select(ToDo.to_do_type, count().label("number")).where(_is_open, _is_theirs).group_by(ToDo.to_do_type))
_NOTES = _seen(
    select(ToDoNote.noted_at, ToDoNote.user_id, ToDoNote.action, ToDoNote.text)
    .join(ToDo, ToDo.id == ToDoNote.to_do_id)
    .where(ToDoNote.to_do_id == bindparam("to_do_id"))
    .order_by(ToDoNote.id)
)


def to_do_entries(
    store: Store,
    config: Configuration,
    limit: int = 100,
    to_do_type_code: str | None = None,
    *,
    user_id: int | None = None,
) -> tuple[ToDoRow, ...]:
    """What waits, oldest first: for the roles of a user, or for all of them; of one type where asked."""
    rows = store.all(
        _ENTRIES,
        everybodys=user_id is None,
        user_id=user_id or 0,
        every_type=to_do_type_code is None,
        to_do_type=to_do_type_code or "",
        most=limit,
    )
    accounts = account_names(store, (row.account_id for row in rows if row.account_id))
    users = user_names(store) if any(row.assigned_to for row in rows) else {}
    return tuple(
        ToDoRow(
            to_do_id=row.id,
            to_do_type=row.to_do_type,
            description=to_do_type(config, row.to_do_type).description,
            priority=to_do_type(config, row.to_do_type).priority,
            role=row.role,
            role_description=role_words(config, row.role),
            status=row.status,
            assigned_to=users.get(row.assigned_to, ""),
            assigned_to_id=row.assigned_to,
            text=row.text,
            created_on=row.created_on,
            account_id=row.account_id,
            account_number=accounts.get(row.account_id, NOBODY).number,
            name=accounts.get(row.account_id, NOBODY).name,
            event_id=row.event_id,
            adjustment_id=row.adjustment_id,
            request_id=row.request_id,
            run_id=run_in(row.subject),
        )
        for row in rows
    )


def role_words(config: Configuration, code: str) -> str:
    """What a To Do role is called."""
    role = config.all(ToDoRole).get(code)
    return (role.description if role else "") or code


def to_do_counts(store: Store, config: Configuration, user_id: int) -> tuple[ToDoCount, ...]:
    """How much waits for a user, by type, the most urgent first."""
    found = [
        ToDoCount(
            to_do_type=row.to_do_type,
            description=kind.description or kind.code,
            priority=kind.priority,
            count=row.number,
        )
        for row in store.all(_COUNTS, everybodys=False, user_id=user_id)
        for kind in (to_do_type(config, row.to_do_type),)
    ]
    return tuple(sorted(found, key=lambda each: (-each.priority, each.to_do_type)))


def to_do_notes(store: Store, _config: Configuration, to_do_id: int) -> tuple[ToDoNoteRow, ...]:
    """What was done with an entry and said about it, in order; nothing of what is kept from whoever looks."""
    users = user_names(store)
    return tuple(
        ToDoNoteRow(at=row.noted_at, user=users.get(row.user_id, ""), action=row.action, text=row.text)
        for row in store.all(_NOTES, to_do_id=to_do_id)
    )
