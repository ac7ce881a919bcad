"""Users, groups, the journal, seals and Z reports, as an administrator or auditor reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select, tuple_

from cashier_app.domain.access import Access
from cashier_app.domain.access_tables import UserGroup
from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import counter_of, key_of, node_of
from cashier_app.models.control import DrawerReport, TenderControl
from cashier_app.models.journal import JournalEntry, Node, Seal
from cashier_app.models.security import (
    User,
    UserDataAccessRole,
    UserGroupMember,
    UserRelation,
    UserTenderSource,
    UserToDoRole,
)
from cashier_app.models.types import Flag
from cashier_app.services.customers.names import user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A user with groups and usual drawers."""

    user_id: int
    login: str
    name: str
    active: bool
    groups: tuple[str, ...]
    tender_sources: tuple[str, ...]
    own_accounts: tuple[int, ...]
    data_access_roles: tuple[str, ...]
    to_do_roles: tuple[str, ...]
    e_mail: str
    rights: frozenset[str]
    failed_sign_ins: int
    locked_until: datetime | None
    last_used: date | None
    has_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group of rights."""

    code: str
    description: str
    rights: tuple[str, ...]
    members: tuple[str, ...]
    """Logins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One executed command."""

    journal_id: int
    node: str
    sequence: int
    command_id: str
    command: str
    user: str
    approver: str
    business_date: date
    executed_at: datetime
    content: str
    """The command as JSON; empty for viewers from whom some office's accounts are kept."""
    result: str
    """What the caller was told, as JSON; likewise."""
    hash: str


class JournalCursor(NamedTuple):
    """Where the next page begins."""

    at: datetime
    journal_id: int
    reached: tuple[tuple[int, int], ...]
    """Of each node: the oldest entry that was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPage:
    """Entries, and where the next page begins."""

    rows: tuple[JournalRow, ...]
    next: JournalCursor | None
    """Give it as `before`; nothing at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """The state of a chain at a moment."""

    seal_id: int
    kind: str
    node: str
    sequence: int
    hash: str
    totals: str
    """Running count and sum by currency, as JSON."""
    business_date: date
    sealed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ZReportRow:
    """A numbered, immutable closing report."""

    report_id: int
    node: str
    number: int
    tender_control_id: int
    tender_source: str
    printed_at: datetime
    hash: str
    previous_hash: str


