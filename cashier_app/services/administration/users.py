"""Users, their rights and their passwords (R reliability 5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from cashier_app.domain.access import EVERY_GROUP
from cashier_app.domain.access_tables import AccessGroup, DataAccessRole, SecondFactor, UserGroup
from cashier_app.domain.configuration import TenderSource
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.to_do import ToDoRole
from cashier_app.models.security import (
    User,
    UserDataAccessRole,
    UserGroupMember,
    UserRelation,
    UserTenderSource,
    UserToDoRole,
)
from cashier_app.services.administration.setup import raise_version
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, change, deletion, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Actor, Work
from resources import path as resource

SHORTEST_PASSWORD = 15
SHORTEST_WITH_CODE = 12
"""Of whoever shows a one-time code besides."""
LONGEST_PASSWORD = 128
FEWEST_CHARACTERS = 5
"""Different characters in a password."""
_AT_THE_ENDS = "0123456789!?.,;:#*+-_ "
_FOR_LETTERS = str.maketrans("01345789@$!|", "oieastbgasil")
"""What is written for letters."""
_WEAK = ("password", "passwort", "123456", "qwerty", "cashier", "welcome", "letmein", "admin")

BY_LOGIN = Statement(
    select(
        User.id,
        User.login,
        User.name,
        User.password_hash,
        User.active,
        User.failed_sign_ins,
        User.locked_until,
        User.last_used,
        User.e_mail,
        User.second_factor,
        User.last_step,
    ).where(User.login == bindparam("login"))
)
_BY_ID = Statement(select(User.id, User.login, User.name, User.active).where(User.id == bindparam("user_id")))
_GROUPS = Statement(select(UserGroupMember.group_code).where(UserGroupMember.user_id == bindparam("user_id")))
_SOURCES = Statement(select(UserTenderSource.tender_source).where(UserTenderSource.user_id == bindparam("user_id")))
_RELATIONS = Statement(select(UserRelation.account_id).where(UserRelation.user_id == bindparam("user_id")))
_ROLES = Statement(select(UserDataAccessRole.role).where(UserDataAccessRole.user_id == bindparam("user_id")))
_TO_DO_ROLES = Statement(select(UserToDoRole.role).where(UserToDoRole.user_id == bindparam("user_id")))
_INSERT = insertion(User, "id login name password_hash active failed_sign_ins last_used e_mail")
_INSERT_GROUP = insertion(UserGroupMember, "user_id group_code")
_INSERT_SOURCE = insertion(UserTenderSource, "user_id tender_source")
_INSERT_RELATION = insertion(UserRelation, "user_id account_id")
_INSERT_ROLE = insertion(UserDataAccessRole, "user_id role")
_INSERT_TO_DO_ROLE = insertion(UserToDoRole, "user_id role")
_DELETE_GROUP = deletion(UserGroupMember, "user_id group_code")
_DELETE_SOURCE = deletion(UserTenderSource, "user_id tender_source")
_DELETE_RELATION = deletion(UserRelation, "user_id account_id")
_DELETE_ROLE = deletion(UserDataAccessRole, "user_id role")
_DELETE_TO_DO_ROLE = deletion(UserToDoRole, "user_id role")
_CHANGE = change(User, "name active e_mail")
_CHANGE_PASSWORD = change(User, "password_hash failed_sign_ins locked_until")


@cache
def _hasher() -> Any:
    from argon2 import PasswordHasher  # noqa: PLC0415  # only when somebody signs in

    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return str(_hasher().hash("nobody knows this one"))


def fits(password_hash: str, password: str) -> bool:
    """Whether it is the password of the hash; an empty hash is nobody's and takes as long."""
    from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415

    try:
        return bool(_hasher().verify(password_hash or _nobodys_hash(), password)) and bool(password_hash)
    except (Argon2Error, InvalidHashError):
        return False


def hashed(password: str, login: str = "", salt: bytes | None = None, *, shortest: int = SHORTEST_PASSWORD) -> str:
    """The Argon2id hash of a new password; refuses weak ones with SEC-040. A salt of one's own gives the same again."""
    require(
        shortest <= len(password) <= LONGEST_PASSWORD,
        "SEC-040",
        f"A password has {shortest} to {LONGEST_PASSWORD} characters; a short sentence is a good one.",
        "password",
    )
    if _is_easily_guessed(password.casefold(), login.casefold()):
        refuse("SEC-040", "This password is easy to guess; take a short sentence of your own.", "password")
    return str(_hasher().hash(password, salt=salt))


