"""Financial transactions as people read them: with GL lines, who made them, when, by which command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cashier_app.services.configuration import Configuration
from cashier_app.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class GlLineFact:
    """One side of an FT's journal entry."""

    distribution_code: str
    description: str
    gl_account: str
    """Empty where none is in force on the accounting date."""
    amount: int
    """Debit positive, credit negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FtFact:
    """One financial transaction. Amounts are minor units of `currency`; positive raises what is owed."""

    ft_id: int
    kind: str
    """BS, BX, PS, PX, AD or AX (`lifecycles.FtKind`)."""
    source_id: int
    """The payment segment or adjustment behind it."""
    reverses_ft_id: int | None
    sa_id: int
    sa_type: str
    sa_description: str
    currency: str
    current_amount: int
    payoff_amount: int
    accounting_date: date
    frozen_at: datetime | None
    arrears_date: date | None
    """Nothing for a credit; the last day of the calendar for a new charge."""
    new_charge: bool
    journal_id: int
    command: str
    """Name of the command that made it."""
    user: str
    approver: str
    """The second person; empty where none was needed."""
    algorithm: str
    """`CODE@effective date` of the rule that decided it."""
    lines: tuple[GlLineFact, ...]


def fts_by_id(store: Store, config: Configuration, ft_ids: Iterable[int]) -> tuple[FtFact, ...]:
    """Financial transactions of these keys, by key."""
    raise NotImplementedError


def fts_of_sources(store: Store, config: Configuration, source_ids: Iterable[int]) -> dict[int, tuple[FtFact, ...]]:
    """The financial transactions of payment segments or adjustments, oldest first, by source."""
    raise NotImplementedError
