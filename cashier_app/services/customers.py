"""Persons, accounts, premises and service agreements (row F1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, text

from cashier_app.domain.configuration import CisDivision, CustomerClass, SaType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.identifiers import account_number
from cashier_app.domain.lifecycles import AgreementStatus
from cashier_app.models.customer import (
    Account,
    AccountAlert,
    AccountPerson,
    AgreementServicePoint,
    Person,
    PersonIdentifier,
    Premise,
    ServiceAgreement,
    ServicePoint,
)
from cashier_app.models.search import folded
from cashier_app.services.agreements import AgreementFacts
from cashier_app.services.commands import handles
from cashier_app.services.statements import Statement, among, change, insertion
from cashier_app.services.work import Work

_INSERT_PERSON = insertion(Person, "id name alternate_name kind language phone email")
_INSERT_IDENTIFIER = insertion(PersonIdentifier, "person_id id_type value")
_INSERT_ACCOUNT = insertion(
    Account, "id number external_number customer_class cis_division currency main_person_id opened_on mailing_address"
)
_INSERT_ACCOUNT_PERSON = insertion(AccountPerson, "account_id person_id relationship")
_INSERT_PREMISE = insertion(Premise, "id address city postal_code cis_division")
_INSERT_SERVICE_POINT = insertion(ServicePoint, "id premise_id service_type external_id")
_INSERT_AGREEMENT = insertion(ServiceAgreement, "id account_id sa_type status currency starts premise_id")
_INSERT_COVERAGE = insertion(AgreementServicePoint, "sa_id service_point_id starts")
_INSERT_ALERT = insertion(AccountAlert, "id account_id text starts ends")
_CHANGE_PERSON = change(Person, "name alternate_name language phone email")
_CHANGE_AGREEMENT = change(ServiceAgreement, "status ends")
_END_ALERT = change(AccountAlert, "ends")

ACCOUNT = Statement(
    select(
        Account.id,
        Account.number,
        Account.customer_class,
        Account.cis_division,
        Account.currency,
        Account.main_person_id,
    ).where(Account.id == bindparam("account_id"))
)
ACCOUNTS = Statement(
    select(Account.id, Account.number, Account.customer_class, Account.cis_division, Account.currency)
    .where(among(Account.id, "ids"))
    .order_by(Account.id)
)


class NewAgreement(NamedTuple):
    """An agreement to start with a new account."""

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
    agreements: tuple[NewAgreement, ...] = ()


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
            )
        )
        facts = []
        words = [number, account.external_number or "", account.name, account.alternate_name, account.phone]
        words.append(account.mailing_address)
        places: dict[str, int] = {}
        for new in account.agreements:
            premise_id = None
            if new.address:
                premise_id = places.get(new.address)
                if premise_id is None:
                    premise_id = places[new.address] = work.new_id()
                    premises.append((premise_id, new.address, new.city, new.postal_code, account.cis_division))
                    words += [new.address, new.city, new.postal_code]
            sa_id = work.new_id()
            starts = new.starts or work.business_date
            agreements.append((sa_id, account_id, new.sa_type, active, account.currency, starts, premise_id))
            if new.service_point and premise_id is not None:
                point_id = work.new_id()
                points.append((point_id, premise_id, new.service_type or new.sa_type, new.service_point))
                coverages.append((sa_id, point_id, starts))
                words.append(new.service_point)
            facts.append(AgreementFacts(sa_id, account_id, new.sa_type, active, account.currency, 0, 0))
        documents.append((account_id, " ".join(words)))
        written.append(WrittenAccount(account_id, number, person_id, tuple(facts)))
    store = work.store
    store.write(_INSERT_PERSON, persons)
    store.write(_INSERT_ACCOUNT, rows)
    store.write(_INSERT_PREMISE, premises)
    store.write(_INSERT_SERVICE_POINT, points)
    store.write(_INSERT_AGREEMENT, agreements)
    store.write(_INSERT_COVERAGE, coverages)
    index_accounts(work, documents)
    work.changed("account", *(account.id for account in written) if len(written) < 50 else (0,))  # noqa: PLR2004
    return written


_ADD_WORDS = {
    "sqlite": Statement(text("INSERT INTO search_document (rowid, words) VALUES (:account_id, :words)")),
    "postgresql": Statement(
        text(
            "INSERT INTO search_document (account_id, words) VALUES (:account_id, to_tsvector('simple', :words)) "
            "ON CONFLICT (account_id) DO UPDATE SET words = excluded.words"
        )
    ),
}
_FORGET_WORDS = Statement(text("DELETE FROM search_document WHERE rowid = :account_id"))


def index_accounts(work: Work, documents: Sequence[tuple[int, str]], *, again: bool = False) -> None:
    """Put accounts' words into the search index; derived data, not journaled."""
    if again and work.store.dialect == "sqlite":
        work.store.apply(_FORGET_WORDS, ({"account_id": account_id} for account_id, _ in documents))
    work.store.apply(
        _ADD_WORDS[work.store.dialect],
        ({"account_id": account_id, "words": folded(words)} for account_id, words in documents),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementIn:
    """An agreement to start."""

    sa_type: str
    address: str = ""
    city: str = ""
    postal_code: str = ""
    service_point: str = ""
    service_type: str = ""
    starts: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """Open an account for a new or known person, with the agreements that start now."""

    name: str = ""
    customer_class: str
    cis_division: str = ""
    currency: str = ""
    """Default: the installation's."""
    kind: str = "PERSON"
    alternate_name: str = ""
    phone: str = ""
    email: str = ""
    language: str = "en"
    external_number: str | None = None
    mailing_address: str = ""
    person_id: int | None = None
    agreements: tuple[AgreementIn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened:
    """Its keys and its number."""

    account_id: int
    number: str
    person_id: int
    agreements: tuple[int, ...]


@handles(OpenAccount)
def open_account(command: OpenAccount, work: Work) -> AccountOpened:
    """Write person, account, premises and agreements."""
    config = work.config
    config.get(CustomerClass, command.customer_class, "customer_class")
    division = command.cis_division or min(config.all(CisDivision), default="")
    config.get(CisDivision, division, "cis_division")
    currency = command.currency or config.installation.currency
    require(command.kind in {"PERSON", "BUSINESS"}, "CUS-002", "The kind is PERSON or BUSINESS.", "kind")
    name = command.name.strip()
    if command.person_id is not None:
        name = _person(work, command.person_id).name
    require(name and name.isprintable(), "CUS-001", "The customer's name is needed.", "name")
    for agreement in command.agreements:
        _check_agreement(work, agreement.sa_type, currency, division)
    new = NewAccount(
        name=name,
        customer_class=command.customer_class,
        cis_division=division,
        currency=currency,
        kind=command.kind,
        alternate_name=command.alternate_name,
        phone=command.phone,
        email=command.email,
        language=command.language,
        external_number=command.external_number,
        mailing_address=command.mailing_address,
        person_id=command.person_id,
        agreements=tuple(_new(agreement) for agreement in command.agreements),
    )
    (written,) = write_accounts(work, [new])
    return AccountOpened(
        account_id=written.id,
        number=written.number,
        person_id=written.person_id,
        agreements=tuple(agreement.id for agreement in written.agreements),
    )


def _new(agreement: AgreementIn) -> NewAgreement:
    return NewAgreement(
        sa_type=agreement.sa_type,
        address=agreement.address,
        city=agreement.city,
        postal_code=agreement.postal_code,
        service_point=agreement.service_point,
        service_type=agreement.service_type,
        starts=agreement.starts,
    )


def _check_agreement(work: Work, code: str, currency: str, division: str) -> None:
    sa_type = work.config.get(SaType, code, "sa_type")
    if sa_type.currency != currency:
        refuse("CUS-003", f"SA type {code} is in {sa_type.currency}; the account is in {currency}.", "sa_type")
    if sa_type.cis_division != division:
        refuse(
            "CUS-004",
            f"SA type {code} belongs to division {sa_type.cis_division}, the account to {division}.",
            "sa_type",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAgreement:
    """Start one more agreement on an account."""

    account_id: int
    agreement: AgreementIn


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementStarted:
    """Its key."""

    sa_id: int


_INDEXED = Statement(
    select(
        Account.id,
        Account.number,
        Account.external_number,
        Account.mailing_address,
        Person.name,
        Person.alternate_name,
        Person.phone,
    )
    .join(Person, Person.id == Account.main_person_id)
    .where(Account.id == bindparam("account_id"))
)
_PLACES = Statement(
    select(Premise.address, Premise.city, Premise.postal_code, ServicePoint.external_id)
    .select_from(ServiceAgreement)
    .join(Premise, Premise.id == ServiceAgreement.premise_id)
    .join(AgreementServicePoint, AgreementServicePoint.sa_id == ServiceAgreement.id, isouter=True)
    .join(ServicePoint, ServicePoint.id == AgreementServicePoint.service_point_id, isouter=True)
    .where(ServiceAgreement.account_id == bindparam("account_id"))
)
_OTHERS = Statement(
    select(Person.name, Person.alternate_name, Person.phone)
    .join(AccountPerson, AccountPerson.person_id == Person.id)
    .where(AccountPerson.account_id == bindparam("account_id"))
)
_ACCOUNTS_OF_PERSON = Statement(select(Account.id).where(Account.main_person_id == bindparam("person_id")))


def index_again(work: Work, account_id: int) -> None:
    """Gather an account's search words anew."""
    rows = [
        work.store.one(_INDEXED, ("CUS-010", "There is no such account."), account_id=account_id)[1:],
        *work.store.all(_PLACES, account_id=account_id),
        *work.store.all(_OTHERS, account_id=account_id),
    ]
    words = " ".join(word for row in rows for word in row if word)
    index_accounts(work, [(account_id, words)], again=True)
    work.changed("account", account_id)


@handles(StartAgreement)
def start_agreement(command: StartAgreement, work: Work) -> AgreementStarted:
    """The premise is written with it when the account has none of that address."""
    account = account_of(work, command.account_id)
    agreement = command.agreement
    _check_agreement(work, agreement.sa_type, account.currency, account.cis_division)
    sa_id, premise_id = work.new_id(), None
    starts = agreement.starts or work.business_date
    if agreement.address:
        premise_id = work.new_id()
        place = (premise_id, agreement.address, agreement.city, agreement.postal_code, account.cis_division)
        work.store.write(_INSERT_PREMISE, [place])
    row = (sa_id, account.id, agreement.sa_type, AgreementStatus.ACTIVE.value, account.currency, starts, premise_id)
    work.store.write(_INSERT_AGREEMENT, [row])
    if agreement.service_point and premise_id is not None:
        point_id = work.new_id()
        service_type = agreement.service_type or agreement.sa_type
        work.store.write(_INSERT_SERVICE_POINT, [(point_id, premise_id, service_type, agreement.service_point)])
        work.store.write(_INSERT_COVERAGE, [(sa_id, point_id, starts)])
    index_again(work, account.id)
    return AgreementStarted(sa_id=sa_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAgreement:
    """End an agreement's service; what it owes stays payable."""

    sa_id: int
    ends: date | None = None


_AGREEMENT = Statement(
    select(ServiceAgreement.id, ServiceAgreement.account_id, ServiceAgreement.status, ServiceAgreement.starts).where(
        ServiceAgreement.id == bindparam("sa_id")
    )
)


@handles(StopAgreement)
def stop_agreement(command: StopAgreement, work: Work) -> AgreementStarted:
    """Active becomes stopped."""
    agreement = work.store.one(_AGREEMENT, ("CUS-011", "There is no such agreement."), sa_id=command.sa_id)
    if agreement.status not in {AgreementStatus.ACTIVE, AgreementStatus.PENDING_STOP, AgreementStatus.REACTIVATED}:
        refuse("CUS-012", f"The agreement is {agreement.status.lower()}; only an active one can be stopped.", "sa_id")
    ends = command.ends or work.business_date
    require(ends >= agreement.starts, "CUS-013", f"It cannot end before it started ({agreement.starts}).", "ends")
    work.store.write(_CHANGE_AGREEMENT, [(AgreementStatus.STOPPED.value, ends, agreement.id)])
    work.changed("account", agreement.account_id)
    return AgreementStarted(sa_id=agreement.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePerson:
    """Change how a person is called and reached; fields left out stay."""

    person_id: int
    name: str | None = None
    alternate_name: str | None = None
    language: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged:
    """Whom it concerned."""

    person_id: int


_PERSON = Statement(
    select(Person.id, Person.name, Person.alternate_name, Person.language, Person.phone, Person.email).where(
        Person.id == bindparam("person_id")
    )
)


def _person(work: Work, person_id: int) -> Any:
    return work.store.one(_PERSON, ("CUS-014", "There is no such person."), person_id=person_id)


@handles(ChangePerson)
def change_person(command: ChangePerson, work: Work) -> PersonChanged:
    """Also finds the person's accounts under the new words."""
    person = _person(work, command.person_id)
    given = {name: getattr(command, name) for name in ("name", "alternate_name", "language", "phone", "email")}
    values = {name: getattr(person, name) if value is None else value for name, value in given.items()}
    require(values["name"].strip(), "CUS-001", "The customer's name is needed.", "name")
    work.store.write(_CHANGE_PERSON, [(*values.values(), person.id)])
    for row in work.store.all(_ACCOUNTS_OF_PERSON, person_id=person.id):
        index_again(work, row.id)
    return PersonChanged(person_id=person.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIdentifier:
    """Note a number by which a person is known elsewhere."""

    person_id: int
    id_type: str
    value: str


@handles(AddIdentifier, right="ChangePerson")
def add_identifier(command: AddIdentifier, work: Work) -> PersonChanged:
    """One number of each type."""
    person = _person(work, command.person_id)
    require(command.value.strip(), "CUS-015", "The identifier's number is needed.", "value")
    work.store.write(_INSERT_IDENTIFIER, [(person.id, command.id_type, command.value.strip())])
    return PersonChanged(person_id=person.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPerson:
    """Tie somebody else to an account: a co-customer, an owner, a guarantor."""

    account_id: int
    person_id: int
    relationship: str


@handles(LinkPerson)
def link_person(command: LinkPerson, work: Work) -> PersonChanged:
    """The account is found under this person's name as well."""
    account = account_of(work, command.account_id)
    person = _person(work, command.person_id)
    work.store.write(_INSERT_ACCOUNT_PERSON, [(account.id, person.id, command.relationship)])
    index_again(work, account.id)
    return PersonChanged(person_id=person.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAlert:
    """Put a note on an account that everybody who opens it must see."""

    account_id: int
    text: str
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAdded:
    """Its key."""

    alert_id: int


@handles(AddAlert)
def add_alert(command: AddAlert, work: Work) -> AlertAdded:
    """From today, until the day given or until it is ended."""
    account = account_of(work, command.account_id)
    require(command.text.strip(), "CUS-016", "Say what should be seen.", "text")
    alert_id = work.new_id()
    work.store.write(_INSERT_ALERT, [(alert_id, account.id, command.text.strip(), work.business_date, command.ends)])
    work.changed("account", account.id)
    return AlertAdded(alert_id=alert_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAlert:
    """Take a note off an account."""

    alert_id: int


_ALERT = Statement(select(AccountAlert.id, AccountAlert.account_id).where(AccountAlert.id == bindparam("alert_id")))


@handles(EndAlert, right="AddAlert")
def end_alert(command: EndAlert, work: Work) -> AlertAdded:
    """Its last day is yesterday; it stays in history."""
    alert = work.store.one(_ALERT, ("CUS-017", "There is no such note."), alert_id=command.alert_id)
    work.store.write(_END_ALERT, [(work.business_date - timedelta(days=1), alert.id)])
    work.changed("account", alert.account_id)
    return AlertAdded(alert_id=alert.id)


def account_of(work: Work, account_id: int, field: str = "account_id") -> Any:
    """The account of a key, or a refusal."""
    row = work.store.first(ACCOUNT, account_id=account_id)
    if row is None:
        refuse("CUS-010", "There is no such account; search for it by number, name or address.", field)
    return row
