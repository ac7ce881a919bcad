"""The river of an account's history: payments, adjustments, cancellations, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from cashier_app.services.configuration import Configuration
from cashier_app.services.queries.transactions import FtFact, GlLineFact
from cashier_app.services.store import Store


class HistoryKind(StrEnum):
    """Kinds of rows, for the filter chips."""

    PENDING_PAYMENT = "PENDING_PAYMENT"
    PAYMENT = "PAYMENT"
    PAYMENT_CANCELLATION = "PAYMENT_CANCELLATION"
    ADJUSTMENT = "ADJUSTMENT"
    ADJUSTMENT_CANCELLATION = "ADJUSTMENT_CANCELLATION"


class HistoryCursor(NamedTuple):
    """Where the next page begins."""

    at: datetime
    ft_id: int
    balance: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One thing that happened. Amounts are minor units of `currency`; positive raises what is owed."""

    kind: HistoryKind
    at: datetime
    accounting_date: date | None
    """Nothing for a payment that is not frozen."""
    title: str
    """`Cash, check`, the adjustment type, the reason of a cancellation."""
    amount: int
    """Change of the current balance."""
    payoff_amount: int
    currency: str
    balance: int | None
    """The account's current balance after it; nothing where the list is filtered."""
    status: str
    """Of the payment or adjustment as it is now: CANCELED marks a row that was taken back later."""
    payment_id: int | None = None
    event_id: int | None = None
    adjustment_id: int | None = None
    receipt_number: str = ""
    reference: str = ""
    """The bill number of an opening receivable."""
    comment: str = ""
    cancel_reason: str = ""
    user: str = ""
    approver: str = ""
    command: str = ""
    journal_id: int | None = None
    fts: tuple[FtFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Rows, and where the next page begins."""

    rows: tuple[HistoryRow, ...]
    next: HistoryCursor | None
    """Give it as `before`; nothing at the end."""


def history(
    store: Store,
    config: Configuration,
    account_id: int,
    before: HistoryCursor | None = None,
    limit: int = 50,
    kinds: Collection[HistoryKind] | None = None,
) -> HistoryPage:
    """A page of an account's history, newest first; payments that are not frozen lead the first page."""
    raise NotImplementedError


def lines_of_ft(store: Store, config: Configuration, ft_id: int) -> tuple[GlLineFact, ...]:
    """The GL lines of a financial transaction."""
    raise NotImplementedError
