"""Accounts as rows: many written at once, one looked up, and the words they are found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, text

from cashier_app.domain.errors import refuse
from cashier_app.domain.identifiers import account_number
from cashier_app.domain.lifecycles import AgreementStatus
from cashier_app.models.customer import (
    Account,
    AccountPerson,
    AgreementServicePoint,
    Person,
    Premise,
    ServiceAgreement,
    ServicePoint,
)
from cashier_app.models.search import document
from cashier_app.services.accounting.agreements import AgreementFacts
from cashier_app.services.kernel.statements import Statement, among, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

_INSERT_PERSON = insertion(Person, "id name alternate_name kind language phone email")


_INSERT_ACCOUNT = insertion(
    Account,
    "id number external_number customer_class cis_division currency main_person_id opened_on mailing_address "
    "access_group",
)


_INSERT_PREMISE = insertion(Premise, "id address city postal_code cis_division")


_INSERT_SERVICE_POINT = insertion(ServicePoint, "id premise_id service_type external_id")


_INSERT_AGREEMENT = insertion(ServiceAgreement, "id account_id sa_type status currency starts premise_id")


_INSERT_COVERAGE = insertion(AgreementServicePoint, "sa_id service_point_id starts")


ACCOUNT = Statement(
    select(
        Account.id,
        Account.number,
        Account.customer_class,
        Account.cis_division,
        Account.currency,
        Account.main_person_id,
        Account.access_group,
    ).where(Account.id == bindparam("account_id"))
)


ACCOUNTS = Statement(
    select(Account.id, Account.number, Account.customer_class, Account.cis_division, Account.currency)
    .where(among(Account.id, "ids"))
    .order_by(Account.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementIn:
    """An agreement to start."""

    sa_type: str
    address: str = ""
    city: str = ""
    postal_code: str = ""
    service_point: str = ""
    """External id of the service point; empty for an agreement without one."""
    service_type: str = ""
    starts: date | None = None


class NewAccount(NamedTuple):
    """An account to write, with its main customer."""

    name: str
    customer_class: str
    cis_division: str
    currency: str
    kind: str = "PERSON"
    alternate_name: str = ""
    phone: str = ""
    email: str = ""
    language: str = "en"
    external_number: str | None = None
    mailing_address: str = ""
    person_id: int | None = None
    """An existing person instead of a new one."""
    agreements: tuple[AgreementIn, ...] = ()
    access_group: str = ""
    """The office that keeps it; empty: open to everybody."""


class WrittenAccount(NamedTuple):
    """An account that was written."""

    id: int
    number: str
    person_id: int
    agreements: tuple[AgreementFacts, ...]


def write_accounts(work: Work, accounts: Sequence[NewAccount]) -> list[WrittenAccount]:
    """Write accounts with persons, premises, service points, agreements and search words, in bulk."""
    persons: list[Any] = []
    rows: list[Any] = []
    premises: list[Any] = []
    points: list[Any] = []
    agreements: list[Any] = []
    coverages: list[Any] = []
    documents: list[tuple[int, str]] = []
    written = []
    numbers = work.next_numbers(f"ACCOUNT-{work.node}", len(accounts))
    active = AgreementStatus.ACTIVE.value
    for account, count in zip(accounts, numbers, strict=True):
        person_id = account.person_id
        if person_id is None:
            person_id = work.new_id()
            persons.append(
                (
                    person_id,
                    account.name,
                    account.alternate_name,
                    account.kind,
                    account.language,
                    account.phone,
                    account.email,
                )
            )
        account_id, number = work.new_id(), account_number(work.node, count)
        rows.append(
            (
                account_id,
                number,
                account.external_number,
                account.customer_class,
                account.cis_division,
                account.currency,
                person_id,
                work.business_date,
                account.mailing_address,
                account.access_group,
            )
        )
        facts = []
        texts = [account.name, account.alternate_name, account.mailing_address]
        places: dict[str, int] = {}
        for new in account.agreements:
            premise_id = None
            if new.address:
                premise_id = places.get(new.address)
                if premise_id is None:
                    premise_id = places[new.address] = work.new_id()
                    premises.append((premise_id, new.address, new.city, new.postal_code, account.cis_division))
                    texts += [new.address, new.city, new.postal_code]
            sa_id = work.new_id()
            starts = new.starts or work.business_date
            agreements.append((sa_id, account_id, new.sa_type, active, account.currency, starts, premise_id))
            if new.service_point and premise_id is not None:
                point_id = work.new_id()
                points.append((point_id, premise_id, new.service_type or new.sa_type, new.service_point))
                coverages.append((sa_id, point_id, starts))
            facts.append(AgreementFacts(sa_id, account_id, new.sa_type, active, account.currency, 0, 0))
        documents.append((account_id, document(texts, [account.phone], access_group=account.access_group)))
        written.append(WrittenAccount(account_id, number, person_id, tuple(facts)))
    store = work.store
    store.write(_INSERT_PERSON, persons)
    store.write(_INSERT_ACCOUNT, rows)
    store.write(_INSERT_PREMISE, premises)
    store.write(_INSERT_SERVICE_POINT, points)
    store.write(_INSERT_AGREEMENT, agreements)
    store.write(_INSERT_COVERAGE, coverages)
    index_accounts(store, documents)
    work.changed("account", *(account.id for account in written))
    return written


def write_agreement(work: Work, account: Any, new: AgreementIn) -> int:
    """Write one more agreement of an account, with its premise and service point; returns its key."""
    sa_id, premise_id = work.new_id(), None
    starts = new.starts or work.business_date
    if new.address:
        premise_id = work.new_id()
        place = (premise_id, new.address, new.city, new.postal_code, account.cis_division)
        work.store.write(_INSERT_PREMISE, [place])
    row = (sa_id, account.id, new.sa_type, AgreementStatus.ACTIVE.value, account.currency, starts, premise_id)
    work.store.write(_INSERT_AGREEMENT, [row])
    if new.service_point and premise_id is not None:
        point_id = work.new_id()
        service_type = new.service_type or new.sa_type
        work.store.write(_INSERT_SERVICE_POINT, [(point_id, premise_id, service_type, new.service_point)])
        work.store.write(_INSERT_COVERAGE, [(sa_id, point_id, starts)])
    return sa_id


_ADD_WORDS = {
    "sqlite": Statement(text("INSERT INTO search_document (rowid, words) VALUES (:account_id, :words)")),
    "postgresql": Statement(
        text(
            "INSERT INTO search_document (account_id, words) "
            "VALUES (:account_id, array_to_tsvector(string_to_array(:words, ' '))) "
            "ON CONFLICT (account_id) DO UPDATE SET words = excluded.words"
        )
    ),
}


_FORGET_WORDS = Statement(text("DELETE FROM search_document WHERE rowid = :account_id"))


def index_accounts(store: Store, documents: Sequence[tuple[int, str]], *, again: bool = False) -> None:
    """Put accounts' words into the search index; derived data, not journaled."""
    if again and store.dialect == "sqlite":
        store.apply(_FORGET_WORDS, ({"account_id": account_id} for account_id, _ in documents))
    store.apply(
        _ADD_WORDS[store.dialect], ({"account_id": account_id, "words": words} for account_id, words in documents)
    )


