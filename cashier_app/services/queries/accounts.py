"""An account at a glance: everything the cashier must see, in one read (row F2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cashier_app.domain.aging import AgedDebt
from cashier_app.services.configuration import Configuration
from cashier_app.services.credit import CreditStanding
from cashier_app.services.queries.history import (
    HistoryCursor,
    HistoryKind,
    HistoryPage,
    HistoryRow,
    history,
    lines_of_ft,
)
from cashier_app.services.store import Store

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


class DebtKind(StrEnum):
    """Rows of the aged-debt grid (R billing 8)."""

    NEW_CHARGE = "NEW_CHARGE"
    FUTURE = "FUTURE"
    AGED = "AGED"
    OLDEST = "OLDEST"
    """Everything from the installation's oldest bucket age on, as one lump."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtPiece:
    """What is owed of one age."""

    kind: DebtKind
    days: int
    """Age; for FUTURE the days until it begins to age; for OLDEST the age from which debt is lumped."""
    amount: int


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
    """Oldest first; they add up to the current balance unless that is a credit."""


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
class LastPayment:
    """The latest payment that was not canceled."""

    payment_id: int
    event_id: int
    pay_date: date
    amount: int
    tender_type: str
    tender_description: str
    """Empty tender type and description where several kinds were handed over."""


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
    cis_division: str
    currency: str
    opened_on: date
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


def account_at_a_glance(store: Store, config: Configuration, account_id: int, today: date) -> AccountGlance:
    """An account as its header shows it; refuses with CUS-010. Reads no more of history than is still owed."""
    raise NotImplementedError
