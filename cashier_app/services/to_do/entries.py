"""Entries that tell a role of something to look into (R batch 15, S1 p.51-52)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.configuration import CisDivision
from cashier_app.domain.lifecycles import ToDoStatus
from cashier_app.domain.to_do import BUILT_IN_TYPES, AccountManagementGroup, ToDoType, role_for
from cashier_app.models.customer import Account
from cashier_app.models.security import User, UserToDoRole
from cashier_app.models.to_do import OutgoingMail, ToDo
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among, change, insertion
from cashier_app.services.kernel.work import Work

_INSERT = insertion(
    ToDo, "id to_do_type role status text account_id event_id adjustment_id request_id subject created_on created_at"
)
_COMPLETE = change(ToDo, "status completed_by completed_at completed_in")
_INSERT_MAIL = insertion(OutgoingMail, "id to_do_id user_id address subject body written_at")
_ACCOUNTS = Statement(
    select(Account.id, Account.management_group, Account.cis_division).where(among(Account.id, "ids"))
)
_MEMBERS = Statement(
    select(User.id, User.e_mail)
    .join(UserToDoRole, UserToDoRole.user_id == User.id)
    .where(UserToDoRole.role == bindparam("role"), User.active, User.e_mail != "")
    .order_by(User.id)
)


_FEW = 100
"""So many new entries are named one by one."""


class NewEntry(NamedTuple):
    """Something to look into, and what it is about."""

    to_do_type: str
    text: str
    account_id: int | None = None
    event_id: int | None = None
    adjustment_id: int | None = None
    request_id: int | None = None
    role: str = ""
    """Who is told; left out, the account, the division or the type decides."""
    subject: str = ""
    """What it is about, where a command will resolve it: see `resolving`."""


def to_do_type(config: Configuration, code: str) -> ToDoType:
    """The type of a code, set up or built in."""
    return config.all(ToDoType).get(code) or BUILT_IN_TYPES.get(code) or config.get(ToDoType, code, "to_do_type")


def add_entry(
    work: Work,
    type_code: str,
    text: str,
    *,
    account_id: int | None = None,
    event_id: int | None = None,
    adjustment_id: int | None = None,
    request_id: int | None = None,
    role: str = "",
    subject: str = "",
) -> int:
    """Tell a role of one thing; returns the entry's key."""
    entry = NewEntry(type_code, text, account_id, event_id, adjustment_id, request_id, role, subject)
    return add_entries(work, [entry])[0]


def add_entries(work: Work, entries: Sequence[NewEntry]) -> list[int]:
    """Tell roles of things, with an e-mail to each member where the type asks for it; returns the entries' keys.

    The role is the one that is given; else the one that the account's management group names for the type, else its
    division's, else the type's own (R batch 15). Where nobody says, everybody is told.
    """
    if not entries:
        return []
    roles = _roles(work, entries)
    ids = list(work.new_ids(len(entries)))
    work.store.write(
        _INSERT,
        [
            (
                to_do_id,
                entry.to_do_type,
                role,
                ToDoStatus.OPEN.value,
                entry.text,
                entry.account_id,
                entry.event_id,
                entry.adjustment_id,
                entry.request_id,
                entry.subject,
                work.business_date,
                work.instant,
            )
            for to_do_id, entry, role in zip(ids, entries, roles, strict=True)
        ],
    )
    for to_do_id, entry, role in zip(ids, entries, roles, strict=True):
        kind = to_do_type(work.config, entry.to_do_type)
        if kind.e_mail:
            write_mail(work, to_do_id, role, kind.description or kind.code, entry.text)
    work.changed("to_do", *(ids if len(ids) <= _FEW else [0]))
    return ids


def _roles(work: Work, entries: Sequence[NewEntry]) -> list[str]:
    wanted = {entry.account_id for entry in entries if entry.account_id is not None and not entry.role}
    accounts = {row.id: row for row in work.store.all(_ACCOUNTS, ids=sorted(wanted))} if wanted else {}
    return [entry.role or _role(work.config, entry.to_do_type, accounts.get(entry.account_id)) for entry in entries]


def _role(config: Configuration, type_code: str, account: Any) -> str:
    kind = to_do_type(config, type_code)
    if account is None:
        return kind.role
    group = config.all(AccountManagementGroup).get(account.management_group)
    division = config.all(CisDivision).get(account.cis_division)
    return (
        role_for(group.to_do_roles if group else (), type_code)
        or role_for(division.to_do_roles if division else (), type_code)
        or kind.role
    )


def write_mail(work: Work, to_do_id: int, role: str, subject: str, body: str) -> int:
    """Put an e-mail to every member of a role who has an address into the outbox; returns how many."""
    members = work.store.all(_MEMBERS, role=role) if role else []
    work.store.write(
        _INSERT_MAIL,
        [(work.new_id(), to_do_id, each.id, each.e_mail, subject, body, work.instant) for each in members],
    )
    return len(members)


def complete_entries(work: Work, to_do_ids: Iterable[int | None]) -> None:
    """Complete entries because this command resolved what they were about."""
    ids = [each for each in to_do_ids if each is not None]
    done = ToDoStatus.COMPLETE.value
    work.store.write(_COMPLETE, [(done, work.user.id, work.instant, work.journal_id, each) for each in ids])
    work.changed("to_do", *ids)
