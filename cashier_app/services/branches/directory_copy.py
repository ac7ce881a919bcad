"""A branch's copies of the server's accounts: written as they arrive, never journaled, never changed here.

A page is compared with what is held, so that the same page twice writes nothing, what has vanished at the server goes
here as well, and a new balance does not touch the search index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from cashier_app.domain.lifecycles import AgreementStatus
from cashier_app.models.base import Base
from cashier_app.models.customer import (
    Account,
    AccountAlert,
    AccountPerson,
    CreditRatingEntry,
    Person,
    PersonIdentifier,
    Premise,
    ServiceAgreement,
)
from cashier_app.models.sync import GIVEN_UP, OpenDebt
from cashier_app.services.administration.branch_link import change_link
from cashier_app.services.branches.directory import DirectoryAccount, DirectoryPage, accounts_held
from cashier_app.services.customers.account_rows import account_words, index_accounts
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store

Rows = list[tuple[Any, ...]]


def upsert(model: type[Base], columns: str) -> str:
    """The statement that adds a row of these columns, or gives the row of the same key these values."""
    table: Any = model.__table__
    names = columns.split()
    keys = [column.name for column in table.primary_key.columns]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    conflict = f"ON CONFLICT ({', '.join(keys)}) DO " + (f"UPDATE SET {changes}" if changes else "NOTHING")
    marks = ", ".join("?" for _ in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks}) {conflict}"  # noqa: S608  # our own names


_PERSON = upsert(Person, "id name alternate_name kind language phone email")
_IDENTIFIER = upsert(PersonIdentifier, "person_id id_type value")
_ACCOUNT = upsert(
    Account,
    "id number external_number customer_class cis_division currency opened_on mailing_address access_group "
    "main_person_id",
)
_ACCOUNT_PERSON = upsert(AccountPerson, "account_id person_id relationship")
_PREMISE = upsert(Premise, "id address city postal_code cis_division")
_AGREEMENT = upsert(
    ServiceAgreement,
    "id account_id sa_type status currency starts ends premise_id current_balance payoff_balance disputed_balance",
)
_OPEN_DEBT = upsert(OpenDebt, "sa_id pieces")
_ALERT = upsert(AccountAlert, "id account_id text starts ends")
_RATING = upsert(CreditRatingEntry, "id account_id starts ends rating_points cash_only_points reason")
_KEPT_OFF = (
    "INSERT INTO user_relation (user_id, account_id) SELECT id, ? FROM app_user WHERE id = ? ON CONFLICT DO NOTHING"
)
_BETWEEN = Statement(
    select(Account.id).where(Account.id > bindparam("since"), Account.id <= bindparam("last")).order_by(Account.id)
)
_LAST_KEY = 2**63 - 1


def write_page(store: Store, page: DirectoryPage) -> tuple[int, ...]:
    """Hold the page's accounts as they are at the server; returns those that are new or different.

    A page of the whole directory also says how far it has been fetched (`branch_link.directory_after`), and takes away
    what the server no longer has between its first and last key.
    """
    ids = [account.id for account in page.accounts]
    gone = set(page.gone) | _vanished(store, page, ids)
    held = {account.id: account for account in accounts_held(store, [*ids, *gone])}
    changed = [account for account in page.accounts if held.get(account.id) != account]
    given_up = _give_up(store, [held[account_id] for account_id in sorted(gone) if account_id in held])
    write_accounts(store, changed, held)
    if page.since is not None:
        change_link(store, directory_after=page.after)
    return (*(account.id for account in changed), *given_up)


def _vanished(store: Store, page: DirectoryPage, ids: Sequence[int]) -> set[int]:
    if page.since is None:
        return set()
    last = _LAST_KEY if page.after is None else page.after
    return {row.id for row in store.all(_BETWEEN, since=page.since, last=last)}.difference(ids)


def write_accounts(store: Store, accounts: Sequence[DirectoryAccount], held: Mapping[int, DirectoryAccount]) -> None:
    """Make the copies equal to these accounts; `held` are the copies so far."""
    if not accounts:
        return
    before = [held[account.id] for account in accounts if account.id in held]
    gone = _parts(before).beyond(_parts(accounts)) if before else None
    if gone:
        _remove(store, gone)
    _free_numbers(store, accounts)
    persons = {person.id: person for account in accounts for person in account.persons}
    premises = {
        agreement.premise.id: agreement.premise
        for account in accounts
        for agreement in account.agreements
        if agreement.premise
    }
    store.copy_rows(_PERSON, [person[:7] for person in persons.values()])
    store.copy_rows(_IDENTIFIER, [(person.id, *number) for person in persons.values() for number in person.identifiers])
    store.copy_rows(_ACCOUNT, [(*account[:9], account.persons[0].id) for account in accounts])
    store.copy_rows(_PREMISE, list(premises.values()))
    _write_agreements(store, accounts)
    store.copy_rows(
        _ACCOUNT_PERSON,
        [(account.id, person.id, person.relationship) for account in accounts for person in account.persons[1:]],
    )
    store.copy_rows(_ALERT, [(alert.id, account.id, *alert[1:]) for account in accounts for alert in account.alerts])
    store.copy_rows(
        _RATING, [(rating.id, account.id, *rating[1:]) for account in accounts for rating in account.ratings]
    )
    store.copy_rows(_KEPT_OFF, [(account.id, user) for account in accounts for user in account.kept_off])
    if gone:
        _sweep(store, gone)
    _index(store, accounts, held)


def _write_agreements(store: Store, accounts: Sequence[DirectoryAccount]) -> None:
    agreements: Rows = []
    debts: Rows = []
    for account in accounts:
        for agreement in account.agreements:
            sa_id, sa_type, status, currency, starts, ends, premise, *balances, pieces = agreement
            place = premise.id if premise else None
            agreements.append((sa_id, account.id, sa_type, status, currency, starts, ends, place, *balances))
            if pieces:
                debts.append((sa_id, to_json(pieces)))
    store.copy_rows(_AGREEMENT, agreements)
    store.copy_rows(_OPEN_DEBT, debts)


def _index(store: Store, accounts: Sequence[DirectoryAccount], held: Mapping[int, DirectoryAccount]) -> None:
    """Put into the search index those whose words are new, and anew those whose words differ."""
    new, anew = [], []
    for account in accounts:
        before = held.get(account.id)
        words = _words(account)
        if before is None:
            new.append((account.id, words))
        elif before.access_group == GIVEN_UP or words != _words(before):
            anew.append((account.id, words))
    index_accounts(store, new)
    index_accounts(store, anew, again=True)


def _words(account: DirectoryAccount) -> str:
    places = [agreement.premise for agreement in account.agreements if agreement.premise]
    return account_words(account.mailing_address, account.access_group, account.persons, places)


# -- what goes


class _Parts(NamedTuple):
    """The keys of all rows that accounts consist of, table by table."""

    open_debt: set[tuple[int, ...]]
    account_alert: set[tuple[int, ...]]
    credit_rating_entry: set[tuple[int, ...]]
    account_person: set[tuple[int, ...]]
    person_identifier: set[tuple[Any, ...]]
    user_relation: set[tuple[int, ...]]
    service_agreement: set[tuple[int, ...]]
    premise: set[tuple[int, ...]]
    person: set[tuple[int, ...]]

    def beyond(self, others: _Parts) -> _Parts:
        """What is only here."""
        return _Parts(*(mine - theirs for mine, theirs in zip(self, others, strict=True)))


def _parts(accounts: Sequence[DirectoryAccount]) -> _Parts:
    agreements = [agreement for account in accounts for agreement in account.agreements]
    return _Parts(
        open_debt={(agreement.id,) for agreement in agreements if agreement.pieces},
        account_alert={(alert.id,) for account in accounts for alert in account.alerts},
        credit_rating_entry={(rating.id,) for account in accounts for rating in account.ratings},
        account_person={(account.id, person.id) for account in accounts for person in account.persons[1:]},
        person_identifier={
            (person.id, id_type)
            for account in accounts
            for person in account.persons
            for id_type, _ in person.identifiers
        },
        user_relation={(user, account.id) for account in accounts for user in account.kept_off},
        service_agreement={(agreement.id,) for agreement in agreements},
        premise={(agreement.premise.id,) for agreement in agreements if agreement.premise},
        person={(person.id,) for account in accounts for person in account.persons},
    )


_DELETE = {
    "open_debt": "DELETE FROM open_debt WHERE sa_id = ?",
    "account_alert": "DELETE FROM account_alert WHERE id = ?",
    "credit_rating_entry": "DELETE FROM credit_rating_entry WHERE id = ?",
    "account_person": "DELETE FROM account_person WHERE account_id = ? AND person_id = ?",
    "person_identifier": "DELETE FROM person_identifier WHERE person_id = ? AND id_type = ?",
    "user_relation": "DELETE FROM user_relation WHERE user_id = ? AND account_id = ?",
}
_CLOSE = (
    "UPDATE service_agreement SET status = ?, current_balance = 0, payoff_balance = 0, disputed_balance = 0 "
    "WHERE id = ?"
)


def _remove(store: Store, gone: _Parts) -> None:
    """Take away what accounts have lost. An agreement that payments of this branch name stays, closed."""
    for table, statement in _DELETE.items():
        store.copy_rows(statement, sorted(getattr(gone, table)))
    agreements = sorted(gone.service_agreement)
    store.copy_rows(_delete_unless_named("service_agreement"), agreements)
    store.copy_rows(_CLOSE, [(AgreementStatus.CLOSED.value, sa_id) for (sa_id,) in agreements])


def _sweep(store: Store, gone: _Parts) -> None:
    """Forget persons and premises that no account here has to do with any more."""
    store.copy_rows(_delete_unless_named("premise"), sorted(gone.premise))
    persons = sorted(gone.person)
    store.copy_rows(_FORGET_IDENTIFIERS, persons)
    store.copy_rows(_delete_unless_named("person"), persons)


def _give_up(store: Store, accounts: Sequence[DirectoryAccount]) -> list[int]:
    """Accounts that are no longer the branch's go; those that payments taken here name are no longer offered."""
    if not accounts:
        return []
    ids = [(account.id,) for account in accounts]
    parts = _parts(accounts)
    _remove(store, parts)
    store.copy_rows("DELETE FROM search_document WHERE rowid = ?", ids)
    store.copy_rows(_delete_unless_named("account"), ids)
    store.copy_rows(_WITHDRAW, [(GIVEN_UP, *row) for row in ids])
    _sweep(store, parts)
    return [account.id for account in accounts if account.access_group != GIVEN_UP]


_WITHDRAW = "UPDATE account SET access_group = ?, external_number = NULL, mailing_address = '' WHERE id = ?"


@cache
def _delete_unless_named(table: str, *, but: str = "", key: str = "id") -> str:
    """The statement that deletes a row by its key unless a row of some other table refers to it."""
    naming = [
        (other.name, column.name)
        for other in Base.metadata.sorted_tables
        for column in other.columns
        if any(reference.column.table.name == table for reference in column.foreign_keys)
    ]
    conditions = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {other} WHERE {column} = ?1)"  # noqa: S608  # our own names
        for other, column in naming
        if other != but
    )
    return f"DELETE FROM {but or table} WHERE {key} = ?1{conditions}"  # noqa: S608  # our own names


_FORGET_IDENTIFIERS = _delete_unless_named("person", but="person_identifier", key="person_id")
_FREE_NUMBER = "UPDATE account SET number = number || '-' || id WHERE number = ? AND id <> ?"


def _free_numbers(store: Store, accounts: Sequence[DirectoryAccount]) -> None:
    """A server that was restored from a backup may give a number again: what has it here must not stand in the way."""
    store.copy_rows(_FREE_NUMBER, [(account.number, account.id) for account in accounts])
