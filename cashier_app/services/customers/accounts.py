"""Persons, accounts, premises and service agreements (row F1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from cashier_app.domain.access_tables import AccessGroup
from cashier_app.domain.configuration import CisDivision, CustomerClass, SaType
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.lifecycles import AgreementStatus
from cashier_app.domain.to_do import AccountManagementGroup
from cashier_app.models.customer import Account, AccountAlert, ServiceAgreement
from cashier_app.services.customers.account_rows import (
    AgreementIn,
    NewAccount,
    account_of,
    index_again,
    write_accounts,
    write_agreement,
)
from cashier_app.services.customers.persons import person_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.work import Work

_INSERT_ALERT = insertion(AccountAlert, "id account_id text starts ends")
_CHANGE_AGREEMENT = change(ServiceAgreement, "status ends")
_END_ALERT = change(AccountAlert, "ends")
_CHANGE_GROUP = change(Account, "access_group")
_CHANGE_MANAGEMENT = change(Account, "management_group")


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
    access_group: str = ""
    """The office that keeps it; empty: open to everybody."""


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
    if command.access_group:
        config.get(AccessGroup, command.access_group, "access_group")
        work.user.access.need(command.access_group, "access_group")
    require(command.kind in {"PERSON", "BUSINESS"}, "CUS-002", "The kind is PERSON or BUSINESS.", "kind")
    name = command.name.strip()
    if command.person_id is not None:
        name = person_of(work, command.person_id).name
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
        agreements=command.agreements,
        access_group=command.access_group,
    )
    (written,) = write_accounts(work, [new])
    return AccountOpened(
        account_id=written.id,
        number=written.number,
        person_id=written.person_id,
        agreements=tuple(agreement.id for agreement in written.agreements),
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
class ChangeAccessGroup:
    """Give an account to another office, or open it to everybody."""

    account_id: int
    access_group: str
    """Empty: open to everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGroupChanged:
    """The account, and the office that keeps it now."""

    account_id: int
    access_group: str


@handles(ChangeAccessGroup)
def change_access_group(command: ChangeAccessGroup, work: Work) -> AccessGroupChanged:
    """Only who sees the account gives it away; to any office, and then perhaps sees it no more."""
    account = account_of(work, command.account_id)
    if command.access_group:
        work.config.get(AccessGroup, command.access_group, "access_group")
    work.store.write(_CHANGE_GROUP, [(command.access_group, account.id)])
    index_again(work, account.id)
    return AccessGroupChanged(account_id=account.id, access_group=command.access_group)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeManagementGroup:
    """Give an account to other people to look after: they are told what must be looked into (S1 p.52)."""

    account_id: int
    management_group: str
    """Empty: to nobody in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementGroupChanged:
    """The account, and who looks after it now."""

    account_id: int
    management_group: str


@handles(ChangeManagementGroup)
def change_management_group(command: ChangeManagementGroup, work: Work) -> ManagementGroupChanged:
    """For entries from now on; those that wait already stay where they are."""
    account = account_of(work, command.account_id)
    if command.management_group:
        work.config.get(AccountManagementGroup, command.management_group, "management_group")
    work.store.write(_CHANGE_MANAGEMENT, [(command.management_group, account.id)])
    work.changed("account", account.id)
    return ManagementGroupChanged(account_id=account.id, management_group=command.management_group)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAgreement:
    """Start one more agreement on an account."""

    account_id: int
    agreement: AgreementIn


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementStarted:
    """Its key."""

    sa_id: int


@handles(StartAgreement)
def start_agreement(command: StartAgreement, work: Work) -> AgreementStarted:
    """The premise is written with it when the account has none of that address."""
    account = account_of(work, command.account_id)
    agreement = command.agreement
    _check_agreement(work, agreement.sa_type, account.currency, account.cis_division)
    sa_id = write_agreement(work, account, agreement)
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
    account_of(work, agreement.account_id, "sa_id")
    if agreement.status not in {AgreementStatus.ACTIVE, AgreementStatus.PENDING_STOP, AgreementStatus.REACTIVATED}:
        refuse("CUS-012", f"The agreement is {agreement.status.lower()}; only an active one can be stopped.", "sa_id")
    ends = command.ends or work.business_date
    require(ends >= agreement.starts, "CUS-013", f"It cannot end before it started ({agreement.starts}).", "ends")
    work.store.write(_CHANGE_AGREEMENT, [(AgreementStatus.STOPPED.value, ends, agreement.id)])
    work.changed("account", agreement.account_id)
    return AgreementStarted(sa_id=agreement.id)


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


_ALERT = Statement(
    select(AccountAlert.id, AccountAlert.account_id, AccountAlert.ends)
    .where(AccountAlert.id == bindparam("alert_id"))
    .with_for_update()
)


@handles(EndAlert, right="AddAlert")
def end_alert(command: EndAlert, work: Work) -> AlertAdded:
    """Its last day is yesterday; it stays in history."""
    alert = work.store.one(_ALERT, ("CUS-017", "There is no such note."), alert_id=command.alert_id)
    account_of(work, alert.account_id, "alert_id")
    ended = alert.ends is not None and alert.ends < work.business_date
    require(not ended, "CUS-018", f"This note was taken off already; its last day was {alert.ends}.", "alert_id")
    work.store.write(_END_ALERT, [(work.business_date - timedelta(days=1), alert.id)])
    work.changed("account", alert.account_id)
    return AlertAdded(alert_id=alert.id)
