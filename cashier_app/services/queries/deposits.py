"""Deposits on their way to the bank: of what they consist, and on which slips they go (row A6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cashier_app.services.configuration import Configuration
from cashier_app.services.queries.drawers import TurnInFact
from cashier_app.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRow:
    """A deposit control in a list. Amounts are minor units of `currency`."""

    deposit_control_id: int
    source_type: str
    currency: str
    status: str
    business_date: date
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    drawers: int
    drawers_balanced: int
    pending_turn_ins: int
    to_deposit: int
    """Of balanced drawers and received turn-ins, less floats that stay."""
    deposited: int
    """On slips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositDrawer:
    """A drawer of a deposit."""

    tender_control_id: int
    tender_source: str
    description: str
    owner: str
    status: str
    counted: int
    """0 until it is balanced."""
    starting_float: int
    """What stays in the drawer."""
    amount: int
    """What it brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Of what a deposit consists, by tender type."""

    tender_type: str
    description: str
    is_cash: bool
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFact:
    """A tender with a number of its own: listed on the slip."""

    tender_id: int
    tender_type: str
    number: str
    payor: str
    amount: int
    receipt_number: str
    routing: str
    tender_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFact:
    """Money on its way to a bank account."""

    tender_deposit_id: int
    slip_number: str
    bank_account: str
    bank_description: str
    last_four: str
    amount: int
    deposited_at: datetime
    deposited_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositStatement:
    """A deposit control, whole. Amounts are minor units of `currency`."""

    summary: DepositRow
    drawers: tuple[DepositDrawer, ...]
    turn_ins: tuple[TurnInFact, ...]
    composition: tuple[Composition, ...]
    """By tender type; adds up to what is to deposit."""
    checks: tuple[CheckFact, ...]
    slips: tuple[SlipFact, ...]
    left_to_deposit: int
    notes: tuple[str, ...]


def deposits(store: Store, config: Configuration, status: str | None = None, limit: int = 50) -> tuple[DepositRow, ...]:
    """Deposit controls, those that are open first, then the newest."""
    raise NotImplementedError


def deposit_statement(store: Store, config: Configuration, deposit_id: int) -> DepositStatement:
    """A deposit with everything in it; refuses with DC-001."""
    raise NotImplementedError
