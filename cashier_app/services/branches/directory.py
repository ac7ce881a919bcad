"""What a branch may know of the server's accounts: read a page at a time, or the few that changed (decision 18).

A page is plain values that travel as arrays. What is left of each charge travels with it, because the FTs stay here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select

from cashier_app.domain.access import EVERY_GROUP
from cashier_app.domain.aging import Debit
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
from cashier_app.models.security import UserRelation
from cashier_app.services.accounting.agreements import AgreementFacts, open_debits
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store

MAIN = "MAIN"
"""What the main customer is to the account."""


class PersonCopy(NamedTuple):
    """Somebody who has to do with an account."""

    id: int
    name: str
    alternate_name: str
    kind: str
    language: str
    phone: str
    email: str
    relationship: str
    identifiers: tuple[tuple[str, str], ...]
    """Type and value of each number by which the person is known elsewhere."""


class PremiseCopy(NamedTuple):
    """Where an agreement is served."""

    id: int
    address: str
    city: str
    postal_code: str
    cis_division: str


class AgreementCopy(NamedTuple):
    """A service agreement with what is owed on it."""

    id: int
    sa_type: str
    status: str
    currency: str
    starts: date
    ends: date | None
    premise: PremiseCopy | None
    current_balance: int
    payoff_balance: int
    disputed_balance: int
    pieces: tuple[Debit, ...]
    """What is left of each charge that ages, newest first."""


class AlertCopy(NamedTuple):
    """A note that everybody who opens the account must see."""

    id: int
    text: str
    starts: date
    ends: date | None


class RatingCopy(NamedTuple):
    """Points that something costs for a while."""

    id: int
    starts: date
    ends: date
    rating_points: int
    cash_only_points: int
    reason: str


class DirectoryAccount(NamedTuple):
    """An account as a branch knows it."""

    id: int
    number: str
    external_number: str | None
    customer_class: str
    cis_division: str
    currency: str
    opened_on: date
    mailing_address: str
    access_group: str
    persons: tuple[PersonCopy, ...]
    """The main customer first."""
    agreements: tuple[AgreementCopy, ...]
    alerts: tuple[AlertCopy, ...]
    ratings: tuple[RatingCopy, ...]
    kept_off: tuple[int, ...]
    """Users whose own account it is, or a relative's."""


class DirectoryPage(NamedTuple):
    """Accounts for a branch, by key."""

    accounts: tuple[DirectoryAccount, ...]
    after: int | None = None
    """Where the next page begins; nothing at the end."""
    since: int | None = None
    """The page has all accounts after this key up to `after`, or to the end; nothing for accounts that were named."""
    gone: tuple[int, ...] = ()
    """Of the accounts that were named: those that are not, or no longer, the branch's to hold."""


def encode_page(page: DirectoryPage) -> bytes:
    """The page as it travels."""
    return to_json(page).encode()


def decode_page(content: bytes) -> DirectoryPage:
    """What `encode_page` made."""
    return from_json(content, DirectoryPage)


_allowed = or_(
    bindparam("everybody") == 1,
    Account.access_group == "",
    among(Account.access_group, "groups"),
    # The utility's own: every drawer books on them.
    Account.id.in_(select(ServiceAgreement.account_id).where(among(ServiceAgreement.id, "house"))),
)
"""The one condition for what a branch may hold."""

_account_columns = (
    Account.id,
    Account.number,
    Account.external_number,
    Account.customer_class,
    Account.cis_division,
    Account.currency,
    Account.opened_on,
    Account.mailing_address,
    Account.access_group,
    Account.main_person_id,
)
_AFTER = Statement(
    select(*_account_columns)
    .where(Account.id > bindparam("after"), _allowed)
    .order_by(Account.id)
    .limit(bindparam("most"))
)
_NAMED = Statement(select(*_account_columns).where(among(Account.id, "ids"), _allowed).order_by(Account.id))
_ANY = Statement(select(*_account_columns).where(among(Account.id, "ids")).order_by(Account.id))
_PERSONS = Statement(
    select(
        Person.id, Person.name, Person.alternate_name, Person.kind, Person.language, Person.phone, Person.email
    ).where(among(Person.id, "ids"))
)
_OTHERS = Statement(
    select(AccountPerson.account_id, AccountPerson.person_id, AccountPerson.relationship)
    .where(among(AccountPerson.account_id, "ids"))
    .order_by(AccountPerson.account_id, AccountPerson.relationship, AccountPerson.person_id)
)
_IDENTIFIERS = Statement(
    select(PersonIdentifier.person_id, PersonIdentifier.id_type, PersonIdentifier.value)
    .where(among(PersonIdentifier.person_id, "ids"))
    .order_by(PersonIdentifier.person_id, PersonIdentifier.id_type)
)
_AGREEMENTS = Statement(
    select(
        ServiceAgreement.id,
        ServiceAgreement.account_id,
        ServiceAgreement.sa_type,
        ServiceAgreement.status,
        ServiceAgreement.currency,
        ServiceAgreement.current_balance,
        ServiceAgreement.payoff_balance,
        ServiceAgreement.disputed_balance,
        ServiceAgreement.starts,
        ServiceAgreement.ends,
        ServiceAgreement.premise_id,
        Premise.address,
        Premise.city,
        Premise.postal_code,
        Premise.cis_division,
    )
    .join(Premise, Premise.id == ServiceAgreement.premise_id, isouter=True)
    .where(among(ServiceAgreement.account_id, "ids"))
    .order_by(ServiceAgreement.id)
)
_ALERTS = Statement(
    select(AccountAlert.account_id, AccountAlert.id, AccountAlert.text, AccountAlert.starts, AccountAlert.ends)
    .where(among(AccountAlert.account_id, "ids"))
    .order_by(AccountAlert.id)
)
_RATINGS = Statement(
    select(
        CreditRatingEntry.account_id,
        CreditRatingEntry.id,
        CreditRatingEntry.starts,
        CreditRatingEntry.ends,
        CreditRatingEntry.rating_points,
        CreditRatingEntry.cash_only_points,
        CreditRatingEntry.reason,
    )
    .where(among(CreditRatingEntry.account_id, "ids"))
    .order_by(CreditRatingEntry.id)
)
_KEPT_OFF = Statement(
    select(UserRelation.account_id, UserRelation.user_id)
    .where(among(UserRelation.account_id, "ids"))
    .order_by(UserRelation.user_id)
)
_HOUSE = Statement(
    select(ServiceAgreement.account_id)
    .distinct()
    .where(among(ServiceAgreement.id, "ids"))
    .order_by(ServiceAgreement.account_id)
)