@cache
def _common() -> frozenset[str]:
    """What many people take, letters only (ASVS 6.2.4, 6.2.11, 6.2.12)."""
    lines = resource("common-passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _is_easily_guessed(plain: str, login: str) -> bool:
    repeated = any(not plain.replace(word, "").strip("0123456789!. ") for word in (*_WEAK, login) if word)
    letters = "".join(filter(str.isalpha, plain.strip(_AT_THE_ENDS).translate(_FOR_LETTERS)))
    return repeated or letters in _common() or len(set(plain)) < FEWEST_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Let somebody sign in."""

    login: str
    name: str
    password_hash: str
    """From `hashed`: a password itself never enters a command."""
    groups: tuple[str, ...] = ()
    tender_sources: tuple[str, ...] = ()
    own_accounts: tuple[int, ...] = ()
    """Accounts of the user's own or of declared relatives: hands off."""
    data_access_roles: tuple[str, ...] = ()
    """Whose customers the user sees, beside those that are open to everybody."""
    to_do_roles: tuple[str, ...] = ()
    """Whose entries the user sees and works on."""
    e_mail: str = ""
    """Where to tell of what waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSaved:
    """A user was created or changed."""

    user_id: int
    login: str


@handles(CreateUser, right="MaintainUsers")
def create_user(command: CreateUser, work: Work) -> UserSaved:
    """Add a user with groups and usual drawers."""
    login = command.login.strip()
    require(login and login.isprintable(), "SEC-041", "A login name is needed: a few letters or digits.", "login")
    require(command.name.strip(), "SEC-041", "The person's name is needed.", "name")
    require(
        command.password_hash.startswith("$argon2id$"),
        "SEC-040",
        "The password must come as an Argon2id hash.",
        "password",
    )
    require(
        work.store.first(BY_LOGIN, login=login) is None,
        "SEC-042",
        f"There is already a user {login!r}; choose another.",
        "login",
    )
    user_id = work.new_id()
    work.store.write(
        _INSERT,
        [
            (
                user_id,
                login,
                command.name.strip(),
                command.password_hash,
                True,
                0,
                work.business_date,
                _address(command.e_mail),
            )
        ],
    )
    _set_memberships(work, user_id, command)
    work.changed("user", user_id)
    return UserSaved(user_id=user_id, login=login)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUser:
    """Change a user's name, rights, usual drawers, or let nobody sign in under it any more."""

    login: str
    name: str | None = None
    active: bool | None = None
    groups: tuple[str, ...] | None = None
    tender_sources: tuple[str, ...] | None = None
    own_accounts: tuple[int, ...] | None = None
    data_access_roles: tuple[str, ...] | None = None
    """Whose customers the user sees."""
    to_do_roles: tuple[str, ...] | None = None
    """Whose entries the user sees and works on."""
    e_mail: str | None = None
    """Where to tell of what waits; empty for nowhere."""


@handles(ChangeUser, right="MaintainUsers")
def change_user(command: ChangeUser, work: Work) -> UserSaved:
    """Fields that are left out stay as they are."""
    user = user_of(work.store, command.login)
    require(
        user.id != work.user.id
        or (command.groups is None and command.data_access_roles is None and command.to_do_roles is None),
        "SEC-043",
        "Nobody changes their own rights; ask another administrator.",
        "groups",
    )
    name = user.name if command.name is None else command.name.strip()
    require(name, "SEC-041", "The person's name is needed.", "name")
    active = bool(user.active) if command.active is None else command.active
    e_mail = user.e_mail if command.e_mail is None else _address(command.e_mail)
    work.store.write(_CHANGE, [(name, active, e_mail, user.id)])
    _set_memberships(work, user.id, command)
    work.changed("user", user.id)
    return UserSaved(user_id=user.id, login=user.login)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """Give a user a new password; also ends a lock."""

    login: str
    password_hash: str


@handles(SetPassword)
def set_password(command: SetPassword, work: Work) -> UserSaved:
    """One's own, or with the right to maintain users."""
    user = user_of(work.store, command.login)
    if user.id != work.user.id:
        work.need_right("MaintainUsers", "set somebody else's password")
    require(
        command.password_hash.startswith("$argon2id$"),
        "SEC-040",
        "The password must come as an Argon2id hash.",
        "password",
    )
    work.store.write(_CHANGE_PASSWORD, [(command.password_hash, 0, None, user.id)])
    work.changed("user", user.id)
    return UserSaved(user_id=user.id, login=user.login)


def demanded(config: Configuration, groups: Iterable[str]) -> SecondFactor:
    """When the members of these groups must show a one-time code: the strictest of them says."""
    known = config.all(UserGroup)
    wanted = {known[code].second_factor for code in groups if code in known}
    return next(
        (each for each in (SecondFactor.ALWAYS, SecondFactor.ELSEWHERE) if each in wanted), SecondFactor.OPTIONAL
    )


def groups_of(store: Store, user_id: int) -> tuple[str, ...]:
    """The groups of a user."""
    return tuple(row.group_code for row in store.all(_GROUPS, user_id=user_id))


def shortest_password(store: Store, config: Configuration, login: str, groups: Iterable[str] | None = None) -> int:
    """What a password of this user must have at least: less for whoever never signs in without a one-time code."""
    user = store.first(BY_LOGIN, login=login.strip())
    held = (groups_of(store, user.id) if user else ()) if groups is None else groups
    shows_code = bool(user and user.second_factor) or demanded(config, held) is SecondFactor.ALWAYS
    return SHORTEST_WITH_CODE if shows_code else SHORTEST_PASSWORD


def read_actor(store: Store, config: Configuration, user_id: int) -> Actor:
    """A user with rights; refuses with SEC-001 when there is none of that key."""
    row = store.one(_BY_ID, ("SEC-001", "This user does not exist; sign in again."), user_id=user_id)
    groups = config.all(UserGroup)
    codes = groups_of(store, user_id)
    rights = frozenset(right for code in codes if code in groups for right in groups[code].rights)
    sources = frozenset(source.tender_source for source in store.all(_SOURCES, user_id=user_id))
    own = frozenset(relation.account_id for relation in store.all(_RELATIONS, user_id=user_id))
    roles = [held.role for held in store.all(_ROLES, user_id=user_id)]
    return Actor(row.id, row.login, row.name, bool(row.active), rights, sources, own, _access_groups(config, roles))


def _access_groups(config: Configuration, roles: Iterable[str]) -> frozenset[str]:
    """What the roles add up to; whoever holds all groups there are, or where there is none, sees everything."""
    known = config.all(DataAccessRole)
    held = frozenset(group for code in roles if code in known for group in known[code].access_groups)
    return frozenset((EVERY_GROUP,)) if EVERY_GROUP in held or held >= set(config.all(AccessGroup)) else held


def user_of(store: Store, login: str) -> Any:
    """The user of a login; refuses with SEC-001 where there is none."""
    return store.one(BY_LOGIN, ("SEC-001", f"There is no user {login!r}."), login=login)


def _address(e_mail: str) -> str:
    """Where mail can go; refuses what cannot be an address with SEC-045."""
    address = e_mail.strip()
    name, _, place = address.partition("@")
    good = name and place and "@" not in place and address.isprintable() and not any(map(str.isspace, address))
    require(not address or good, "SEC-045", f"{e_mail!r} is no e-mail address; one is ann@example.org.", "e_mail")
    return address


def _set_memberships(work: Work, user_id: int, command: CreateUser | ChangeUser) -> None:
    """What the command gives replaces what was; what it leaves out stays."""
    for code in command.groups or ():
        work.config.get(UserGroup, code, "groups")
    for code in command.data_access_roles or ():
        work.config.get(DataAccessRole, code, "data_access_roles")
    for code in command.to_do_roles or ():
        work.config.get(ToDoRole, code, "to_do_roles")
    sources = command.tender_sources or ()
    currencies = [work.config.get(TenderSource, code, "tender_sources").currency for code in sources]
    require(
        len(set(currencies)) == len(currencies),
        "SEC-044",
        "A user has at most one usual drawer per currency.",
        "tender_sources",
    )
    for wanted, query, adding, removing in (
        (command.groups, _GROUPS, _INSERT_GROUP, _DELETE_GROUP),
        (command.tender_sources, _SOURCES, _INSERT_SOURCE, _DELETE_SOURCE),
        (command.own_accounts, _RELATIONS, _INSERT_RELATION, _DELETE_RELATION),
        (command.data_access_roles, _ROLES, _INSERT_ROLE, _DELETE_ROLE),
        (command.to_do_roles, _TO_DO_ROLES, _INSERT_TO_DO_ROLE, _DELETE_TO_DO_ROLE),
    ):
        if wanted is None:
            continue
        present = {row[0] for row in work.store.all(query, user_id=user_id)}
        work.store.write(removing, [(user_id, value) for value in sorted(present - set(wanted), key=str)])
        work.store.write(adding, [(user_id, value) for value in sorted(set(wanted) - present, key=str)])
    raise_version(work)
