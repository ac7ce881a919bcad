"""Explaining figures: from a balance to the commands, rules and GL lines that made it (row H7, design D15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cashier_app.services.configuration import Configuration
from cashier_app.services.queries.transactions import FtFact
from cashier_app.services.store import Store

BalanceKind = Literal["current", "payoff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FtExplanation:
    """A financial transaction in words."""

    ft: FtFact
    sentence: str
    """What happened, by whom, when, through which command."""
    rule: str
    """Which rule decided it, with the parameters in force then; empty where none did."""
    parameters: tuple[tuple[str, str], ...]
    books: tuple[str, ...]
    """The GL lines, one sentence each."""
    event_id: int | None
    adjustment_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceStep:
    """One step of a balance."""

    explanation: FtExplanation
    amount: int
    """Its effect on the balance."""
    balance: int
    """The balance after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceExplanation:
    """A balance and the latest steps that led to it. Amounts are minor units of `currency`."""

    sa_id: int
    kind: BalanceKind
    title: str
    currency: str
    balance: int
    steps: tuple[BalanceStep, ...]
    """Newest first."""
    carried: int
    """The balance before the oldest step shown; 0 when all are shown."""
    is_complete: bool


def explain_balance(
    store: Store, config: Configuration, sa_id: int, kind: BalanceKind = "current", limit: int = 50
) -> BalanceExplanation:
    """The financial transactions behind an agreement's balance, newest first; refuses with CUS-011."""
    raise NotImplementedError


def explain_ft(store: Store, config: Configuration, ft_id: int) -> FtExplanation:
    """One financial transaction in words; refuses with FT-001."""
    raise NotImplementedError
