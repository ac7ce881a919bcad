"""Persons: how they are called and reached, and which accounts they are tied to (row F1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, union

from cashier_app.domain.errors import require
from cashier_app.models.customer import (
    Account,
    AccountPerson,
    Person,
    PersonIdentifier,
)
from cashier_app.services.customers.account_rows import account_of, index_again
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work

_INSERT_IDENTIFIER = insertion(PersonIdentifier, "person_id id_type value")


_INSERT_ACCOUNT_PERSON = insertion(AccountPerson, "account_id person_id relationship")


_CHANGE_PERSON = change(Person, "name alternate_name language phone email")


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


_GROUPS = Statement(
    union(
        select(Account.access_group).where(Account.main_person_id == bindparam("person_id")),
        select(Account.access_group)
        .join(AccountPerson, AccountPerson.account_id == Account.id)
        .where(AccountPerson.person_id == bindparam("person_id")),
    )
)


def person_of(work: Work, person_id: int) -> Any:
    """A person; refuses with CUS-014, or with SEC-031 where other offices keep all that they have to do with."""
    person = work.store.one(_PERSON, ("CUS-014", "There is no such person."), person_id=person_id)
    if not work.user.access.everything:
        groups = [row.access_group for row in work.store.all(_GROUPS, person_id=person_id)]
        if groups and not any(work.user.may_see(group) for group in groups):
            work.user.access.need(groups[0], "person_id")
    return person


@handles(ChangePerson)
def change_person(command: ChangePerson, work: Work) -> PersonChanged:
    """Also finds the person's accounts under the new words."""
    person = person_of(work, command.person_id)
    given = {name: getattr(command, name) for name in ("name", "alternate_name", "language", "phone", "email")}
    values = {name: getattr(person, name) if value is None else value for name, value in given.items()}
    require(values["name"].strip(), "CUS-001", "The customer's name is needed.", "name")
    work.store.write(_CHANGE_PERSON, [(*values.values(), person.id)])
    for account_id in _accounts_of(work, person.id):
        index_again(work, account_id)
    work.changed("person", person.id)
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
    person = person_of(work, command.person_id)
    require(command.value.strip(), "CUS-015", "The identifier's number is needed.", "value")
    work.store.write(_INSERT_IDENTIFIER, [(person.id, command.id_type, command.value.strip())])
    work.changed("account", *_accounts_of(work, person.id))
    work.changed("person", person.id)
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
    person = person_of(work, command.person_id)
    work.store.write(_INSERT_ACCOUNT_PERSON, [(account.id, person.id, command.relationship)])
    index_again(work, account.id)
    return PersonChanged(person_id=person.id)


_ACCOUNTS_OF_PERSON = Statement(
    union(
        select(Account.id).where(Account.main_person_id == bindparam("person_id")),
        select(AccountPerson.account_id).where(AccountPerson.person_id == bindparam("person_id")),
    )
)


def _accounts_of(work: Work, person_id: int) -> list[int]:
    """All accounts that a person has to do with. Whoever may see one of them may change the person."""
    ids = sorted(row[0] for row in work.store.all(_ACCOUNTS_OF_PERSON, person_id=person_id))
    work.seen.update(ids)
    return ids