_FIRST_PAGE = JournalCursor(datetime(9999, 12, 31, tzinfo=UTC), 2**63 - 1, ())
_USERS = Statement(
    select(
        User.id,
        User.login,
        User.name,
        User.active,
        User.failed_sign_ins,
        User.locked_until,
        User.last_used,
        User.e_mail,
        User.second_factor,
    )
    .order_by(User.login)
    .limit(bindparam("most"))
)
_MEMBERS = Statement(
    select(UserGroupMember.user_id, UserGroupMember.group_code, User.login)
    .join(User, User.id == UserGroupMember.user_id)
    .order_by(UserGroupMember.group_code, User.login)
)
_SOURCES = Statement(
    select(UserTenderSource.user_id, UserTenderSource.tender_source).order_by(UserTenderSource.tender_source)
)
_RELATIONS = Statement(select(UserRelation.user_id, UserRelation.account_id).order_by(UserRelation.account_id))
_ROLES = Statement(
    select(UserDataAccessRole.user_id, UserDataAccessRole.role).order_by(
        UserDataAccessRole.user_id, UserDataAccessRole.role
    )
)
_TO_DO_ROLES = Statement(
    select(UserToDoRole.user_id, UserToDoRole.role).order_by(UserToDoRole.user_id, UserToDoRole.role)
)
_NODES = Statement(select(Node.id, Node.name, Node.sequence).order_by(Node.id))
_entry_columns = (
    JournalEntry.id,
    JournalEntry.command_id,
    JournalEntry.name,
    JournalEntry.user_id,
    JournalEntry.approver_id,
    JournalEntry.business_date,
    JournalEntry.executed_at,
    JournalEntry.content,
    JournalEntry.result,
    JournalEntry.hash,
)
_is_wanted = or_(bindparam("every_command", type_=Flag), JournalEntry.name == bindparam("command"))
_OF_NODE = Statement(
    select(*_entry_columns)
    .where(JournalEntry.id >= bindparam("first"), JournalEntry.id < bindparam("before"), _is_wanted)
    .order_by(JournalEntry.id.desc())
    .limit(bindparam("most"))
)
_OF_DAY = Statement(
    select(*_entry_columns)
    .where(
        JournalEntry.business_date == bindparam("day"),
        _is_wanted,
        tuple_(JournalEntry.executed_at, JournalEntry.id) < tuple_(bindparam("at"), bindparam("journal_id")),
    )
    .order_by(JournalEntry.executed_at.desc(), JournalEntry.id.desc())
    .limit(bindparam("most"))
)
_ENTRY = Statement(select(*_entry_columns).where(JournalEntry.id == bindparam("journal_id")))
_SEALS = Statement(
    select(Seal.id, Seal.kind, Seal.node_id, Seal.sequence, Seal.head, Seal.totals, Seal.business_date, Seal.sealed_at)
    .order_by(Seal.sealed_at.desc(), Seal.id.desc())
    .limit(bindparam("most"))
)
_Z_REPORTS = Statement(
    select(
        DrawerReport.id,
        DrawerReport.node_id,
        DrawerReport.number,
        DrawerReport.tender_control_id,
        TenderControl.tender_source,
        DrawerReport.printed_at,
        DrawerReport.hash,
        DrawerReport.previous_hash,
    )
    .join(TenderControl, TenderControl.id == DrawerReport.tender_control_id)
    .where(
        or_(
            bindparam("every_drawer", type_=Flag),
            DrawerReport.tender_control_id == bindparam("control_id"),
        )
    )
    .order_by(DrawerReport.printed_at.desc(), DrawerReport.id.desc())
    .limit(bindparam("most"))
)


def users(store: Store, config: Configuration, limit: int = 500) -> tuple[UserRow, ...]:
    """Users by login."""
    groups_of = _by_user(store.all(_MEMBERS))
    sources_of = _by_user(store.all(_SOURCES))
    accounts_of = _by_user(store.all(_RELATIONS))
    roles_of = _by_user(store.all(_ROLES))
    entries_of = _by_user(store.all(_TO_DO_ROLES))
    known = config.all(UserGroup)
    return tuple(
        UserRow(
            user_id=row.id,
            login=row.login,
            name=row.name,
            active=bool(row.active),
            groups=tuple(groups_of.get(row.id, ())),
            tender_sources=tuple(sources_of.get(row.id, ())),
            own_accounts=tuple(accounts_of.get(row.id, ())),
            data_access_roles=tuple(roles_of.get(row.id, ())),
            to_do_roles=tuple(entries_of.get(row.id, ())),
            e_mail=row.e_mail,
            rights=frozenset(
                right for code in groups_of.get(row.id, ()) if code in known for right in known[code].rights
            ),
            failed_sign_ins=row.failed_sign_ins,
            locked_until=row.locked_until,
            last_used=row.last_used,
            has_second_factor=bool(row.second_factor),
        )
        for row in store.all(_USERS, most=limit)
    )


def _by_user(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1])
    return found


def groups(store: Store, config: Configuration) -> tuple[GroupRow, ...]:
    """Groups of rights by code, with their members."""
    members: dict[str, list[str]] = {}
    for row in store.all(_MEMBERS):
        members.setdefault(row.group_code, []).append(row.login)
    return tuple(
        GroupRow(code=code, description=group.description, rights=group.rights, members=tuple(members.get(code, ())))
        for code, group in sorted(config.all(UserGroup).items())
    )


