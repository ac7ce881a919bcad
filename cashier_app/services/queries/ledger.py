"""The books of a day: GL lines and totals, for the journal report and CSV (R payments 8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cashier_app.services.configuration import Configuration
from cashier_app.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A GL line of a financial transaction. Debit and credit are minor units, one of them zero."""

    accounting_date: date
    ft_id: int
    kind: str
    source_id: int
    sa_id: int
    currency: str
    gl_division: str
    distribution_code: str
    gl_account: str
    debit: int
    credit: int
    journal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTotal:
    """What an account moved over some days."""

    currency: str
    distribution_code: str
    description: str
    gl_account: str
    debit: int
    credit: int
    count: int


def ledger_lines(store: Store, config: Configuration, first: date, last: date | None = None) -> Iterator[LedgerLine]:
    """The GL lines from a day to a day (default: the same), in order of date and FT, read as they are asked for."""
    raise NotImplementedError


def trial_totals(store: Store, config: Configuration, first: date, last: date | None = None) -> tuple[TrialTotal, ...]:
    """Debits and credits by currency and distribution code; debits equal credits in every currency."""
    raise NotImplementedError
