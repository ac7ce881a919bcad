"""An account at a glance: everything the cashier must see, in one read (row F2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, func, select, text

from cashier_app.domain.access_tables import AccessGroup
from cashier_app.domain.aging import DISPUTED, AgedDebt, Debit, age_of, aged
from cashier_app.domain.configuration import CustomerClass, SaType
from cashier_app.domain.lifecycles import PAYABLE_AGREEMENTS
from cashier_app.domain.system_events import AlertRequest, Debt, PaymentAmountRequest, SystemEvent
from cashier_app.models.customer import Account, AccountAlert, AccountPerson, Person, Premise, ServiceAgreement
from cashier_app.models.payment import Payment, PaymentEvent, Tender
from cashier_app.services.accounting.agreements import AgreementFacts, debts, open_debits
from cashier_app.services.accounting.credit import CreditStanding, credit_standing
from cashier_app.services.customers.names import full_name
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.debt_grid import DebtKind, DebtPiece, debt_grid
from cashier_app.services.queries.history import HistoryCursor, HistoryKind, HistoryPage, HistoryRow, history
from cashier_app.services.queries.last_payment import LastPayment, last_payment
from cashier_app.services.queries.transactions import describe_type, lines_of_ft

__all__ = [
    "AccountGlance",
    "AgreementRow",
    "AlertRow",
    "DebtKind",
    "DebtPiece",
    "HistoryCursor",
    "HistoryKind",
    "HistoryPage",
    "HistoryRow",
    "LastPayment",
    "PersonRow",
    "account_at_a_glance",
    "history",
    "lines_of_ft",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """A service agreement of the account. Amounts are minor units of `currency`; a credit is negative."""

    sa_id: int
    sa_type: str
    description: str
    address: str
    status: str
    takes_payments: bool
    starts: date
    ends: date | None
    currency: str
    priority: int
    current_balance: int
    payoff_balance: int
    aged: AgedDebt
    pieces: tuple[DebtPiece, ...]
    """Oldest first; without what is in credit they add up to the current balance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody who has to do with the account."""

    person_id: int
    name: str
    """`AAA (BBB)`."""
    relationship: str
    """MAIN for the main customer."""
    kind: str
    phone: str
    email: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """Something the cashier should know."""

    code: str
    """Of the alert rule; NOTE for a note that somebody wrote."""
    text: str
    alert_id: int | None = None
    """Of a note."""
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGlance:
    """Everything in the header of an account. Amounts are minor units of `currency`."""

    account_id: int
    number: str
    external_number: str
    name: str
    """Of the main customer, `AAA (BBB)`."""
    address: str
    """Where the account is served, or its mailing address."""
    mailing_address: str
    phone: str
    email: str
    persons: tuple[PersonRow, ...]
    """The main customer first."""
    customer_class: str
    customer_class_description: str
    open_item: bool
    """Whether the customer may dispute and match single transactions."""
    cis_division: str
    currency: str
    opened_on: date
    access_group: str
    """The office that keeps it; empty: open to everybody."""
    office: str
    """Its name."""
    agreements: tuple[AgreementRow, ...]
    """In order of payment priority."""
    current_balance: int
    payoff_balance: int
    aged: AgedDebt
    """For the bar; adds up to the current balance."""
    pieces: tuple[DebtPiece, ...]
    """For the grid, all agreements together."""
    alerts: tuple[AlertRow, ...]
    credit: CreditStanding
    proposed_payment: int
    last_payment: LastPayment | None
    unbalanced_events: int


Debits = Mapping[int, Sequence[Debit]]
"""What is left of each charge that ages, by agreement."""

_ACCOUNT = Statement(
    select(
        Account.id,
        Account.number,
        Account.external_number,
        Account.customer_class,
        Account.cis_division,
        Account.currency,
        Account.opened_on,
        Account.mailing_address,
        Account.main_person_id,
        Account.access_group,
    ).where(Account.id == bindparam("account_id"))
)
_person_columns = (
    Person.id,
    Person.name,
    Person.alternate_name,
    Person.kind,
    Person.phone,
    Person.email,
    Person.language,
)
_MAIN_PERSON = Statement(select(*_person_columns).where(Person.id == bindparam("person_id")))
_OTHER_PERSONS = Statement(
    select(*_person_columns, AccountPerson.relationship)
    .join(AccountPerson, AccountPerson.person_id == Person.id)
    .where(AccountPerson.account_id == bindparam("account_id"))
    .order_by(AccountPerson.relationship, Person.id)
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
        Premise.address,
        Premise.city,
        Premise.postal_code,
    )
    .join(Premise, Premise.id == ServiceAgreement.premise_id, isouter=True)
    .where(ServiceAgreement.account_id == bindparam("account_id"))
    .order_by(ServiceAgreement.id)
)
_NOTES = Statement(
    select(AccountAlert.id, AccountAlert.text, AccountAlert.ends)
    .where(
        AccountAlert.account_id == bindparam("account_id"),
        AccountAlert.starts <= bindparam("today"),
        AccountAlert.ends.is_(None) | (AccountAlert.ends >= bindparam("today")),
    )
    .order_by(AccountAlert.id)
)
_UNBALANCED = Statement(
    select(func.count())
    .select_from(PaymentEvent)
    # Written out, so that the partial index serves.
    .where(
        text("payment_event.unbalanced_by <> 0"),
        exists(select(1).where(Payment.event_id == PaymentEvent.id, Payment.account_id == bindparam("account_id")))
        | exists(
            select(1).where(Tender.event_id == PaymentEvent.id, Tender.payor_account_id == bindparam("account_id"))
        ),
    )
)


def account_at_a_glance(store: Store, config: Configuration, account_id: int, today: date) -> AccountGlance:
    """An account as its header shows it; refuses with CUS-010 or SEC-031.

    Reads no more of history than is still owed.
    """
    account = store.one(
        _ACCOUNT,
        ("CUS-010", "There is no such account; search for it by number, name or address."),
        account_id=account_id,
    )
    store.access.need(account.access_group)
    persons = _persons(store, account)
    rows = store.all(_AGREEMENTS, account_id=account_id)
    facts = [AgreementFacts._make(row[: len(AgreementFacts._fields)]) for row in rows]
    debits = open_debits(store, facts)
    owed = debts(facts, debits, config.all(SaType), today)
    current = sum(row.current_balance for row in rows)
    credit = credit_standing(store, config, account_id, today)
    unbalanced = int(store.value(_UNBALANCED, account_id=account_id) or 0)
    known = AlertRequest(
        today=today,
        currency=account.currency,
        current_balance=current,
        debts=owed,
        credit_rating=credit.rating,
        credit_rating_threshold=config.installation.credit_rating_threshold,
        cash_only_score=credit.cash_only_score,
        cash_only_threshold=config.installation.cash_only_threshold,
        unbalanced_events=unbalanced,
    )
    agreements = tuple(
        sorted(
            (_agreement(config, row, fact, debits, today) for row, fact in zip(rows, facts, strict=True)), key=_placed
        )
    )
    known_class = config.all(CustomerClass).get(account.customer_class)
    return AccountGlance(
        account_id=account.id,
        number=account.number,
        external_number=account.external_number or "",
        name=persons[0].name,
        address=next((row.address for row in agreements if row.address), account.mailing_address),
        mailing_address=account.mailing_address,
        phone=persons[0].phone,
        email=persons[0].email,
        persons=persons,
        customer_class=account.customer_class,
        customer_class_description=known_class.description if known_class else "",
        open_item=bool(known_class and known_class.open_item),
        cis_division=account.cis_division,
        currency=account.currency,
        opened_on=account.opened_on,
        access_group=account.access_group,
        office=_office(config, account.access_group),
        agreements=agreements,
        current_balance=current,
        payoff_balance=sum(row.payoff_balance for row in rows),
        aged=_aged(facts, debits, today),
        pieces=_grid(facts, debits, config, today),
        alerts=(
            *_alerts(config, known),
            *_notes(store, account_id, today),
        ),
        credit=credit,
        proposed_payment=_proposed(config, current - sum(each.disputed_balance for each in facts), owed, today),
        last_payment=last_payment(store, config, [row.id for row in rows]),
        unbalanced_events=unbalanced,
    )


def _office(config: Configuration, code: str) -> str:
    known = config.all(AccessGroup).get(code)
    return known.description or code if known else code


def _persons(store: Store, account: Any) -> tuple[PersonRow, ...]:
    main = store.first(_MAIN_PERSON, person_id=account.main_person_id)
    others = store.all(_OTHER_PERSONS, account_id=account.id)
    return (_person(main, "MAIN"), *(_person(row, row.relationship) for row in others))


def _person(row: Any, relationship: str) -> PersonRow:
    return PersonRow(
        person_id=row.id,
        name=full_name(row.name, row.alternate_name),
        relationship=relationship,
        kind=row.kind,
        phone=row.phone,
        email=row.email,
        language=row.language,
    )


def _agreement(config: Configuration, row: Any, facts: AgreementFacts, debits: Debits, today: date) -> AgreementRow:
    known = config.all(SaType).get(row.sa_type)
    return AgreementRow(
        sa_id=row.id,
        sa_type=row.sa_type,
        description=describe_type(config, row.sa_type),
        address=" ".join(part for part in (row.address, row.city, row.postal_code) if part),
        status=row.status,
        takes_payments=row.status in PAYABLE_AGREEMENTS,
        starts=row.starts,
        ends=row.ends,
        currency=row.currency,
        priority=known.payment_priority if known else 0,
        current_balance=row.current_balance,
        payoff_balance=row.payoff_balance,
        aged=_aged([facts], debits, today),
        pieces=_grid([facts], debits, config, today),
    )


def _placed(row: AgreementRow) -> tuple[bool, int, int]:
    """Those that take payments first, in the order in which they are paid."""
    return not row.takes_payments, row.priority, row.sa_id


def _aged(agreements: Sequence[AgreementFacts], debits: Debits, today: date) -> AgedDebt:
    pieces = [(age_of(debit.arrears_date, today), debit.amount) for debit in _open(agreements, debits)]
    credit = sum(min(agreement.aging_balance, 0) for agreement in agreements)
    return aged(pieces, credit, sum(agreement.disputed_balance for agreement in agreements))


def _grid(
    agreements: Sequence[AgreementFacts], debits: Debits, config: Configuration, today: date
) -> tuple[DebtPiece, ...]:
    disputed = (Debit(each.disputed_balance, DISPUTED) for each in agreements if each.disputed_balance)
    return debt_grid((*_open(agreements, debits), *disputed), config, today)


def _open(agreements: Sequence[AgreementFacts], debits: Debits) -> list[Debit]:
    return [debit for agreement in agreements for debit in debits.get(agreement.id, ())]


def _alerts(config: Configuration, request: AlertRequest) -> list[AlertRow]:
    rules = (config.rule(code, SystemEvent.ALERT, request.today) for code in config.installation.alerts)
    return [AlertRow(code=alert.code, text=alert.text) for rule in rules for alert in rule.call(request)]


def _notes(store: Store, account_id: int, today: date) -> list[AlertRow]:
    rows = store.all(_NOTES, account_id=account_id, today=today)
    return [AlertRow(code="NOTE", text=row.text, alert_id=row.id, ends=row.ends) for row in rows]


def _proposed(config: Configuration, current: int, owed: tuple[Debt, ...], today: date) -> int:
    rule = config.rule(config.installation.payment_amount, SystemEvent.PAYMENT_AMOUNT, today)
    return max(0, int(rule.call(PaymentAmountRequest(current, owed))))
