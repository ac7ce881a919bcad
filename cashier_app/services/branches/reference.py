"""Configuration, users and their rights as one document: whole at the server, a copy at each branch (decision 18).

With it people sign in and drawers open while the line is down.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from cashier_app.models.configuration import ConfigurationState, ControlRecord, HouseAgreementLink
from cashier_app.models.customer import Account
from cashier_app.models.security import (
    SecondFactorSecret,
    User,
    UserDataAccessRole,
    UserGroupMember,
    UserRelation,
    UserTenderSource,
)
from cashier_app.services.branches.directory import DirectoryAccount, accounts_held, house_accounts
from cashier_app.services.branches.directory_copy import upsert, write_accounts
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.configuration import READ_ONLY, VERSION
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store


class UserCopy(NamedTuple):
    """Somebody who may sign in."""

    id: int
    login: str
    name: str
    password_hash: str
    active: bool
    failed_sign_ins: int
    locked_until: datetime | None
    last_used: date | None
    language: str
    second_factor: str
    last_step: int


class Reference(NamedTuple):
    """Everything but accounts and money that a branch works with."""

    version: int
    """Of configuration and rights."""
    records: tuple[tuple[str, str, str], ...]
    """Control tables: table, code, content."""
    house_agreements: tuple[tuple[str, int], ...]
    """The agreement of each house agreement's code."""
    house_accounts: tuple[DirectoryAccount, ...]
    """The accounts of those agreements."""
    users: tuple[UserCopy, ...]
    groups: tuple[tuple[int, str], ...]
    """User and group of rights."""
    tender_sources: tuple[tuple[int, str], ...]
    """User and usual drawer."""
    data_access_roles: tuple[tuple[int, str], ...]
    """User and data access role."""
    second_factors: tuple[tuple[int, str], ...]
    """User and secret behind the one-time codes; recovery codes stay at the server, where each counts once."""
    relations: tuple[tuple[int, int], ...]
    """User and account that is theirs or a relative's; a branch keeps those whose account it holds."""


def encode_reference(reference: Reference) -> bytes:
    """The document as it travels."""
    return to_json(reference).encode()


def decode_reference(content: bytes) -> Reference:
    """What `encode_reference` made."""
    return from_json(content, Reference)


_RECORDS = Statement(
    select(ControlRecord.table_name, ControlRecord.code, ControlRecord.content)
    .where(ControlRecord.table_name != READ_ONLY)
    .order_by(ControlRecord.table_name, ControlRecord.code)
)
_HOUSE = Statement(select(HouseAgreementLink.code, HouseAgreementLink.sa_id).order_by(HouseAgreementLink.code))
_USERS = Statement(
    select(
        User.id,
        User.login,
        User.name,
        User.password_hash,
        User.active,
        User.failed_sign_ins,
        User.locked_until,
        User.last_used,
        User.language,
        User.second_factor,
        User.last_step,
    ).order_by(User.id)
)
_GROUPS = Statement(
    select(UserGroupMember.user_id, UserGroupMember.group_code).order_by(
        UserGroupMember.user_id, UserGroupMember.group_code
    )
)
_SOURCES = Statement(
    select(UserTenderSource.user_id, UserTenderSource.tender_source).order_by(
        UserTenderSource.user_id, UserTenderSource.tender_source
    )
)
_ROLES = Statement(
    select(UserDataAccessRole.user_id, UserDataAccessRole.role).order_by(
        UserDataAccessRole.user_id, UserDataAccessRole.role
    )
)
_SECRETS = Statement(select(SecondFactorSecret.user_id, SecondFactorSecret.secret).order_by(SecondFactorSecret.user_id))
_RELATIONS = Statement(
    select(UserRelation.user_id, UserRelation.account_id).order_by(UserRelation.user_id, UserRelation.account_id)
)


def read_reference(store: Store) -> Reference:
    """The document of this database, as it stands."""
    house = tuple((row.code, row.sa_id) for row in store.all(_HOUSE))
    users = (UserCopy._make(row) for row in store.all(_USERS))
    return Reference(
        version=store.value(VERSION) or 0,
        records=_tuples(store, _RECORDS),
        house_agreements=house,
        house_accounts=house_accounts(store, (sa_id for _, sa_id in house)),
        users=tuple(user._replace(active=bool(user.active)) for user in users),
        groups=_tuples(store, _GROUPS),
        tender_sources=_tuples(store, _SOURCES),
        data_access_roles=_tuples(store, _ROLES),
        second_factors=_tuples(store, _SECRETS),
        relations=_tuples(store, _RELATIONS),
    )


def _tuples(store: Store, query: Statement) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in store.all(query))


