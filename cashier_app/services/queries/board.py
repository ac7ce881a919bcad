"""The supervisor's board: a card per drawer, and the drawers a user may open (row A7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cashier_app.services.configuration import Configuration
from cashier_app.services.queries.deposits import DepositRow, DepositStatement, deposit_statement, deposits
from cashier_app.services.store import Store
from cashier_app.services.work import Actor

__all__ = [
    "DepositRow",
    "DepositStatement",
    "DrawerCard",
    "PendingTurnIn",
    "SourceChoice",
    "TakingLine",
    "deposit_statement",
    "deposits",
    "drawer_board",
    "my_drawer",
    "sources_for",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingLine:
    """What a drawer holds of one tender type."""

    tender_type: str
    description: str
    like_cash: bool
    count: int
    amount: int | None
    """Expected in the drawer, float included; nothing where the reader may not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingTurnIn:
    """Money that was handed over and that nobody has received yet."""

    turn_in_id: int
    tender_control_id: int
    tender_source: str
    tender_type: str
    amount: int
    receipt_number: str
    created_at: datetime
    created_by: str
    created_by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerCard:
    """A drawer on the board. Amounts are minor units of `currency`."""

    tender_control_id: int
    tender_source: str
    description: str
    location: str
    currency: str
    status: str
    owner_id: int | None
    owner: str
    """Empty where everybody may use it."""
    business_date: date
    opened_at: datetime
    balanced_at: datetime | None
    left_open: bool
    """Opened on an earlier day and not balanced yet."""
    deposit_control_id: int
    starting_balance: int
    takings: tuple[TakingLine, ...]
    tender_count: int
    like_cash: int | None
    limit: int | None
    limit_passed: bool
    blind: bool
    """Amounts are left out for this reader."""
    last_activity: datetime
    pending_turn_ins: tuple[PendingTurnIn, ...]
    unbalanced_events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChoice:
    """A drawer that a user may open. Amounts are minor units of `currency`."""

    code: str
    description: str
    location: str
    currency: str
    starting_balance: int
    """The float proposed."""
    usual: bool
    """The user's own usual drawer for this currency (S1 p.117)."""
    live_control_id: int | None
    """Already open or being balanced."""
    live_owner: str


def drawer_board(
    store: Store, config: Configuration, today: date, may_see_expected: bool = True, limit: int = 200
) -> tuple[DrawerCard, ...]:
    """Drawers that are live or were balanced today: live first, then by tender source."""
    raise NotImplementedError


def my_drawer(store: Store, config: Configuration, user_id: int, may_see_expected: bool = False) -> DrawerCard | None:
    """The live drawer of a user, the most recently opened one where there are several."""
    raise NotImplementedError


def sources_for(store: Store, config: Configuration, user: Actor) -> tuple[SourceChoice, ...]:
    """The drawers at the counter: the user's usual ones first, then those that are free, by code."""
    raise NotImplementedError