def account_words(mailing_address: str, access_group: str, persons: Iterable[Any], places: Iterable[Any]) -> str:
    """The document under which an account is found: of its persons, and of the premises of its agreements."""
    texts, phones = [mailing_address], []
    for person in persons:
        texts += person.name, person.alternate_name
        phones.append(person.phone)
    for place in places:
        texts += place.address, place.city, place.postal_code
    return document(dict.fromkeys(texts), phones, access_group=access_group)


_OWN_WORDS = Statement(
    select(Account.mailing_address, Account.access_group).where(Account.id == bindparam("account_id"))
)


_PLACES = Statement(
    select(Premise.address, Premise.city, Premise.postal_code)
    .select_from(ServiceAgreement)
    .join(Premise, Premise.id == ServiceAgreement.premise_id)
    .where(ServiceAgreement.account_id == bindparam("account_id"))
    .order_by(Premise.id)
)


_MAIN_PERSON = Statement(
    select(Person.name, Person.alternate_name, Person.phone)
    .join(Account, Account.main_person_id == Person.id)
    .where(Account.id == bindparam("account_id"))
)


_OTHERS = Statement(
    select(Person.name, Person.alternate_name, Person.phone)
    .join(AccountPerson, AccountPerson.person_id == Person.id)
    .where(AccountPerson.account_id == bindparam("account_id"))
    .order_by(Person.id)
)


def index_again(work: Work, account_id: int) -> None:
    """Gather an account's search words anew."""
    missing = ("CUS-010", "There is no such account.")
    own = work.store.one(_OWN_WORDS, missing, account_id=account_id)
    persons = [row for query in (_MAIN_PERSON, _OTHERS) for row in work.store.all(query, account_id=account_id)]
    places = work.store.all(_PLACES, account_id=account_id)
    words = account_words(own.mailing_address, own.access_group, persons, places)
    index_accounts(work.store, [(account_id, words)], again=True)
    work.changed("account", account_id)


def account_of(work: Work, account_id: int, field: str = "account_id") -> Any:
    """The account of a key; refuses with CUS-010, or with SEC-031 where another office keeps it."""
    row = work.store.first(ACCOUNT, account_id=account_id)
    if row is None:
        refuse("CUS-010", "There is no such account; search for it by number, name or address.", field)
    work.user.access.need(row.access_group, field)
    work.seen.add(row.id)
    return row
