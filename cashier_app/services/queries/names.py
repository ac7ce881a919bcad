"""Names as lists show them: users, and persons with their alternate name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from cashier_app.models.customer import Account, Person
from cashier_app.models.security import User
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import SYSTEM

_USERS = Statement(select(User.id, User.name))
_ACCOUNTS = Statement(
    select(Account.id, Account.number, Person.name, Person.alternate_name)
    .join(Person, Person.id == Account.main_person_id)
    .where(among(Account.id, "ids"))
)


class AccountName(NamedTuple):
    """An account's number, and its main customer's name."""

    number: str
    name: str


NOBODY = AccountName("", "")


def user_names(store: Store) -> dict[int, str]:
    """Names of all users by key, the system's own among them."""
    return {SYSTEM.id: SYSTEM.name, **{row.id: row.name for row in store.all(_USERS)}}


def account_names(store: Store, account_ids: Iterable[int]) -> dict[int, AccountName]:
    """Numbers and names of accounts by key."""
    rows = store.all(_ACCOUNTS, ids=sorted(set(account_ids)))
    return {row.id: AccountName(row.number, full_name(row.name, row.alternate_name)) for row in rows}


def full_name(name: str, alternate_name: str) -> str:
    """`AAA (BBB)` (S1 p.36)."""
    return f"{name} ({alternate_name})" if alternate_name else name