def journal_entries(
    store: Store,
    before: JournalCursor | None = None,
    limit: int = 100,
    *,
    business_date: date | None = None,
    command: str | None = None,
) -> JournalPage:
    """A page of the journal, newest first; a day's or a command's entries alone where asked."""
    nodes = store.all(_NODES)
    wanted = {"every_command": command is None, "command": command or "", "most": limit + 1}
    if business_date is None:
        found = _newest_of_nodes(store, nodes, before, wanted)
    else:
        found = _newest_of_day(store, business_date, before, wanted)
    names = {node.id: node.name for node in nodes}
    rows = tuple(_journal_row(row, names, user_names(store), store.access) for row in found[:limit])
    cursor = _cursor(found[:limit], before) if len(found) > limit else None
    return JournalPage(rows=rows, next=cursor)


def _newest_of_nodes(
    store: Store, nodes: Sequence[Any], before: JournalCursor | None, wanted: Mapping[str, Any]
) -> list[Any]:
    """Each node's chain is in order of its keys, so no index of time is needed."""
    reached = dict(before.reached) if before else {}
    found = [
        row
        for node in nodes
        for row in store.all(
            _OF_NODE,
            first=key_of(node.id, 0),
            before=reached.get(node.id, key_of(node.id, node.sequence) + 1),
            **wanted,
        )
    ]
    return sorted(found, key=lambda row: (row.executed_at, row.id), reverse=True)


def _newest_of_day(store: Store, day: date, before: JournalCursor | None, wanted: Mapping[str, Any]) -> list[Any]:
    place = before or _FIRST_PAGE
    return store.all(_OF_DAY, day=day, at=place.at, journal_id=place.journal_id, **wanted)


def _cursor(shown: Sequence[Any], before: JournalCursor | None) -> JournalCursor:
    reached = dict(before.reached) if before else {}
    for row in shown:
        reached[node_of(row.id)] = min(row.id, reached.get(node_of(row.id), row.id))
    return JournalCursor(shown[-1].executed_at, shown[-1].id, tuple(sorted(reached.items())))


def journal_entry(store: Store, journal_id: int) -> JournalRow:
    """One entry of the journal; refuses with JRN-001."""
    row = store.first(_ENTRY, journal_id=journal_id)
    if row is None:
        refuse("JRN-001", "There is no such entry in the journal.", "journal_id")
    return _journal_row(row, {node.id: node.name for node in store.all(_NODES)}, user_names(store), store.access)


def _journal_row(row: Any, nodes: Mapping[int, str], users_by_id: Mapping[int, str], access: Access) -> JournalRow:
    return JournalRow(
        journal_id=row.id,
        node=nodes.get(node_of(row.id), ""),
        sequence=counter_of(row.id),
        command_id=row.command_id,
        command=row.name,
        user=users_by_id.get(row.user_id, ""),
        approver="" if row.approver_id is None else users_by_id.get(row.approver_id, ""),
        business_date=row.business_date,
        executed_at=row.executed_at,
        content=row.content if access.everything else "",
        result=row.result if access.everything else "",
        hash=bytes(row.hash).hex(),
    )


def seals(store: Store, limit: int = 100) -> tuple[SealRow, ...]:
    """Seals, newest first."""
    nodes = {node.id: node.name for node in store.all(_NODES)}
    return tuple(
        SealRow(
            seal_id=row.id,
            kind=row.kind,
            node=nodes.get(row.node_id, ""),
            sequence=row.sequence,
            hash=bytes(row.head).hex(),
            totals=row.totals,
            business_date=row.business_date,
            sealed_at=row.sealed_at,
        )
        for row in store.all(_SEALS, most=limit)
    )


def z_reports(store: Store, limit: int = 100, control_id: int | None = None) -> tuple[ZReportRow, ...]:
    """Z reports, newest first; of one drawer where asked."""
    nodes = {node.id: node.name for node in store.all(_NODES)}
    found = store.all(_Z_REPORTS, every_drawer=control_id is None, control_id=control_id or 0, most=limit)
    return tuple(
        ZReportRow(
            report_id=row.id,
            node=nodes.get(row.node_id, ""),
            number=row.number,
            tender_control_id=row.tender_control_id,
            tender_source=row.tender_source,
            printed_at=row.printed_at,
            hash=bytes(row.hash).hex(),
            previous_hash=bytes(row.previous_hash).hex(),
        )
        for row in found
    )