def directory_page(
    store: Store, config: Configuration, access_groups: frozenset[str], after: int | None, limit: int
) -> DirectoryPage:
    """The next accounts that a branch of these access groups may hold, by key; the first without `after`."""
    since = after or 0
    rows = store.all(_AFTER, after=since, most=limit, **_rights(config, access_groups))
    accounts = _read(store, rows)
    return DirectoryPage(accounts, accounts[-1].id if len(accounts) == limit else None, since)


def directory_of(
    store: Store, config: Configuration, access_groups: frozenset[str], account_ids: Iterable[int]
) -> DirectoryPage:
    """Accounts that changed, as they are now, and which of them the branch must give up."""
    wanted = sorted(set(account_ids))
    accounts = _read(store, store.all(_NAMED, ids=wanted, **_rights(config, access_groups)))
    gone = set(wanted).difference(account.id for account in accounts)
    return DirectoryPage(accounts, gone=tuple(sorted(gone)))


def accounts_held(store: Store, account_ids: Iterable[int]) -> tuple[DirectoryAccount, ...]:
    """Accounts as a database holds them, by key: a branch compares with its own copies what arrives."""
    return _read(store, store.all(_ANY, ids=sorted(set(account_ids))))


def house_accounts(store: Store, agreements: Iterable[int]) -> tuple[DirectoryAccount, ...]:
    """The accounts behind house agreements: a drawer cannot be opened without them."""
    return accounts_held(store, (row.account_id for row in store.all(_HOUSE, ids=sorted(agreements))))


def _rights(config: Configuration, access_groups: frozenset[str]) -> dict[str, Any]:
    return {
        "everybody": int(EVERY_GROUP in access_groups),
        "groups": sorted(access_groups),
        "house": sorted(config.house_agreements.values()),
    }


def _read(store: Store, rows: Sequence[Any]) -> tuple[DirectoryAccount, ...]:
    """Accounts with all that belongs to them, in a fixed number of queries."""
    if not rows:
        return ()
    ids = [row.id for row in rows]
    persons = _persons(store, rows)
    agreements = _agreements(store, ids)
    alerts = _by_account(store, _ALERTS, ids, AlertCopy)
    ratings = _by_account(store, _RATINGS, ids, RatingCopy)
    kept_off: dict[int, list[int]] = {}
    for row in store.all(_KEPT_OFF, ids=ids):
        kept_off.setdefault(row.account_id, []).append(row.user_id)
    return tuple(
        DirectoryAccount._make(
            (
                *row[:-1],
                tuple(persons[row.id]),
                tuple(agreements.get(row.id, ())),
                tuple(alerts.get(row.id, ())),
                tuple(ratings.get(row.id, ())),
                tuple(kept_off.get(row.id, ())),
            )
        )
        for row in rows
    )


def _persons(store: Store, rows: Sequence[Any]) -> dict[int, list[PersonCopy]]:
    """Who has to do with each account, the main customer first."""
    roles = {row.id: [(row.main_person_id, MAIN)] for row in rows}
    for row in store.all(_OTHERS, ids=list(roles)):
        roles[row.account_id].append((row.person_id, row.relationship))
    ids = sorted({person_id for found in roles.values() for person_id, _ in found})
    persons = {row.id: row for row in store.all(_PERSONS, ids=ids)}
    identifiers: dict[int, list[tuple[str, str]]] = {}
    for row in store.all(_IDENTIFIERS, ids=ids):
        identifiers.setdefault(row.person_id, []).append((row.id_type, row.value))
    return {
        account_id: [
            PersonCopy._make((*persons[person_id], relationship, tuple(identifiers.get(person_id, ()))))
            for person_id, relationship in found
        ]
        for account_id, found in roles.items()
    }


def _agreements(store: Store, account_ids: list[int]) -> dict[int, list[AgreementCopy]]:
    rows = store.all(_AGREEMENTS, ids=account_ids)
    debits = open_debits(store, [AgreementFacts._make(row[: len(AgreementFacts._fields)]) for row in rows])
    found: dict[int, list[AgreementCopy]] = {}
    for row in rows:
        place = None
        if row.premise_id is not None:
            place = PremiseCopy(row.premise_id, row.address, row.city, row.postal_code, row.cis_division)
        found.setdefault(row.account_id, []).append(
            AgreementCopy(
                row.id,
                row.sa_type,
                row.status,
                row.currency,
                row.starts,
                row.ends,
                place,
                row.current_balance,
                row.payoff_balance,
                row.disputed_balance,
                tuple(debits.get(row.id, ())),
            )
        )
    return found


def _by_account(store: Store, query: Statement, account_ids: list[int], shape: Any) -> dict[int, list[Any]]:
    """Rows that begin with their account, the rest as values of a shape."""
    found: dict[int, list[Any]] = {}
    for row in store.all(query, ids=account_ids):
        found.setdefault(row[0], []).append(shape._make(row[1:]))
    return found