_RECORD = upsert(ControlRecord, "table_name code content")
_HOUSE_LINK = upsert(HouseAgreementLink, "code sa_id")
_USER = upsert(
    User,
    "id login name password_hash active failed_sign_ins locked_until last_used language second_factor last_step",
)
_GROUP = upsert(UserGroupMember, "user_id group_code")
_SOURCE = upsert(UserTenderSource, "user_id tender_source")
_ROLE = upsert(UserDataAccessRole, "user_id role")
_SECRET = upsert(SecondFactorSecret, "user_id secret")
_RELATION = (
    "INSERT INTO user_relation (user_id, account_id) SELECT ?, id FROM account WHERE id = ? ON CONFLICT DO NOTHING"
)
_FREE_LOGIN = "UPDATE app_user SET login = login || '-' || id WHERE login = ? AND id <> ?"
_PRESENT = Statement(select(Account.id).where(among(Account.id, "ids")))
_SET_VERSION = Statement(update(ConfigurationState).values(version=bindparam("new")))


def write_reference(store: Store, reference: Reference) -> bool:
    """Replace the branch's copy; returns whether anything but its version was different.

    How often somebody has failed to sign in here stays as it is: a guesser gets no more attempts because the
    configuration has changed. A new password ends a lock, as it does at the server.
    """
    held = read_reference(store)
    wanted = _as_kept_here(store, reference, held)
    differs = wanted._replace(version=held.version) != held
    if differs:
        _write(store, wanted, held)
    version = _version(wanted.version, held.version, again=_decisive(wanted) != _decisive(held))
    if version != held.version:
        store.apply(_SET_VERSION, [{"new": version}])
    return differs


def _as_kept_here(store: Store, reference: Reference, held: Reference) -> Reference:
    """What the branch's copy shall be."""
    before = {user.id: user for user in held.users}
    users = {user.id: _signing_in(user, before.get(user.id)) for user in reference.users}
    for user_id, user in before.items():
        # Nobody who has worked here is forgotten; whoever the server does not know any more works no longer.
        users.setdefault(user_id, user._replace(active=False))
    accounts = {row.id for row in store.all(_PRESENT, ids=sorted({account for _, account in reference.relations}))}
    return reference._replace(
        users=tuple(users[user_id] for user_id in sorted(users)),
        relations=tuple(relation for relation in reference.relations if relation[1] in accounts),
    )


def _signing_in(user: UserCopy, here: UserCopy | None) -> UserCopy:
    if here is None:
        return user
    last_used = max((day for day in (user.last_used, here.last_used) if day), default=None)
    if user.second_factor == here.second_factor:  # a code that was used on either side is used
        user = user._replace(last_step=max(user.last_step, here.last_step))
    if user.password_hash != here.password_hash:
        return user._replace(last_used=last_used)
    return user._replace(failed_sign_ins=here.failed_sign_ins, locked_until=here.locked_until, last_used=last_used)


def _sound(version: int) -> int:
    """The version without the mark that blocks writing after a failed verification."""
    return version if version >= 0 else -version - 1


def _version(wanted: int, held: int, *, again: bool) -> int:
    """The server's version, or one that was not here yet.

    A server restored from a backup may have another configuration under a version that is known here already, and
    whoever has read that one looks at nothing but the version.
    """
    version = _sound(held) + 1 if again and wanted <= _sound(held) else wanted
    return version if held >= 0 else -version - 1


def _decisive(reference: Reference) -> tuple[Any, ...]:
    """What programs remember under its version."""
    users = [(user.id, user.login, user.name, user.active) for user in reference.users]
    return (users, reference.records, *reference[2:3], *reference[5:])


def _write(store: Store, reference: Reference, held: Reference) -> None:
    store.copy_rows(_FREE_LOGIN, [(user.login, user.id) for user in reference.users])
    store.copy_rows(_USER, reference.users)
    ids = [account.id for account in reference.house_accounts]
    write_accounts(store, reference.house_accounts, {account.id: account for account in accounts_held(store, ids)})
    for table in _TABLES:
        _replace(store, table, getattr(reference, table.field), getattr(held, table.field))


class _Table(NamedTuple):
    """A table of which a branch holds what the document says."""

    field: str
    """Of the document."""
    name: str
    keys: tuple[str, ...]
    upsert: str


_TABLES = (
    _Table("records", "control_record", ("table_name", "code"), _RECORD),
    _Table("house_agreements", "house_agreement_link", ("code",), _HOUSE_LINK),
    _Table("groups", "user_group_member", ("user_id", "group_code"), _GROUP),
    _Table("tender_sources", "user_tender_source", ("user_id", "tender_source"), _SOURCE),
    _Table("data_access_roles", "user_data_access_role", ("user_id", "role"), _ROLE),
    _Table("second_factors", "second_factor_secret", ("user_id",), _SECRET),
    _Table("relations", "user_relation", ("user_id", "account_id"), _RELATION),
)


def _replace(store: Store, table: _Table, now: tuple[Any, ...], before: tuple[Any, ...]) -> None:
    """Delete the rows whose keys are no longer there, then write those that are."""
    size = len(table.keys)
    gone = {row[:size] for row in before}.difference(row[:size] for row in now)
    where = " AND ".join(f"{name} = ?" for name in table.keys)
    store.copy_rows(f"DELETE FROM {table.name} WHERE {where}", sorted(gone))  # noqa: S608  # our own names
    store.copy_rows(table.upsert, now)
