"""Names as lists show them: users, and persons with their alternate name, unless another office keeps the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.access import refuse_elsewhere
from cashier_app.models.customer import Account, Person, ServiceAgreement
from cashier_app.models.security import User
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import SYSTEM

_USERS = Statement(select(User.id, User.name))
_ACCOUNTS = Statement(
    select(Account.id, Account.number, Account.access_group, Person.name, Person.alternate_name)
    .join(Person, Person.id == Account.main_person_id)
    .where(among(Account.id, "ids"))
)


class AccountName(NamedTuple):
    """An account's number, and its main customer's name."""

    number: str
    name: str
    is_kept_elsewhere: bool = False
    """Whoever looks may not see it: it has no number then, and the name says why."""


NOBODY = AccountName("", "")
ELSEWHERE = AccountName("", "Customer of another office", is_kept_elsewhere=True)
_GROUP = Statement(select(Account.access_group).where(Account.id == bindparam("account_id")))
_GROUPS = Statement(
    select(Account.access_group)
    .join(ServiceAgreement, ServiceAgreement.account_id == Account.id)
    .where(among(ServiceAgreement.id, "sa_ids"))
    .distinct()
)


def user_names(store: Store) -> dict[int, str]:
    """Names of all users by key, the system's own among them."""
    return {SYSTEM.id: SYSTEM.name, **{row.id: row.name for row in store.all(_USERS)}}


def account_names(store: Store, account_ids: Iterable[int]) -> dict[int, AccountName]:
    """Numbers and names of accounts by key; `ELSEWHERE` for those that whoever looks may not see."""
    rows = store.all(_ACCOUNTS, ids=sorted(set(account_ids)))
    return {
        row.id: AccountName(row.number, full_name(row.name, row.alternate_name))
        if store.access.may_see(row.access_group)
        else ELSEWHERE
        for row in rows
    }


def handed_by(accounts: Mapping[int, AccountName], account_id: int, remitter: str) -> str:
    """Who handed a tender over: the remitter, or the payor's main customer."""
    payor = accounts.get(account_id, NOBODY)
    return payor.name if payor.is_kept_elsewhere else remitter or payor.name


def need_all(accounts: Mapping[int, AccountName]) -> None:
    """Refuse with SEC-031 unless whoever looked these accounts up may see all of them."""
    if any(account.is_kept_elsewhere for account in accounts.values()):
        refuse_elsewhere()


def need_account(store: Store, account_id: int) -> None:
    """Refuse with CUS-010 where there is no such account, with SEC-031 where whoever looks may not see it."""
    missing = ("CUS-010", "There is no such account; search for it by number, name or address.")
    store.access.need(store.one(_GROUP, missing, account_id=account_id).access_group)


def need_agreements(store: Store, sa_ids: Iterable[int]) -> None:
    """Refuse with SEC-031 unless whoever looks may see the accounts of all these agreements."""
    if not store.access.everything:
        for row in store.all(_GROUPS, sa_ids=sorted(set(sa_ids))):
            store.access.need(row.access_group, "sa_id")


def full_name(name: str, alternate_name: str) -> str:
    """`AAA (BBB)` (S1 p.36)."""
    return f"{name} ({alternate_name})" if alternate_name else name
